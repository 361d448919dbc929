//! The classes of technology an enterprise's description speaks for.
//!
//! The classifier of titles reads the description as if it were one. That is far better than what the listings nearest to
//! the description say, the more so the shorter it is; see `models/README.md`.

use crate::classify::Classifier;
use crate::domain::{ClassifiedText, LikelySubclass};

/// Classes less likely than this would be reasons nobody believes.
const LEAST: f32 = 0.02;
/// How much a class counts beside the say of the best-fitting listings, which is 1.
const SAY: f64 = 2.0;
/// The same where only name and industry are known: then text finds little, and what it finds is little sure.
const SAY_OF_A_NAME: f64 = 4.0;

/// What the texts of a record, its name among them, speak for; `telling` if they say what the enterprise does.
pub(super) fn subclasses(classifier: &Classifier, texts: &[&str], telling: bool) -> Vec<LikelySubclass> {
    let text = ClassifiedText { title: texts.join(" "), ..ClassifiedText::default() };
    let say = if telling { SAY } else { SAY_OF_A_NAME };
    let likely = classifier.likely(&text, LEAST).into_iter();
    likely.map(|(symbol, p)| LikelySubclass { symbol: symbol.to_owned(), weight: say * f64::from(p) }).collect()
}
