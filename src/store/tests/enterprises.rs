use super::backend::{Backend, on_each_backend};
use super::example::{code, firm};
use crate::domain::{Enterprise, EnterpriseId};
use crate::store::{Saved, SavedEnterprises, Store, WriteLock};

on_each_backend!(
    a_known_code_fills_the_firm_whatever_its_name_in_the_file,
    a_firm_known_by_name_takes_the_first_code_and_keeps_its_id,
    a_name_alone_goes_to_the_only_firm_of_that_name,
    a_name_that_several_firms_have_is_reported_and_not_saved,
    two_firms_never_share_an_id,
    an_enterprise_is_found_by_id_code_name_or_part_of_its_name,
    a_search_by_part_of_a_name_gives_at_most_ten,
);

const NAME: &str = "样例电池有限公司";

async fn save(store: &Store, lock: &WriteLock, batch: &[Enterprise]) -> SavedEnterprises {
    store.save_enterprises(lock, batch).await.unwrap()
}

fn names(found: &[Enterprise]) -> Vec<&str> {
    found.iter().map(|enterprise| enterprise.name.as_str()).collect()
}

async fn a_known_code_fills_the_firm_whatever_its_name_in_the_file(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    save(&store, &lock, &[firm(NAME, Some(code(1)), "隔膜")]).await;
    let renamed = save(&store, &lock, &[firm("新名称有限公司", Some(code(1)), "电解液")]).await;
    assert_eq!(renamed.saved, Saved { changed: 1, ..Saved::default() });
    let kept = store.enterprise(&EnterpriseId::from_known(code(1).as_str())).await.unwrap().unwrap();
    assert_eq!((kept.name.as_str(), kept.products.len()), (NAME, 2));
    assert_eq!(store.enterprise_count().await.unwrap(), 1);
}

async fn a_firm_known_by_name_takes_the_first_code_and_keeps_its_id(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    save(&store, &lock, &[firm(NAME, None, "隔膜")]).await;
    let batch = [firm("样例电池 有限公司", Some(code(1)), "隔膜"), firm(NAME, Some(code(2)), "正极")];
    let outcome = save(&store, &lock, &batch).await;
    assert_eq!(outcome.saved, Saved { added: 1, changed: 1, unchanged: 0 });
    let first = store.enterprise(&EnterpriseId::new(None, NAME)).await.unwrap().unwrap();
    assert_eq!(first.credit_code, Some(code(1)));
    assert_eq!(store.find_enterprise(code(1).as_str()).await.unwrap(), [first]);
}

async fn a_name_alone_goes_to_the_only_firm_of_that_name(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    save(&store, &lock, &[firm(NAME, Some(code(1)), "隔膜")]).await;
    let outcome = save(&store, &lock, &[firm(NAME, None, "电解液"), firm(NAME, None, "电解液")]).await;
    assert_eq!(outcome.saved, Saved { added: 0, changed: 1, unchanged: 1 });
    assert_eq!(store.enterprise_count().await.unwrap(), 1);
}

async fn a_name_that_several_firms_have_is_reported_and_not_saved(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    save(&store, &lock, &[firm(NAME, Some(code(1)), "隔膜"), firm(NAME, Some(code(2)), "正极")]).await;
    let outcome = save(&store, &lock, &[firm("另一公司", None, "钢"), firm(NAME, None, "电解液")]).await;
    let saved = Saved { added: 1, ..Saved::default() };
    assert_eq!(outcome, SavedEnterprises { saved, ambiguous: vec![1] });
    assert_eq!(store.find_enterprise(NAME).await.unwrap().len(), 2);
}

async fn two_firms_never_share_an_id(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let judged = |name: &str, serial| Enterprise { id: EnterpriseId::from_known("E1"), ..firm(name, serial, "隔膜") };
    // The third firm's code is the id a judged set gave the second.
    let mut squatter = firm("丙公司", Some(code(4)), "隔膜");
    squatter.id = EnterpriseId::from_known(code(3).as_str());
    let batch = [
        judged("甲公司", Some(code(1))),
        judged("乙公司", Some(code(2))),
        squatter,
        firm("丁公司", Some(code(3)), "钢"),
    ];
    for added in [4, 0] {
        assert_eq!(save(&store, &lock, &batch).await.saved, Saved { added, changed: 0, unchanged: 4 - added });
    }
    let ids: Vec<String> =
        store.enterprises(None, 10).await.unwrap().into_iter().map(|firm| firm.id.to_string()).collect();
    let mut expected = vec!["E1".to_owned(), code(2).to_string(), code(3).to_string(), format!("{}#2", code(3))];
    expected.sort();
    assert_eq!(ids, expected);
}

async fn an_enterprise_is_found_by_id_code_name_or_part_of_its_name(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let batch = [
        firm("样例电池（北京）有限公司", Some(code(1)), "隔膜"),
        firm("样例电池", None, "隔膜"),
        firm("百分之100%_电池!公司", None, "隔膜"),
    ];
    save(&store, &lock, &batch).await;
    for (text, expected) in [
        (code(1).as_str(), vec![batch[0].name.as_str()]),
        (&format!(" {} ", code(1).as_str().to_lowercase()), vec![&batch[0].name]),
        ("样例电池", vec!["样例电池"]),
        ("样例电池(北京) 有限公司", vec![&batch[0].name]),
        ("例电", vec!["样例电池", &batch[0].name]),
        ("0%_电池!", vec![&batch[2].name]),
        ("%_", vec![&batch[2].name]),
        ("1_0", vec![]),
        ("没有这家", vec![]),
        ("  。", vec![]),
    ] {
        assert_eq!(names(&store.find_enterprise(text).await.unwrap()), expected, "{text}");
    }
}

async fn a_search_by_part_of_a_name_gives_at_most_ten(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let batch: Vec<Enterprise> = (0..12).map(|n| firm(&format!("样例{n:02}公司"), None, "钢")).collect();
    save(&store, &lock, &batch).await;
    let found = store.find_enterprise("样例").await.unwrap();
    assert!(found.iter().eq(&batch[..10]));
    assert_eq!(store.enterprises(Some(batch[9].id.clone()), 10).await.unwrap(), batch[10..]);
}
