//! Licences, each step with its entry in one transaction.

use std::collections::BTreeSet;

use super::audit;
use super::dealings::{LICENCE, Party, add_parties, licence_columns, page};
use super::feedback::raise;
use super::rows::{CHUNK, take_revisions, to_body};
use super::statement::Statement;
use super::{Store, StoreError, WriteLock};
use crate::domain::{AuditEntry, EnterpriseId, Licence, ListingId};

const INSERT: &str = "INSERT INTO licence (number, listing_id, enterprise_id, state, body) VALUES ($1, $2, $3, $4, $5)";

const UPDATE: &str = "UPDATE licence SET state = $2, body = $3 WHERE number = $1";

const SELECT_OF_LISTING: &str = "SELECT number, body FROM licence WHERE listing_id = $1 ORDER BY number";

const SELECT_STANDING: &str = "SELECT enterprise_id, listing_id FROM licence \
     WHERE state IN ('accepted', 'paid', 'recorded', 'in_use') AND enterprise_id IN ";

impl Store {
    /// Keeps a new licence with the entry made of its number; returns the number. The enterprise is matched anew.
    ///
    /// # Errors
    /// [`StoreError::Query`] if the enterprise has one of this listing that stands, [`StoreError::Full`] on a full disk and
    /// every reading error; then nothing is saved.
    pub async fn add_licence(
        &self,
        lock: &WriteLock,
        licence: &Licence,
        entry: impl FnOnce(i64) -> AuditEntry,
    ) -> Result<i64, StoreError> {
        let mut transaction = self.begin(lock).await?;
        let number = take_revisions(&mut transaction, LICENCE.word, 1).await?;
        let licence = Licence { number, ..licence.clone() };
        let (listing, enterprise, state) = licence_columns(&licence);
        let insert = Statement::new(INSERT).bind(number).bind(listing).bind(enterprise).bind(state);
        transaction.run(insert.bind(to_body("licence", &number.to_string(), &licence)?)).await?;
        let holders = &licence.listing.patent.holders;
        add_parties(&mut transaction, &LICENCE, number, &licence.licensee.enterprise, holders).await?;
        audit::append(&mut transaction, &[entry(number)]).await?;
        raise(&mut transaction, &BTreeSet::from([licence.licensee.enterprise.clone()])).await?;
        transaction.commit().await?;
        Ok(number)
    }

    /// Writes steps in one transaction: all of them with their entries, or none. Their enterprises are matched anew.
    ///
    /// # Errors
    /// As [`Store::add_licence`].
    pub async fn change_licences(&self, lock: &WriteLock, changes: &[(Licence, AuditEntry)]) -> Result<(), StoreError> {
        if changes.is_empty() {
            return Ok(());
        }
        let mut transaction = self.begin(lock).await?;
        for (licence, _) in changes {
            let body = to_body("licence", &licence.number.to_string(), licence)?;
            let update = Statement::new(UPDATE).bind(licence.number).bind(licence.state.word()).bind(body);
            transaction.run(update).await?;
        }
        let entries: Vec<AuditEntry> = changes.iter().map(|(_, entry)| entry.clone()).collect();
        audit::append(&mut transaction, &entries).await?;
        let firms = changes.iter().map(|(licence, _)| licence.licensee.enterprise.clone()).collect();
        raise(&mut transaction, &firms).await?;
        transaction.commit().await
    }

    /// The licence of a number.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when it cannot be read, else as for every read.
    pub async fn licence(&self, number: i64) -> Result<Option<Licence>, StoreError> {
        Ok(self.dealings(&LICENCE, Statement::new(LICENCE.one).bind(number)).await?.pop())
    }

    /// At most `limit` licences of a party behind a number, in their order.
    ///
    /// # Errors
    /// As [`Store::licence`].
    pub async fn licences(&self, party: &Party, after: i64, limit: usize) -> Result<Vec<Licence>, StoreError> {
        self.dealings(&LICENCE, page(&LICENCE, party, after, limit)).await
    }

    /// All licences of a listing, in their order.
    ///
    /// # Errors
    /// As [`Store::licence`].
    pub async fn licences_of(&self, listing: &ListingId) -> Result<Vec<Licence>, StoreError> {
        self.dealings(&LICENCE, Statement::new(SELECT_OF_LISTING).bind(listing.as_str())).await
    }

    /// What some enterprises have licences of that stand.
    ///
    /// # Errors
    /// As for every read.
    pub async fn licensed(&self, enterprises: &[&EnterpriseId]) -> Result<Vec<(EnterpriseId, ListingId)>, StoreError> {
        let mut found = Vec::new();
        for chunk in enterprises.chunks(CHUNK) {
            let select = Statement::new(SELECT_STANDING).list(chunk.iter().map(|id| id.as_str()));
            for (enterprise, listing) in self.rows::<(String, String)>(select).await? {
                let listing = listing.parse().map_err(|error| StoreError::CorruptRow {
                    table: "licence",
                    id: listing.clone(),
                    source: serde::de::Error::custom(error),
                })?;
                found.push((EnterpriseId::from_known(&enterprise), listing));
            }
        }
        Ok(found)
    }
}
