//! What was shown to firms: saved once, never changed.

use std::collections::HashMap;

use super::pool::{Session, Transaction};
use super::rows::{CHUNK, sql_limit};
use super::statement::{Statement, Value};
use super::{Store, StoreError, WriteLock};
use crate::domain::{Delivery, DeliveryId, EnterpriseId, ListingId};

const INSERT: &str = "INSERT INTO delivery (delivery_id, enterprise_id, delivered_at) VALUES ($1, $2, $3) \
     ON CONFLICT (delivery_id) DO NOTHING";

const INSERT_LISTINGS: &str = "INSERT INTO delivered_listing (delivery_id, place, listing_id) ";

const SELECT_BY_ID: &str = "SELECT delivery_id, enterprise_id, delivered_at FROM delivery WHERE delivery_id IN ";

const SELECT_LISTINGS: &str = "SELECT delivery_id, place, listing_id FROM delivered_listing WHERE delivery_id IN ";

const SELECT_PAGE: &str = "SELECT delivery_id FROM delivery WHERE delivery_id > $1 ORDER BY delivery_id LIMIT $2";

/// The name of what a campaign sends the enterprise `f` of it, as [`DeliveryId::of_campaign`] makes it.
macro_rules! delivery_of_firm {
    () => {
        "'c-' || f.campaign || '-' || f.place"
    };
}
pub(super) use delivery_of_firm;

/// From the enterprise to its places, to its messages, to what they showed: each by an index.
const SELECT_INBOX: &str = concat!(
    "SELECT d.delivery_id FROM campaign_firm f \
     JOIN campaign_message m ON m.campaign = f.campaign AND m.firm_place = f.place JOIN delivery d ON d.delivery_id = ",
    delivery_of_firm!(),
    " WHERE f.enterprise_id = $1 AND m.channel = 'inbox' AND m.state = 'sent' AND d.delivered_at < $2 \
     ORDER BY d.delivered_at DESC, d.delivery_id LIMIT $3"
);

const LATEST: &str = "SELECT MAX(delivered_at) FROM delivery WHERE enterprise_id = $1";

const COUNT_SINCE: &str = "SELECT enterprise_id, COUNT(*) FROM delivery \
     JOIN delivered_listing ON delivered_listing.delivery_id = delivery.delivery_id \
     WHERE delivered_at >= $1 AND enterprise_id IN ";

impl Store {
    /// Saves a delivery with its listings in one transaction; one of this name that is there already stays as it is. Returns
    /// whether it was new.
    ///
    /// # Errors
    /// [`StoreError::Full`] on a full disk, [`StoreError::Query`] for an enterprise that is not there, and every reading
    /// error; then nothing is saved.
    pub async fn save_delivery(&self, lock: &WriteLock, delivery: &Delivery) -> Result<bool, StoreError> {
        let mut transaction = self.begin(lock).await?;
        let is_new = insert(&mut transaction, delivery).await?;
        transaction.commit().await?;
        Ok(is_new)
    }

    /// The delivery of a name.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when it cannot be read, else as for every read.
    pub async fn delivery(&self, id: &DeliveryId) -> Result<Option<Delivery>, StoreError> {
        Ok(deliveries_of(&mut &*self, &[id.as_str()]).await?.remove(id.as_str()))
    }

    /// At most `limit` of what campaigns have sent an enterprise, the latest first, before a moment in seconds since 1970.
    ///
    /// # Errors
    /// As [`Store::delivery`].
    pub async fn inbox(
        &self,
        enterprise: &EnterpriseId,
        before: i64,
        limit: usize,
    ) -> Result<Vec<Delivery>, StoreError> {
        let select = Statement::new(SELECT_INBOX).bind(enterprise.as_str()).bind(before).bind(sql_limit(limit));
        let ids: Vec<(String,)> = self.rows(select).await?;
        let names: Vec<&str> = ids.iter().map(|(id,)| id.as_str()).collect();
        let mut found = deliveries_of(&mut &*self, &names).await?;
        Ok(names.into_iter().filter_map(|id| found.remove(id)).collect())
    }

