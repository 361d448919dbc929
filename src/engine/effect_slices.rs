//! A period's funnel, one part of the enterprises or listings at a time.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::effect::Pairs;
use crate::domain::{
    DivisionCode, Enterprise, EnterpriseId, HolderKind, Listing, ListingId, TechnologyField, place_of,
};

/// What parts are made by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EffectSliceBy)]
pub enum SliceOf {
    /// The province that enterprises sit in.
    Province,
    /// The listings' technology field.
    Field,
    /// The kind of the listings' holders.
    HolderKind,
}

/// A part of a period's funnel; all parts of one kind add up to the whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EffectSlice {
    /// What it is a part by.
    pub by: SliceOf,
    /// Which part, in Chinese.
    pub name: String,
    /// Pairs of enterprise and listing that were shown.
    pub shown: u64,
    /// Of these, opened.
    pub opened: u64,
    /// Enquired about.
    pub enquired: u64,
    /// Licensed.
    pub licensed: u64,
}

const UNKNOWN: &str = "未知";

pub(super) fn slices(
    pairs: &Pairs,
    firms: &HashMap<EnterpriseId, Enterprise>,
    listings: &HashMap<&ListingId, &Listing>,
) -> Vec<EffectSlice> {
    let mut parts: BTreeMap<(SliceOf, String), EffectSlice> = BTreeMap::new();
    for ((firm, listing), shown) in pairs {
        let province = firms.get(firm).and_then(place_of).map(|place| DivisionCode::province(place).full_name());
        let listing = listings.get(listing);
        let field =
            listing.and_then(|listing| listing.patent.field()).map(|field| TechnologyField::name(field).to_owned());
        let kind = listing.and_then(|listing| listing.holder_kind).map(|kind| HolderKind::chinese(kind).to_owned());
        for (by, name) in [(SliceOf::Province, province), (SliceOf::Field, field), (SliceOf::HolderKind, kind)] {
            let name = name.unwrap_or_else(|| UNKNOWN.to_owned());
            let empty = EffectSlice { by, name: name.clone(), shown: 0, opened: 0, enquired: 0, licensed: 0 };
            let part = parts.entry((by, name)).or_insert(empty);
            part.shown += 1;
            part.opened += u64::from(shown.deeds.contains("opened"));
            part.enquired += u64::from(shown.deeds.contains("enquired"));
            part.licensed += u64::from(shown.deeds.contains("licensed"));
        }
    }
    let mut parts: Vec<EffectSlice> = parts.into_values().collect();
    parts.sort_by(|a, b| (a.by, b.shown, &a.name).cmp(&(b.by, a.shown, &b.name)));
    parts
}
