//! Campaigns, each step with its entry in one transaction, and what the last preview of each has in store for whom.

use std::collections::BTreeMap;

use super::audit;
use super::messages::{self, QueueChange};
use super::pool::Transaction;
use super::rows::{CHUNK, from_body, sql_limit, take_revisions, to_body};
use super::statement::{Statement, Value};
use super::{Store, StoreError, WriteLock};
use crate::domain::{AuditEntry, Campaign, DivisionCode, EnterpriseId, Outcome, PlannedFirm};

/// What the trail and `revision` call them.
const WORD: &str = "campaign";

const INSERT: &str = "INSERT INTO campaign (number, state, province, body) VALUES ($1, $2, $3, $4)";

const UPDATE: &str = "UPDATE campaign SET state = $2, body = $3 WHERE number = $1";

const ONE: &str = "SELECT number, body FROM campaign WHERE number = $1";

const PAGE: &str = "SELECT number, body FROM campaign WHERE number < $1 ORDER BY number DESC LIMIT $2";

const PAGE_OF_PROVINCE: &str =
    "SELECT number, body FROM campaign WHERE number < $1 AND province = $3 ORDER BY number DESC LIMIT $2";

const RUNNING: &str = "SELECT number, body FROM campaign WHERE state = 'running' ORDER BY number";

const DELETE_PAIRS: &str = "DELETE FROM campaign_pair WHERE campaign = $1";

const DELETE_FIRMS: &str = "DELETE FROM campaign_firm WHERE campaign = $1";

const INSERT_FIRMS: &str = "INSERT INTO campaign_firm (campaign, place, enterprise_id, outcome) ";

const INSERT_PAIRS: &str = "INSERT INTO campaign_pair (campaign, firm_place, place, listing_id, score) ";

const FIRMS: &str = "SELECT place, enterprise_id, outcome FROM campaign_firm \
     WHERE campaign = $1 AND place > $2 ORDER BY place LIMIT $3";

const FIRMS_OF_OUTCOME: &str = "SELECT place, enterprise_id, outcome FROM campaign_firm \
     WHERE campaign = $1 AND place > $2 AND outcome = $4 ORDER BY place LIMIT $3";

const PAIRS: &str = "SELECT firm_place, listing_id, score FROM campaign_pair WHERE campaign = $1 AND firm_place IN ";

impl Store {
    /// Keeps a new campaign with the entry made of its number; returns the number.
    ///
    /// # Errors
    /// [`StoreError::Full`] on a full disk and every reading error; then nothing is saved.
    pub async fn add_campaign(
        &self,
        lock: &WriteLock,
        campaign: &Campaign,
        entry: impl FnOnce(i64) -> AuditEntry,
    ) -> Result<i64, StoreError> {
        let mut transaction = self.begin(lock).await?;
        let number = take_revisions(&mut transaction, WORD, 1).await?;
        let campaign = Campaign { number, ..campaign.clone() };
        let province = campaign.province.map(|province| province.to_string());
        let insert = Statement::new(INSERT).bind(number).bind(campaign.state.word()).bind(province);
        transaction.run(insert.bind(to_body(WORD, &number.to_string(), &campaign)?)).await?;
        audit::append(&mut transaction, &[entry(number)]).await?;
        transaction.commit().await?;
        Ok(number)
    }

    /// Changes a campaign and its messages, and keeps the entry.
    ///
    /// # Errors
    /// As [`Store::add_campaign`].
    pub async fn change_campaign(
        &self,
        lock: &WriteLock,
        campaign: &Campaign,
        queue: QueueChange,
        entry: AuditEntry,
    ) -> Result<(), StoreError> {
        let mut transaction = self.begin(lock).await?;
        messages::change(&mut transaction, campaign, queue).await?;
        put(&mut transaction, campaign, entry).await?;
        transaction.commit().await
    }

