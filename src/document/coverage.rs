//! Coverage curves: how much a classifier answers, and how often it is right, as it is asked to be surer.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::plot::{LABELS, Plot, shares};
use super::sheet::{BLUE, Drawn, FAINT_INK, INK, ORANGE, Sheet, face};
use super::{DocumentError, Figure, text};

/// What a threshold gives.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct CoveragePoint {
    /// Least confidence asked for, 0 to 1.
    pub threshold: f64,
    /// Share of the rows that reach it, 0 to 1.
    pub coverage: f64,
    /// Share of those that are right, 0 to 1. Not read where nothing is covered.
    pub accuracy: f64,
}

/// Accuracy against coverage.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Coverage {
    /// Heading, in Chinese.
    pub caption: String,
    /// A point for each threshold tried, in any order.
    pub points: Vec<CoveragePoint>,
    /// The threshold in use, which need not be one of those tried.
    pub chosen: Option<CoveragePoint>,
}

const WIDTH: i32 = 640;
const HEIGHT: i32 = 420;

/// Pixels between the dots whose thresholds are written, at least.
const APART: f64 = 44.0;

/// The most points that all get a dot, and that the text alternative lists; of more, every second or third.
const MOST_DOTS: usize = 40;

/// Draws accuracy over coverage, thresholds written along the curve, the chosen one marked. The axis of accuracy begins
/// at the round tenth below the lowest point, not at 0.
///
/// # Errors
/// [`DocumentError::Empty`] if no point covers any row, [`DocumentError::NotAShare`] if a figure does not lie from 0 to 1
/// or is not a number; the chosen point counts as the one behind the last.
pub fn coverage_curve(curve: &Coverage) -> Result<String, DocumentError> {
    let mut points = Vec::new();
    for (place, point) in curve.points.iter().enumerate() {
        points.extend(checked(place + 1, point)?);
    }
    if points.is_empty() {
        return Err(DocumentError::Empty { caption: curve.caption.clone() });
    }
    points.sort_by(|a, b| a.threshold.total_cmp(&b.threshold));
    let chosen = curve.chosen.as_ref().map(|point| checked(curve.points.len() + 1, point)).transpose()?.flatten();

    let mut notes = vec!["曲线上的数字为阈值：只采用置信度不低于阈值的判定，阈值越高，覆盖越少。".to_owned()];
    notes.extend(chosen.map(|point| format!("选定{}。", said(&point))));
    let description = description(&notes, &points);
    let sheet = Sheet { caption: &curve.caption, notes, description, picture: (WIDTH, HEIGHT) };
    sheet.drawn(|area| {
        let lowest = points.iter().chain(&chosen).map(|point| point.accuracy).fold(1.0, f64::min);
        // Half a tenth is kept below the curve for the mark of the chosen threshold.
        let floor = (((lowest - 0.05) * 10.0).floor() / 10.0).clamp(0.0, 0.9);
        let mut plot = shares(area, "覆盖率", "准确率", floor)?;
        draw_curve(&mut plot, &points, chosen.as_ref())?;
        chosen.map_or(Ok(()), |point| draw_chosen(&mut plot, &point, floor))
    })
}

/// The point with its figures checked; none if it covers nothing, as there is no accuracy then.
fn checked(number: usize, point: &CoveragePoint) -> Result<Option<CoveragePoint>, DocumentError> {
    let threshold = Figure::Threshold.share(number, point.threshold)?;
    let coverage = Figure::Coverage.share(number, point.coverage)?;
    if coverage == 0.0 {
        return Ok(None);
    }
    let accuracy = Figure::Accuracy.share(number, point.accuracy)?;
    Ok(Some(CoveragePoint { threshold, coverage, accuracy }))
}

fn said(point: &CoveragePoint) -> String {
    let (coverage, accuracy) = (text::percent(point.coverage), text::percent(point.accuracy));
    format!("阈值 {}：覆盖率 {coverage}，准确率 {accuracy}", short(point.threshold))
}

/// A threshold in two places, or three where it needs them.
fn short(threshold: f64) -> String {
    let long = format!("{threshold:.3}");
    long.strip_suffix('0').map(str::to_owned).unwrap_or(long)
}

fn description(notes: &[String], points: &[CoveragePoint]) -> String {
    let step = points.len().div_ceil(MOST_DOTS);
    let points: Vec<String> = points.iter().step_by(step).map(said).collect();
    format!("覆盖率与准确率曲线。{}各点：{}。", notes.concat(), points.join("；"))
}

fn draw_curve(plot: &mut Plot<'_>, points: &[CoveragePoint], chosen: Option<&CoveragePoint>) -> Drawn {
    let at = |point: &CoveragePoint| (point.coverage, point.accuracy);
    let line: Vec<_> = points.iter().map(at).collect();
    plot.draw_series([PathElement::new(line, BLUE.stroke_width(2))])?;
    if points.len() <= MOST_DOTS {
        plot.draw_series(points.iter().map(|point| Circle::new(at(point), 3, BLUE.filled())))?;
    }
    let held = face(LABELS - 1.0, FAINT_INK, HPos::Left, VPos::Bottom);
    let mut taken: Vec<(i32, i32)> = chosen.map(|point| plot.backend_coord(&at(point))).into_iter().collect();
    for point in points {
        let here = plot.backend_coord(&at(point));
        let is_apart = |(x, y): &(i32, i32)| f64::from(x - here.0).hypot(f64::from(y - here.1)) >= APART;
        if taken.iter().all(is_apart) {
            taken.push(here);
            let number = Text::new(short(point.threshold), (4, -5), held.clone());
            plot.draw_series([EmptyElement::at(at(point)) + number])?;
            plot.draw_series([Circle::new(at(point), 3, BLUE.filled())])?;
        }
    }
    Ok(())
}

/// Guide lines to both axes, a ring, and what the threshold gives, written at the foot of the plane where the curve is not.
fn draw_chosen(plot: &mut Plot<'_>, point: &CoveragePoint, floor: f64) -> Drawn {
    let here = (point.coverage, point.accuracy);
    let guide = ORANGE.stroke_width(2);
    plot.draw_series([
        PathElement::new([(point.coverage, floor), here], guide),
        PathElement::new([(0.0, point.accuracy), here], guide),
    ])?;
    plot.draw_series([Circle::new(here, 7, ORANGE.stroke_width(3))])?;
    let is_right = point.coverage > 0.5;
    let (side, shift) = if is_right { (HPos::Right, -8) } else { (HPos::Left, 8) };
    let words = Text::new(said(point), (shift, -8), face(LABELS + 1.0, INK, side, VPos::Bottom));
    plot.draw_series([EmptyElement::at((point.coverage, floor)) + words])?;
    Ok(())
}
