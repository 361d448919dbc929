//! What of a listing decides who may take it, and how gladly, apart from the technology.

use serde::{Deserialize, Serialize};

use super::{Date, DivisionCode, HolderKey, Listing, ListingStatus, Money, NumberKey, Territory};

/// The facts of one listing that eligibility, fee and place are judged by, small enough to keep a million in memory.
///
/// 56 bytes, with nothing on the heap for a patent of one holder whose licences hold nationwide. What may be shown of a
/// listing (texts, the fee's form, the territory's words) stays in the [`Listing`]. Kept on disk in postcard form, field
/// by field in the order below, in some 46 bytes; nothing is read that the types of the fields would refuse. Whoever
/// keeps offers has to make them anew when this order changes, or what [`HolderKey`] depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// [`Listing::status`].
    status: ListingStatus,
    /// [`Listing::available_until`].
    available_until: Option<Date>,
    /// The province of [`super::Patent::location`].
    province: Option<DivisionCode>,
    /// [`super::Fee::fixed_cost_per_year`] over [`super::LicenceTerms::years`].
    cost_per_year: Option<Money>,
    /// The first of [`super::Patent::holders`] that has a key.
    holder: Option<HolderKey>,
    /// [`super::Patent::application_number`].
    number: Option<NumberKey>,
    /// What few listings have; `None` where all of it is empty.
    rest: Option<Box<Rest>>,
}

/// What few listings have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Rest {
    /// See [`Offer::divisions`].
    divisions: Option<Box<[DivisionCode]>>,
    /// Holders behind the first, in the listing's order.
    holders: Box<[HolderKey]>,
}

impl Offer {
    /// The facts of a listing. Takes a few microseconds, most of them for the holders' keys.
    #[must_use]
    pub fn of(listing: &Listing) -> Self {
        let (patent, terms) = (&listing.patent, listing.terms.as_ref());
        let divisions = match terms.map(|terms| &terms.territory) {
            Some(Territory::Divisions(divisions)) => Some(divisions.as_slice().into()),
            Some(Territory::Nationwide | Territory::Other(_)) | None => None,
        };
        let mut holders = patent.holders.iter().filter_map(|name| HolderKey::of(name));
        let holder = holders.next();
        let rest = Rest { divisions, holders: holders.collect() };
        Self {
            status: listing.status,
            available_until: listing.available_until(),
            province: patent.location.as_ref().and_then(|location| location.province()),
            cost_per_year: terms.and_then(|terms| terms.fee.fixed_cost_per_year(terms.years())),
            holder,
            number: patent.application_number.as_ref().map(|number| number.key()),
            rest: (rest.divisions.is_some() || !rest.holders.is_empty()).then(|| Box::new(rest)),
        }
    }

    /// Where the listing stands in its life.
    #[must_use]
    pub fn status(&self) -> ListingStatus {
        self.status
    }

    /// The last day on which a licence can be taken: the earlier of the offer's end and the patent's; `None` if neither
    /// is known.
    #[must_use]
    pub fn available_until(&self) -> Option<Date> {
        self.available_until
    }

    /// The only divisions in which licences hold; `None` where no divisions bound them: nationwide, in words that
    /// nobody can place ([`Territory::Other`]), or a patent without terms.
    #[must_use]
    pub fn divisions(&self) -> Option<&[DivisionCode]> {
        self.rest.as_ref()?.divisions.as_deref()
    }

    /// What is certain to be paid in a year; `None` where the fee is to be agreed, is a royalty alone, or no terms are
    /// published.
    #[must_use]
    pub fn cost_per_year(&self) -> Option<Money> {
        self.cost_per_year
    }

    /// The province where the first holder sits; `None` where it is not known, or abroad.
    #[must_use]
    pub fn province(&self) -> Option<DivisionCode> {
        self.province
    }

    /// The holders by name, in the listing's order; names of nothing are left out.
    pub fn holders(&self) -> impl Iterator<Item = HolderKey> {
        let others = self.rest.iter().flat_map(|rest| rest.holders.iter().copied());
        self.holder.into_iter().chain(others)
    }

