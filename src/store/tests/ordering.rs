use super::backend::{Backend, on_each_backend};
use super::example::{firm, patent};
use crate::domain::{Enterprise, EnterpriseId, Listing};

on_each_backend!(ids_come_in_the_order_of_their_bytes, names_come_in_the_order_of_their_bytes);

/// Every language orders some of these otherwise: by letter before case, by stroke or sound, past signs.
const NAMES: [&str; 10] = ["a", "B", "Z", "_", "é", "e", "中", "啊", "b2", "b-1"];

fn sorted(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.into_iter().collect();
    names.sort();
    names
}

async fn ids_come_in_the_order_of_their_bytes(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let named = |name: &str| Listing { id: name.parse().unwrap(), ..patent(Some(1), None, "甲") };
    store.save_listings(&lock, &NAMES.map(named)).await.unwrap();
    let firms = NAMES.map(|name| Enterprise { id: EnterpriseId::from_known(name), ..firm(name, None, "钢") });
    store.save_enterprises(&lock, &firms).await.unwrap();
    let expected = sorted(NAMES.map(str::to_owned));
    let mut listings = Vec::new();
    while listings.len() < NAMES.len() {
        let after = listings.last().map(|id: &String| id.parse().unwrap());
        let page = store.all_listings(after, 3).await.unwrap();
        listings.extend(page.into_iter().map(|listing| listing.id.to_string()));
    }
    assert_eq!(listings, expected);
    let enterprises = store.enterprises(None, 20).await.unwrap();
    assert_eq!(enterprises.iter().map(|firm| firm.id.to_string()).collect::<Vec<_>>(), expected);
    for (at, id) in expected.iter().enumerate() {
        let through = store.enterprise_count_through(&EnterpriseId::from_known(id)).await.unwrap();
        assert_eq!(through, at as u64 + 1, "{id}");
    }
}

async fn names_come_in_the_order_of_their_bytes(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let firms = NAMES.map(|name| firm(&format!("样例{name}公司"), None, "钢"));
    store.save_enterprises(&lock, &firms).await.unwrap();
    let found = store.find_enterprise("样例").await.unwrap();
    let names: Vec<String> = found.into_iter().map(|firm| firm.name).collect();
    assert_eq!(names, sorted(names.clone()));
    assert_eq!(names.len(), NAMES.len());
}
