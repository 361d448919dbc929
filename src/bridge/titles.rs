//! Which industries the words of a subclass resemble.
//!
//! Both classifications describe what is made: the titles of a subclass and its main groups on one side, an industry's name
//! and notes with those of all classes below it on the other. Texts are compared by their pairs of Chinese characters,
//! weighted by rarity (tf-idf, cosine). Used when learning only; no text goes into the table of links.

use std::collections::{BTreeMap, HashMap};

use crate::domain::{ClassNote, IndustryCode, IndustryLevel};

/// Sections of GB/T 4754 that patents are compared with: farming, mining, making, supply, building, information.
const SECTIONS: [&str; 6] = ["A", "B", "C", "D", "E", "I"];
/// Divisions of these that are described by the industries they serve: mining support and other mining, repair.
const LEFT_OUT: [&str; 3] = ["11", "12", "43"];
/// The industries kept of a subclass.
const KEPT: usize = 10;
/// The power of a cosine: the likeness of the best few counts.
const POWER: i32 = 3;
/// How often the title of a subclass is said beside those of its main groups.
const TITLE_REPEATS: usize = 3;
/// How often an industry's name is said beside its note.
const NAME_REPEATS: usize = 2;

/// The industries each subclass resembles, with shares that add up to 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TitleSimilarity {
    by_level: BTreeMap<IndustryLevel, BTreeMap<String, Vec<(IndustryCode, f64)>>>,
}

impl TitleSimilarity {
    /// Compares IPC titles (subclasses `H01M` and main groups `H01M10/00`) with industries' notes.
    #[must_use]
    pub fn of_texts(titles: &[ClassNote], notes: &[ClassNote]) -> Self {
        let subclasses = subclass_texts(titles);
        let by_level = IndustryLevel::ALL.map(|level| (level, compared(&subclasses, &industry_texts(notes, level))));
        Self { by_level: by_level.into() }
    }

    /// The subclasses that resemble any industry.
    pub(super) fn subclasses(&self) -> impl Iterator<Item = &str> {
        self.by_level.values().flat_map(BTreeMap::keys).map(String::as_str)
    }

    /// What a subclass resembles, likeliest first.
    pub(super) fn of(&self, subclass: &str, level: IndustryLevel) -> Option<&[(IndustryCode, f64)]> {
        self.by_level.get(&level)?.get(subclass).map(Vec::as_slice)
    }
}

type Pair = [char; 2];

/// A text as its pairs of characters and how often each is said.
type Bag = BTreeMap<Pair, f64>;

fn say(bag: &mut Bag, text: &str, times: usize) {
    let is_han = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    let characters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    for run in characters.split(|c| !is_han(c)) {
        for pair in run.windows(2) {
            *bag.entry([pair[0], pair[1]]).or_default() += times as f64;
        }
    }
}

fn subclass_texts(titles: &[ClassNote]) -> BTreeMap<String, Bag> {
    let mut texts: BTreeMap<String, Bag> = BTreeMap::new();
    for title in titles {
        let Some(subclass) = title.code.get(..4) else { continue };
        let times = match title.code.len() {
            4 => TITLE_REPEATS,
            _ if title.code.ends_with("/00") => 1,
            _ => continue,
        };
        say(texts.entry(subclass.to_owned()).or_default(), &without_brackets(&title.text), times);
    }
    texts
}

/// A title without its references to other classes.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let outside = |c: &char| {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    };
    text.chars().filter(outside).collect()
}

/// The industries of a level, each with the words of all classes in it.
fn industry_texts(notes: &[ClassNote], level: IndustryLevel) -> BTreeMap<IndustryCode, Bag> {
    let mut texts: BTreeMap<IndustryCode, Bag> = BTreeMap::new();
    for note in notes {
        let Ok(class) = note.code.parse::<IndustryCode>() else { continue };
        let Some(industry) = class.at(level) else { continue };
        let served = class.at(IndustryLevel::Division).is_some_and(|code| LEFT_OUT.contains(&code.as_str()));
        if served || !SECTIONS.contains(&class.section()) {
            continue;
        }
        let bag = texts.entry(industry).or_default();
        say(bag, class.name(), NAME_REPEATS);
        say(bag, &note.text, 1);
    }
    texts
}

