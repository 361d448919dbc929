//! Bars: how much there is of each of a few things.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::plot::LABELS;
use super::sheet::{Area, BLUE, Drawn, INK, Sheet, face, write};
use super::{DocumentError, text};
use crate::domain::Language;

/// A bar for each of some things.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bars {
    /// Heading.
    pub caption: String,
    /// What they are called and how much there is of each, from the top.
    pub bars: Vec<(String, u64)>,
}

const WIDTH: i32 = 720;
/// Height of a bar with the room below it, and of the bar alone.
const ROW: i32 = 26;
const BAR: i32 = 18;
/// Room for a name before its bar, and for a number behind the longest.
const NAMES: i32 = 200;
const NUMBERS: i32 = 80;

impl Bars {
    /// The longest.
    pub(super) fn most(&self) -> u64 {
        self.bars.iter().map(|(_, value)| *value).max().unwrap_or(0).max(1)
    }
}

/// Draws them one below the other, each with its number.
///
/// # Errors
/// [`DocumentError::Empty`] without any.
pub fn bar_chart(bars: &Bars, language: Language) -> Result<String, DocumentError> {
    if bars.bars.is_empty() {
        return Err(DocumentError::Empty { caption: bars.caption.clone() });
    }
    let told: Vec<String> = bars.bars.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let sheet = Sheet {
        caption: &bars.caption,
        notes: Vec::new(),
        description: told.join("; "),
        picture: (WIDTH, ROW * bars.bars.len() as i32),
    };
    sheet.drawn_in(language, |area| draw(bars, area))
}

fn draw(bars: &Bars, area: &Area<'_>) -> Drawn {
    let room = f64::from(WIDTH - NAMES - NUMBERS);
    for (place, (name, value)) in (0..).zip(&bars.bars) {
        let (top, length) = (place * ROW, (*value as f64 / bars.most() as f64 * room).round() as i32);
        let middle = top + BAR / 2;
        let held = face(LABELS, INK, HPos::Right, VPos::Center);
        write(area, &text::fitted(name, LABELS, NAMES - 12), (NAMES - 8, middle), &held)?;
        area.draw(&Rectangle::new([(NAMES, top), (NAMES + length, top + BAR)], BLUE.filled()))?;
        let held = face(LABELS, INK, HPos::Left, VPos::Center);
        write(area, &value.to_string(), (NAMES + length + 6, middle), &held)?;
    }
    Ok(())
}
