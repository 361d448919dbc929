//! What an enterprise is about: the mean of what its own patents are about, and what its description is about.
//!
//! The mean tells a firm's direction better than its nearest patent does, beside words that already look at each patent by
//! itself; see `models/README.md`.

use crate::classify::Classifier;
use crate::domain::{Meaning, OwnPatent};

/// How much nearness to the own patents counts beside the text that fits best, which is 1.
const SAY_OF_PATENTS: f64 = 0.6;
/// How much nearness to what the enterprise says it does counts.
const SAY: f64 = 0.3;
/// The same where only name and industry are known: then text finds little.
const SAY_OF_A_NAME: f64 = 0.6;
/// How much nearness to what firms with like names do counts beside that.
const SAY_OF_FIRMS: f64 = 0.3;

/// What the enterprise is about; `telling` if its description says what it does. The two are averaged where there are both.
pub(super) fn of(reader: &Classifier, patents: &[OwnPatent], description: &[&str], telling: bool) -> Meaning {
    let about = |text: &str| reader.embedding().meaning(text);
    let patents: Vec<Meaning> = patents.iter().map(|patent| about(&patent.title)).filter(is_known).collect();
    let say = if telling { SAY } else { SAY_OF_A_NAME };
    let described = Some(about(&description.join(" "))).filter(is_known).map(|meaning| meaning.times(say));
    let parts = [mean(&patents).map(|mean| mean.times(SAY_OF_PATENTS)), described];
    mean(&parts.into_iter().flatten().collect::<Vec<_>>()).unwrap_or_default()
}

/// What the enterprise is about, and beside it what firms with like names do.
pub(super) fn with_firms(own: Meaning, firms: Meaning) -> Meaning {
    if !is_known(&firms) {
        return own;
    }
    let firms = firms.times(SAY_OF_FIRMS).vector();
    let mut sum = own.vector();
    sum.iter_mut().zip(firms).for_each(|(sum, value)| *sum += value);
    Meaning::nearest_to(&sum)
}

fn is_known(meaning: &Meaning) -> bool {
    *meaning != Meaning::NONE
}

/// The mean of some meanings, in the order given; `None` of none.
fn mean(meanings: &[Meaning]) -> Option<Meaning> {
    let mut sum = [0.0_f32; Meaning::DIMENSIONS];
    for meaning in meanings {
        sum.iter_mut().zip(meaning.vector()).for_each(|(sum, value)| *sum += value);
    }
    let number = meanings.len() as f32;
    (!meanings.is_empty()).then(|| Meaning::nearest_to(&sum.map(|sum| sum / number)))
}
