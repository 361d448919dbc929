//! The values of all measures together.

use serde::{Serialize, Serializer};

use super::answer::Answer;
use super::measure::Measure;

/// One value for each of [`Measure::ALL`]: of one query, or the mean over some. In JSON an object by the measures' names.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures([f64; Measure::ALL.len()]);

impl Figures {
    pub(super) fn of(answer: &Answer) -> Self {
        Self(Measure::ALL.map(|measure| measure.of(answer)))
    }

    /// The means of some queries' figures; zeros if there are none.
    #[must_use]
    pub fn mean<'a>(of: impl IntoIterator<Item = &'a Self>) -> Self {
        let (mut sums, mut count) = ([0.0; Measure::ALL.len()], 0.0);
        for figures in of {
            count += 1.0;
            sums.iter_mut().zip(figures.0).for_each(|(sum, value)| *sum += value);
        }
        Self(sums.map(|sum| if count > 0.0 { sum / count } else { 0.0 }))
    }

    /// The value of a measure.
    #[must_use]
    pub fn get(&self, measure: Measure) -> f64 {
        self.0[measure as usize]
    }
}

impl Serialize for Figures {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Measure::ALL.map(|measure| (measure.name(), self.get(measure))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_names_every_measure_and_a_mean_of_nothing_is_zero() {
        let figures = Figures::of(&Answer::graded(&[None, Some(1)], &[1]));
        let json = serde_json::to_value(figures).unwrap();
        assert_eq!(json.as_object().unwrap().len(), Measure::ALL.len());
        assert_eq!((&json["mrr"], &json["recall@100"]), (&serde_json::json!(0.5), &serde_json::json!(1.0)));
        assert_eq!(Figures::mean(&[figures, Figures::default()]).get(Measure::Mrr), 0.25);
        assert_eq!(Figures::mean(&[]), Figures::default());
    }
}
