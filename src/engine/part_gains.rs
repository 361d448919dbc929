//! What each part of an enterprise's record is worth on a judged set: the same enterprises are ranked for with and without
//! it, beside the name alone and beside all else they tell.
//!
//! Sets know firms by their descriptions or by their patents, not by both: what own patents add is measured by taking some
//! of the relevant listings for own patents, which then stand in neither ranking nor judgements (see [`super::reveal`]).

use std::path::Path;

use super::evaluate::{Models, list_run};
use super::judged_set::SetFolder;
use super::matching::MatchCatalogue;
use super::reveal::{Drawn, drawn, hide, without};
use super::{EngineError, OnProgress};
use crate::config::Configuration;
use crate::domain::{Beside, Enterprise, Listing, OwnPatent, PartGain, ProfilePart};
use crate::eval::{self, Assessment, Draws, JudgedSet, Measure};

/// The parts that are measured: those that sets have, and own patents.
const PARTS: [ProfilePart; 5] = [
    ProfilePart::Business,
    ProfilePart::Products,
    ProfilePart::Industry,
    ProfilePart::Concepts,
    ProfilePart::OwnPatents,
];
/// How many listings count as own patents: few, as a small firm has.
const OWN: usize = 2;
/// As deep as nDCG@10 reads.
const DEPTH: usize = 10;
/// A part that fewer have is not measured.
const FEWEST: usize = 30;

/// The gain of every part that at least 30 enterprises of the set have, beside the name and beside the rest.
///
/// # Errors
/// As [`super::evaluate`], and [`EngineError::NoJudgements`].
pub fn part_gains(
    set: &Path,
    configuration: &Configuration,
    draws: Draws,
    progress: OnProgress<'_>,
) -> Result<Vec<PartGain>, EngineError> {
    let mut folder = SetFolder::read(set)?;
    let judged = folder.to_be_judged()?;
    let models = Models::load()?;
    let catalogue = models.catalogue(&mut folder.listings, configuration)?;
    let bench = Bench { models, catalogue, judged, set: folder.name, draws };
    let mut gains = Vec::new();
    for part in PARTS {
        let (queries, hidden) = bench.having(part, &folder.queries, &folder.listings);
        for beside in Beside::ALL {
            gains.extend(bench.gain(part, beside, &queries, &hidden, progress)?);
        }
    }
    Ok(gains)
}

/// A set made ready to be asked many times.
struct Bench {
    models: Models,
    catalogue: MatchCatalogue,
    judged: JudgedSet,
    set: String,
    draws: Draws,
}

impl Bench {
    /// The judged enterprises that have a part, and the listings to look away from.
    fn having(&self, part: ProfilePart, queries: &[Enterprise], listings: &[Listing]) -> (Vec<Enterprise>, Drawn) {
        if part != ProfilePart::OwnPatents {
            let having: Vec<Enterprise> = queries.iter().filter(|query| has(query, part)).cloned().collect();
            let nothing = having.iter().map(|query| (query.id.to_string(), Vec::new())).collect();
            return (having, nothing);
        }
        let drawn = drawn(&self.judged, OWN, self.draws.seed);
        let own = |id: &_| listings.iter().find(|listing| listing.id == *id).map(own_patent);
        let with_own = queries.iter().filter_map(|query| {
            let own_patents = drawn.get(query.id.as_str())?.iter().filter_map(own).collect();
            // What it has already, it would have in both arms.
            query.own_patents.is_empty().then(|| Enterprise { own_patents, ..query.clone() })
        });
        let with_own: Vec<Enterprise> = with_own.collect();
        (with_own, drawn)
    }

