//! Coverage: how much of what there is comes up at all.

/// `part / whole`; 0 where there is nothing to cover.
///
/// Catalogue coverage is the share of listings that some list shows, enterprise coverage the share of judged queries that
/// get any list at all: a firm that is recommended nothing is not served, however good the others' lists are.
///
/// Source: Ge, Delgado-Battenfeld, Jannach, *Beyond accuracy* (2010), catalogue and prediction coverage.
pub(super) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