    /// The patent's application number; `None` where it is not known.
    #[must_use]
    pub fn number(&self) -> Option<NumberKey> {
        self.number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Fee, LicenceTerms, Location, Patent, PatentKind};

    fn money(yuan: i64) -> Money {
        Money::from_fen(yuan * 100).unwrap()
    }

    /// A listing that has everything an offer can have.
    fn full() -> Listing {
        let patent = Patent {
            application_number: Some("201710117081.7".parse().unwrap()),
            publication_number: None,
            kind: Some(PatentKind::Invention),
            title: String::new(),
            abstract_text: String::new(),
            claim: String::new(),
            ipc: Vec::new(),
            holders: vec!["。".into(), "样例江南理工大学".into(), "样例研究院".into()],
            location: Some(Location::parse("江苏省南京市")),
            filed_on: Some("2017-03-01".parse().unwrap()),
            published_on: None,
            predicted: None,
        };
        let terms = LicenceTerms {
            fee: Fee::LumpSum { amount: money(90_000) },
            months: Some(36),
            ends_on: Some("2028-12-31".parse().unwrap()),
            territory: Territory::parse("江苏省、浙江省"),
            contact: None,
        };
        Listing {
            id: "201710117081.7".parse().unwrap(),
            patent,
            holder_kind: None,
            terms: Some(terms),
            status: ListingStatus::Published,
            announced_on: None,
        }
    }

    fn keys(names: &[&str]) -> Vec<HolderKey> {
        names.iter().filter_map(|name| HolderKey::of(name)).collect()
    }

    #[test]
    fn an_offer_says_what_its_listing_says() {
        let offer = Offer::of(&full());
        assert_eq!(offer.status(), ListingStatus::Published);
        assert_eq!(offer.available_until(), Some("2028-12-31".parse().unwrap()));
        assert_eq!(offer.province(), Some("320000".parse().unwrap()));
        assert_eq!(offer.cost_per_year(), Some(money(30_000)));
        assert_eq!(offer.divisions(), Some(["320000", "330000"].map(|code| code.parse().unwrap()).as_slice()));
        assert_eq!(offer.holders().collect::<Vec<_>>(), keys(&["样例江南理工大学", "样例研究院"]));
        assert_eq!(offer.number(), full().patent.application_number.map(|number| number.key()));
    }

    #[test]
    fn only_divisions_bound_a_licence() {
        for territory in ["全国", "见公告"] {
            let mut listing = full();
            listing.terms.as_mut().unwrap().territory = Territory::parse(territory);
            assert_eq!(Offer::of(&listing).divisions(), None, "{territory}");
        }
        let plain = Offer::of(&Listing { terms: None, ..full() });
        assert_eq!((plain.divisions(), plain.cost_per_year()), (None, None));
        assert_eq!(plain.available_until(), Some("2037-03-01".parse().unwrap()), "the patent's own end");
        assert_eq!(plain.holders().count(), 2);
    }

    #[test]
    fn a_million_usual_offers_take_56_megabytes() {
        assert_eq!(size_of::<Offer>(), 56);
        let mut usual = full();
        usual.patent.holders.truncate(2);
        usual.terms.as_mut().unwrap().territory = Territory::Nationwide;
        assert!(Offer::of(&usual).rest.is_none(), "nothing on the heap");
    }

    #[test]
    fn an_offer_reads_back_as_it_was_kept() {
        let mut bare = full();
        (bare.terms, bare.patent.application_number, bare.patent.location) = (None, None, None);
        (bare.patent.holders, bare.patent.filed_on) = (Vec::new(), None);
        for listing in [full(), bare] {
            let offer = Offer::of(&listing);
            let bytes = postcard::to_allocvec(&offer).unwrap();
            assert!(bytes.len() < 96, "{} bytes", bytes.len());
            assert_eq!(postcard::from_bytes::<Offer>(&bytes).unwrap(), offer);
            let text = serde_json::to_string(&offer).unwrap();
            assert_eq!(serde_json::from_str::<Offer>(&text).unwrap(), offer);
        }
    }
}
