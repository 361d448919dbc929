use super::backend::{Backend, on_each_backend};
use crate::domain::{Actor, AuditEntry, Enterprise, EnterpriseId};

on_each_backend!(an_opt_out_is_kept_once_with_its_moment_and_taken_back, nobody_unknown_opts_out,);

fn entry(id: &EnterpriseId) -> AuditEntry {
    let actor = Actor::enterprise("样例江北锂电材料有限公司");
    AuditEntry::of(("enterprise", id.as_str()), "opt_out", (Some("reachable"), "opted_out"), &actor, 7)
}

async fn an_opt_out_is_kept_once_with_its_moment_and_taken_back(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let firm = Enterprise::named("样例江北锂电材料有限公司", None);
    store.save_enterprises(&lock, std::slice::from_ref(&firm)).await.unwrap();
    assert_eq!(store.opted_out_at(&firm.id).await.unwrap(), None);
    assert!(!store.set_opt_out(&lock, &firm.id, None, entry(&firm.id)).await.unwrap(), "it had not");
    assert!(store.set_opt_out(&lock, &firm.id, Some(7), entry(&firm.id)).await.unwrap());
    assert!(!store.set_opt_out(&lock, &firm.id, Some(9), entry(&firm.id)).await.unwrap(), "it has");
    assert_eq!(store.opted_out_at(&firm.id).await.unwrap(), Some(7));
    store.replace_enterprise(&lock, &firm).await.unwrap();
    assert_eq!(store.opted_out_at(&firm.id).await.unwrap(), Some(7), "its record is another matter");
    assert!(store.set_opt_out(&lock, &firm.id, None, entry(&firm.id)).await.unwrap());
    assert_eq!(store.opted_out_at(&firm.id).await.unwrap(), None);
    assert_eq!(store.trail(0, 9).await.unwrap().len(), 2, "what changed nothing left nothing");
}

async fn nobody_unknown_opts_out(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let nobody = EnterpriseId::from_known("无名");
    assert!(store.set_opt_out(&lock, &nobody, Some(7), entry(&nobody)).await.is_err());
    assert!(store.trail(0, 9).await.unwrap().is_empty());
}
