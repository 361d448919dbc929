//! Judgements as somebody hands them in: every line is looked at, every fault named, and what is sound is kept.

use std::collections::BTreeMap;

use serde::Serialize;
use thiserror::Error;

use super::Qrels;
use crate::domain::Notice;

/// A judgement as it was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenJudgement {
    /// Its line, from 1.
    pub line: usize,
    /// Who asks.
    pub query: String,
    /// What is judged.
    pub listing: String,
    /// How relevant it is said to be.
    pub grade: String,
}

/// What is wrong with a line of judgements. None of them stops the others.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
#[non_exhaustive]
pub enum JudgementFault {
    /// It has not the parts of a judgement.
    #[error("line {line}: expected 'query 0 listing grade', or the columns query, listing, grade")]
    Malformed {
        /// The line, from 1.
        line: usize,
    },
    /// The grade is none.
    #[error("line {line}: the grade '{grade}' is not one of 0, 1, 2, 3")]
    Grade {
        /// The line.
        line: usize,
        /// As given, shortened.
        grade: String,
    },
    /// The set has no such query.
    #[error("line {line}: the set has no enterprise '{query}'")]
    UnknownQuery {
        /// The line.
        line: usize,
        /// As given, shortened.
        query: String,
    },
    /// The set has no such listing.
    #[error("line {line}: the set has no listing '{listing}'")]
    UnknownListing {
        /// The line.
        line: usize,
        /// As given, shortened.
        listing: String,
    },
    /// Said before, and alike: kept once.
    #[error("line {line}: says again what line {before} says of '{listing}' for '{query}'")]
    Repeated {
        /// The line.
        line: usize,
        /// The earlier line.
        before: usize,
        /// The query.
        query: String,
        /// The listing.
        listing: String,
    },
    /// Said before, and not alike: nobody knows which is meant, so neither is kept.
    #[error("line {line}: contradicts line {before} on '{listing}' for '{query}': neither is kept")]
    Contradictory {
        /// The line.
        line: usize,
        /// The earlier line.
        before: usize,
        /// The query.
        query: String,
        /// The listing.
        listing: String,
    },
    /// A query whose judgements find nothing relevant: no measure counts it.
    #[error("'{query}' has no relevant listing: no measure counts it")]
    NothingRelevant {
        /// The query.
        query: String,
    },
}

impl Notice for JudgementFault {
    fn chinese(&self) -> String {
        match self {
            Self::Malformed { line } => {
                format!("第 {line} 行：应为“查询 0 许可编号 等级”，或有查询、许可编号、等级三列")
            }
            Self::Grade { line, grade } => format!("第 {line} 行：等级“{grade}”不是 0、1、2、3 之一"),
            Self::UnknownQuery { line, query } => format!("第 {line} 行：评测集没有企业“{query}”"),
            Self::UnknownListing { line, listing } => format!("第 {line} 行：评测集没有许可信息“{listing}”"),
            Self::Repeated { line, before, query, listing } => {
                format!("第 {line} 行：与第 {before} 行重复（{query}，{listing}）")
            }
            Self::Contradictory { line, before, query, listing } => {
                format!("第 {line} 行：与第 {before} 行矛盾（{query}，{listing}），两行都不采用")
            }
            Self::NothingRelevant { query } => format!("查询“{query}”没有相关的许可信息：各指标都不计它"),
        }
    }
}

/// Reads TREC's form line by line; what has another form is a fault.
#[must_use]
pub fn given_judgements(text: &str) -> (Vec<GivenJudgement>, Vec<JudgementFault>) {
    let (mut given, mut faults) = (Vec::new(), Vec::new());
    for (number, row) in text.lines().enumerate().filter(|(_, row)| !row.trim().is_empty()) {
        let line = number + 1;
        match row.split_whitespace().collect::<Vec<_>>()[..] {
            [query, _, listing, grade] => {
                let [query, listing, grade] = [query, listing, grade].map(str::to_owned);
                given.push(GivenJudgement { line, query, listing, grade });
            }
            _ => faults.push(JudgementFault::Malformed { line }),
        }
    }
    (given, faults)
}

