//! The row of column names: the one among the first ten that holds most names we know, as titles stand above it.

use super::super::columns::Schema;

/// How many rows may stand above and including the header.
pub(super) const SEARCHED: usize = 10;

/// The place of the header among the first rows and how many of its names are known; `None` when none is.
pub(super) fn find(rows: &[Vec<String>], schema: &Schema) -> Option<(usize, usize)> {
    let counted = rows.iter().take(SEARCHED).map(|names| schema.count_known(names.iter().map(String::as_str)));
    counted.enumerate().filter(|(_, known)| *known > 0).max_by_key(|&(at, known)| (known, std::cmp::Reverse(at)))
}
