//! Finished lists, asked once more by the rules they were made under: what no list may do is counted, and the first of it named.
//!
//! In come lists as they are shown, and what is known of enterprises and listings now. How the lists were made is not
//! asked: whatever let a listing through, the rules of `rank` alone say whether it may be there.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;
use thiserror::Error;

use crate::domain::{Date, ListingId, Notice, Offer};
use crate::eval::HardZeros;
use crate::rank::{self, Ineligible, Seeker};

/// So many places of each kind are named.
const NAMED: usize = 5;

/// What is wrong with a place of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Wrong {
    /// The listing may not be shown to the enterprise.
    #[error("{0}")]
    Ineligible(Ineligible),
    /// There is no such listing.
    #[error("the listing is not in the catalogue")]
    Unknown,
    /// The listing is shown to more than it may be.
    #[error("shown {shown} times, at most {most} were asked for")]
    OverCap {
        /// How often it is shown.
        shown: usize,
        /// The most asked for.
        most: usize,
    },
    /// The enterprise has a licence of it.
    #[error("the enterprise has a licence of the listing already")]
    Licensed,
    /// It stands further up in the same list.
    #[error("the listing stands further up in the same list")]
    Twice,
}

impl Notice for Wrong {
    fn chinese(&self) -> String {
        match self {
            Self::Ineligible(why) => why.chinese(),
            Self::Unknown => "没有这件许可信息".to_owned(),
            Self::OverCap { shown, most } => format!("展示 {shown} 次，超过上限 {most}"),
            Self::Licensed => "企业已获许可".to_owned(),
            Self::Twice => "同一列表中重复".to_owned(),
        }
    }
}

/// A place of a list that should not be as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offender {
    /// The enterprise's id; `None` where no single one is at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enterprise: Option<String>,
    /// The listing.
    pub listing: ListingId,
    /// What is wrong.
    pub wrong: Wrong,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// The counts, all of which must be 0.
    #[serde(flatten)]
    pub zeros: HardZeros,
    /// The first few of each kind, in the order of the lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offenders: Vec<Offender>,
}

/// Lists being asked, one after the other.
#[derive(Default)]
pub(super) struct Auditor {
    audit: Audit,
    shown: BTreeMap<ListingId, usize>,
}

impl Auditor {
    /// Takes in the list of one enterprise, with what is known of its listings now.
    pub(super) fn take<'a, 'o>(
        &mut self,
        (enterprise, seeker): (&str, &Seeker),
        list: impl Iterator<Item = &'a ListingId>,
        offer_of: impl Fn(&ListingId) -> Option<&'o Offer>,
        today: Date,
    ) {
        let mut above = HashSet::new();
        for listing in list {
            *self.shown.entry(listing.clone()).or_default() += 1;
            let barred = match offer_of(listing).map(|offer| rank::eligible(listing, offer, seeker, today)) {
                None => Some(Wrong::Unknown),
                Some(Err(why)) if why != Ineligible::Licensed => Some(Wrong::Ineligible(why)),
                Some(_) => None,
            };
            // Asked by itself: a licence counts also where something else rules the listing out first.
            let licensed = seeker.licensed(listing).then_some(Wrong::Licensed);
            let twice = (!above.insert(listing)).then_some(Wrong::Twice);
            for wrong in [barred, licensed, twice].into_iter().flatten() {
                self.note(Some(enterprise), listing, wrong, 1);
            }
        }
    }

    /// What was found in all lists; none shows a listing more often than `most` times, if that is asked for.
    pub(super) fn finish(mut self, most: Option<usize>) -> Audit {
        for (listing, shown) in std::mem::take(&mut self.shown) {
            if let Some(most) = most.filter(|most| shown > *most) {
                self.note(None, &listing, Wrong::OverCap { shown, most }, shown - most);
            }
        }
        self.audit
    }

