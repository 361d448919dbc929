//! Which row of a batch belongs to which stored listing, and what each listing becomes. No SQL here.
//!
//! Rows of one patent are one listing. A row that knows only the publication number belongs to the listing of the
//! application that claims the number, be it stored or in the same batch; a publication number claimed by two
//! applications joins nothing. Names given by a judged set join nothing either.

use std::collections::HashMap;

use super::Saved;
use crate::domain::{Listing, ListingId};

/// What a batch does to the stored listings.
pub(super) struct Merged {
    /// Listings that are new or different, in the order the batch first names them.
    pub(super) written: Vec<Listing>,
    /// Listings now kept under their application's id.
    pub(super) removed: Vec<ListingId>,
    pub(super) saved: Saved,
}

/// Puts `incoming` in order over `stored`, which holds every listing that shares an id or a publication number with it.
pub(super) fn merge(stored: Vec<Listing>, incoming: &[Listing]) -> Merged {
    let claims = claims(stored.iter().chain(incoming));
    let mut known: HashMap<ListingId, Listing> = stored.into_iter().map(|row| (row.id.clone(), row)).collect();
    let mut targets: Vec<Target> = Vec::new();
    let mut at: HashMap<ListingId, usize> = HashMap::new();
    let mut removed = Vec::new();
    for row in incoming {
        let id = target(row, &claims);
        let index = *at.entry(id.clone()).or_insert_with(|| {
            targets.push(Target { before: known.get(id).cloned(), joined: false, now: known.get(id).cloned() });
            targets.len() - 1
        });
        let target = &mut targets[index];
        if let Some(namesake) = superseded(row, id, &claims).and_then(|old| known.remove(&old)) {
            removed.push(namesake.id.clone());
            target.joined = true;
            // It was stored before this batch, so whatever the batch has brought by now lies over it.
            target.now = Some(match target.now.take() {
                Some(now) => laid_over(Some(namesake), now, id),
                None => laid_over(None, namesake, id),
            });
        }
        target.now = Some(laid_over(target.now.take(), row.clone(), id));
    }
    let (written, saved) = settle(targets, incoming.len());
    Merged { written, removed, saved }
}

/// One listing on its way through the batch.
struct Target {
    before: Option<Listing>,
    /// A row stored under the publication number was taken in.
    joined: bool,
    now: Option<Listing>,
}

type Claims = HashMap<String, Option<ListingId>>;

/// Which application's listing each publication number belongs to; `None` when two claim it.
fn claims<'a>(rows: impl Iterator<Item = &'a Listing>) -> Claims {
    let mut claims = Claims::new();
    for row in rows.filter(|row| is_application(row)) {
        let Some(number) = &row.patent.publication_number else { continue };
        let claim = claims.entry(number.document().to_owned()).or_insert_with(|| Some(row.id.clone()));
        if claim.as_ref().is_some_and(|owner| *owner != row.id) {
            *claim = None;
        }
    }
    claims
}

/// The id a row is kept under.
fn target<'a>(row: &'a Listing, claims: &'a Claims) -> &'a ListingId {
    let Some(number) = row.patent.publication_number.as_ref().filter(|_| is_publication(row)) else { return &row.id };
    claims.get(number.document()).and_then(Option::as_ref).unwrap_or(&row.id)
}

/// The id under which a listing kept as `id` may still be stored from before its application was known.
fn superseded(row: &Listing, id: &ListingId, claims: &Claims) -> Option<ListingId> {
    let number = row.patent.publication_number.as_ref()?;
    let owner = claims.get(number.document())?.as_ref()?;
    let old: ListingId = number.document().parse().ok()?;
    (owner == id && old != *id).then_some(old)
}

fn is_application(row: &Listing) -> bool {
    row.patent.application_number.as_ref().is_some_and(|number| number.as_str() == row.id.as_str())
}

fn is_publication(row: &Listing) -> bool {
    row.patent.publication_number.as_ref().is_some_and(|number| number.document() == row.id.as_str())
}

fn laid_over(earlier: Option<Listing>, later: Listing, id: &ListingId) -> Listing {
    let mut merged = match earlier {
        Some(earlier) => later.merged_over(earlier),
        None => later,
    };
    merged.id = id.clone();
    merged
}

fn settle(targets: Vec<Target>, rows: usize) -> (Vec<Listing>, Saved) {
    let mut saved = Saved { unchanged: rows, ..Saved::default() };
    let mut written = Vec::new();
    for target in targets {
        if !target.joined && target.before == target.now {
            continue;
        }
        let counter = if target.joined || target.before.is_some() { &mut saved.changed } else { &mut saved.added };
        *counter += 1;
        saved.unchanged -= 1;
        written.extend(target.now);
    }
    (written, saved)
}
