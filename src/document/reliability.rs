//! Reliability diagrams: whether a classifier is right as often as it says.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::plot::{LABELS, Plot, shares, strip};
use super::sheet::{Area, BLUE, Drawn, FAINT_INK, INK, ORANGE, Sheet, face};
use super::{DocumentError, Figure, text};

/// Rows of like confidence.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ReliabilityBin {
    /// Rows in the bin. Where there are none, the other figures are not read.
    pub rows: usize,
    /// Mean confidence of the rows, 0 to 1.
    pub confidence: f64,
    /// Share of the rows that are right, 0 to 1.
    pub accuracy: f64,
}

/// Confidence beside accuracy.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reliability {
    /// Heading, in Chinese.
    pub caption: String,
    /// Bins of equal width that divide confidence from 0 to 1, in order, the empty ones too.
    pub bins: Vec<ReliabilityBin>,
}

const SIDE: i32 = 480;
const STRIP: i32 = 84;

/// The most bins whose row counts are written.
const MOST_COUNTED: usize = 20;

/// Part of the bin left free at each side of a bar.
const BREATH: f64 = 0.06;

/// Draws accuracy as bars over the bins of confidence, the gap to the mean confidence shaded, with the diagonal of a
/// perfect calibration; rows per bin below. The notes give the expected calibration error.
///
/// # Errors
/// [`DocumentError::Empty`] if all bins are empty, [`DocumentError::NotAShare`] if a figure of a bin with rows does not
/// lie from 0 to 1 or is not a number.
pub fn reliability_diagram(reliability: &Reliability) -> Result<String, DocumentError> {
    let bars = bars(&reliability.bins)?;
    if bars.is_empty() {
        return Err(DocumentError::Empty { caption: reliability.caption.clone() });
    }
    let rows: f64 = bars.iter().map(|bar| bar.rows as f64).sum();
    let error = bars.iter().map(|bar| (bar.confidence - bar.accuracy).abs() * (bar.rows as f64 / rows)).sum::<f64>();
    let notes = vec![
        format!("期望校准误差（ECE）{error:.4}，共 {rows:.0} 行，{} 个等宽区间。", reliability.bins.len()),
        "蓝色（含浅蓝）之高为准确率，黑线为平均置信度；橙色示过于自信，浅蓝示不够自信；斜线为完全校准。".to_owned(),
    ];
    let sheet = Sheet {
        caption: &reliability.caption,
        description: description(&notes, &bars),
        notes,
        picture: (SIDE + 100, SIDE + 58 + STRIP),
    };
    sheet.drawn(|area| {
        let (upper, lower) = area.split_vertically(SIDE + 58);
        draw_bars(&upper, &bars)?;
        draw_rows(&lower, &bars, reliability.bins.len())
    })
}

/// A bin with rows, checked.
struct Bar {
    from: f64,
    to: f64,
    rows: usize,
    confidence: f64,
    accuracy: f64,
}

fn bars(bins: &[ReliabilityBin]) -> Result<Vec<Bar>, DocumentError> {
    let bar = |(place, bin): (usize, &ReliabilityBin)| {
        Ok(Bar {
            from: place as f64 / bins.len() as f64,
            to: (place + 1) as f64 / bins.len() as f64,
            rows: bin.rows,
            confidence: Figure::Confidence.share(place + 1, bin.confidence)?,
            accuracy: Figure::Accuracy.share(place + 1, bin.accuracy)?,
        })
    };
    bins.iter().enumerate().filter(|(_, bin)| bin.rows > 0).map(bar).collect()
}

impl Bar {
    /// Left and right edge of the bar drawn.
    fn edges(&self) -> (f64, f64) {
        let breath = (self.to - self.from) * BREATH;
        (self.from + breath, self.to - breath)
    }
}

fn description(notes: &[String], bars: &[Bar]) -> String {
    let bins: Vec<String> = bars
        .iter()
        .map(|bar| {
            format!(
                "置信度 {}–{}：{} 行，平均置信度 {}，准确率 {}",
                text::percent(bar.from),
                text::percent(bar.to),
                bar.rows,
                text::percent(bar.confidence),
                text::percent(bar.accuracy)
            )
        })
        .collect();
    format!("可靠性图。{}各区间：{}。", notes.concat(), bins.join("；"))
}

fn draw_bars(area: &Area<'_>, bars: &[Bar]) -> Drawn {
    let mut plot = shares(area, "置信度", "准确率", 0.0)?;
    let solid = bars.iter().map(|bar| {
        let (from, to) = bar.edges();
        Rectangle::new([(from, 0.0), (to, bar.accuracy.min(bar.confidence))], BLUE.filled())
    });
    plot.draw_series(solid)?;
    let gaps = bars.iter().map(|bar| {
        let (from, to) = bar.edges();
        let colour = if bar.confidence > bar.accuracy { ORANGE.mix(0.55) } else { BLUE.mix(0.35) };
        Rectangle::new([(from, bar.accuracy), (to, bar.confidence)], colour.filled())
    });
    plot.draw_series(gaps)?;
    let said = bars.iter().map(|bar| {
        let (from, to) = bar.edges();
        PathElement::new([(from, bar.confidence), (to, bar.confidence)], INK.stroke_width(2))
    });
    plot.draw_series(said)?;
    plot.draw_series([PathElement::new([(0.0, 0.0), (1.0, 1.0)], FAINT_INK.stroke_width(1))])?;
    Ok(())
}

fn draw_rows(area: &Area<'_>, bars: &[Bar], bins: usize) -> Drawn {
    let most = bars.iter().map(|bar| bar.rows as f64).fold(1.0, f64::max);
    // Room for the number over the tallest bar.
    let mut plot: Plot<'_> = strip(area, "行数", most * 1.3)?;
    let columns = bars.iter().map(|bar| {
        let (from, to) = bar.edges();
        Rectangle::new([(from, 0.0), (to, bar.rows as f64)], FAINT_INK.filled())
    });
    plot.draw_series(columns)?;
    if bins <= MOST_COUNTED {
        let held = face(LABELS - 1.0, INK, HPos::Center, VPos::Bottom);
        let numbers = bars.iter().map(|bar| {
            let middle = f64::midpoint(bar.from, bar.to);
            Text::new(short(bar.rows), (middle, bar.rows as f64), held.clone())
        });
        plot.draw_series(numbers)?;
    }
    Ok(())
}

/// A count short enough for a bar: from a hundred thousand in whole units of ten thousand, rounded down.
fn short(rows: usize) -> String {
    match rows {
        0..100_000 => rows.to_string(),
        100_000..100_000_000 => format!("{}万", rows / 10_000),
        _ => format!("{}亿", rows / 100_000_000),
    }
}
