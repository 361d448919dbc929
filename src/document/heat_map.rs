//! The picture of a confusion matrix: sizes chosen by the number of classes, cells, labels, sums and the key to the
//! shades.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, VPos};

use super::confusion::{Class, Line, Tally};
use super::sheet::{Area, Drawn, FAINT_INK, INK, PAPER, RULE, Sheet, face, write};
use super::{DocumentError, text};

/// The most classes whose cells hold numbers.
const MOST_NUMBERED: usize = 40;

/// Pixels between parts.
const GAP: i32 = 8;

/// The least width of a picture, so that notes and key have room.
const LEAST_WIDTH: i32 = 520;

/// Shares that the key shows.
const KEY: [f64; 8] = [0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0];
const KEY_BOX: i32 = 44;
const KEY_HEIGHT: i32 = 18;

/// A single hue from light to dark (ColorBrewer's Blues).
const SHADES: [(u8, u8, u8); 5] = [(247, 251, 255), (198, 219, 239), (107, 174, 214), (33, 113, 181), (8, 48, 107)];

const OTHER: &str = "其他";

pub(super) fn draw(caption: &str, tally: &Tally<'_>) -> Result<String, DocumentError> {
    let plan = Plan::of(tally);
    let sheet = Sheet { caption, notes: notes(tally), description: description(tally), picture: plan.size() };
    sheet.drawn(|area| {
        draw_headings(area, tally, &plan)?;
        draw_ground(area, &plan)?;
        for (row, line) in tally.lines.iter().enumerate() {
            draw_line(area, line, row, &plan)?;
        }
        draw_key(area, &plan)
    })
}

fn notes(tally: &Tally<'_>) -> Vec<String> {
    let mut notes = vec![format!(
        "行为真实类别，列为判定类别，颜色为占该行的比例。共 {} 行，{} 类，准确率 {}。",
        tally.rows,
        tally.classes,
        text::percent(share(tally.right, tally.rows))
    )];
    if tally.lines.len() <= MOST_NUMBERED {
        notes.push("格内数字为占该行的百分数，不足 0.5 的记作“·”。".to_owned());
    }
    if tally.is_cut() {
        let (shown, hidden) = (tally.lines.len(), tally.classes - tally.lines.len());
        notes.push(format!(
            "只画出行数最多的 {shown} 类；判为其余 {hidden} 类的合为“{OTHER}”一列，其余类的行未画出，但计入准确率。"
        ));
    }
    notes
}

