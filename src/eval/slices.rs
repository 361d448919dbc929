//! Figures of parts of the judged queries: where a mean comes from.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Figures, JudgedSet, QueryFacts, QueryFigures};
use crate::domain::{DivisionCode, TechnologyField};

/// By what queries are parted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SliceBy {
    /// Cold, without own patents, or warm, with some.
    Start,
    /// How many own patents are known.
    OwnPatents,
    /// How many characters are known of needs, business, products, industries and concepts.
    Text,
    /// The province the enterprise sits in.
    Region,
    /// The technology field that most of the relevant listings have; of equals, the first by number.
    Field,
}

impl SliceBy {
    /// All ways, in the order they are shown.
    pub const ALL: [Self; 5] = [Self::Start, Self::OwnPatents, Self::Text, Self::Region, Self::Field];
}

/// The mean figures of one part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Slice {
    /// By what.
    pub by: SliceBy,
    /// Which part: `cold` or `warm`, a range such as `3-5` or `300+`, a province's code, a field's number; `unknown` where the set says
    /// nothing.
    pub part: String,
    /// Judged queries in it.
    pub queries: usize,
    /// Their means.
    #[serde(flatten)]
    pub figures: Figures,
}

/// The name of what is not known.
const UNKNOWN: &str = "unknown";

/// First numbers of the ranges of own patents and of characters.
const OWN_PATENTS: &[usize] = &[0, 1, 3, 6, 11, 21];
const TEXT: &[usize] = &[0, 1, 30, 100, 300, 1000];

/// All parts that have a query, by each way in turn; within one way every judged query is in one part.
pub(super) fn slices(set: &JudgedSet, queries: &[QueryFigures]) -> Vec<Slice> {
    let mut parts: BTreeMap<(SliceBy, usize), (String, Vec<&Figures>)> = BTreeMap::new();
    for query in queries {
        for by in SliceBy::ALL {
            let (place, part) = part(by, set, &query.query).unwrap_or((usize::MAX, UNKNOWN.to_owned()));
            parts.entry((by, place)).or_insert_with(|| (part, Vec::new())).1.push(&query.figures);
        }
    }
    let slice = |((by, _), (part, figures)): ((SliceBy, usize), (String, Vec<&Figures>))| Slice {
        by,
        part,
        queries: figures.len(),
        figures: Figures::mean(figures),
    };
    parts.into_iter().map(slice).collect()
}

/// The place of a query's part among those of its way, and its name.
fn part(by: SliceBy, set: &JudgedSet, query: &str) -> Option<(usize, String)> {
    let facts = || set.queries.get(query);
    match by {
        SliceBy::Start => facts().map(start),
        SliceBy::OwnPatents => facts().map(|facts| range(OWN_PATENTS, facts.own_patents)),
        SliceBy::Text => facts().map(|facts| range(TEXT, facts.text)),
        SliceBy::Region => facts()?.province.map(province),
        SliceBy::Field => field(set, query).map(|field| (field.number().into(), field.number().to_string())),
    }
}

fn start(facts: &QueryFacts) -> (usize, String) {
    if facts.own_patents == 0 { (0, "cold".to_owned()) } else { (1, "warm".to_owned()) }
}

/// Provinces stand in the order of their codes.
fn province(province: DivisionCode) -> (usize, String) {
    let code = province.to_string();
    (code.parse().unwrap_or_default(), code)
}

fn range(firsts: &[usize], value: usize) -> (usize, String) {
    let place = firsts.partition_point(|first| *first <= value).saturating_sub(1);
    let first = firsts[place];
    let name = match firsts.get(place + 1) {
        None => format!("{first}+"),
        Some(next) if next - first == 1 => first.to_string(),
        Some(next) => format!("{first}-{}", next - 1),
    };
    (place, name)
}

fn field(set: &JudgedSet, query: &str) -> Option<TechnologyField> {
    let (_, grades) = set.qrels.queries().find(|(name, _)| *name == query)?;
    let relevant = grades.iter().filter(|(_, grade)| **grade > 0);
    let mut counts = [0_usize; TechnologyField::COUNT + 1];
    let fields = relevant.filter_map(|(id, _)| set.listings.get(id)?.field);
    fields.for_each(|field| counts[usize::from(field.number())] += 1);
    let most = counts.iter().copied().max().filter(|most| *most > 0)?;
    let number = counts.iter().position(|count| *count == most)?;
    TechnologyField::from_number(u8::try_from(number).ok()?)
}

#[cfg(test)]
mod tests {
    use super::super::{ListingFacts, Measure};
    use super::*;

    #[test]
    fn every_number_falls_in_the_range_that_names_it() {
        let names = |firsts, values: &[usize]| values.iter().map(|value| range(firsts, *value).1).collect::<Vec<_>>();
        assert_eq!(
            names(OWN_PATENTS, &[0, 1, 2, 3, 5, 6, 20, 21, 900]),
            ["0", "1-2", "1-2", "3-5", "3-5", "6-10", "11-20", "21+", "21+"]
        );
        assert_eq!(names(TEXT, &[0, 29, 30, 99, 5000]), ["0", "1-29", "30-99", "30-99", "1000+"]);
    }

    #[test]
    fn every_judged_query_is_in_one_part_of_each_way() {
        let mut set =
            JudgedSet { qrels: "a 0 x 1\na 0 y 1\na 0 z 1\nb 0 x 1\nc 0 x 1".parse().unwrap(), ..JudgedSet::default() };
        for (id, field) in [("x", 1), ("y", 14), ("z", 14)] {
            let facts = ListingFacts { field: TechnologyField::from_number(field), ..ListingFacts::default() };
            set.listings.insert(id.to_owned(), facts);
        }
        set.queries.insert("a".to_owned(), QueryFacts { own_patents: 2, text: 0, province: "320000".parse().ok() });
        set.queries.insert("b".to_owned(), QueryFacts { own_patents: 0, text: 40, province: None });
        let queries: Vec<QueryFigures> = ["a", "b", "c"]
            .map(|name| QueryFigures { query: name.to_owned(), ranked: 0, figures: Figures::default() })
            .into();
        let slices = slices(&set, &queries);
        let named: Vec<_> = slices.iter().map(|slice| (slice.by, slice.part.as_str(), slice.queries)).collect();
        use SliceBy::{Field, OwnPatents, Region, Start, Text};
        assert_eq!(
            named,
            [
                (Start, "cold", 1),
                (Start, "warm", 1),
                (Start, "unknown", 1),
                (OwnPatents, "0", 1),
                (OwnPatents, "1-2", 1),
                (OwnPatents, "unknown", 1),
                (Text, "0", 1),
                (Text, "30-99", 1),
                (Text, "unknown", 1),
                (Region, "320000", 1),
                (Region, "unknown", 2),
                (Field, "1", 2),
                (Field, "14", 1),
            ]
        );
        assert_eq!(serde_json::to_value(&slices[0]).unwrap()["ndcg@10"], slices[0].figures.get(Measure::NdcgAt10));
    }
}