/// The sound ones of some judgements, and every fault of the others by line. `query` and `listing` give the names the set
/// has for what was meant.
#[must_use]
pub fn sound_judgements(
    given: &[GivenJudgement],
    query: impl Fn(&str) -> Option<String>,
    listing: impl Fn(&str) -> Option<String>,
) -> (Qrels, Vec<JudgementFault>) {
    let mut faults = Vec::new();
    // By what is judged: the grade (none once contradicted) and the line that gave it.
    let mut kept: BTreeMap<(String, String), (Option<u8>, usize)> = BTreeMap::new();
    for judgement in given {
        match known(judgement, &query, &listing) {
            Err(fault) => faults.push(fault),
            Ok((pair, grade)) => faults.extend(taken(&mut kept, pair, grade, judgement.line)),
        }
    }
    let mut qrels = Qrels::default();
    let mut names = std::collections::BTreeSet::new();
    for ((query, listing), (grade, _)) in kept {
        grade.iter().for_each(|grade| qrels.judge(&query, &listing, *grade));
        names.insert(query);
    }
    let relevant: std::collections::BTreeSet<&str> = qrels.queries().map(|(query, _)| query).collect();
    let without = names.iter().filter(|query| !relevant.contains(query.as_str()));
    faults.extend(without.map(|query| JudgementFault::NothingRelevant { query: query.clone() }));
    (qrels, faults)
}

fn known(
    judgement: &GivenJudgement,
    query: &impl Fn(&str) -> Option<String>,
    listing: &impl Fn(&str) -> Option<String>,
) -> Result<((String, String), u8), JudgementFault> {
    let line = judgement.line;
    let short = |text: &str| text.chars().take(64).collect::<String>();
    let grade = judgement.grade.parse::<u8>().ok().filter(|grade| *grade <= 3);
    let grade = grade.ok_or_else(|| JudgementFault::Grade { line, grade: short(&judgement.grade) })?;
    let unknown = || JudgementFault::UnknownQuery { line, query: short(&judgement.query) };
    let query = query(&judgement.query).ok_or_else(unknown)?;
    let unknown = || JudgementFault::UnknownListing { line, listing: short(&judgement.listing) };
    Ok(((query, listing(&judgement.listing).ok_or_else(unknown)?), grade))
}

/// Keeps a judgement; what an earlier one says against it.
fn taken(
    kept: &mut BTreeMap<(String, String), (Option<u8>, usize)>,
    pair: (String, String),
    grade: u8,
    line: usize,
) -> Option<JudgementFault> {
    let (query, listing) = pair.clone();
    let Some((known, before)) = kept.get_mut(&pair) else {
        kept.insert(pair, (Some(grade), line));
        return None;
    };
    let before = *before;
    if *known == Some(grade) {
        return Some(JudgementFault::Repeated { line, before, query, listing });
    }
    *known = None;
    Some(JudgementFault::Contradictory { line, before, query, listing })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Qrels, Vec<JudgementFault>) {
        let (given, mut faults) = given_judgements(text);
        let known = |name: &str| name.starts_with(['q', 'L']).then(|| name.to_owned());
        let (qrels, more) = sound_judgements(&given, known, known);
        faults.extend(more);
        (qrels, faults)
    }

    #[test]
    fn every_fault_is_named_by_its_line_and_what_is_sound_beside_it_is_kept() {
        let (qrels, faults) =
            read("q1 0 L1 3\nq1 0 L2\nq1 0 L2 4\nq1 0 L2 -1\nx 0 L1 1\nq1 0 x 1\n\nq1 0 L1 3\nq2 0 L1 2\nq2 0 L3 0\n");
        let kept: Vec<_> = qrels.judgements().collect();
        assert_eq!(kept, [("q1", "L1", 3), ("q2", "L1", 2), ("q2", "L3", 0)]);
        let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
        let expected = ["line 2", "line 3", "line 4", "line 5", "line 6", "line 8: says again what line 1"];
        assert_eq!(said.len(), expected.len(), "{said:?}");
        assert!(expected.iter().all(|part| said.iter().any(|said| said.contains(part))), "{said:?}");
        assert!(faults.iter().all(|fault| fault.chinese().contains("行")));
    }

    #[test]
    fn of_two_that_contradict_each_other_neither_is_kept_whatever_comes_after() {
        let (qrels, faults) = read("q1 0 L1 3\nq1 0 L1 0\nq1 0 L1 3\nq1 0 L2 1\n");
        assert_eq!(qrels.judgements().collect::<Vec<_>>(), [("q1", "L2", 1)]);
        let contradictory = |fault: &&JudgementFault| matches!(fault, JudgementFault::Contradictory { before: 1, .. });
        assert_eq!(faults.iter().filter(contradictory).count(), 2);
    }

    #[test]
    fn a_query_without_anything_relevant_is_named() {
        let (_, faults) = read("q1 0 L1 0\nq2 0 L1 1\nq3 0 L1 1\nq3 0 L1 2\n");
        let without = |fault: &JudgementFault| match fault {
            JudgementFault::NothingRelevant { query } => Some(query.clone()),
            _ => None,
        };
        assert_eq!(faults.iter().filter_map(without).collect::<Vec<_>>(), ["q1", "q3"]);
    }
}
