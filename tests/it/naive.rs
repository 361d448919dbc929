//! The formula of ARCHITECTURE.md ("How matching works") written out, with no structure made for speed.

use std::collections::{BTreeMap, BTreeSet};

use duijie::analysis::Analyzer;
use duijie::classify::Shipped;
use duijie::domain::{Enterprise, EnterpriseProfile, IpcLevel, LabelKind, Listing, ListingId, ProfileTerm};
use duijie::firms::Firms;
use duijie::profile::{Readers, profile_of};

/// Words and character pairs: how often each stands in title, abstract and claim.
type Texts = [BTreeMap<String, [f64; 3]>; 2];

struct Counted {
    texts: Texts,
    lengths: [[f64; 3]; 2],
    symbols: BTreeSet<String>,
    subclasses: BTreeSet<String>,
}

/// A catalogue, counted; the listings have the technology filled in that their words speak for.
pub(crate) struct Naive {
    analyzer: Analyzer,
    classifiers: Shipped,
    firms: Firms,
    listings: Vec<Listing>,
    counted: Vec<Counted>,
    means: [[f64; 3]; 2],
}

const KINDS: [f64; 5] = [0.5, 1.0, 1.15, 1.2, 1.2];

fn counted(analyzer: &Analyzer, listing: &Listing) -> Counted {
    let patent = &listing.patent;
    let (mut texts, mut lengths) = (Texts::default(), [[0.0; 3]; 2]);
    for (place, text) in [&patent.title, &patent.abstract_text, &patent.claim].into_iter().enumerate() {
        for (stream, terms) in [analyzer.words(text), analyzer.bigrams(text)].into_iter().enumerate() {
            lengths[stream][place] = terms.len() as f64;
            terms.into_iter().for_each(|term| texts[stream].entry(term.text).or_default()[place] += 1.0);
        }
    }
    let levels = IpcLevel::ALL.iter().flat_map(|&level| patent.ipc.iter().filter_map(move |code| code.at(level)));
    let symbols = levels.filter(|symbol| symbol.len() > 1).map(str::to_owned).collect();
    let subclasses = patent.subclasses().into_iter().map(str::to_owned).collect();
    Counted { texts, lengths, symbols, subclasses }
}

impl Naive {
    pub(crate) fn of(mut listings: Vec<Listing>) -> Self {
        listings.sort_by(|a, b| a.id.cmp(&b.id));
        let analyzer = Analyzer::new();
        let counted: Vec<Counted> = listings.iter().map(|listing| counted(&analyzer, listing)).collect();
        let mean = |stream: usize, place: usize| {
            let lengths = counted.iter().map(|listing| listing.lengths[stream][place]).filter(|length| *length > 0.0);
            let lengths: Vec<f64> = lengths.collect();
            lengths.iter().sum::<f64>() / (lengths.len() as f64).max(1.0)
        };
        let means = [0, 1].map(|stream| [0, 1, 2].map(|place| mean(stream, place)));
        let classifiers = Shipped::load(&analyzer).unwrap();
        let firms = Firms::shipped(classifiers.embedding()).unwrap();
        Self { classifiers, firms, analyzer, listings, counted, means }
    }

    fn idf(&self, having: usize) -> f64 {
        let (all, having) = (self.listings.len() as f64, having as f64);
        (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
    }

    fn having(&self, has: impl Fn(&Counted) -> bool) -> usize {
        self.counted.iter().filter(|listing| has(listing)).count()
    }

    fn impact(&self, listing: &Counted, stream: usize, term: &str) -> f64 {
        let Some(frequencies) = listing.texts[stream].get(term) else { return 0.0 };
        let mut f = 0.0;
        for (place, (boost, b)) in [(5.0, [1.0, 0.7][stream]), (0.4, 1.0), (1.0, 1.0)].into_iter().enumerate() {
            let mean = self.means[stream][place].max(1.0);
            let x = frequencies[place] / (1.0 - b + b * listing.lengths[stream][place] / mean);
            f += boost * if place == 0 { x } else { (1.0 + 2.0 * x).ln() / 2.0 };
        }
        f / (f + 3.0)
    }

    /// For each listing the features of words, pairs and own patents' classes.
    fn features(&self, profile: &EnterpriseProfile) -> Vec<[f64; 5]> {
        let streams: [&[ProfileTerm]; 3] = [&profile.words, &profile.bigrams, &profile.ipc];
        let mut features = vec![[0.0; 5]; self.listings.len()];
        let mut asked = 0.0;
        for (kind, terms) in streams.into_iter().enumerate() {
            for term in terms {
                let has = |listing: &Counted| match kind {
                    2 => listing.symbols.contains(&term.text),
                    _ => listing.texts[kind].contains_key(&term.text),
                };
                let having = self.having(has);
                if having == 0 {
                    continue;
                }
                let weight = term.weight * self.idf(having).powf(if kind == 0 { 1.25 } else { 1.5 });
                asked += KINDS[kind] * weight;
                for (feature, listing) in features.iter_mut().zip(&self.counted).filter(|(_, listing)| has(listing)) {
                    feature[kind] += weight * if kind == 2 { 1.0 } else { self.impact(listing, kind, &term.text) };
                }
            }
        }
        features.iter_mut().flatten().for_each(|feature| *feature /= asked.max(f64::MIN_POSITIVE));
        features
    }

    /// What the best fifty and the description say of the field: the weight of each subclass. And what the best scores.
    fn field<'a>(&'a self, features: &[[f64; 5]], profile: &'a EnterpriseProfile) -> (BTreeMap<&'a str, f64>, f64) {
        let score = |features: &[f64; 5]| features.iter().zip(KINDS).map(|(feature, kind)| feature * kind).sum::<f64>();
        let mut nearest: Vec<(f64, &Counted)> = features.iter().map(score).zip(&self.counted).collect();
        nearest.sort_by(|a, b| b.0.total_cmp(&a.0));
        nearest.truncate(50);
        nearest.retain(|(score, _)| *score > 0.0);
        let best = nearest.first().map_or(0.0, |(score, _)| *score);
        let votes: f64 = nearest.iter().map(|(score, _)| (score / best).powi(6)).sum();
        let mut shares: BTreeMap<&str, f64> = BTreeMap::new();
        for (score, listing) in nearest {
            for subclass in &listing.subclasses {
                let vote = (score / best).powi(6) / votes / listing.subclasses.len() as f64;
                *shares.entry(subclass).or_default() += vote;
            }
        }
        shares.retain(|_, share| *share >= 0.02);
        profile.likely.iter().for_each(|likely| *shares.entry(&likely.symbol).or_default() += likely.weight);
        let rarest = (1.0 + self.listings.len() as f64).ln();
        for (subclass, share) in &mut shares {
            let idf = self.idf(self.having(|listing| listing.subclasses.contains(*subclass)));
            *share *= profile.field_trust * best * (idf / rarest).sqrt();
        }
        (shares, best)
    }

