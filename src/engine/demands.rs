//! Needs made public, and the listings that could meet them.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Engine, EngineError, Narrowing, Recommended};
use crate::domain::{
    Actor, AuditEntry, Date, Demand, DemandRefusal, Enterprise, EnterpriseId, LearntInterest, MOST_OPEN, Moment, Need,
    PublicDemand, demand_text,
};
use crate::rank::Seeker;

/// Most needs that a holder's listings are held against at a time: the newest.
const NEWEST: usize = 500;

/// A need that a holder's listing could meet.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MetDemand {
    /// The need.
    pub demand: PublicDemand,
    /// The holder's listing that suits it best, with reasons.
    pub listing: Recommended,
}

impl Engine {
    /// An enterprise makes a need public. It is part of its record from then on, so that it counts for its own
    /// recommendations as well.
    ///
    /// # Errors
    /// [`EngineError::Demand`] for a need that is none, without consent, or one too many; [`EngineError::UnknownEnterprise`]
    /// if there is no such enterprise.
    pub async fn publish_demand(
        &self,
        enterprise: &EnterpriseId,
        text: &str,
        (consent, named): (bool, bool),
        actor: &Actor,
        at: Moment,
    ) -> Result<Demand, EngineError> {
        let text = demand_text(text)?;
        if !consent {
            return Err(DemandRefusal::NoConsent.into());
        }
        let lock = self.writing().await?;
        let unknown = || EngineError::UnknownEnterprise { text: enterprise.to_string() };
        let mut firm = self.store.enterprise(enterprise).await?.ok_or_else(unknown)?;
        let known = self.store.enterprise_demands(enterprise, i64::MAX, usize::MAX).await?;
        if known.iter().filter(|demand| demand.closed_at.is_none()).count() >= MOST_OPEN {
            return Err(DemandRefusal::TooMany.into());
        }
        let demand = Demand {
            number: 0,
            enterprise: firm.id.clone(),
            name: named.then(|| firm.name.clone()),
            text: text.clone(),
            province: firm.location.as_ref().and_then(|location| location.division).map(|place| place.province()),
            industry: firm.industry_code.clone(),
            published_at: at.now,
            closed_at: None,
        };
        let need = Need(text);
        let is_new = !firm.needs.contains(&need);
        if is_new {
            firm.needs.push(need);
        }
        let kept = |number| entry(number, "publish_need", None, "open", actor, at);
        let number = self.store.add_demand(&lock, &demand, is_new.then_some(&firm), kept).await?;
        Ok(Demand { number, ..demand })
    }

    /// An enterprise takes a need back. Its record keeps it: that is its own to edit.
    ///
    /// # Errors
    /// [`DemandRefusal::Unknown`] for a need that is not its own, or not open.
    pub async fn close_demand(
        &self,
        number: i64,
        enterprise: &EnterpriseId,
        actor: &Actor,
        at: Moment,
    ) -> Result<(), EngineError> {
        let lock = self.writing().await?;
        let known = self.store.demand(number).await?.ok_or(DemandRefusal::Unknown { number })?;
        let closed = known.closed(enterprise, at)?;
        let kept = entry(number, "close_need", Some("open"), "closed", actor, at);
        Ok(self.store.change_demand(&lock, &closed, kept).await?)
    }

    /// At most `limit` open needs with numbers below one, the newest first.
    ///
    /// # Errors
    /// [`EngineError::Store`] if they cannot be read.
    pub async fn demands(&self, before: i64, limit: usize) -> Result<Vec<PublicDemand>, EngineError> {
        let found = self.store.open_demands(before, limit).await?;
        Ok(found.into_iter().map(Demand::public).collect())
    }

    /// The open need of a number.
    ///
    /// # Errors
    /// [`DemandRefusal::Unknown`] if there is none.
    pub async fn demand(&self, number: i64) -> Result<PublicDemand, EngineError> {
        let open = self.store.demand(number).await?.filter(|demand| demand.closed_at.is_none());
        Ok(open.ok_or(DemandRefusal::Unknown { number })?.public())
    }

    /// The open needs that a holder's listings could meet, the best suited first, each with the listing that suits it best.
    /// The newest 500 are looked at.
    ///
    /// # Errors
    /// What store and index fail with.
    pub async fn met_demands(&self, holder: &str, limit: usize, today: Date) -> Result<Vec<MetDemand>, EngineError> {
        let narrowing = Narrowing { holder: Some(holder.to_owned()), ..Narrowing::default() };
        let mut met = Vec::new();
        for demand in self.store.open_demands(i64::MAX, NEWEST).await? {
            let best = self.meeting(&demand, &narrowing, 1, today).await?.pop();
            met.extend(best.map(|listing| MetDemand { demand: demand.public(), listing }));
        }
        let score = |met: &MetDemand| met.listing.recommendation.score.value();
        met.sort_by(|a, b| score(b).total_cmp(&score(a)).then(b.demand.number.cmp(&a.demand.number)));
        met.truncate(limit);
        Ok(met)
    }

    /// The best `limit` listings for a need alone: what else is known of the enterprise is not the holder's to see, not
    /// even by what it does to a score. Its name counts for this, that its own patents do not meet its need.
    async fn meeting(
        &self,
        demand: &Demand,
        narrowing: &Narrowing,
        limit: usize,
        today: Date,
    ) -> Result<Vec<Recommended>, EngineError> {
        let Some(firm) = self.store.enterprise(&demand.enterprise).await? else { return Ok(Vec::new()) };
        let asks = Enterprise {
            id: firm.id,
            needs: vec![Need(demand.text.clone())],
            ..Enterprise::named(&firm.name, firm.credit_code)
        };
        let nothing = LearntInterest::default();
        let profile = tokio::task::block_in_place(|| self.profile(&asks, &nothing))?;
        if profile.is_empty() {
            return Ok(Vec::new());
        }
        let seeker = Seeker::of(&asks);
        self.recommended(&asks, (&profile, &seeker), limit, today, narrowing).await
    }
}

/// What the trail keeps: whose need was made public when, not what it is.
fn entry(number: i64, action: &str, before: Option<&str>, after: &str, actor: &Actor, at: Moment) -> AuditEntry {
    AuditEntry::step(("demand", number), action, (before, after), actor, at.now)
}
