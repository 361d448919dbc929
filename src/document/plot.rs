//! Axes of shares: both directions in percent.

use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::sheet::{Area, Drawn, FAINT_INK, INK, RULE, face};

/// A plane of two shares, ready to be drawn on.
pub(super) type Plot<'a> = ChartContext<'a, SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Pixels kept for numbers and names at the axes, and above and behind the plane, for what is written at its edge.
const BESIDE: i32 = 64;
const BELOW: i32 = 48;
const ABOVE: i32 = 10;
const BEHIND: i32 = 36;

/// Type size of numbers and names.
pub(super) const LABELS: f64 = 12.0;

/// Axes from 0 to 1 across and from `floor` to 1 upwards, named and ruled at round percentages.
pub(super) fn shares<'a>(area: &Area<'a>, across: &str, upwards: &str, floor: f64) -> Drawn<Plot<'a>> {
    let mut plot = ChartBuilder::on(area)
        .margin_top(ABOVE)
        .margin_right(BEHIND)
        .x_label_area_size(BELOW)
        .y_label_area_size(BESIDE)
        .build_cartesian_2d(0.0..1.0, floor..1.0)?;
    let percent = |share: &f64| format!("{:.0}%", share * 100.0);
    plot.configure_mesh()
        .x_labels(11)
        .y_labels(11)
        .max_light_lines(0)
        .bold_line_style(RULE)
        .axis_style(FAINT_INK)
        .x_label_formatter(&percent)
        .y_label_formatter(&percent)
        .label_style(face(LABELS, INK, HPos::Left, VPos::Top))
        .axis_desc_style(face(LABELS + 1.0, INK, HPos::Left, VPos::Top))
        .x_desc(across)
        .y_desc(upwards)
        .draw()?;
    Ok(plot)
}

/// Axes without numbers whose plane stands under that of [`shares`], from 0 to `most` upwards.
pub(super) fn strip<'a>(area: &Area<'a>, upwards: &str, most: f64) -> Drawn<Plot<'a>> {
    let mut plot = ChartBuilder::on(area)
        .margin_right(BEHIND)
        .x_label_area_size(1)
        .y_label_area_size(BESIDE)
        .build_cartesian_2d(0.0..1.0, 0.0..most)?;
    plot.configure_mesh()
        .disable_mesh()
        .x_labels(0)
        .y_labels(0)
        .axis_style(FAINT_INK)
        .axis_desc_style(face(LABELS + 1.0, INK, HPos::Left, VPos::Top))
        .y_desc(upwards)
        .draw()?;
    Ok(plot)
}