    /// Every listing that fits at all with its score, best first.
    pub(crate) fn ranking(&self, enterprise: &Enterprise) -> Vec<(&Listing, f64)> {
        let profile = {
            let subclasses = self.classifiers.of(LabelKind::Subclass);
            profile_of(&self.analyzer, Readers { subclasses, firms: Some(&self.firms) }, enterprise)
        };
        let mut features = self.features(&profile);
        let (field, best) = self.field(&features, &profile);
        let reader = self.classifiers.embedding();
        for (feature, listing) in features.iter_mut().zip(&self.counted) {
            feature[3] = listing.subclasses.iter().filter_map(|s| field.get(s.as_str())).copied().fold(0.0, f64::max);
        }
        for (feature, listing) in features.iter_mut().zip(&self.listings) {
            let (asked, about) = (&profile.meaning, reader.meaning(&listing.patent.title));
            let products =
                asked.numbers().iter().zip(about.numbers()).map(|(one, other)| f64::from(*one) * f64::from(*other));
            let cosine = products.sum::<f64>() * f64::from(asked.scale()) * f64::from(about.scale());
            feature[4] = best * cosine.max(0.0);
        }
        let fit = |features: &[f64; 5]| 100.0 * features.iter().zip(KINDS).map(|(f, kind)| f * kind).sum::<f64>();
        let scores = features.iter().zip(&self.listings);
        let mut ranking: Vec<(&Listing, f64)> = scores
            .map(|(features, listing)| (listing, fit(features) * lift(listing, enterprise)))
            .filter(|(_, score)| *score > 0.0)
            .collect();
        ranking.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.id.cmp(&b.0.id)));
        ranking
    }
}

/// What fee and place make of a fit.
fn lift(listing: &Listing, enterprise: &Enterprise) -> f64 {
    let cost = listing.terms.as_ref().and_then(|terms| terms.fee.fixed_cost_per_year(terms.years()));
    let fee = match (cost, enterprise.budget_per_year) {
        (Some(cost), Some(budget)) => (1.0 - cost.yuan() / budget.yuan()).max(-1.0),
        _ => 0.0,
    };
    let province = |location: &Option<duijie::domain::Location>| location.as_ref().and_then(|place| place.province());
    let holder = province(&listing.patent.location);
    let region = if holder.is_some() && holder == province(&enterprise.location) { 1.0 } else { 0.0 };
    1.0 + 0.1 * fee + 0.05 * region
}

/// Whether two rankings agree as far as sums in another order can: scores to one in 100,000, and nobody stands before
/// another that clearly fits better.
pub(crate) fn assert_agree(name: &str, given: &[(ListingId, f64)], expected: &[(ListingId, f64)]) {
    let scores: BTreeMap<&ListingId, f64> = expected.iter().map(|(id, score)| (id, *score)).collect();
    assert_eq!(given.len(), expected.len(), "{name}");
    for (id, score) in given {
        let wanted = scores.get(id).unwrap_or_else(|| panic!("{name} should not get {id}"));
        assert!((score - wanted).abs() <= 1e-5 * wanted, "{name}, {id}: {score}, by hand {wanted}");
    }
    for pair in given.windows(2) {
        let (before, after) = (scores[&pair[0].0], scores[&pair[1].0]);
        assert!(before >= after * (1.0 - 2e-5), "{name}: {} before {}", pair[0].0, pair[1].0);
    }
}
