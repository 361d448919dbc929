//! What a preview of a campaign (定向推送) found: who would be sent what, and how evenly.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Date, EnterpriseId, ListingId, Score};

/// What a campaign has in store for an enterprise of its audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is sent something.
    Sent,
    /// It could be, and is kept back by lot so that what sending does can be measured.
    HeldBack,
    /// It has opted out.
    OptedOut,
    /// It has been sent as much lately as it may.
    SentEnough,
    /// None of the listings says anything to it, or may be shown to it.
    NothingFits,
    /// Every listing that suits it goes to others within the limits.
    CrowdedOut,
}

impl Outcome {
    /// All of them, in the order they are decided in.
    pub const ALL: [Self; 6] =
        [Self::OptedOut, Self::SentEnough, Self::NothingFits, Self::HeldBack, Self::Sent, Self::CrowdedOut];

    /// The word used in SQL and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::HeldBack => "held_back",
            Self::OptedOut => "opted_out",
            Self::SentEnough => "sent_enough",
            Self::NothingFits => "nothing_fits",
            Self::CrowdedOut => "crowded_out",
        }
    }

    /// The outcome of a word; `None` for any other.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}

/// An enterprise of a campaign's audience, and what is in store for it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedFirm {
    /// Which.
    pub enterprise: EnterpriseId,
    /// What.
    pub outcome: Outcome,
    /// The listings it is sent, best first, with the scores they had; only where something is sent.
    pub listings: Vec<(ListingId, Score)>,
}

/// How many enterprises share an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutcomeCount {
    /// The outcome.
    pub outcome: Outcome,
    /// How many.
    pub enterprises: usize,
}

/// How many listings go to so many enterprises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExposureStep {
    /// The least of the range.
    pub from: usize,
    /// The most of the range; any number if not said.
    pub to: Option<usize>,
    /// How many listings.
    pub listings: usize,
}

/// Why a limit cannot hold for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnmetCause {
    /// The enterprises of the audience take fewer listings, all together, than it asks to be sent.
    Places,
    /// The quotas of holders allow fewer.
    HolderQuotas,
    /// The quotas of provinces allow fewer.
    RegionQuotas,
    /// Some listings suit too few enterprises, or those they suit have better ones of which the same is asked.
    Suitability,
}

/// A limit that cannot hold for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnmetLimit {
    /// Which, as a member of the brief.
    pub limit: String,
    /// Pairs of listing and enterprise that it asks for.
    pub asked: usize,
    /// Those that the plan has of them.
    pub reached: usize,
    /// Listings that go to fewer enterprises than they should.
    pub listings: usize,
    /// What stands in the way.
    pub cause: UnmetCause,
}

/// What a preview found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CampaignPlan {
    /// When, in seconds since 1970-01-01 UTC.
    pub planned_at: i64,
    /// The day its listings were on offer.
    pub day: Date,
    /// Enterprises of the audience.
    pub audience: usize,
    /// What is in store for them.
    pub outcomes: Vec<OutcomeCount>,
    /// The chance of an enterprise that could be sent something to be sent it, and not kept back: 0 to 1.
    pub propensity: f64,
    /// Listings of the campaign.
    pub listings: usize,
    /// Of these, those that somebody is sent.
    pub listings_sent: usize,
    /// Pairs of listing and enterprise.
    pub pairs: usize,
    /// How many listings go to how many enterprises.
    pub exposure: Vec<ExposureStep>,
    /// The Gini coefficient of that, 0 for all alike.
    pub gini: f64,
    /// What the plan is worth, in shares of each enterprise's best.
    pub value: f64,
    /// How much more could be had at most, as a share of that.
    pub gap: f64,
    /// What it would be worth without limits but each enterprise's places: what fairness costs is the difference.
    pub unlimited: f64,
    /// Limits that cannot hold for all.
    pub unmet: Vec<UnmetLimit>,
}