    fn note(&mut self, enterprise: Option<&str>, listing: &ListingId, wrong: Wrong, places: usize) {
        let zeros = &mut self.audit.zeros;
        let count = match wrong {
            Wrong::Ineligible(_) | Wrong::Unknown => &mut zeros.ineligible_served,
            Wrong::OverCap { .. } => &mut zeros.over_cap,
            Wrong::Licensed => &mut zeros.already_licensed,
            Wrong::Twice => &mut zeros.duplicates_served,
        };
        *count += places;
        let kind = |wrong: &Wrong| match wrong {
            Wrong::Ineligible(_) | Wrong::Unknown => 0,
            Wrong::OverCap { .. } => 1,
            Wrong::Licensed => 2,
            Wrong::Twice => 3,
        };
        let offenders = &mut self.audit.offenders;
        if offenders.iter().filter(|known| kind(&known.wrong) == kind(&wrong)).count() < NAMED {
            offenders.push(Offender { enterprise: enterprise.map(str::to_owned), listing: listing.clone(), wrong });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::domain::{Enterprise, LearntInterest, Listing, ListingStatus, Patent};

    const DAY: Date = Date::EPOCH;

    fn id(text: &str) -> ListingId {
        text.parse().unwrap()
    }

    fn offer(name: &str, holders: &[&str], status: ListingStatus) -> (ListingId, Offer) {
        let patent = Patent {
            application_number: None,
            publication_number: None,
            kind: None,
            title: name.to_owned(),
            abstract_text: String::new(),
            claim: String::new(),
            ipc: Vec::new(),
            holders: holders.iter().map(|holder| (*holder).to_owned()).collect(),
            location: None,
            filed_on: None,
            published_on: None,
            predicted: None,
        };
        let listing = Listing { id: id(name), patent, holder_kind: None, terms: None, status, announced_on: None };
        (id(name), Offer::of(&listing))
    }

    fn seeker() -> Seeker {
        let firm = Enterprise::named("样例一号有限公司", None);
        Seeker::of(&firm).taught(&LearntInterest { licensed: vec![id("d")], ..LearntInterest::default() })
    }

    /// What is found in lists of which each letter is a listing, the same enterprise asking for all.
    fn audited(lists: &[&str], most: Option<usize>) -> Audit {
        let offers: HashMap<ListingId, Offer> = HashMap::from([
            offer("a", &[], ListingStatus::Published),
            offer("b", &["样例二号有限公司"], ListingStatus::Published),
            offer("c", &[], ListingStatus::Withdrawn),
            offer("d", &[], ListingStatus::Published),
            offer("e", &["样例一号有限公司"], ListingStatus::Published),
        ]);
        let mut auditor = Auditor::default();
        for (number, list) in lists.iter().enumerate() {
            let ids: Vec<ListingId> = list.chars().map(|letter| id(&letter.to_string())).collect();
            auditor.take((&number.to_string(), &seeker()), ids.iter(), |id| offers.get(id), DAY);
        }
        auditor.finish(most)
    }

    #[test]
    fn each_zero_counts_its_own_planted_offender() {
        for (lists, most, figure, count, wrong) in [
            (&["ab", "bc"][..], None, "ineligible-served", 1, Wrong::Ineligible(Ineligible::NotPublished)),
            (&["ae"], None, "ineligible-served", 1, Wrong::Ineligible(Ineligible::OwnPatent)),
            (&["az"], None, "ineligible-served", 1, Wrong::Unknown),
            (&["ad"], None, "already-licensed", 1, Wrong::Licensed),
            (&["aba"], None, "duplicates-served", 1, Wrong::Twice),
            (&["a", "a", "ab"], Some(1), "over-cap", 2, Wrong::OverCap { shown: 3, most: 1 }),
        ] {
            let Audit { zeros, offenders } = audited(lists, most);
            let found: Vec<_> = zeros.named().into_iter().filter(|(_, count)| *count > 0).collect();
            assert_eq!(found, [(figure, count)], "{lists:?}");
            assert!(offenders.len() == 1 && offenders[0].wrong == wrong, "{offenders:?}");
        }
        assert_eq!(audited(&["ab", "ba"], Some(2)), Audit::default());
    }

    #[test]
    fn only_the_first_few_of_a_kind_are_named() {
        let Audit { zeros, offenders } = audited(&["cccccccc", "d"], None);
        assert_eq!((zeros.ineligible_served, zeros.duplicates_served, zeros.already_licensed), (8, 7, 1));
        assert_eq!(offenders.len(), 2 * NAMED + 1);
        assert_eq!(offenders.last().unwrap().enterprise.as_deref(), Some("1"));
    }
}