/// The industries that each subclass resembles most.
fn compared(
    subclasses: &BTreeMap<String, Bag>,
    industries: &BTreeMap<IndustryCode, Bag>,
) -> BTreeMap<String, Vec<(IndustryCode, f64)>> {
    let rarity = rarity(subclasses.values().chain(industries.values()));
    let mut postings: HashMap<Pair, Vec<(usize, f64)>> = HashMap::new();
    for (number, bag) in industries.values().enumerate() {
        for (pair, weight) in unit(bag, &rarity) {
            postings.entry(pair).or_default().push((number, weight));
        }
    }
    let codes: Vec<&IndustryCode> = industries.keys().collect();
    let mut likely = BTreeMap::new();
    for (subclass, bag) in subclasses {
        let mut cosines = vec![0.0; codes.len()];
        for (pair, weight) in unit(bag, &rarity) {
            for &(number, other) in postings.get(&pair).into_iter().flatten() {
                cosines[number] += weight * other;
            }
        }
        let best = best(&codes, &cosines);
        if !best.is_empty() {
            likely.insert(subclass.clone(), best);
        }
    }
    likely
}

/// How rare each pair is among all texts.
fn rarity<'a>(bags: impl Iterator<Item = &'a Bag>) -> HashMap<Pair, f64> {
    let (mut texts, mut holding): (f64, HashMap<Pair, f64>) = (0.0, HashMap::new());
    for bag in bags {
        texts += 1.0;
        bag.keys().for_each(|pair| *holding.entry(*pair).or_default() += 1.0);
    }
    holding.into_iter().map(|(pair, n)| (pair, ((1.0 + texts) / (1.0 + n)).ln() + 1.0)).collect()
}

/// A text as a vector of length 1, in the order of its pairs.
fn unit(bag: &Bag, rarity: &HashMap<Pair, f64>) -> Vec<(Pair, f64)> {
    let weight = |(pair, times): (&Pair, &f64)| (*pair, (1.0 + times.ln()) * rarity.get(pair).copied().unwrap_or(0.0));
    let mut vector: Vec<(Pair, f64)> = bag.iter().map(weight).collect();
    let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
    vector.iter_mut().for_each(|(_, weight)| *weight /= length);
    vector
}

fn best(codes: &[&IndustryCode], cosines: &[f64]) -> Vec<(IndustryCode, f64)> {
    let mut order: Vec<usize> = (0..codes.len()).filter(|&number| cosines[number] > 0.0).collect();
    order.sort_by(|&a, &b| cosines[b].total_cmp(&cosines[a]).then(a.cmp(&b)));
    order.truncate(KEPT);
    let whole: f64 = order.iter().map(|&number| cosines[number].powi(POWER)).sum();
    order.into_iter().map(|number| (codes[number].clone(), cosines[number].powi(POWER) / whole)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(code: &str, text: &str) -> ClassNote {
        ClassNote { code: code.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_subclass_resembles_the_industry_that_makes_what_its_title_names() {
        let titles =
            [note("H01M", "电池（测试入G01R31/36）"), note("H01M10/00", "二次电池"), note("A01B", "整地；农业机械")];
        let notes = [note("384", "指电池的制造"), note("3841", ""), note("401", "指测试仪器"), note("357", "农用机械")];
        let similarity = TitleSimilarity::of_texts(&titles, &notes);
        let first = |subclass, level| similarity.of(subclass, level).unwrap()[0].0.to_string();
        assert_eq!(first("H01M", IndustryLevel::Group), "384");
        assert_eq!(first("H01M", IndustryLevel::Division), "38");
        assert_eq!(first("A01B", IndustryLevel::Group), "357");
        let shares = similarity.of("H01M", IndustryLevel::Group).unwrap();
        assert!((shares.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(shares.iter().all(|(code, _)| code.as_str() != "401"), "a reference to another class is no subject");
    }

    #[test]
    fn repair_and_trade_resemble_nothing() {
        let notes = [note("436", "指电池的修理"), note("517", "电池批发")];
        let similarity = TitleSimilarity::of_texts(&[note("H01M", "电池")], &notes);
        assert_eq!(similarity.of("H01M", IndustryLevel::Group), None);
    }
}
