//! Enquiries and licences: numbered from 1, each with those whose it is.

use super::audit;
use super::pool::Transaction;
use super::rows::{from_body, sql_limit, take_revisions, to_body};
use super::statement::{Statement, Value};
use super::{Store, StoreError, WriteLock};
use crate::domain::{AuditEntry, Enquiry, EnterpriseId, HolderKey, Licence, ListingId};

const ADD_PARTY: &str = "INSERT INTO party (subject_kind, party, number) ";

const MOVE: [&str; 2] = [
    "UPDATE licence SET listing_id = $1 WHERE listing_id = $2",
    "UPDATE enquiry SET listing_id = $1 WHERE listing_id = $2",
];

/// Whose enquiries or licences are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// All there are.
    Anyone,
    /// An enterprise's.
    Enterprise(EnterpriseId),
    /// Those of a holder's patents.
    Holder(HolderKey),
}

impl Party {
    fn key(&self) -> Option<String> {
        match self {
            Self::Anyone => None,
            Self::Enterprise(id) => Some(format!("enterprise {id}")),
            Self::Holder(key) => Some(format!("holder {:016x}", key.get())),
        }
    }
}

/// The statements of one kind of dealing.
pub(super) struct Kind {
    /// What the trail, `party` and `revision` call it.
    pub(super) word: &'static str,
    pub(super) one: &'static str,
    pub(super) page: &'static str,
    pub(super) page_of: &'static str,
}

const ENQUIRY: Kind = Kind {
    word: "enquiry",
    one: "SELECT number, body FROM enquiry WHERE number = $1",
    page: "SELECT number, body FROM enquiry WHERE number > $1 ORDER BY number LIMIT $2",
    page_of: "SELECT enquiry.number, body FROM enquiry JOIN party ON party.number = enquiry.number \
         WHERE party.subject_kind = 'enquiry' AND party.party = $1 AND enquiry.number > $2 \
         ORDER BY enquiry.number LIMIT $3",
};

pub(super) const LICENCE: Kind = Kind {
    word: "licence",
    one: "SELECT number, body FROM licence WHERE number = $1",
    page: "SELECT number, body FROM licence WHERE number > $1 ORDER BY number LIMIT $2",
    page_of: "SELECT licence.number, body FROM licence JOIN party ON party.number = licence.number \
         WHERE party.subject_kind = 'licence' AND party.party = $1 AND licence.number > $2 \
         ORDER BY licence.number LIMIT $3",
};

const INSERT_ENQUIRY: &str =
    "INSERT INTO enquiry (number, listing_id, enterprise_id, asked_at, body) VALUES ($1, $2, $3, $4, $5)";

const UPDATE_ENQUIRY: &str = "UPDATE enquiry SET body = $2 WHERE number = $1";

impl Store {
    /// Keeps a new enquiry with the entry made of its number; returns the number.
    ///
    /// # Errors
    /// [`StoreError::Full`] on a full disk and every reading error; then nothing is saved.
    pub async fn add_enquiry(
        &self,
        lock: &WriteLock,
        enquiry: &Enquiry,
        entry: impl FnOnce(i64) -> AuditEntry,
    ) -> Result<i64, StoreError> {
        let mut transaction = self.begin(lock).await?;
        let number = take_revisions(&mut transaction, ENQUIRY.word, 1).await?;
        let enquiry = Enquiry { number, ..enquiry.clone() };
        let insert = Statement::new(INSERT_ENQUIRY).bind(number).bind(enquiry.listing.as_str());
        let insert = insert.bind(enquiry.enterprise.as_str()).bind(enquiry.asked_at);
        transaction.run(insert.bind(to_body("enquiry", &number.to_string(), &enquiry)?)).await?;
        add_parties(&mut transaction, &ENQUIRY, number, &enquiry.enterprise, &enquiry.holders).await?;
        audit::append(&mut transaction, &[entry(number)]).await?;
        transaction.commit().await?;
        Ok(number)
    }

    /// Changes an enquiry and keeps the entry.
    ///
    /// # Errors
    /// As [`Store::add_enquiry`].
    pub async fn change_enquiry(
        &self,
        lock: &WriteLock,
        enquiry: &Enquiry,
        entry: AuditEntry,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin(lock).await?;
        let body = to_body("enquiry", &enquiry.number.to_string(), enquiry)?;
        transaction.run(Statement::new(UPDATE_ENQUIRY).bind(enquiry.number).bind(body)).await?;
        audit::append(&mut transaction, &[entry]).await?;
        transaction.commit().await
    }

    /// The enquiry of a number.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when it cannot be read, else as for every read.
    pub async fn enquiry(&self, number: i64) -> Result<Option<Enquiry>, StoreError> {
        Ok(self.dealings(&ENQUIRY, Statement::new(ENQUIRY.one).bind(number)).await?.pop())
    }

    /// At most `limit` enquiries of a party behind a number, in their order.
    ///
    /// # Errors
    /// As [`Store::enquiry`].
    pub async fn enquiries(&self, party: &Party, after: i64, limit: usize) -> Result<Vec<Enquiry>, StoreError> {
        self.dealings(&ENQUIRY, page(&ENQUIRY, party, after, limit)).await
    }

    pub(super) async fn dealings<T: serde::de::DeserializeOwned>(
        &self,
        kind: &Kind,
        select: Statement,
    ) -> Result<Vec<T>, StoreError> {
        let rows: Vec<(i64, String)> = self.rows(select).await?;
        rows.into_iter().map(|(number, body)| from_body(kind.word, number.to_string(), &body)).collect()
    }
}

pub(super) fn page(kind: &Kind, party: &Party, after: i64, limit: usize) -> Statement {
    match party.key() {
        None => Statement::new(kind.page).bind(after).bind(sql_limit(limit)),
        Some(key) => Statement::new(kind.page_of).bind(key).bind(after).bind(sql_limit(limit)),
    }
}

/// Writes whose it is: the enterprise's, and each holder's.
pub(super) async fn add_parties(
    transaction: &mut Transaction,
    kind: &Kind,
    number: i64,
    enterprise: &EnterpriseId,
    holders: &[String],
) -> Result<(), StoreError> {
    let mut parties: Vec<String> =
        holders.iter().filter_map(|name| Party::Holder(HolderKey::of(name)?).key()).collect();
    parties.extend(Party::Enterprise(enterprise.clone()).key());
    parties.sort_unstable();
    parties.dedup();
    let rows = parties.into_iter().map(|party| [Value::from(kind.word), party.into(), number.into()]);
    transaction.run(Statement::new(ADD_PARTY).rows(rows)).await?;
    Ok(())
}

/// A listing is kept under another id from now on: what was asked and taken of it goes with it.
pub(super) async fn move_dealings(
    transaction: &mut Transaction,
    from: &ListingId,
    to: &ListingId,
) -> Result<(), StoreError> {
    for statement in MOVE {
        transaction.run(Statement::new(statement).bind(to.as_str()).bind(from.as_str())).await?;
    }
    Ok(())
}

/// The listing ids of licences are of the listing as it is kept now, not as the licence's body knew it.
pub(super) fn licence_columns(licence: &Licence) -> (&str, &str, &'static str) {
    (licence.listing.id.as_str(), licence.licensee.enterprise.as_str(), licence.state.word())
}
