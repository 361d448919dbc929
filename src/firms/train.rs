//! Making the companies from a gazette's patents.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Firm, Firms, FirmsError, Known, terms};
use crate::domain::{ClassifiedText, HolderKey, IpcCode, LabelKind, Meaning};
use crate::embed::Embedding;

/// Subclasses kept of a company, those with most of its patents.
const MOST_SUBCLASSES: usize = 8;
/// Companies without which nothing can be learnt.
const LEAST: usize = 100;
/// What only the names of companies hold. People (in gazettes 个人), universities and institutes have none of these.
const COMPANY: [&str; 4] = ["公司", "厂", "集团", "企业"];

/// Whether a holder's name is that of a company.
#[must_use]
pub fn is_company(name: &str) -> bool {
    COMPANY.iter().any(|form| name.contains(form))
}

/// What is known of a company while patents are read.
#[derive(Default)]
struct Gathered {
    terms: Vec<String>,
    subclasses: BTreeMap<String, u16>,
    sum: [f64; Meaning::DIMENSIONS],
    patents: u32,
}

/// A patent of a company: whose it is, the subclass of its main symbol and what its title is about.
struct Held<'a> {
    key: HolderKey,
    name: &'a str,
    subclass: String,
    meaning: Meaning,
}

/// Learns what companies do from patents. Those of one company alone count: what two hold together, which of them does it
/// is not said, and a firm that asks must not hear of its own patent through its partner.
///
/// # Errors
/// [`FirmsError::TooFewFirms`] for rows of fewer than a hundred companies.
pub fn train(rows: &[ClassifiedText], embedding: &Embedding) -> Result<Firms, FirmsError> {
    let held: Vec<Held<'_>> = rows.par_iter().filter_map(|row| held(row, embedding)).collect();
    let mut gathered: BTreeMap<HolderKey, Gathered> = BTreeMap::new();
    for patent in held {
        let firm = gathered.entry(patent.key).or_insert_with(|| Gathered {
            terms: terms::of_name(embedding.analyzer(), patent.name).into_iter().collect(),
            ..Gathered::default()
        });
        let count = firm.subclasses.entry(patent.subclass).or_default();
        *count = count.saturating_add(1);
        firm.sum.iter_mut().zip(patent.meaning.vector()).for_each(|(sum, value)| *sum += f64::from(value));
        firm.patents += 1;
    }
    // A name of which nothing is left can be like no other.
    gathered.retain(|_, firm| !firm.terms.is_empty());
    if gathered.len() < LEAST {
        return Err(FirmsError::TooFewFirms { found: gathered.len(), needed: LEAST });
    }
    Ok(Firms::new(numbered(gathered), embedding))
}

fn held<'a>(row: &'a ClassifiedText, embedding: &Embedding) -> Option<Held<'a>> {
    let [name] = row.holders.as_slice() else { return None };
    let key = HolderKey::of(name).filter(|_| is_company(name))?;
    let subclass = LabelKind::Subclass.of(row).filter(|symbol| IpcCode::title(symbol).is_some())?;
    Some(Held { key, name, subclass, meaning: embedding.meaning(&row.title) })
}

/// The companies with numbers for terms and subclasses.
fn numbered(gathered: BTreeMap<HolderKey, Gathered>) -> Known {
    let distinct = |all: &mut Vec<String>| {
        all.sort_unstable();
        all.dedup();
    };
    let mut terms: Vec<String> = gathered.values().flat_map(|firm| firm.terms.iter().cloned()).collect();
    distinct(&mut terms);
    let mut subclasses: Vec<String> = gathered.values().flat_map(|firm| firm.subclasses.keys().cloned()).collect();
    distinct(&mut subclasses);
    let place = |all: &[String], text: &String| all.partition_point(|known| known < text);
    let firms = gathered.into_iter().map(|(key, firm)| {
        let mut counts: Vec<(u16, u16)> =
            firm.subclasses.iter().map(|(symbol, count)| (place(&subclasses, symbol) as u16, *count)).collect();
        counts.sort_by_key(|(subclass, count)| (std::cmp::Reverse(*count), *subclass));
        counts.truncate(MOST_SUBCLASSES);
        counts.sort_unstable();
        let mean = firm.sum.map(|sum| (sum / f64::from(firm.patents)) as f32);
        Firm {
            key,
            terms: firm.terms.iter().map(|term| place(&terms, term) as u32).collect(),
            subclasses: counts,
            meaning: Meaning::nearest_to(&mean),
            norm: 0.0,
        }
    });
    let firms = firms.collect();
    Known::index(terms, subclasses, firms)
}
