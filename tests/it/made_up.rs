//! Made-up listings and enterprises of few words, so that lists overlap a lot and scores tie, and ways to change them.

use std::path::Path;

use duijie::domain::{
    Date, Enterprise, EnterpriseId, Fee, LicenceTerms, Listing, ListingId, ListingStatus, Location, Money, Need,
    OwnPatent, Patent, Score, Territory,
};
use duijie::engine::{Engine, MatchReport};
use duijie::store::Store;
use rand::Rng;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::fixtures::{Catalogue, number};

const WORDS: [&str; 16] = [
    "电池",
    "隔膜",
    "电机",
    "轴承",
    "阀门",
    "涂层",
    "天线",
    "网关",
    "齿轮",
    "传感器",
    "薄膜",
    "焊接",
    "叶片",
    "泵",
    "水泥",
    "催化剂",
];
const CLASSES: [&str; 6] = ["H01M10/0525", "H02K5/10", "F16C33/00", "G01N21/25", "C04B7/00", "B23K26/00"];
const PLACES: [&str; 4] = ["江苏省南京市", "浙江省杭州市", "广东省深圳市", "四川省成都市"];

/// The first of the days the tests match for; some offers end on each of the next thirty.
pub(crate) fn first_day() -> Date {
    Date::new(2027, 3, 1).unwrap()
}

pub(crate) fn days_later(days: i64) -> Date {
    Date::from_unix_seconds((first_day().day_number() + days) * 86_400).unwrap()
}

/// What there is, as it was last changed.
pub(crate) struct World {
    random: ChaCha8Rng,
    pub(crate) listings: Vec<Listing>,
    pub(crate) firms: Vec<Enterprise>,
    edition: i64,
}

impl World {
    pub(crate) fn of(seed: u64, listings: usize, firms: usize) -> Self {
        let random = ChaCha8Rng::seed_from_u64(seed);
        let mut this = Self { random, listings: Vec::new(), firms: Vec::new(), edition: 0 };
        this.add_listings(listings);
        this.add_firms(firms);
        this
    }

    fn words(&mut self, count: std::ops::Range<usize>) -> Vec<&'static str> {
        let count = self.random.gen_range(count);
        (0..count).map(|_| *WORDS.choose(&mut self.random).unwrap()).collect()
    }

    fn place(&mut self) -> Location {
        Location::parse(PLACES.choose(&mut self.random).unwrap())
    }

    fn terms(&mut self) -> LicenceTerms {
        let amount = Money::from_fen(self.random.gen_range(1..9) * 1_000_000).unwrap();
        let fees = [Fee::Free, Fee::Negotiable, Fee::PerYear { amount }, Fee::LumpSum { amount }];
        let territories = ["全国", "全国", "全国", "江苏省、浙江省", "广东省"];
        let ends = self.random.gen_bool(0.4).then(|| self.random.gen_range(0..30));
        LicenceTerms {
            fee: fees.choose(&mut self.random).unwrap().clone(),
            months: Some(36),
            ends_on: Some(ends.map_or(Date::new(2040, 1, 1).unwrap(), days_later)),
            territory: Territory::parse(territories.choose(&mut self.random).unwrap()),
            contact: None,
        }
    }

    fn listing(&mut self, serial: usize) -> Listing {
        let classes: Vec<&str> = CLASSES.choose_multiple(&mut self.random, 2).copied().collect();
        let own = self.firms.choose(&mut self.random).map(|firm| firm.name.clone());
        let holder = own.filter(|_| self.random.gen_bool(0.05)).unwrap_or_else(|| "样例大学".to_owned());
        let patent = Patent {
            application_number: Some(number(serial)),
            publication_number: None,
            kind: None,
            title: self.words(1..5).join(""),
            abstract_text: self.words(0..9).join("，"),
            claim: self.words(0..4).join("、"),
            ipc: classes.iter().map(|class| class.parse().unwrap()).collect(),
            holders: vec![holder],
            location: Some(self.place()),
            filed_on: None,
            published_on: None,
            predicted: None,
        };
        let announced_on = Some(days_later(self.edition - 1_000));
        let (id, terms) = (ListingId::of(&patent).unwrap(), Some(self.terms()));
        Listing { id, patent, holder_kind: None, terms, status: ListingStatus::Published, announced_on }
    }

    pub(crate) fn add_listings(&mut self, count: usize) {
        for _ in 0..count {
            let listing = self.listing(self.listings.len());
            self.listings.push(listing);
        }
    }

    pub(crate) fn add_firms(&mut self, count: usize) {
        for _ in 0..count {
            let mut firm = Enterprise::named(&format!("样例{:04}公司", self.firms.len()), None);
            firm.products = self.words(0..4).into_iter().map(str::to_owned).collect();
            firm.business = self.words(0..6).join("、");
            firm.needs = self.words(0..2).into_iter().map(|word| Need(word.to_owned())).collect();
            firm.location = self.random.gen_bool(0.8).then(|| self.place());
            firm.budget_per_year =
                self.random.gen_bool(0.5).then(|| Money::from_fen(self.random.gen_range(1..9) * 1_000_000).unwrap());
            if let Some(listing) = self.listings.choose(&mut self.random).filter(|_| self.random.gen_bool(0.3)) {
                let Patent { title, ipc, application_number, .. } = listing.patent.clone();
                firm.own_patents.push(OwnPatent { title, ipc, application_number });
            }
            self.firms.push(firm);
        }
    }

    /// Listings that come, change, are withdrawn or end, about `count` of them.
    pub(crate) fn change_listings(&mut self, count: usize) {
        self.edition += 1;
        for _ in 0..count {
            let at = self.random.gen_range(0..self.listings.len());
            match self.random.gen_range(0..5) {
                0 => self.add_listings(1),
                1 | 2 => self.listings[at] = self.listing(at),
                3 => self.withdraw(&self.listings[at].id.clone()),
                _ => {
                    let terms = self.terms();
                    let listing = &mut self.listings[at];
                    (listing.terms, listing.status) = (Some(terms), ListingStatus::Published);
                    listing.announced_on = Some(days_later(self.edition - 1_000));
                }
            }
        }
    }

    pub(crate) fn withdraw(&mut self, id: &ListingId) {
        let announced_on = Some(days_later(self.edition - 1_000));
        let listing = self.listings.iter_mut().find(|listing| listing.id == *id).unwrap();
        (listing.status, listing.announced_on) = (ListingStatus::Withdrawn, announced_on);
    }

    /// Enterprises that come or have something new, about `count` of them.
    pub(crate) fn change_firms(&mut self, count: usize) {
        for _ in 0..count {
            if self.random.gen_bool(0.3) {
                self.add_firms(1);
            } else {
                let (at, word) = (self.random.gen_range(0..self.firms.len()), self.words(1..2)[0].to_owned());
                self.firms[at].products.push(format!("新型{word}"));
            }
        }
    }

    /// Saves everything as it is now, as another process would; what is as it was stays so.
    pub(crate) async fn save(&self, directory: &Path) {
        let store = Store::open(directory).await.unwrap();
        let lock = store.lock_for_writing().await.unwrap();
        store.save_listings(&lock, &self.listings).await.unwrap();
        assert!(store.save_enterprises(&lock, &self.firms).await.unwrap().ambiguous.is_empty());
        drop(lock);
        store.close().await;
    }
}