    fn gain(
        &self,
        part: ProfilePart,
        beside: Beside,
        queries: &[Enterprise],
        hidden: &Drawn,
        progress: OnProgress<'_>,
    ) -> Result<Option<PartGain>, EngineError> {
        let arms = queries.iter().map(|query| match beside {
            Beside::Rest => (lacking(query, part), query.clone()),
            Beside::Name => (bare(query), with_part(bare(query), query, part)),
        });
        // Where nothing is left to go by, anything is a gain.
        let (before, after): (Vec<Enterprise>, Vec<Enterprise>) =
            arms.filter(|(before, _)| !self.models.profile(before).is_empty()).unzip();
        if before.len() < FEWEST {
            return Ok(None);
        }
        let kept: Drawn = before
            .iter()
            .map(|query| (query.id.to_string(), hidden.get(query.id.as_str()).cloned().unwrap_or_default()))
            .collect();
        let mut judged = self.judged.clone();
        hide(&mut judged, &kept);
        let assessed = |queries: &[Enterprise]| -> Result<Assessment, EngineError> {
            let profiles = self.models.profiles(queries);
            let run = list_run(&self.catalogue, (queries, &profiles), DEPTH + OWN, progress)?;
            Ok(eval::assess(&judged, &without(&run, &kept, DEPTH)))
        };
        let comparison = eval::compare(&assessed(&before)?, &assessed(&after)?, Measure::NdcgAt10, self.draws);
        Ok(Some(PartGain {
            part,
            beside,
            set: self.set.clone(),
            enterprises: comparison.queries,
            without: rounded(comparison.a),
            with: rounded(comparison.b),
            least: rounded(comparison.interval.0),
            most: rounded(comparison.interval.1),
        }))
    }
}

/// Four digits: more are not to be had of so few enterprises.
fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

fn own_patent(listing: &Listing) -> OwnPatent {
    OwnPatent { title: listing.patent.title.clone(), ipc: listing.patent.ipc.clone(), application_number: None }
}

fn has(enterprise: &Enterprise, part: ProfilePart) -> bool {
    lacking(enterprise, part) != *enterprise
}

/// The record with nothing but its name.
fn bare(enterprise: &Enterprise) -> Enterprise {
    Enterprise { id: enterprise.id.clone(), ..Enterprise::named(&enterprise.name, enterprise.credit_code.clone()) }
}

/// The record without a part.
fn lacking(enterprise: &Enterprise, part: ProfilePart) -> Enterprise {
    with_part(enterprise.clone(), &bare(enterprise), part)
}

/// A record with a part of another's.
fn with_part(record: Enterprise, of: &Enterprise, part: ProfilePart) -> Enterprise {
    let of = of.clone();
    match part {
        ProfilePart::Business => Enterprise { business: of.business, ..record },
        ProfilePart::Products => Enterprise { products: of.products, ..record },
        ProfilePart::Industry => Enterprise { industries: of.industries, industry_code: of.industry_code, ..record },
        ProfilePart::Concepts => Enterprise { concepts: of.concepts, ..record },
        ProfilePart::OwnPatents => Enterprise { own_patents: of.own_patents, ..record },
        ProfilePart::Needs => Enterprise { needs: of.needs, ..record },
        ProfilePart::Name | ProfilePart::Feedback => record,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Need;

    #[test]
    fn a_part_is_taken_out_and_put_in_by_itself() {
        let mut whole = Enterprise::named("样例江北锂电材料有限公司", None);
        whole.business = "隔膜".to_owned();
        whole.products = vec!["隔膜".to_owned()];
        whole.industries = vec!["电池".to_owned()];
        whole.concepts = vec!["锂电池".to_owned()];
        whole.needs = vec![Need("热收缩".to_owned())];
        for part in [ProfilePart::Business, ProfilePart::Products, ProfilePart::Industry, ProfilePart::Concepts] {
            let less = lacking(&whole, part);
            assert!(has(&whole, part) && !has(&less, part) && !has(&bare(&whole), part), "{part:?}");
            assert_eq!(with_part(less, &whole, part), whole);
            let only = with_part(bare(&whole), &whole, part);
            assert!(has(&only, part) && !has(&only, ProfilePart::Needs));
        }
        assert!(!has(&whole, ProfilePart::OwnPatents));
    }
}
