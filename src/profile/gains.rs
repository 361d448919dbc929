//! What each part of a record is worth, as measured with the models that are shipped.

use std::sync::LazyLock;

use crate::domain::{Beside, PartGain, ProfilePart};

/// What `duijie eval parts` said; see `data/README.md`. CI measures it again.
static GAINS: LazyLock<Vec<PartGain>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../data/profile/part_gains.json")).unwrap_or_default());

/// The measured gain of a part: on the first set of the file that has it. `None` for a part that no set can measure.
#[must_use]
pub fn measured_gain(part: ProfilePart, beside: Beside) -> Option<&'static PartGain> {
    GAINS.iter().find(|gain| gain.part == part && gain.beside == beside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_can_be_read_and_its_figures_can_be() {
        assert!(!GAINS.is_empty());
        for gain in GAINS.iter() {
            assert!(gain.enterprises >= 30 && gain.least <= gain.most, "{gain:?}");
            assert!([gain.without, gain.with].iter().all(|mean| (0.0..=1.0).contains(mean)), "{gain:?}");
            let difference = gain.with - gain.without;
            assert!((gain.least - 0.01..=gain.most + 0.01).contains(&difference), "{gain:?}");
        }
        for part in [ProfilePart::Business, ProfilePart::Products, ProfilePart::Industry, ProfilePart::OwnPatents] {
            assert!(Beside::ALL.into_iter().all(|beside| measured_gain(part, beside).is_some()), "{part:?}");
        }
    }
}