/// The listings of an enterprise, best first, scores to the last bit.
pub(crate) type Kept = (EnterpriseId, Vec<(ListingId, u64)>);

/// All that is kept of the last run, also behind what is shown.
pub(crate) async fn kept(directory: &Path) -> Vec<Kept> {
    let store = Store::open_existing(directory).await.unwrap();
    let lists = store.match_lists(None, usize::MAX).await.unwrap();
    store.close().await;
    let bits = |(listing, score): (ListingId, Score)| (listing, score.value().to_bits());
    lists.into_iter().map(|list| (list.enterprise, list.listings.into_iter().map(bits).collect())).collect()
}

/// What the last run gives as a file.
pub(crate) async fn exported(engine: &Engine, folder: &Path) -> String {
    let path = folder.join("lists.csv");
    let rows = engine.export_matches(&path).await.unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(text.lines().count() as u64, rows + 1);
    text
}

/// Two directories with the same in them: one follows changes, the other is matched anew every time.
pub(crate) struct Twins {
    pub(crate) changes: Catalogue,
    pub(crate) all: Catalogue,
}

impl Twins {
    pub(crate) async fn of(world: &World) -> Self {
        let this = Self { changes: Catalogue::empty().await, all: Catalogue::empty().await };
        this.save(world).await;
        this
    }

    pub(crate) async fn save(&self, world: &World) {
        world.save(self.changes.directory.path()).await;
        world.save(self.all.directory.path()).await;
    }

    /// Matches changes on one side, everything on the other, and holds the lists of both against each other.
    pub(crate) async fn assert_alike(&self, length: usize, today: Date) -> MatchReport {
        let report = self.changes.engine.match_changes(length, today, &|_| ()).await.unwrap();
        let whole = self.all.engine.match_all(length, today, &|_| ()).await.unwrap();
        assert_eq!((whole.enterprises, whole.listings), (report.enterprises, report.listings));
        let (here, there) = (self.changes.directory.path(), self.all.directory.path());
        assert_eq!(exported(&self.changes.engine, here).await, exported(&self.all.engine, there).await);
        let (here, there) = (kept(here).await, kept(there).await);
        assert_eq!(here.len(), there.len());
        for (changed, whole) in here.into_iter().zip(there) {
            assert_eq!(changed.0, whole.0);
            assert!(whole.1.starts_with(&changed.1), "{}: {:?} and {:?}", whole.0, changed.1, whole.1);
            assert!(changed.1.len() >= length.min(whole.1.len()), "{}", whole.0);
        }
        report
    }
}
