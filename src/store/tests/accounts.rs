use super::backend::{Backend, on_each_backend};
use crate::domain::{Account, AccountState, Actor, AuditEntry, Permission, Role};
use crate::store::{AccountChange, TokenRecord};

on_each_backend!(
    an_account_is_kept_with_its_entry_and_its_login_is_its_own,
    failures_are_counted_and_lock,
    sessions_and_tokens_end_with_their_time_and_their_account,
);

fn account(login: &str) -> Account {
    Account {
        login: login.into(),
        role: Role::Bureau,
        state: AccountState::Active,
        name: "审核员甲".into(),
        enterprise: None,
        province: Some("320000".parse().unwrap()),
        created_at: 100,
    }
}

fn entry(login: &str) -> AuditEntry {
    AuditEntry {
        subject_kind: "account".into(),
        subject: login.into(),
        action: "add_account".into(),
        actor: Actor::operator("运营员"),
        at: 100,
        before: None,
        after: "active".into(),
        reason: String::new(),
        detail: String::new(),
    }
}

async fn an_account_is_kept_with_its_entry_and_its_login_is_its_own(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    for login in ["jia", "yi"] {
        let add = AccountChange::Add(account(login), Some("$argon2id$…".into()));
        assert!(store.change_account(&lock, &add, &entry(login)).await.unwrap());
        assert!(!store.change_account(&lock, &add, &entry(login)).await.unwrap(), "taken");
    }
    assert_eq!(store.trail(0, 10).await.unwrap().len(), 2, "what was refused left nothing");
    let kept = store.account("jia").await.unwrap().unwrap();
    assert_eq!((kept.account, kept.password.as_deref()), (account("jia"), Some("$argon2id$…")));
    let shut = Account { state: AccountState::Disabled, ..account("yi") };
    assert!(store.change_account(&lock, &AccountChange::Change(shut.clone()), &entry("yi")).await.unwrap());
    assert_eq!(store.accounts(Some(AccountState::Disabled), "", 10).await.unwrap(), [shut]);
    assert_eq!(store.accounts(None, "jia", 10).await.unwrap().len(), 1);
    let nobody = AccountChange::Password("bing".into(), "$".into());
    assert!(!store.change_account(&lock, &nobody, &entry("bing")).await.unwrap());
    assert_eq!(store.account("bing").await.unwrap(), None);
}

async fn failures_are_counted_and_lock(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    store.change_account(&lock, &AccountChange::Add(account("jia"), None), &entry("jia")).await.unwrap();
    for counted in 1..=3 {
        store.count_failure("jia", 3, 900).await.unwrap();
        let kept = store.account("jia").await.unwrap().unwrap();
        assert_eq!((kept.failures, kept.locked_until), (counted, if counted < 3 { 0 } else { 900 }));
    }
    store.forget_failures("jia").await.unwrap();
    let kept = store.account("jia").await.unwrap().unwrap();
    assert_eq!((kept.failures, kept.locked_until), (0, 0));
}

async fn sessions_and_tokens_end_with_their_time_and_their_account(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    store.change_account(&lock, &AccountChange::Add(account("jia"), None), &entry("jia")).await.unwrap();
    let scopes = vec![Permission::Verify, Permission::ReadLife];
    let record = |id: &str, ends_at| TokenRecord {
        id: id.into(),
        label: "脚本".into(),
        scopes: scopes.clone(),
        created_at: 100,
        ends_at,
    };
    for (digest, ends_at) in [("a", 200), ("b", 300)] {
        store.open_session(digest, "jia", ends_at).await.unwrap();
        store.give_token(digest, "jia", &record(&format!("t-{digest}"), ends_at)).await.unwrap();
    }
    assert_eq!(store.session("a", 199).await.unwrap(), Some((account("jia"), 200)));
    assert_eq!(store.session("a", 200).await.unwrap(), None);
    assert_eq!(store.token("b", 200).await.unwrap(), Some((account("jia"), scopes.clone())));
    assert_eq!(store.tokens("jia").await.unwrap(), [record("t-a", 200), record("t-b", 300)]);
    assert_eq!(store.forget_ended(200).await.unwrap(), 2);
    assert!(!store.revoke_token("yi", "t-b").await.unwrap(), "another's");
    let disabled = AccountChange::Change(Account { state: AccountState::Disabled, ..account("jia") });
    store.change_account(&lock, &disabled, &entry("jia")).await.unwrap();
    assert_eq!(store.session("b", 200).await.unwrap(), None);
    assert_eq!(store.token("b", 200).await.unwrap(), None);
    let enabled = AccountChange::Change(account("jia"));
    store.change_account(&lock, &enabled, &entry("jia")).await.unwrap();
    assert_eq!(store.session("b", 200).await.unwrap(), None, "what was ended stays so");
    store.open_session("c", "jia", 300).await.unwrap();
    store.end_session("c").await.unwrap();
    assert_eq!(store.session("c", 200).await.unwrap(), None);
}
