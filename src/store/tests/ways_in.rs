use super::backend::{Backend, on_each_backend};
use crate::domain::{
    Account, AccountState, Actor, AuditEntry, Demand, Enterprise, EnterpriseId, Need, Role, SavedSearch,
};
use crate::store::{AccountChange, Store, WriteLock};

on_each_backend!(
    words_and_subjects_lead_to_accounts_in_use,
    needs_are_numbered_listed_newest_first_and_closed,
    searches_are_kept_by_account_and_no_number_is_given_twice,
);

fn account(login: &str, state: AccountState) -> Account {
    Account {
        login: login.into(),
        role: Role::Bureau,
        state,
        name: "审核员甲".into(),
        enterprise: None,
        province: None,
        created_at: 100,
    }
}

fn entry(kind: &str, action: &str, subject: &str) -> AuditEntry {
    AuditEntry {
        subject_kind: kind.into(),
        subject: subject.into(),
        action: action.into(),
        actor: Actor::operator("运营员"),
        at: 100,
        before: None,
        after: "active".into(),
        reason: String::new(),
        detail: String::new(),
    }
}

async fn change(store: &Store, lock: &WriteLock, login: &str, change: AccountChange) -> bool {
    store.change_account(lock, &change, &entry("account", "set_email", login)).await.unwrap()
}

async fn words_and_subjects_lead_to_accounts_in_use(backend: Backend) {
    use AccountChange as C;
    let (_home, store, lock) = backend.record().await;
    for login in ["jia", "bing"] {
        assert!(change(&store, &lock, login, C::Add(account(login, AccountState::Active), None)).await);
    }
    for email in [Some("jia@example.cn"), Some("jia2@example.cn"), None, Some("jia3@example.cn")] {
        assert!(change(&store, &lock, "jia", C::Email("jia".into(), email.map(str::to_owned))).await);
        assert_eq!(store.email("jia").await.unwrap().as_deref(), email);
    }
    assert_eq!(store.email("bing").await.unwrap(), None);

    assert!(change(&store, &lock, "jia", C::SignOn("jia".into(), Some("u-1".into()))).await);
    assert!(!change(&store, &lock, "bing", C::SignOn("bing".into(), Some("u-1".into()))).await, "one account each");
    assert_eq!(store.account_of_subject("u-1").await.unwrap().unwrap().login, "jia");
    assert_eq!(store.account_of_subject("u-2").await.unwrap(), None);

    assert!(store.begin_reset("w-1", "jia", (100, 200), 2).await.unwrap());
    assert!(store.begin_reset("w-2", "jia", (100, 200), 2).await.unwrap());
    assert!(!store.begin_reset("w-3", "jia", (100, 200), 2).await.unwrap(), "two at a time");
    assert!(store.begin_reset("w-4", "jia", (200, 300), 2).await.unwrap(), "those have ended");
    assert_eq!(store.account_of_reset("w-1", 199).await.unwrap().unwrap().login, "jia");
    assert_eq!(store.account_of_reset("w-1", 200).await.unwrap(), None);
    assert_eq!(store.account_of_reset("w-3", 100).await.unwrap(), None);
    assert_eq!(store.forget_ended(200).await.unwrap(), 2);
    assert!(change(&store, &lock, "jia", C::Password("jia".into(), "$argon2id$…".into())).await);
    assert_eq!(store.account_of_reset("w-4", 250).await.unwrap(), None, "a new password ends them all");

    assert!(store.begin_reset("w-5", "jia", (200, 300), 2).await.unwrap());
    assert!(change(&store, &lock, "jia", C::Change(account("jia", AccountState::Disabled))).await);
    assert_eq!(store.account_of_reset("w-5", 250).await.unwrap(), None, "shut");
    assert_eq!(store.account_of_subject("u-1").await.unwrap(), None, "shut");
}

async fn needs_are_numbered_listed_newest_first_and_closed(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let demand = |enterprise: &str, text: &str| Demand {
        number: 0,
        enterprise: EnterpriseId::from_known(enterprise),
        name: None,
        text: text.into(),
        province: None,
        industry: None,
        published_at: 100,
        closed_at: None,
    };
    for (place, of) in ["甲公司", "乙公司", "甲公司"].into_iter().enumerate() {
        let kept = |number: i64| entry("demand", "publish_need", &number.to_string());
        let number = store.add_demand(&lock, &demand(of, "降低隔膜的热收缩"), None, kept).await.unwrap();
        assert_eq!(number, i64::try_from(place).unwrap() + 1);
    }
    let numbers = |found: Vec<Demand>| found.iter().map(|demand| demand.number).collect::<Vec<_>>();
    assert_eq!(numbers(store.open_demands(i64::MAX, 10).await.unwrap()), [3, 2, 1]);
    assert_eq!(numbers(store.open_demands(3, 1).await.unwrap()), [2]);
    let second = store.demand(2).await.unwrap().unwrap();
    let closed = Demand { closed_at: Some(200), ..second };
    store.change_demand(&lock, &closed, entry("demand", "close_need", "2")).await.unwrap();
    assert_eq!(store.demand(2).await.unwrap(), Some(closed));
    assert_eq!(numbers(store.open_demands(i64::MAX, 10).await.unwrap()), [3, 1]);
    let of = EnterpriseId::from_known("甲公司");
    assert_eq!(numbers(store.enterprise_demands(&of, i64::MAX, 10).await.unwrap()), [3, 1]);
    assert_eq!(numbers(store.enterprise_demands(&of, 3, 10).await.unwrap()), [1]);
    assert_eq!(store.demand(4).await.unwrap(), None);

    let firm =
        Enterprise { needs: vec![Need("降低隔膜的热收缩".into())], ..Enterprise::named("甲公司", None) };
    let kept = |number: i64| entry("demand", "publish_need", &number.to_string());
    store.add_demand(&lock, &demand("甲公司", "降低隔膜的热收缩"), Some(&firm), kept).await.unwrap();
    assert_eq!(store.enterprise(&firm.id).await.unwrap(), Some(firm), "in one transaction");
}

async fn searches_are_kept_by_account_and_no_number_is_given_twice(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    for login in ["jia", "bing"] {
        let add = AccountChange::Add(account(login, AccountState::Active), None);
        assert!(change(&store, &lock, login, add).await);
    }
    let search = |label: &str| SavedSearch::new(label, "?q=%E9%9A%94%E8%86%9C", 100).unwrap();
    for (number, (login, label)) in
        (1..).zip([("jia", "隔膜"), ("bing", "电池"), ("jia", "'; DROP TABLE saved_search")])
    {
        assert_eq!(store.save_search(&lock, login, &search(label)).await.unwrap(), number);
    }
    let kept = store.saved_searches("jia").await.unwrap();
    assert_eq!(kept[0], SavedSearch { number: 1, ..search("隔膜") });
    assert_eq!(kept.iter().map(|search| search.number).collect::<Vec<_>>(), [1, 3]);
    assert!(!store.forget_search("bing", 3).await.unwrap(), "another's");
    assert!(store.forget_search("jia", 3).await.unwrap());
    assert_eq!(store.saved_searches("jia").await.unwrap().len(), 1);
    assert_eq!(store.save_search(&lock, "jia", &search("隔膜")).await.unwrap(), 4);
}
