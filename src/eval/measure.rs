//! The measures of one query's ranking, by name.

use std::str::FromStr;

use thiserror::Error;

use super::answer::Answer;
use super::{average_precision, class_precision, judged_share, ndcg, precision, recall, reciprocal_rank};
use crate::domain::Notice;

/// A measure of one query's ranking; a run's figure is its mean over every judged query. All lie from 0 to 1, and more is
/// better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Normalised discounted cumulative gain of the first five.
    NdcgAt5,
    /// Of the first ten.
    NdcgAt10,
    /// Of the first twenty.
    NdcgAt20,
    /// That of the first ten, each judgement with its weight; see [`super::JudgementWeights`].
    IpsNdcgAt10,
    /// Share of the relevant listings among the first fifty.
    RecallAt50,
    /// Among the first hundred.
    RecallAt100,
    /// Reciprocal rank of the first relevant listing.
    Mrr,
    /// Average precision.
    Map,
    /// Share of the first five places that hold a relevant listing.
    PrecisionAt5,
    /// Share of the first ten listings that somebody has judged, relevant or not.
    JudgedAt10,
    /// Share of the first twenty places that hold a listing of a relevant main class.
    ClassPrecisionAt20,
    /// Whether the first listing is of a relevant main class.
    ClassPrecisionAt1,
}

/// No measure has this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{name}' is not a measure: give one of {}", Measure::ALL.map(Measure::name).join(", "))]
pub struct UnknownMeasure {
    /// The name as given.
    pub name: String,
}

impl Notice for UnknownMeasure {
    fn chinese(&self) -> String {
        format!("没有名为“{}”的指标：应为 {} 之一", self.name, Measure::ALL.map(Measure::name).join("、"))
    }
}

impl Measure {
    /// All measures, in the order they are shown.
    pub const ALL: [Self; 12] = [
        Self::NdcgAt5,
        Self::NdcgAt10,
        Self::NdcgAt20,
        Self::IpsNdcgAt10,
        Self::RecallAt50,
        Self::RecallAt100,
        Self::Mrr,
        Self::Map,
        Self::PrecisionAt5,
        Self::JudgedAt10,
        Self::ClassPrecisionAt20,
        Self::ClassPrecisionAt1,
    ];

    /// Its name in JSON, on the command line and in files of floors.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NdcgAt5 => "ndcg@5",
            Self::NdcgAt10 => "ndcg@10",
            Self::NdcgAt20 => "ndcg@20",
            Self::IpsNdcgAt10 => "ips-ndcg@10",
            Self::RecallAt50 => "recall@50",
            Self::RecallAt100 => "recall@100",
            Self::Mrr => "mrr",
            Self::Map => "map",
            Self::PrecisionAt5 => "p@5",
            Self::JudgedAt10 => "judged@10",
            Self::ClassPrecisionAt20 => "class-p@20",
            Self::ClassPrecisionAt1 => "class-p@1",
        }
    }

    /// Its name as people write it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::NdcgAt5 => "nDCG@5",
            Self::NdcgAt10 => "nDCG@10",
            Self::NdcgAt20 => "nDCG@20",
            Self::IpsNdcgAt10 => "IPS-nDCG@10",
            Self::RecallAt50 => "Recall@50",
            Self::RecallAt100 => "Recall@100",
            Self::Mrr => "MRR",
            Self::Map => "MAP",
            Self::PrecisionAt5 => "P@5",
            Self::JudgedAt10 => "judged@10",
            Self::ClassPrecisionAt20 => "class-P@20",
            Self::ClassPrecisionAt1 => "class-P@1",
        }
    }

    /// How many of a ranking's listings it looks at; `None` for all of them.
    #[must_use]
    pub fn depth(self) -> Option<usize> {
        self.name().split_once('@')?.1.parse().ok()
    }

    /// Its value for one query.
    pub(super) fn of(self, answer: &Answer) -> f64 {
        match self {
            Self::NdcgAt5 => ndcg::ndcg(answer, 5),
            Self::NdcgAt10 => ndcg::ndcg(answer, 10),
            Self::NdcgAt20 => ndcg::ndcg(answer, 20),
            Self::IpsNdcgAt10 => ndcg::weighted_ndcg(answer, 10),
            Self::RecallAt50 => recall::recall(answer, 50),
            Self::RecallAt100 => recall::recall(answer, 100),
            Self::Mrr => reciprocal_rank::reciprocal_rank(answer),
            Self::Map => average_precision::average_precision(answer),
            Self::PrecisionAt5 => precision::precision(answer, 5),
            Self::JudgedAt10 => judged_share::judged_share(answer, 10),
            Self::ClassPrecisionAt20 => class_precision::class_precision(answer, 20),
            Self::ClassPrecisionAt1 => class_precision::class_precision(answer, 1),
        }
    }
}

impl FromStr for Measure {
    type Err = UnknownMeasure;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|measure| measure.name().eq_ignore_ascii_case(name));
        known.ok_or_else(|| UnknownMeasure { name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_is_found_by_its_name_and_no_other() {
        for (place, measure) in Measure::ALL.into_iter().enumerate() {
            assert_eq!(measure as usize, place, "figures are kept in this order");
            assert_eq!(measure.name().to_uppercase().parse(), Ok(measure));
            assert_eq!(measure.label().to_lowercase(), measure.name());
            let all = [Measure::Mrr, Measure::Map].contains(&measure);
            assert!(measure.depth().is_none() == all && measure.depth().is_none_or(|depth| depth > 0));
        }
        let unknown = "ndcg@11".parse::<Measure>().unwrap_err();
        assert!(unknown.to_string().contains("ndcg@11") && unknown.chinese().contains("ndcg@10、"));
    }
}
