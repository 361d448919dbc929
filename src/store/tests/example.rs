//! Listings and enterprises the tests are written with.

use crate::domain::{
    ApplicationNumber, CreditCode, Date, Enterprise, Fee, LicenceTerms, Listing, ListingId, ListingStatus, Patent,
    Territory,
};

pub(super) fn application(serial: u32) -> ApplicationNumber {
    ApplicationNumber::from_body(&format!("20171{serial:07}")).unwrap()
}

pub(super) fn publication(serial: u32) -> String {
    format!("CN{}A", 109_000_000 + serial)
}

/// A plain patent known by whichever numbers are given.
pub(super) fn patent(application: Option<u32>, publication: Option<u32>, title: &str) -> Listing {
    let patent = Patent {
        application_number: application.map(self::application),
        publication_number: publication.map(|serial| self::publication(serial).parse().unwrap()),
        kind: None,
        title: title.to_owned(),
        abstract_text: String::new(),
        claim: String::new(),
        ipc: vec!["H01M10/0525".parse().unwrap()],
        holders: vec!["样例大学".to_owned()],
        location: None,
        filed_on: Date::new(2017, 1, 3),
        published_on: None,
        predicted: None,
    };
    let id = ListingId::of(&patent).unwrap();
    Listing { id, patent, holder_kind: None, terms: None, status: ListingStatus::Published, announced_on: None }
}

/// A listing of about the length real ones have.
pub(super) fn full(serial: u32) -> Listing {
    let mut listing = patent(Some(serial), Some(serial), &format!("第{serial}号锂离子电池隔膜及其制备方法"));
    listing.patent.abstract_text = format!("本发明公开了第{serial}号样例。{}", "一种锂离子电池隔膜，".repeat(25));
    listing.patent.claim = "1.一种锂离子电池隔膜的制备方法，其特征在于，包括以下步骤：".repeat(8);
    listing.terms = Some(terms(Fee::Free));
    listing.announced_on = Date::new(2023, 5, 4);
    listing
}

pub(super) fn terms(fee: Fee) -> LicenceTerms {
    LicenceTerms {
        fee,
        months: None,
        ends_on: Date::new(2026, 5, 4),
        territory: Territory::Nationwide,
        contact: Some("0571-00000000".to_owned()),
    }
}

pub(super) fn code(serial: usize) -> CreditCode {
    let body = format!("91330100{serial:09}");
    "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().find_map(|check| format!("{body}{check}").parse().ok()).unwrap()
}

pub(super) fn firm(name: &str, code: Option<CreditCode>, product: &str) -> Enterprise {
    Enterprise { products: vec![product.to_owned()], ..Enterprise::named(name, code) }
}
