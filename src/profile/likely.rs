//! The classes of technology an enterprise's description and its needs speak for.
//!
//! The classifier of titles reads the description as if it were one. That is far better than what the listings nearest to
//! the description say, the more so the shorter it is; see `models/README.md`. Beside it speak the firms with like names.

use std::collections::BTreeMap;

use crate::classify::Classifier;
use crate::domain::{ClassifiedText, LikelySubclass, Need};
use crate::firms::Like;

/// Classes less likely than this would be reasons nobody believes.
const LEAST: f32 = 0.02;
/// How much a class counts beside the say of the best-fitting listings, which is 1.
const SAY: f64 = 2.0;
/// The same where only name and industry are known: then text finds little, and what it finds is little sure.
const SAY_OF_A_NAME: f64 = 4.0;
/// How much those of its stated needs count, all of them together.
const SAY_OF_NEEDS: f64 = 3.0;
/// How much the classes of firms with like names count.
const SAY_OF_FIRMS: f64 = 1.0;
/// The same where only name and industry are known.
const SAY_OF_FIRMS_BESIDE_A_NAME: f64 = 2.0;

/// What the texts of a record, its name among them, speak for; `telling` if they say what the enterprise does.
pub(super) fn subclasses(classifier: &Classifier, texts: &[&str], telling: bool) -> Vec<LikelySubclass> {
    read(classifier, &texts.join(" "), if telling { SAY } else { SAY_OF_A_NAME })
}

/// What stated needs speak for beside that: each is read by itself, and all have one say.
pub(super) fn with_needs(classifier: &Classifier, likely: Vec<LikelySubclass>, needs: &[Need]) -> Vec<LikelySubclass> {
    let say = SAY_OF_NEEDS / needs.len().max(1) as f64;
    let of_needs = needs.iter().flat_map(|need| read(classifier, &need.0, say));
    summed(likely.into_iter().chain(of_needs))
}

fn read(classifier: &Classifier, text: &str, say: f64) -> Vec<LikelySubclass> {
    let text = ClassifiedText { title: text.to_owned(), ..ClassifiedText::default() };
    let likely = classifier.likely(&text, LEAST).into_iter();
    likely.map(|(symbol, p)| LikelySubclass { symbol: symbol.to_owned(), weight: say * f64::from(p) }).collect()
}

/// One of each, by symbol; what is named several times counts with all of them.
fn summed(classes: impl Iterator<Item = LikelySubclass>) -> Vec<LikelySubclass> {
    let mut weights: BTreeMap<String, f64> = BTreeMap::new();
    classes.for_each(|class| *weights.entry(class.symbol).or_default() += class.weight);
    weights.into_iter().map(|(symbol, weight)| LikelySubclass { symbol, weight }).collect()
}

/// These classes and those of firms with like names, by symbol; what both name counts with both.
pub(super) fn with_firms(likely: Vec<LikelySubclass>, like: &Like, telling: bool) -> Vec<LikelySubclass> {
    let say = if telling { SAY_OF_FIRMS } else { SAY_OF_FIRMS_BESIDE_A_NAME };
    let shares = like.subclasses.iter().filter(|(_, share)| *share >= f64::from(LEAST));
    let of_firms = shares.map(|(symbol, share)| LikelySubclass { symbol: symbol.clone(), weight: say * share });
    summed(likely.into_iter().chain(of_firms))
}
