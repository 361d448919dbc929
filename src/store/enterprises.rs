//! Saving enterprises: each record of a batch goes to its firm, in one transaction.

use super::enterprise_identity::{Place, Register};
use super::pool::{Session, Transaction};
use super::rows::{CHUNK, from_body, take_revisions, to_body};
use super::statement::{Statement, Value};
use super::{Saved, Store, StoreError, WriteLock};
use crate::domain::{CreditCode, Enterprise, EnterpriseId, normalised_name};

const SELECT_BY_ID: &str = "SELECT enterprise_id, body FROM enterprise WHERE enterprise_id IN ";

const SELECT_BY_CODE: &str = "SELECT enterprise_id, body FROM enterprise WHERE credit_code IN ";

const SELECT_BY_NAME: &str = "SELECT enterprise_id, body FROM enterprise WHERE name_key IN ";

const INSERT: &str = "INSERT INTO enterprise (enterprise_id, credit_code, name_key, name, body, revision) ";

const OR_UPDATE: &str = " ON CONFLICT (enterprise_id) DO UPDATE SET credit_code = excluded.credit_code, \
     name_key = excluded.name_key, name = excluded.name, body = excluded.body, revision = excluded.revision";

/// What became of a batch of enterprises.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SavedEnterprises {
    /// What became of the records that went to a firm.
    pub saved: Saved,
    /// Places in the batch of the records that were not saved: several firms have their name, and they have no code.
    pub ambiguous: Vec<usize>,
}

impl Store {
    /// Saves a batch in one transaction. A record goes to the firm of its credit code, without one to the firm of its
    /// name, and fills that firm's gaps ([`Enterprise::fill_from`]); a firm first known by name alone takes the first
    /// code that comes with its name, and keeps its id.
    ///
    /// # Errors
    /// [`StoreError::Full`] on a full disk and every reading error; then nothing of the batch is saved.
    pub async fn save_enterprises(
        &self,
        lock: &WriteLock,
        enterprises: &[Enterprise],
    ) -> Result<SavedEnterprises, StoreError> {
        let mut transaction = self.begin(lock).await?;
        let mut register = self.register(&mut transaction, enterprises).await?;
        let mut outcome = SavedEnterprises::default();
        for (index, record) in enterprises.iter().enumerate() {
            match register.place(record) {
                Place::Known(id) => register.fill(&id, record.clone()),
                Place::Ambiguous => outcome.ambiguous.push(index),
                Place::New => {
                    let id = self.free_id(&mut transaction, &mut register, record).await?;
                    register.add(Enterprise { id, ..record.clone() });
                }
            }
        }
        outcome.saved = self.write_enterprises(&mut transaction, &register).await?;
        outcome.saved.unchanged =
            enterprises.len() - outcome.ambiguous.len() - outcome.saved.added - outcome.saved.changed;
        transaction.commit().await?;
        Ok(outcome)
    }

    /// Puts a record in the place of the one of its id.
    ///
    /// # Errors
    /// As [`Store::save_enterprises`].
    pub async fn replace_enterprise(&self, lock: &WriteLock, enterprise: &Enterprise) -> Result<(), StoreError> {
        let mut transaction = self.begin(lock).await?;
        put_in_place(&mut transaction, enterprise).await?;
        transaction.commit().await
    }

    /// Every stored enterprise that shares an id, a code or a name with one of the batch.
    async fn register(&self, transaction: &mut Transaction, batch: &[Enterprise]) -> Result<Register, StoreError> {
        let keys = batch.iter().map(|record| normalised_name(&record.name)).collect::<Vec<_>>();
        let codes = batch.iter().filter_map(|record| Some(record.credit_code.as_ref()?.as_str())).collect::<Vec<_>>();
        // The name and the code may be another firm's id.
        let ids = batch.iter().map(|record| record.id.as_str());
        let ids = ids.chain(codes.iter().copied()).chain(keys.iter().map(String::as_str)).collect::<Vec<_>>();
        let keys = keys.iter().map(String::as_str).collect::<Vec<_>>();
        let mut register = Register::default();
        for (select, texts) in [(SELECT_BY_ID, ids), (SELECT_BY_CODE, codes), (SELECT_BY_NAME, keys)] {
            self.load(transaction, &mut register, select, &texts).await?;
        }
        Ok(register)
    }

    async fn load(
        &self,
        transaction: &mut Transaction,
        register: &mut Register,
        select: &'static str,
        texts: &[&str],
    ) -> Result<(), StoreError> {
        for chunk in texts.chunks(CHUNK) {
            let select = Statement::new(select).list(chunk.iter().copied());
            for (id, body) in transaction.rows::<(String, String)>(select).await? {
                register.load(from_body("enterprise", id, &body)?);
            }
        }
        Ok(())
    }

    /// The record's own id, or when another firm has it, its code or name, or that with a number behind it.
    async fn free_id(
        &self,
        transaction: &mut Transaction,
        register: &mut Register,
        record: &Enterprise,
    ) -> Result<EnterpriseId, StoreError> {
        let computed = EnterpriseId::new(record.credit_code.as_ref(), &record.name);
        let mut id = if register.holds(&record.id) { computed.clone() } else { record.id.clone() };
        let mut number = 1;
        while register.holds(&id) {
            number += 1;
            id = EnterpriseId::from_known(&format!("{computed}#{number}"));
            self.load(transaction, register, SELECT_BY_ID, &[id.as_str()]).await?;
        }
        Ok(id)
    }

    async fn write_enterprises(&self, transaction: &mut Transaction, register: &Register) -> Result<Saved, StoreError> {
        let different = register.outcome().filter(|(stored, now)| *stored != Some(*now)).collect::<Vec<_>>();
        let added = different.iter().filter(|(stored, _)| stored.is_none()).count();
        let saved = Saved { added, changed: different.len() - added, unchanged: 0 };
        if different.is_empty() {
            return Ok(saved);
        }
        let rows = different.into_iter().map(|(_, now)| now).collect::<Vec<_>>();
        let mut revision = take_revisions(transaction, "enterprise", rows.len()).await?;
        for chunk in rows.chunks(CHUNK) {
            transaction.run(upsert(chunk, revision)?).await?;
            revision += chunk.len() as i64;
        }
        Ok(saved)
    }
}

/// One statement that writes these rows, with revisions counting up from `first`.
/// Puts a record in the place of the one of its id.
pub(super) async fn put_in_place(transaction: &mut Transaction, enterprise: &Enterprise) -> Result<(), StoreError> {
    let revision = take_revisions(transaction, "enterprise", 1).await?;
    transaction.run(upsert(&[enterprise], revision)?).await?;
    Ok(())
}

fn upsert(rows: &[&Enterprise], first: i64) -> Result<Statement, StoreError> {
    let row = |(enterprise, revision): (&&Enterprise, i64)| {
        Ok([
            Value::from(enterprise.id.as_str()),
            enterprise.credit_code.as_ref().map(CreditCode::as_str).into(),
            normalised_name(&enterprise.name).into(),
            enterprise.name.as_str().into(),
            to_body("enterprise", enterprise.id.as_str(), enterprise)?.into(),
            revision.into(),
        ])
    };
    let rows = rows.iter().zip(first..).map(row).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Statement::new(INSERT).rows(rows).push(OR_UPDATE))
}
