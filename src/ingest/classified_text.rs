//! A row as a text with what is known of its class.

use super::cells::Cells;
use super::columns::Field;
use super::{listing, text};
use crate::domain::ClassifiedText;

/// A text; `None` when the row was rejected because it has neither title nor abstract.
///
/// The main symbol is that of its own column, or the first of all symbols. A list of subclasses alone is often sorted and
/// has no main one.
pub(super) fn text(cells: &mut Cells<'_>) -> Option<ClassifiedText> {
    let name = [Field::Id, Field::Key, Field::PublicationNumber, Field::ApplicationNumber];
    let id =
        name.into_iter().find_map(|field| cells.text(field)).map_or_else(|| cells.number().to_string(), |f| f.text);
    let title = cells.text(Field::Title).map(|found| found.text).unwrap_or_default();
    let body = listing::prose(cells, Field::Abstract);
    if title.is_empty() && body.is_empty() {
        cells.reject_missing(Field::Title);
        return None;
    }
    let ipc = listing::ipc(cells);
    let has_main = cells.text(Field::IpcMain).is_some() || cells.text(Field::Ipc).is_some();
    Some(ClassifiedText {
        id,
        title,
        body,
        holders: cells.words(Field::Holders, text::names),
        main_ipc: ipc.first().filter(|_| has_main).cloned(),
        ipc,
        label: cells.text(Field::Label).map(|found| found.text),
    })
}
