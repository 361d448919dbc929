//! Histograms: how values are spread.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::DocumentError;
use super::plot::LABELS;
use super::sheet::{Area, BLUE, Drawn, FAINT_INK, INK, RULE, Sheet, face};
use crate::domain::Language;

/// Values to be counted into bins of equal width.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Histogram {
    /// Heading.
    pub caption: String,
    /// What is counted: the name of the axis across.
    pub across: String,
    /// The axis' least and greatest value; every value lies between.
    pub range: (f64, f64),
    /// How many bins divide the range; at least 1.
    pub bins: usize,
    /// The values.
    pub values: Vec<f64>,
}

const WIDTH: i32 = 720;
const HEIGHT: i32 = 300;

/// The most bins whose counts are written.
const MOST_COUNTED: usize = 24;

/// Part of the bin left free at each side of a bar.
const BREATH: f64 = 0.06;

/// Draws a bar for each bin; a value on the border of two counts for the upper one, the greatest for the last.
///
/// # Errors
/// [`DocumentError::Empty`] without values or bins, [`DocumentError::Outside`] for a value outside the range or no number.
pub fn histogram(histogram: &Histogram, language: Language) -> Result<String, DocumentError> {
    let Histogram { caption, values, bins, .. } = histogram;
    if values.is_empty() || *bins == 0 {
        return Err(DocumentError::Empty { caption: caption.clone() });
    }
    let counts = histogram.counts()?;
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let note = match language {
        Language::Chinese => format!("共 {} 个，平均 {mean:.4}，{bins} 个等宽区间。", values.len()),
        Language::English => format!("{} values, mean {mean:.4}, {bins} bins of equal width.", values.len()),
    };
    let sheet = Sheet {
        caption,
        description: histogram.description(&note, &counts, language),
        notes: vec![note],
        picture: (WIDTH, HEIGHT),
    };
    sheet.drawn_in(language, |area| histogram.draw(area, &counts))
}

impl Histogram {
    fn counts(&self) -> Result<Vec<usize>, DocumentError> {
        let (from, to) = self.range;
        let mut counts = vec![0; self.bins];
        for value in &self.values {
            if !(from..=to).contains(value) {
                return Err(DocumentError::Outside { caption: self.caption.clone(), value: *value });
            }
            let bin = (value - from) / (to - from) * self.bins as f64;
            counts[(bin as usize).min(self.bins - 1)] += 1;
        }
        Ok(counts)
    }

    /// Where a bin begins.
    fn edge(&self, bin: usize) -> f64 {
        let (from, to) = self.range;
        from + (to - from) * bin as f64 / self.bins as f64
    }

    fn description(&self, note: &str, counts: &[usize], language: Language) -> String {
        let bins = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let bins = bins.map(|(bin, count)| format!("{:.2}–{:.2}: {count}", self.edge(bin), self.edge(bin + 1)));
        let bins = bins.collect::<Vec<_>>().join("; ");
        match language {
            Language::Chinese => format!("直方图，{}。{note}各区间个数：{bins}", self.across),
            Language::English => format!("Histogram of {}. {note} Values in each bin: {bins}", self.across),
        }
    }

    fn draw(&self, area: &Area<'_>, counts: &[usize]) -> Drawn {
        let most = counts.iter().copied().max().unwrap_or(1) as f64;
        // Room for the number over the tallest bar.
        let mut plot = ChartBuilder::on(area)
            .margin_top(8)
            .margin_right(24)
            .x_label_area_size(44)
            .y_label_area_size(48)
            .build_cartesian_2d(self.range.0..self.range.1, 0.0..most * 1.15)?;
        plot.configure_mesh()
            .disable_x_mesh()
            .max_light_lines(0)
            .bold_line_style(RULE)
            .axis_style(FAINT_INK)
            .x_label_formatter(&|value| format!("{value:.1}"))
            .y_label_formatter(&|value| format!("{value:.0}"))
            .label_style(face(LABELS, INK, HPos::Left, VPos::Top))
            .axis_desc_style(face(LABELS + 1.0, INK, HPos::Left, VPos::Top))
            .x_desc(super::text::clean(&self.across))
            .draw()?;
        let filled = || counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let bars = filled().map(|(bin, count)| {
            let (from, to) = (self.edge(bin), self.edge(bin + 1));
            let breath = (to - from) * BREATH;
            Rectangle::new([(from + breath, 0.0), (to - breath, *count as f64)], BLUE.filled())
        });
        plot.draw_series(bars)?;
        if self.bins <= MOST_COUNTED {
            let held = face(LABELS - 1.0, INK, HPos::Center, VPos::Bottom);
            let middle = |bin| f64::midpoint(self.edge(bin), self.edge(bin + 1));
            let numbers =
                filled().map(|(bin, count)| Text::new(count.to_string(), (middle(bin), *count as f64), held.clone()));
            plot.draw_series(numbers)?;
        }
        Ok(())
    }
}