    /// Changes a campaign with what its preview has in store for each enterprise of its audience, in the order given, in
    /// place of what an earlier one had; keeps the entry.
    ///
    /// # Errors
    /// As [`Store::add_campaign`].
    pub async fn save_plan(
        &self,
        lock: &WriteLock,
        campaign: &Campaign,
        firms: &[PlannedFirm],
        entry: AuditEntry,
    ) -> Result<(), StoreError> {
        let (number, mut transaction) = (campaign.number, self.begin(lock).await?);
        transaction.run(Statement::new(DELETE_PAIRS).bind(number)).await?;
        transaction.run(Statement::new(DELETE_FIRMS).bind(number)).await?;
        let placed: Vec<(i64, &PlannedFirm)> = (1..).zip(firms).collect();
        for chunk in placed.chunks(CHUNK) {
            let row = |(place, firm): &(i64, &PlannedFirm)| {
                [Value::from(number), (*place).into(), firm.enterprise.as_str().into(), firm.outcome.word().into()]
            };
            transaction.run(Statement::new(INSERT_FIRMS).rows(chunk.iter().map(row))).await?;
        }
        let mut pairs = Vec::new();
        for (firm_place, firm) in placed {
            for (place, (listing, score)) in (1..).zip(&firm.listings) {
                let score = to_body(WORD, listing.as_str(), score)?;
                let listing = Value::from(listing.as_str());
                pairs.push([number.into(), firm_place.into(), Value::from(place), listing, score.into()]);
            }
        }
        for chunk in pairs.chunks(CHUNK) {
            transaction.run(Statement::new(INSERT_PAIRS).rows(chunk.iter().cloned())).await?;
        }
        put(&mut transaction, campaign, entry).await?;
        transaction.commit().await
    }

    /// The campaign of a number.
    ///
    /// # Errors
    /// [`StoreError::CorruptRow`] when it cannot be read, else as for every read.
    pub async fn campaign(&self, number: i64) -> Result<Option<Campaign>, StoreError> {
        Ok(self.campaigns_of(Statement::new(ONE).bind(number)).await?.pop())
    }

    /// At most `limit` campaigns with numbers below one, the newest first; of one province, its own.
    ///
    /// # Errors
    /// As [`Store::campaign`].
    pub async fn campaigns(
        &self,
        province: Option<DivisionCode>,
        before: i64,
        limit: usize,
    ) -> Result<Vec<Campaign>, StoreError> {
        let select = Statement::new(if province.is_some() { PAGE_OF_PROVINCE } else { PAGE });
        let select = select.bind(before).bind(sql_limit(limit));
        let select = match province {
            Some(province) => select.bind(province.to_string()),
            None => select,
        };
        self.campaigns_of(select).await
    }

    /// The campaigns that are being sent, in their order.
    ///
    /// # Errors
    /// As [`Store::campaign`].
    pub async fn running_campaigns(&self) -> Result<Vec<Campaign>, StoreError> {
        self.campaigns_of(Statement::new(RUNNING)).await
    }

    /// At most `limit` enterprises of a campaign's audience behind a place, by place, with what is in store for them: all, or
    /// those of one outcome.
    ///
    /// # Errors
    /// As [`Store::campaign`].
    pub async fn planned_firms(
        &self,
        campaign: i64,
        outcome: Option<Outcome>,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(i64, PlannedFirm)>, StoreError> {
        let select = Statement::new(if outcome.is_some() { FIRMS_OF_OUTCOME } else { FIRMS });
        let select = select.bind(campaign).bind(after).bind(sql_limit(limit));
        let select = match outcome {
            Some(outcome) => select.bind(outcome.word()),
            None => select,
        };
        let mut firms = BTreeMap::new();
        for (place, enterprise, outcome) in self.rows::<(i64, String, String)>(select).await? {
            let outcome = from_body(WORD, enterprise.clone(), &format!("\"{outcome}\""))?;
            let enterprise = EnterpriseId::from_known(&enterprise);
            firms.insert(place, PlannedFirm { enterprise, outcome, listings: Vec::new() });
        }
        let places: Vec<i64> = firms.keys().copied().collect();
        for chunk in places.chunks(CHUNK) {
            let select = Statement::new(PAIRS).bind(campaign).list(chunk.iter().copied());
            let select = select.push(" ORDER BY firm_place, place");
            for (place, listing, score) in self.rows::<(i64, String, String)>(select).await? {
                let id = from_body(WORD, listing.clone(), &serde_json::Value::from(listing.as_str()).to_string())?;
                let score = from_body(WORD, listing, &score)?;
                firms.entry(place).and_modify(|firm| firm.listings.push((id, score)));
            }
        }
        Ok(firms.into_iter().collect())
    }

    async fn campaigns_of(&self, select: Statement) -> Result<Vec<Campaign>, StoreError> {
        let rows: Vec<(i64, String)> = self.rows(select).await?;
        rows.into_iter().map(|(number, body)| from_body(WORD, number.to_string(), &body)).collect()
    }
}

async fn put(transaction: &mut Transaction, campaign: &Campaign, entry: AuditEntry) -> Result<(), StoreError> {
    let body = to_body(WORD, &campaign.number.to_string(), campaign)?;
    let update = Statement::new(UPDATE).bind(campaign.number).bind(campaign.state.word()).bind(body);
    transaction.run(update).await?;
    audit::append(transaction, &[entry]).await
}
