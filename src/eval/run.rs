//! A run: the ranking a system gives each query.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::str::FromStr;

use thiserror::Error;

use crate::domain::{ListingId, Notice, Score};

/// Rankings by query, best first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    rankings: BTreeMap<String, Vec<(ListingId, Score)>>,
}

/// A run cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RunError {
    /// A line is not of TREC's form.
    #[error("line {line}: expected 'query Q0 listing rank score tag'")]
    Malformed {
        /// The line, from 1.
        line: usize,
    },
    /// A score is no number that can be ordered by.
    #[error("line {line}: the score '{text}' is not a finite number")]
    Score {
        /// The line, from 1.
        line: usize,
        /// The score as given, shortened.
        text: String,
    },
    /// A listing stands twice in one ranking.
    #[error("line {line}: {listing} is ranked a second time for query {query}")]
    Repeated {
        /// The line, from 1.
        line: usize,
        /// The query.
        query: String,
        /// The listing.
        listing: ListingId,
    },
    /// There is no line.
    #[error("it ranks nothing: give a run with at least one line")]
    Empty,
}

impl Notice for RunError {
    fn chinese(&self) -> String {
        match self {
            Self::Malformed { line } => format!("第 {line} 行：应为“查询 Q0 许可编号 名次 分数 名称”"),
            Self::Score { line, text } => format!("第 {line} 行：分数“{text}”不是有限数"),
            Self::Repeated { line, query, listing } => format!("第 {line} 行：{listing} 在查询 {query} 中重复出现"),
            Self::Empty => "没有任何排序结果：请提供至少有一行的文件".to_owned(),
        }
    }
}

impl Run {
    /// Keeps the ranking of a query: by falling score, ties by listing id.
    pub fn insert(&mut self, query: &str, mut ranking: Vec<(ListingId, Score)>) {
        ranking.sort_by(|a, b| Score::order((a.1, &a.0), (b.1, &b.0)));
        self.rankings.insert(query.to_owned(), ranking);
    }

    /// The ranking of a query; empty if it has none.
    #[must_use]
    pub fn ranking(&self, query: &str) -> &[(ListingId, Score)] {
        self.rankings.get(query).map_or(&[], Vec::as_slice)
    }

    /// All rankings, in the order of their queries.
    pub fn rankings(&self) -> impl Iterator<Item = (&str, &[(ListingId, Score)])> {
        self.rankings.iter().map(|(query, ranking)| (query.as_str(), ranking.as_slice()))
    }

    /// How many queries have a ranking.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rankings.len()
    }

    /// Whether no query has one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rankings.is_empty()
    }

    /// Writes TREC's form, `query Q0 listing rank score tag`, scores so that they read back exactly.
    ///
    /// # Errors
    /// What writing gives.
    pub fn write(&self, tag: &str, to: &mut impl Write) -> io::Result<()> {
        for (query, ranking) in &self.rankings {
            for (place, (listing, score)) in ranking.iter().enumerate() {
                writeln!(to, "{query} Q0 {listing} {} {score} {tag}", place + 1)?;
            }
        }
        Ok(())
    }
}

/// Reads TREC's form, separated by blanks; blank lines are passed over. Rankings go by the scores, not by the ranks
/// written beside them, as in every TREC tool; ties by listing id.
impl FromStr for Run {
    type Err = RunError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut rankings: BTreeMap<&str, Vec<(ListingId, Score)>> = BTreeMap::new();
        let mut ranked = BTreeSet::new();
        for (number, row) in text.lines().enumerate().filter(|(_, row)| !row.trim().is_empty()) {
            let line = number + 1;
            let cells: Vec<&str> = row.split_whitespace().collect();
            let [query, _, listing, _, score, _] = cells[..] else { return Err(RunError::Malformed { line }) };
            let id: ListingId = listing.parse().map_err(|_| RunError::Malformed { line })?;
            let finite = score.parse().ok().and_then(Score::new);
            let score = finite.ok_or_else(|| RunError::Score { line, text: score.chars().take(32).collect() })?;
            if !ranked.insert((query, listing)) {
                return Err(RunError::Repeated { line, query: query.to_owned(), listing: id });
            }
            rankings.entry(query).or_default().push((id, score));
        }
        if rankings.is_empty() {
            return Err(RunError::Empty);
        }
        let mut run = Self::default();
        rankings.into_iter().for_each(|(query, ranking)| run.insert(query, ranking));
        Ok(run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_written_best_first_with_ties_by_listing_and_reads_back_the_same() {
        let mut run = Run::default();
        let row = |id: &str, score| (id.parse().unwrap(), Score::new(score).unwrap());
        run.insert("q", vec![row("b", 0.5), row("c", 0.1 + 0.2), row("a", 0.5)]);
        let mut text = Vec::new();
        run.write("duijie", &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text, "q Q0 a 1 0.5 duijie\nq Q0 b 2 0.5 duijie\nq Q0 c 3 0.30000000000000004 duijie\n");
        assert_eq!(text.parse(), Ok(run));
    }

    #[test]
    fn scores_decide_the_order_not_the_ranks_written_beside_them() {
        let run: Run = "q Q0 a 1 0.1 x\r\nq Q0 b 2 3e2 x\r\n\r\n".parse().unwrap();
        assert_eq!(run.ranking("q").iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    }

    #[test]
    fn what_cannot_be_read_is_named_by_its_line() {
        let refused = |text: &str| text.parse::<Run>().unwrap_err();
        for score in ["NaN", "inf", "-inf", "1,5", "x"] {
            let error = refused(&format!("q Q0 a 1 2.0 x\nq Q0 b 2 {score} x"));
            assert_eq!(error, RunError::Score { line: 2, text: score.to_owned() });
            assert!(error.chinese().contains(score) && error.to_string().contains("line 2"), "{error}");
        }
        assert_eq!(refused("q Q0 a 1 2.0 x\n\nq Q0 b 1.0 x"), RunError::Malformed { line: 3 });
        assert_eq!(refused(&format!("q Q0 {} 1 2.0 x", "a".repeat(65))), RunError::Malformed { line: 1 });
        let again = refused("q Q0 a 1 2.0 x\nr Q0 a 1 2.0 x\nq Q0 a 2 1.0 x");
        assert!(matches!(again, RunError::Repeated { line: 3, .. }), "{again}");
        assert_eq!((refused(""), refused(" \n\n")), (RunError::Empty, RunError::Empty));
    }
}
