//! The classes of technology an enterprise's own patents lie in.

use std::collections::{BTreeMap, BTreeSet};

use super::terms::saturated;
use crate::domain::{IpcLevel, OwnPatent, ProfilePart, ProfileTerm};

/// How much an agreement at each level counts. Chosen as in `terms`.
pub(super) const LEVELS: [(IpcLevel, f64); 4] =
    [(IpcLevel::Class, 0.5), (IpcLevel::Subclass, 0.5), (IpcLevel::MainGroup, 0.25), (IpcLevel::Group, 0.5)];

/// Every symbol above and at those of the patents; each patent counts once for a symbol.
pub(super) fn symbols(patents: &[OwnPatent]) -> Vec<ProfileTerm> {
    let mut counts: BTreeMap<&str, (u32, f64)> = BTreeMap::new();
    for patent in patents {
        let mut of_patent = BTreeSet::new();
        for (level, weight) in LEVELS {
            for symbol in patent.ipc.iter().filter_map(|code| code.at(level)) {
                if of_patent.insert(symbol) {
                    counts.entry(symbol).or_insert((0, weight)).0 += 1;
                }
            }
        }
    }
    let term = |(symbol, (count, weight)): (&str, (u32, f64))| ProfileTerm {
        text: symbol.to_owned(),
        weight: weight * saturated(count),
        part: ProfilePart::OwnPatents,
    };
    counts.into_iter().map(term).collect()
}
