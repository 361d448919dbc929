//! Which stored enterprise a record belongs to. No SQL here.
//!
//! A firm is its credit code; without one, its normalised full name. A later record fills gaps and never erases, and a
//! firm keeps the id it first came with.

use std::collections::{HashMap, HashSet};

use crate::domain::{CreditCode, Enterprise, EnterpriseId, normalised_name};

/// Where a record goes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Into this enterprise.
    Known(EnterpriseId),
    /// Nowhere: several firms have its name and it has no code to choose by.
    Ambiguous,
    /// It is the first of its firm.
    New,
}

/// The enterprises a batch touches: as stored, and as they are to be.
#[derive(Default)]
pub(super) struct Register {
    enterprises: HashMap<EnterpriseId, Enterprise>,
    stored: HashMap<EnterpriseId, Enterprise>,
    by_code: HashMap<CreditCode, EnterpriseId>,
    by_name: HashMap<String, Vec<EnterpriseId>>,
    /// In the order the batch first names them, each once.
    touched: Vec<EnterpriseId>,
    was_touched: HashSet<EnterpriseId>,
}

impl Register {
    /// Takes in an enterprise as stored; once is enough.
    pub(super) fn load(&mut self, enterprise: Enterprise) {
        if self.holds(&enterprise.id) {
            return;
        }
        self.stored.insert(enterprise.id.clone(), enterprise.clone());
        self.enter(enterprise);
    }

    /// Whether an id is given, as far as loaded.
    pub(super) fn holds(&self, id: &EnterpriseId) -> bool {
        self.enterprises.contains_key(id)
    }

    /// Where this record goes, given every enterprise that shares its code or its name.
    pub(super) fn place(&self, record: &Enterprise) -> Place {
        let namesakes = self.by_name.get(&normalised_name(&record.name)).map_or(&[][..], Vec::as_slice);
        if let Some(code) = &record.credit_code {
            let without_code = || namesakes.iter().find(|id| self.enterprises[*id].credit_code.is_none());
            let known = self.by_code.get(code).or_else(without_code);
            return known.map_or(Place::New, |id| Place::Known(id.clone()));
        }
        match namesakes {
            [] => Place::New,
            [only] => Place::Known(only.clone()),
            _ => Place::Ambiguous,
        }
    }

    /// Fills an enterprise's gaps from a record.
    pub(super) fn fill(&mut self, id: &EnterpriseId, record: Enterprise) {
        if let Some(enterprise) = self.enterprises.get_mut(id) {
            enterprise.fill_from(record);
            if let Some(code) = enterprise.credit_code.clone() {
                self.by_code.insert(code, id.clone());
            }
            self.touch(id);
        }
    }

    /// Adds a new enterprise under an id that is free.
    pub(super) fn add(&mut self, enterprise: Enterprise) {
        self.touch(&enterprise.id);
        self.enter(enterprise);
    }

    /// Every enterprise the batch touched, as stored and as it is to be.
    pub(super) fn outcome(&self) -> impl Iterator<Item = (Option<&Enterprise>, &Enterprise)> {
        self.touched.iter().map(|id| (self.stored.get(id), &self.enterprises[id]))
    }

    fn enter(&mut self, enterprise: Enterprise) {
        let id = enterprise.id.clone();
        if let Some(code) = enterprise.credit_code.clone() {
            self.by_code.insert(code, id.clone());
        }
        self.by_name.entry(normalised_name(&enterprise.name)).or_default().push(id.clone());
        self.enterprises.insert(id, enterprise);
    }

    fn touch(&mut self, id: &EnterpriseId) {
        if self.was_touched.insert(id.clone()) {
            self.touched.push(id.clone());
        }
    }
}
