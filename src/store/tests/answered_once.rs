use super::backend::{Backend, on_each_backend};
use crate::store::Once;

on_each_backend!(a_request_is_begun_once_and_answered_again);

async fn a_request_is_begun_once_and_answered_again(backend: Backend) {
    let (_home, store, _lock) = backend.record().await;
    let key = ("jia", "k-1");
    assert_eq!(store.begin_once(key, "a", 100, 40).await.unwrap(), Once::New);
    assert_eq!(store.begin_once(key, "a", 101, 41).await.unwrap(), Once::Running);
    assert_eq!(store.begin_once(key, "b", 101, 41).await.unwrap(), Once::Another);
    assert_eq!(store.begin_once(("yi", "k-1"), "b", 101, 41).await.unwrap(), Once::New, "another's key");
    assert_eq!(store.begin_once(key, "a", 161, 101).await.unwrap(), Once::New, "its server has died");
    store.end_once(key, 201, "{}").await.unwrap();
    let answered = Once::Answered { status: 201, body: "{}".into() };
    assert_eq!(store.begin_once(key, "a", 300, 240).await.unwrap(), answered);
    assert_eq!(store.begin_once(key, "b", 300, 240).await.unwrap(), Once::Another);
    store.forget_once(key).await.unwrap();
    assert_eq!(store.begin_once(key, "b", 300, 240).await.unwrap(), Once::New);
    assert_eq!(store.forget_answers(300).await.unwrap(), 1);
}
