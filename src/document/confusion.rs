//! Confusion matrices: which class was said for which.

use std::collections::{BTreeMap, BTreeSet};

use super::{DocumentError, heat_map};

/// A class of a matrix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Class {
    /// What the classifier calls it: short, such as `12` or `A01B`; unique in the matrix.
    pub code: String,
    /// What people call it; shown beside the rows where given.
    pub name: Option<String>,
}

/// How often one class was said for another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfusionCell {
    /// Code of the true class.
    pub truth: String,
    /// Code of the class that was said.
    pub said: String,
    /// Rows of which both hold. Cells given twice add up.
    pub rows: usize,
}

/// What was said for each true class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfusionMatrix {
    /// Heading, in Chinese. Rows that nothing was said of are in no cell: count them here.
    pub caption: String,
    /// The classes in the order they are shown in.
    pub classes: Vec<Class>,
    /// The cells that are not 0, in any order.
    pub cells: Vec<ConfusionCell>,
}

/// Draws a matrix as a heat map: a row for each true class, a column for each that was said, shaded by share of the row.
///
/// Up to 40 classes have their percentages in the cells. Of more than 60, the 60 with most rows are shown, in the order
/// given, with one more column for what was said outside them; the notes say so. About 100 kB of text for 35 classes.
///
/// # Errors
/// [`DocumentError::Empty`] without any row, [`DocumentError::UnknownClass`] and [`DocumentError::RepeatedClass`] where
/// cells and classes do not agree.
pub fn confusion_matrix(matrix: &ConfusionMatrix) -> Result<String, DocumentError> {
    heat_map::draw(&matrix.caption, &Tally::of(matrix)?)
}

/// The most classes that are shown.
const MOST_CLASSES: usize = 60;

/// How many pairs the text alternative names.
const NAMED_CONFUSIONS: usize = 10;

/// A class that is shown, and its row.
pub(super) struct Line<'a> {
    pub class: &'a Class,
    /// Rows of the class.
    pub rows: u64,
    /// For each class that is shown, how often it was said.
    pub said: Vec<u64>,
    /// How often a class was said that is not shown.
    pub elsewhere: u64,
}

/// A matrix counted.
pub(super) struct Tally<'a> {
    /// The classes shown, in order; their place is also their column.
    pub lines: Vec<Line<'a>>,
    /// Classes there are.
    pub classes: usize,
    /// Rows of all classes.
    pub rows: u64,
    /// Of those, rows of which the true class was said.
    pub right: u64,
    /// The pairs most often confused: true class, said class, rows.
    pub confused: Vec<(&'a Class, &'a Class, u64)>,
}

impl<'a> Tally<'a> {
    fn of(matrix: &'a ConfusionMatrix) -> Result<Self, DocumentError> {
        let counts = counts(matrix)?;
        let mut rows = vec![0_u64; matrix.classes.len()];
        for ((truth, _), count) in &counts {
            rows[*truth] = rows[*truth].saturating_add(*count);
        }
        let total = rows.iter().fold(0, |sum: u64, rows| sum.saturating_add(*rows));
        if total == 0 {
            return Err(DocumentError::Empty { caption: matrix.caption.clone() });
        }
        let right = counts.iter().filter(|((truth, said), _)| truth == said);
        Ok(Self {
            lines: lines(matrix, &counts, &rows),
            classes: matrix.classes.len(),
            rows: total,
            right: right.fold(0, |sum, (_, count)| sum.saturating_add(*count)),
            confused: confused(matrix, &counts),
        })
    }

    /// Whether any class is left out.
    pub fn is_cut(&self) -> bool {
        self.lines.len() < self.classes
    }
}

/// Rows by places of true and said class. Sums too large to hold stay at the largest number there is.
fn counts(matrix: &ConfusionMatrix) -> Result<BTreeMap<(usize, usize), u64>, DocumentError> {
    let mut places = BTreeMap::new();
    for (place, class) in matrix.classes.iter().enumerate() {
        if places.insert(class.code.as_str(), place).is_some() {
            return Err(DocumentError::RepeatedClass { code: class.code.clone() });
        }
    }
    let place =
        |code: &str| places.get(code).copied().ok_or_else(|| DocumentError::UnknownClass { code: code.to_owned() });
    let mut counts = BTreeMap::new();
    for cell in &matrix.cells {
        let count: &mut u64 = counts.entry((place(&cell.truth)?, place(&cell.said)?)).or_default();
        *count = count.saturating_add(cell.rows as u64);
    }
    Ok(counts)
}

fn lines<'a>(matrix: &'a ConfusionMatrix, counts: &BTreeMap<(usize, usize), u64>, rows: &[u64]) -> Vec<Line<'a>> {
    let mut largest: Vec<usize> = (0..rows.len()).collect();
    largest.sort_by_key(|place| std::cmp::Reverse(rows[*place]));
    let shown: BTreeSet<usize> = largest.into_iter().take(MOST_CLASSES).collect();
    let columns: BTreeMap<usize, usize> = shown.iter().enumerate().map(|(column, place)| (*place, column)).collect();

    let line = |place: &usize| {
        let mut line =
            Line { class: &matrix.classes[*place], rows: rows[*place], said: vec![0; columns.len()], elsewhere: 0 };
        for ((_, said), count) in counts.range((*place, 0)..=(*place, usize::MAX)) {
            let cell = columns.get(said).map_or(&mut line.elsewhere, |column| &mut line.said[*column]);
            *cell = cell.saturating_add(*count);
        }
        line
    };
    shown.iter().map(line).collect()
}

fn confused<'a>(
    matrix: &'a ConfusionMatrix,
    counts: &BTreeMap<(usize, usize), u64>,
) -> Vec<(&'a Class, &'a Class, u64)> {
    let mut wrong: Vec<_> = counts.iter().filter(|((truth, said), count)| truth != said && **count > 0).collect();
    wrong.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let named = wrong.into_iter().take(NAMED_CONFUSIONS);
    named.map(|((truth, said), count)| (&matrix.classes[*truth], &matrix.classes[*said], *count)).collect()
}