fn description(tally: &Tally<'_>) -> String {
    let mut out = format!("混淆矩阵。{}", notes(tally).concat());
    if tally.confused.is_empty() {
        out.push_str("没有判错的行。");
    } else {
        let pairs: Vec<String> = tally
            .confused
            .iter()
            .map(|(truth, said, rows)| format!("{} 判为 {}：{rows} 行", label(truth), label(said)))
            .collect();
        out.push_str(&format!("最常见的判错：{}。", pairs.join("；")));
    }
    let recall = |line: &Line<'_>| format!("{} {} 行", label(line.class), line.rows);
    let classes: Vec<String> = tally
        .lines
        .iter()
        .enumerate()
        .map(|(row, line)| {
            let right = if line.rows == 0 {
                String::new()
            } else {
                format!("判对 {}", text::percent(share(line.said[row], line.rows)))
            };
            format!("{}{right}", recall(line))
        })
        .collect();
    format!("{out}各类：{}。", classes.join("；"))
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// What stands beside a row.
fn label(class: &Class) -> String {
    class.name.as_ref().map_or_else(|| class.code.clone(), |name| format!("{} {name}", class.code))
}

/// Where everything stands, in pixels.
struct Plan {
    classes: i32,
    /// Side of a cell.
    cell: i32,
    /// Type size of labels and of the numbers in cells.
    labels: f64,
    numbers: Option<f64>,
    /// Left edge and top of the cells.
    left: i32,
    top: i32,
    /// Whether codes over the columns are turned to stand upright.
    turned: bool,
    /// Whether there is a column for classes not shown.
    other: bool,
    /// Width of the column of row counts.
    counts: i32,
}

impl Plan {
    fn of(tally: &Tally<'_>) -> Self {
        let classes = tally.lines.len();
        let (cell, labels, numbers) = match classes {
            0..=6 => (52, 13.0, Some(13.0)),
            7..=20 => (34, 12.0, Some(12.0)),
            21..=MOST_NUMBERED => (25, 12.0, Some(10.5)),
            _ => (16, 11.0, None),
        };
        let widest = |texts: &mut dyn Iterator<Item = String>| {
            texts.map(|line| text::width(&text::clean(&line), labels)).max().unwrap_or(0)
        };
        let codes = widest(&mut tally.lines.iter().map(|line| line.class.code.clone()));
        let names = widest(&mut tally.lines.iter().map(|line| label(line.class)));
        let counts = widest(&mut tally.lines.iter().map(|line| line.rows.to_string()));
        let turned = codes > cell - 2;
        let line = (labels * 1.5) as i32;
        let codes = if turned { codes.clamp(2 * line, 8 * line) } else { line };
        Self {
            classes: classes as i32,
            cell,
            labels,
            numbers,
            left: names.clamp(4 * line, 16 * line) + GAP,
            top: line + codes + GAP,
            turned,
            other: tally.is_cut(),
            counts: counts.max(2 * line) + GAP,
        }
    }

    fn side(&self) -> i32 {
        self.classes * self.cell
    }

    /// Left edge of the column of classes not shown, and of what follows it.
    fn other_at(&self) -> i32 {
        self.left + self.side() + GAP / 2
    }

    /// Right edges of the columns of row counts and of shares said right.
    fn sums_at(&self) -> (i32, i32) {
        let counts = self.other_at() + if self.other { self.cell + GAP / 2 } else { 0 } + self.counts;
        (counts, counts + GAP + (self.labels * 4.0) as i32)
    }

    fn size(&self) -> (i32, i32) {
        (self.sums_at().1.max(LEAST_WIDTH), self.top + self.side() + 2 * GAP + 2 * KEY_HEIGHT)
    }

    /// Top left corner of a cell.
    fn corner(&self, row: usize, column: usize) -> (i32, i32) {
        (self.left + column as i32 * self.cell, self.top + row as i32 * self.cell)
    }
}

/// The names of axes and columns.
fn draw_headings(area: &Area<'_>, tally: &Tally<'_>, plan: &Plan) -> Drawn {
    let bottom = plan.top - GAP / 2;
    let named = |h| face(plan.labels, FAINT_INK, h, VPos::Bottom);
    write(area, "真实类别", (plan.left - GAP, bottom), &named(HPos::Right))?;
    let middle = plan.left + plan.side() / 2;
    write(area, "判定类别", (middle, 0), &face(plan.labels, FAINT_INK, HPos::Center, VPos::Top))?;
    let (counts, right) = plan.sums_at();
    write(area, "行数", (counts, bottom), &named(HPos::Right))?;
    write(area, "判对", (right, bottom), &named(HPos::Right))?;

    let room = if plan.turned { bottom - (plan.labels * 1.5) as i32 - GAP / 2 } else { plan.cell };
    let others = plan.other.then(|| (OTHER, plan.other_at()));
    let codes =
        tally.lines.iter().enumerate().map(|(column, line)| (line.class.code.as_str(), plan.corner(0, column).0));
    for (code, x) in codes.chain(others) {
        let code = text::fitted(code, plan.labels, room);
        let x = x + plan.cell / 2;
        if plan.turned {
            let upright = face(plan.labels, INK, HPos::Left, VPos::Center).transform(FontTransform::Rotate270);
            write(area, &code, (x, bottom), &upright)?;
        } else {
            write(area, &code, (x, bottom), &face(plan.labels, INK, HPos::Center, VPos::Bottom))?;
        }
    }
    Ok(())
}

/// The ground the cells stand on, ruled every five classes so that the eye keeps its row.
fn draw_ground(area: &Area<'_>, plan: &Plan) -> Drawn {
    let (left, top, side) = (plan.left, plan.top, plan.side());
    area.draw(&Rectangle::new([(left, top), (left + side, top + side)], shade(0.0).filled()))?;
    for place in (0..=plan.classes).filter(|place| place % 5 == 0 || *place == plan.classes) {
        let at = place * plan.cell;
        area.draw(&PathElement::new([(left + at, top), (left + at, top + side)], RULE))?;
        area.draw(&PathElement::new([(left, top + at), (left + side, top + at)], RULE))?;
    }
    Ok(())
}

/// A true class: its label, its cells, its sums.
fn draw_line(area: &Area<'_>, line: &Line<'_>, row: usize, plan: &Plan) -> Drawn {
    let middle = plan.corner(row, 0).1 + plan.cell / 2;
    let held = |h| face(plan.labels, INK, h, VPos::Center);
    let name = text::fitted(&label(line.class), plan.labels, plan.left - GAP);
    write(area, &name, (plan.left - GAP, middle), &held(HPos::Right))?;

    for (column, said) in line.said.iter().enumerate() {
        draw_cell(area, plan.corner(row, column), *said, line.rows, plan)?;
    }
    if plan.other {
        draw_cell(area, (plan.other_at(), plan.corner(row, 0).1), line.elsewhere, line.rows, plan)?;
    }
    // The diagonal is what should be dark: framed, so that a pale cell on it is seen.
    let (x, y) = plan.corner(row, row);
    area.draw(&Rectangle::new([(x, y), (x + plan.cell, y + plan.cell)], FAINT_INK))?;

    let (counts, right) = plan.sums_at();
    write(area, &line.rows.to_string(), (counts, middle), &held(HPos::Right))?;
    let hit = if line.rows == 0 { "—".to_owned() } else { text::percent(share(line.said[row], line.rows)) };
    write(area, &hit, (right, middle), &held(HPos::Right))
}

fn draw_cell(area: &Area<'_>, (x, y): (i32, i32), said: u64, rows: u64, plan: &Plan) -> Drawn {
    if said == 0 {
        return Ok(());
    }
    let share = share(said, rows);
    let inside = [(x + 1, y + 1), (x + plan.cell, y + plan.cell)];
    area.draw(&Rectangle::new(inside, shade(share).filled()))?;
    let Some(size) = plan.numbers else { return Ok(()) };
    let held = face(size, ink_on(shade(share)), HPos::Center, VPos::Center);
    write(area, &whole_percent(said, rows), (x + plan.cell / 2, y + plan.cell / 2), &held)
}

/// A share as whole percent: 100 only for all, a dot for what would round to nothing.
fn whole_percent(part: u64, whole: u64) -> String {
    let percent = share(part, whole) * 100.0;
    match percent {
        _ if part == whole => "100".to_owned(),
        percent if percent < 0.5 => "·".to_owned(),
        percent => format!("{:.0}", percent.min(99.0)),
    }
}

/// Which shade stands for which share.
fn draw_key(area: &Area<'_>, plan: &Plan) -> Drawn {
    let top = plan.top + plan.side() + 2 * GAP;
    let label = "占该行";
    write(area, label, (0, top + KEY_HEIGHT / 2), &face(12.0, FAINT_INK, HPos::Left, VPos::Center))?;
    let left = text::width(label, 12.0) + GAP;
    for (place, share) in KEY.into_iter().enumerate() {
        let x = left + place as i32 * KEY_BOX;
        let corners = [(x, top), (x + KEY_BOX, top + KEY_HEIGHT)];
        area.draw(&Rectangle::new(corners, shade(share).filled()))?;
        area.draw(&Rectangle::new(corners, RULE))?;
        let held = face(11.0, ink_on(shade(share)), HPos::Center, VPos::Center);
        write(area, &format!("{:.0}%", share * 100.0), (x + KEY_BOX / 2, top + KEY_HEIGHT / 2), &held)?;
    }
    Ok(())
}

/// The shade for a share: by its square root, so that confusions of a few percent are seen.
fn shade(share: f64) -> RGBColor {
    let at = share.clamp(0.0, 1.0).sqrt() * (SHADES.len() - 1) as f64;
    let below = (at as usize).min(SHADES.len() - 2);
    let (from, to, part) = (SHADES[below], SHADES[below + 1], at - below as f64);
    let mixed = |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * part).round() as u8;
    RGBColor(mixed(from.0, to.0), mixed(from.1, to.1), mixed(from.2, to.2))
}

