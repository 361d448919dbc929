//! What a campaign (定向推送) is meant to do: whom it is for, what it offers them, within which limits.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::campaign_sending::within;
use super::{
    CampaignRefusal, DivisionCode, Enterprise, EnterpriseId, EnterpriseScale, HolderKey, IndustryCode, ListingId,
    Money, Offer, Sending, TechnologyField, place_of,
};

/// Longest title, in characters.
const LONGEST_TITLE: usize = 100;
/// Most listings an enterprise is sent by one campaign.
const MOST_PLACES: u32 = 20;
/// Most enterprises or listings that are named one by one.
const MOST_NAMED: usize = 10_000;
/// Most of everything else that is named.
const MOST_WORDS: usize = 200;
/// Greatest share that is kept back, in percent.
const MOST_HELD_BACK: u32 = 50;
/// Longest time that a frequency is counted over, in days.
const LONGEST_TIME: u32 = 365;

/// Which enterprises a campaign is for: those that fit every part that says something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = CampaignAudience)]
pub struct Audience {
    /// Where they sit: in any of these divisions or what lies within them.
    #[schema(max_items = 200)]
    pub regions: Vec<DivisionCode>,
    /// Their industry: any of these classes, of any level, or what is below them.
    #[schema(max_items = 200)]
    pub industries: Vec<IndustryCode>,
    /// Their size.
    pub scales: Vec<EnterpriseScale>,
    /// Qualifications of which they have one, as `专精特新`.
    #[schema(max_items = 200)]
    pub tags: Vec<String>,
    /// These enterprises by id: a list of one's own.
    #[schema(max_items = 10_000)]
    pub enterprises: Vec<EnterpriseId>,
}

impl Audience {
    /// Whether an enterprise is of it. Enterprises that are named stand in their order, as a checked brief has them.
    #[must_use]
    pub fn takes(&self, enterprise: &Enterprise) -> bool {
        fn any<T>(wanted: &[T], fits: impl FnMut(&T) -> bool) -> bool {
            wanted.is_empty() || wanted.iter().any(fits)
        }
        let place = place_of(enterprise);
        any(&self.regions, |region| place.is_some_and(|place| region.contains(place)))
            && any(&self.industries, |wanted| enterprise.industry_code.as_ref().is_some_and(|own| lies_in(own, wanted)))
            && any(&self.scales, |scale| enterprise.scale == Some(*scale))
            && any(&self.tags, |tag| enterprise.tags.iter().any(|own| own.contains(tag.as_str())))
            && (self.enterprises.is_empty() || self.enterprises.binary_search(&enterprise.id).is_ok())
    }
}

/// Whether a class of industry is another, or below it.
fn lies_in(own: &IndustryCode, wanted: &IndustryCode) -> bool {
    own == wanted || own.parent().is_some_and(|parent| lies_in(&parent, wanted))
}

/// Which listings a campaign offers: of those on offer, those that fit every part that says something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = CampaignCatalogue)]
pub struct CampaignCatalogue {
    /// Their technology field.
    #[schema(max_items = 35)]
    pub fields: Vec<TechnologyField>,
    /// Their holders, by name.
    #[schema(max_items = 200)]
    pub holders: Vec<String>,
    /// Where their first holder sits: these provinces.
    #[schema(max_items = 200)]
    pub regions: Vec<DivisionCode>,
    /// Most that is certain to be paid in a year; what is to be agreed does not pass.
    pub fee_at_most: Option<Money>,
    /// These listings by id.
    #[schema(max_items = 10_000)]
    pub listings: Vec<ListingId>,
}

impl CampaignCatalogue {
    /// Whether a listing is of it, but for its field, which its offer does not say. Listings that are named stand in their
    /// order, as a checked brief has them.
    #[must_use]
    pub fn takes(&self, id: &ListingId, offer: &Offer) -> bool {
        let held = |name: &String| HolderKey::of(name).is_some_and(|key| offer.holders().any(|holder| holder == key));
        let sits = |region: &DivisionCode| offer.province().is_some_and(|province| region.province() == province);
        (self.holders.is_empty() || self.holders.iter().any(held))
            && (self.regions.is_empty() || self.regions.iter().any(sits))
            && self.fee_at_most.is_none_or(|most| offer.cost_per_year().is_some_and(|cost| cost <= most))
            && (self.listings.is_empty() || self.listings.binary_search(id).is_ok())
    }
}

