//! A run: the ranking a system gives each query.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::domain::{ListingId, Score};

/// Rankings by query, best first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    rankings: BTreeMap<String, Vec<(ListingId, Score)>>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_written_best_first_with_ties_by_listing() {
        let mut run = Run::default();
        let row = |id: &str, score| (id.parse().unwrap(), Score::new(score).unwrap());
        run.insert("q", vec![row("b", 0.5), row("c", 0.1 + 0.2), row("a", 0.5)]);
        let mut text = Vec::new();
        run.write("duijie", &mut text).unwrap();
        let expected = "q Q0 a 1 0.5 duijie\nq Q0 b 2 0.5 duijie\nq Q0 c 3 0.30000000000000004 duijie\n";
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }
}