    /// When the enterprise was last shown anything, in seconds since 1970; `None` before the first time.
    ///
    /// # Errors
    /// As for every read.
    pub async fn last_delivered(&self, enterprise: &EnterpriseId) -> Result<Option<i64>, StoreError> {
        self.value(Statement::new(LATEST).bind(enterprise.as_str())).await
    }

    /// How many listings each of some enterprises was shown since a moment, in seconds since 1970; none of those that were
    /// shown nothing.
    ///
    /// # Errors
    /// As for every read.
    pub async fn shown_since(
        &self,
        since: i64,
        enterprises: &[&EnterpriseId],
    ) -> Result<HashMap<EnterpriseId, usize>, StoreError> {
        let mut found = HashMap::new();
        for chunk in enterprises.chunks(CHUNK) {
            let select = Statement::new(COUNT_SINCE).bind(since).list(chunk.iter().map(|id| id.as_str()));
            let rows: Vec<(String, i64)> = self.rows(select.push(" GROUP BY enterprise_id")).await?;
            let count = |(id, count): (String, i64)| {
                (EnterpriseId::from_known(&id), usize::try_from(count).unwrap_or(usize::MAX))
            };
            found.extend(rows.into_iter().map(count));
        }
        Ok(found)
    }

    /// A page of at most `limit` deliveries in the order of their ids, behind the id `after`.
    ///
    /// # Errors
    /// As for every read.
    pub async fn deliveries(&self, after: Option<&DeliveryId>, limit: usize) -> Result<Vec<Delivery>, StoreError> {
        let after = after.map_or("", DeliveryId::as_str);
        let select = Statement::new(SELECT_PAGE).bind(after).bind(sql_limit(limit));
        let ids: Vec<(String,)> = self.rows(select).await?;
        let names: Vec<&str> = ids.iter().map(|(id,)| id.as_str()).collect();
        let mut found = deliveries_of(&mut &*self, &names).await?;
        Ok(names.into_iter().filter_map(|id| found.remove(id)).collect())
    }
}

/// Keeps a delivery unless there is one of its name; returns whether it was new.
pub(super) async fn insert(transaction: &mut Transaction, delivery: &Delivery) -> Result<bool, StoreError> {
    let insert = Statement::new(INSERT).bind(delivery.id.as_str()).bind(delivery.enterprise.as_str());
    if transaction.run(insert.bind(delivery.at)).await? == 0 {
        return Ok(false);
    }
    let places: Vec<(i64, &ListingId)> = (1..).zip(&delivery.listings).collect();
    for chunk in places.chunks(CHUNK) {
        let row = |(place, listing): &(i64, &ListingId)| {
            [Value::from(delivery.id.as_str()), Value::from(*place), Value::from(listing.as_str())]
        };
        transaction.run(Statement::new(INSERT_LISTINGS).rows(chunk.iter().map(row))).await?;
    }
    Ok(true)
}

/// The deliveries of these names that there are, by name.
pub(super) async fn deliveries_of(
    session: &mut impl Session,
    ids: &[&str],
) -> Result<HashMap<String, Delivery>, StoreError> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let select = Statement::new(SELECT_BY_ID).list(chunk.iter().copied());
        for (id, enterprise, at) in session.rows::<(String, String, i64)>(select).await? {
            let enterprise = EnterpriseId::from_known(&enterprise);
            let delivery = Delivery { id: known(&id)?, enterprise, at, listings: Vec::new() };
            found.insert(id, delivery);
        }
        let select = Statement::new(SELECT_LISTINGS).list(chunk.iter().copied()).push(" ORDER BY delivery_id, place");
        for (id, _, listing) in session.rows::<(String, i64, String)>(select).await? {
            let listing = known(&listing)?;
            found.entry(id).and_modify(|delivery| delivery.listings.push(listing));
        }
    }
    Ok(found)
}

/// A name that was checked before it was kept.
pub(super) fn known<T: serde::de::DeserializeOwned>(name: &str) -> Result<T, StoreError> {
    let corrupt = |source| StoreError::CorruptRow { table: "delivery", id: name.to_owned(), source };
    serde_json::from_value(serde_json::Value::String(name.to_owned())).map_err(corrupt)
}