/// How often an enterprise is sent anything, by all campaigns and lists together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Frequency {
    /// Most listings,
    #[schema(minimum = 1, maximum = 1000)]
    pub listings: u32,
    /// in so many days.
    #[schema(minimum = 1, maximum = 365)]
    pub days: u32,
}

/// What a campaign sends at most, and at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignLimits {
    /// Most listings for each enterprise.
    #[schema(minimum = 1, maximum = 20)]
    pub per_enterprise: u32,
    /// Most enterprises for each listing; any number if not said.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub most: Option<u32>,
    /// Enterprises that each listing should go to at least.
    #[serde(default)]
    pub least: u32,
    /// Most sent of the listings of one holder.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub per_holder: Option<u32>,
    /// Most sent to the enterprises of one province.
    #[serde(default)]
    #[schema(minimum = 1)]
    pub per_region: Option<u32>,
    /// How often an enterprise is sent anything.
    #[serde(default)]
    pub frequency: Option<Frequency>,
}

/// What a campaign is meant to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignBrief {
    /// What staff call it.
    #[schema(min_length = 1, max_length = 100)]
    pub title: String,
    /// Whom it is for.
    #[serde(default)]
    pub audience: Audience,
    /// What it offers.
    #[serde(default)]
    pub catalogue: CampaignCatalogue,
    /// Within which limits.
    pub limits: CampaignLimits,
    /// The share of enterprises, in percent, that are sent nothing so that what sending does can be measured.
    #[serde(default)]
    #[schema(maximum = 50)]
    pub held_back: u32,
    /// What the draw of those kept back begins with: the same seed draws the same enterprises.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub seed: u32,
    /// How it is sent.
    #[serde(default)]
    pub sending: Sending,
}

impl CampaignBrief {
    /// The brief in order: its title without blanks around it, what is named sorted and named once.
    ///
    /// # Errors
    /// [`CampaignRefusal`] that names the member at fault and what it may be.
    pub fn checked(mut self) -> Result<Self, CampaignRefusal> {
        self.title = self.title.trim().to_owned();
        let length = self.title.chars().count();
        within("title", length as u64, 1, LONGEST_TITLE as u64)?;
        let CampaignLimits { per_enterprise, most, least, per_holder, per_region, frequency } = self.limits;
        within("limits.per_enterprise", per_enterprise.into(), 1, MOST_PLACES.into())?;
        for (member, most) in
            [("limits.most", most), ("limits.per_holder", per_holder), ("limits.per_region", per_region)]
        {
            within(member, most.unwrap_or(1).into(), 1, u32::MAX.into())?;
        }
        if let Some(Frequency { listings, days }) = frequency {
            within("limits.frequency.listings", listings.into(), 1, 1_000)?;
            within("limits.frequency.days", days.into(), 1, LONGEST_TIME.into())?;
        }
        within("held_back", self.held_back.into(), 0, MOST_HELD_BACK.into())?;
        for (limit, most) in [("limits.most", most), ("limits.per_holder", per_holder)] {
            if let Some(most) = most.filter(|most| *most < least) {
                return Err(CampaignRefusal::Contradiction { least, limit, most });
            }
        }
        let Audience { regions, industries, scales, tags, enterprises } = &mut self.audience;
        few("audience.regions", regions, MOST_WORDS)?;
        few("audience.industries", industries, MOST_WORDS)?;
        few("audience.scales", scales, MOST_WORDS)?;
        few("audience.tags", tags, MOST_WORDS)?;
        few("audience.enterprises", enterprises, MOST_NAMED)?;
        let CampaignCatalogue { fields, holders, regions, listings, .. } = &mut self.catalogue;
        few("catalogue.fields", fields, MOST_WORDS)?;
        few("catalogue.holders", holders, MOST_WORDS)?;
        few("catalogue.regions", regions, MOST_WORDS)?;
        few("catalogue.listings", listings, MOST_NAMED)?;
        let sending = self.sending.checked()?;
        Ok(Self { sending, ..self })
    }
}

fn few<T: Ord>(member: &'static str, values: &mut Vec<T>, most: usize) -> Result<(), CampaignRefusal> {
    within(member, values.len() as u64, 0, most as u64)?;
    values.sort_unstable();
    values.dedup();
    Ok(())
}