/// Black or white, whichever stands out more from `ground`.
fn ink_on(ground: RGBColor) -> RGBColor {
    if contrast(ground, INK) >= contrast(ground, PAPER) { INK } else { PAPER }
}

/// The contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio").
fn contrast(one: RGBColor, other: RGBColor) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = |c: RGBColor| 0.2126 * linear(c.0) + 0.7152 * linear(c.1) + 0.0722 * linear(c.2) + 0.05;
    let ratio = luminance(one) / luminance(other);
    ratio.max(1.0 / ratio)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_out_from_every_shade() {
        for step in 0..=1000 {
            let ground = shade(f64::from(step) / 1000.0);
            assert!(contrast(ground, ink_on(ground)) >= 4.5, "{ground:?}");
        }
    }

    #[test]
    fn a_larger_share_is_darker() {
        let lightness: Vec<f64> = (0..=100).map(|step| contrast(shade(f64::from(step) / 100.0), INK)).collect();
        assert!(lightness.windows(2).all(|pair| pair[0] > pair[1]));
    }

    #[test]
    fn only_all_is_a_hundred_and_only_nothing_is_blank() {
        assert_eq!(whole_percent(999, 1000), "99");
        assert_eq!(whole_percent(1000, 1000), "100");
        assert_eq!(whole_percent(1, 1000), "·");
        assert_eq!(whole_percent(5, 1000), "0");
        assert_eq!(whole_percent(6, 1000), "1");
    }
}
