//! How the rows of each kind of file are saved, and what there is to remark on them.

use std::collections::HashMap;

use rayon::prelude::*;

use super::import::{ImportReport, keep};
use super::{Engine, EngineError, Problem};
use crate::domain::{
    DivisionCode, Enterprise, IndustryFees, Listing, ListingId, TechnologyField, other_province, place_of,
};
use crate::store::WriteLock;

/// What a file's rows are and how a batch of them is saved.
pub(super) trait Importable: Send + Sized + 'static {
    /// Where what the row tells of is, as far as the row says; `None` where it is of no place.
    fn place(&self) -> Option<DivisionCode> {
        None
    }

    /// The same as far as the record knows, in the order of the rows: asked where a row can change what is another's.
    async fn known_places(_: &Engine, rows: &[(u64, Self)]) -> Result<Vec<Option<DivisionCode>>, EngineError> {
        Ok(vec![None; rows.len()])
    }

    async fn save(
        engine: &Engine,
        lock: &WriteLock,
        rows: Vec<(u64, Self)>,
        report: &mut ImportReport,
    ) -> Result<(), EngineError>;
}

impl Engine {
    /// The rows that are of a province, or may be; the others are refused.
    pub(super) async fn within<T: Importable>(
        &self,
        province: Option<DivisionCode>,
        rows: Vec<(u64, T)>,
        report: &mut ImportReport,
    ) -> Result<Vec<(u64, T)>, EngineError> {
        if province.is_none() {
            return Ok(rows);
        }
        // What a row is silent about, the record may know.
        let known = T::known_places(self, &rows).await?;
        let mut kept = Vec::with_capacity(rows.len());
        for ((number, row), known) in rows.into_iter().zip(known) {
            let other = [row.place(), known].into_iter().find_map(|place| other_province(province, place));
            match other {
                Some(other) => report.refuse(&[of_another(&report.file, number, other)]),
                None => kept.push((number, row)),
            }
        }
        Ok(kept)
    }
}

/// Another bureau's to bring.
pub(super) fn of_another(file: &str, row: u64, province: DivisionCode) -> Problem {
    let name = province.name();
    Problem {
        row: Some(row),
        column: None,
        code: "other_province".to_owned(),
        message: format!("{file} 第{row}行：属于{name}，由当地省局导入"),
        message_en: format!("{file} row {row}: it is of {name}, whose bureau imports it"),
    }
}

impl Importable for Listing {
    fn place(&self) -> Option<DivisionCode> {
        self.patent.location.as_ref()?.division
    }

    async fn known_places(engine: &Engine, rows: &[(u64, Self)]) -> Result<Vec<Option<DivisionCode>>, EngineError> {
        let ids: Vec<ListingId> = rows.iter().map(|(_, listing)| listing.id.clone()).collect();
        let known = engine.store.listings(&ids).await?;
        let places: HashMap<ListingId, Option<DivisionCode>> =
            known.into_iter().map(|listing| (listing.id.clone(), listing.place())).collect();
        Ok(ids.iter().map(|id| places.get(id).copied().flatten()).collect())
    }

    async fn save(
        engine: &Engine,
        lock: &WriteLock,
        rows: Vec<(u64, Self)>,
        report: &mut ImportReport,
    ) -> Result<(), EngineError> {
        tokio::task::block_in_place(|| hint(engine, &rows, report))?;
        let listings: Vec<Listing> = rows.into_iter().map(|(_, listing)| listing).collect();
        report.count(engine.store.save_listings(lock, &listings).await?);
        Ok(())
    }
}

/// Counts what the words of listings say of their fields, and names where they speak against the IPC symbols.
fn hint(engine: &Engine, rows: &[(u64, Listing)], report: &mut ImportReport) -> Result<(), EngineError> {
    let classifiers = engine.classifiers()?;
    report.predicted_fields += rows.par_iter().filter(|(_, l)| classifiers.fill(&l.patent).is_some()).count() as u64;
    let doubtful: Vec<Problem> = rows
        .par_iter()
        .filter_map(|(row, listing)| {
            let (field, probability) = classifiers.disagreement(&listing.patent)?;
            Some(field_disagrees(&report.file, *row, listing, field, probability))
        })
        .collect();
    report.doubtful_fields += doubtful.len() as u64;
    keep(&mut report.hints, &doubtful);
    Ok(())
}

/// A listing's words speak for another field than its IPC symbols: worth a look, and no fault.
fn field_disagrees(file: &str, row: u64, listing: &Listing, field: TechnologyField, probability: f32) -> Problem {
    let title = &listing.patent.title;
    let own = listing.patent.classified_field().map_or("", TechnologyField::name);
    let percent = (probability * 100.0).round();
    Problem {
        row: Some(row),
        column: None,
        code: "field_disagrees".to_owned(),
        message: format!(
            "{file} 第{row}行：“{title}”按 IPC 属于“{own}”，名称却更像“{field}”（{percent}%），请核对分类号"
        ),
        message_en: format!(
            "{file} row {row}: '{title}' is classed as {own}, its words speak for {field} ({percent} %); check the IPC"
        ),
    }
}

/// A file only fills the gaps of a firm that is known: nothing of another's is changed by it.
impl Importable for Enterprise {
    fn place(&self) -> Option<DivisionCode> {
        place_of(self)
    }

    async fn save(
        engine: &Engine,
        lock: &WriteLock,
        rows: Vec<(u64, Self)>,
        report: &mut ImportReport,
    ) -> Result<(), EngineError> {
        let (numbers, enterprises): (Vec<u64>, Vec<Enterprise>) = rows.into_iter().unzip();
        let outcome = engine.store.save_enterprises(lock, &enterprises).await?;
        report.count(outcome.saved);
        for place in outcome.ambiguous {
            report.refuse(&[ambiguous(&report.file, numbers[place], &enterprises[place].name)]);
        }
        Ok(())
    }
}

impl Importable for IndustryFees {
    async fn save(
        engine: &Engine,
        lock: &WriteLock,
        rows: Vec<(u64, Self)>,
        report: &mut ImportReport,
    ) -> Result<(), EngineError> {
        let fees: Vec<IndustryFees> = rows.into_iter().map(|(_, fees)| fees).collect();
        report.count(engine.store.save_industry_fees(lock, &fees).await?);
        Ok(())
    }
}

/// Several stored firms have the row's name and the row has no code to tell them apart.
fn ambiguous(file: &str, row: u64, name: &str) -> Problem {
    Problem {
        row: Some(row),
        column: None,
        code: "ambiguous_enterprise".to_owned(),
        message: format!("{file} 第{row}行：有多家企业名为“{name}”，请补充统一社会信用代码"),
        message_en: format!("{file} row {row}: several enterprises are called '{name}'; add the credit code"),
    }
}
