//! The sheet every chart is drawn on: caption, notes, fonts, colours, and the text alternative.

use plotters::coord::Shift;
use plotters::drawing::DrawingAreaErrorKind;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::{DocumentError, page, text};
use crate::domain::Language;

/// The fonts Chinese text is shown in: of the system, of Windows, of macOS, whatever there is.
const FONTS: &str = "'Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei','PingFang SC',sans-serif";

/// The library divides every font size by this before it writes it.
const FONT_SCALE: f64 = 1.24;

const MARGIN: i32 = 16;
const CAPTION_SIZE: f64 = 16.0;
const NOTE_SIZE: f64 = 12.0;
const LEADING: f64 = 1.5;
const MOST_CAPTION_LINES: usize = 3;

/// Colours that differ in lightness too, so that they hold in print and for the colour blind.
pub(super) const INK: RGBColor = RGBColor(0, 0, 0);
pub(super) const FAINT_INK: RGBColor = RGBColor(85, 85, 85);
pub(super) const RULE: RGBColor = RGBColor(217, 217, 217);
pub(super) const PAPER: RGBColor = RGBColor(255, 255, 255);
pub(super) const BLUE: RGBColor = RGBColor(33, 113, 181);
pub(super) const ORANGE: RGBColor = RGBColor(230, 120, 0);

/// Where a chart draws.
pub(super) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// What drawing gives.
pub(super) type Drawn<T = ()> = Result<T, DrawingAreaErrorKind<std::io::Error>>;

/// A chart without its picture.
pub(super) struct Sheet<'a> {
    /// Heading and title.
    pub caption: &'a str,
    /// Lines under the heading: how to read the chart, and what it leaves out.
    pub notes: Vec<String>,
    /// What the picture shows, for those who cannot see it.
    pub description: String,
    /// Width and height of the picture in pixels.
    pub picture: (i32, i32),
}

impl Sheet<'_> {
    /// The whole image, its picture drawn by `draw` in an area of the size asked for.
    pub fn drawn(&self, draw: impl FnOnce(&Area<'_>) -> Drawn) -> Result<String, DocumentError> {
        self.drawn_in(Language::Chinese, draw)
    }

    /// The same of a sheet whose texts are in another language.
    pub fn drawn_in(&self, language: Language, draw: impl FnOnce(&Area<'_>) -> Drawn) -> Result<String, DocumentError> {
        let mut svg = String::new();
        self.paint(&mut svg, draw)
            .map_err(|source| DocumentError::Drawing { caption: self.caption.to_owned(), source: Box::new(source) })?;
        Ok(self.with_alternative(&svg, language))
    }

    fn paint(&self, svg: &mut String, draw: impl FnOnce(&Area<'_>) -> Drawn) -> Drawn {
        let (width, height) = self.picture;
        let wrap = |line: &str, size: f64| text::wrapped(line, size, width, MOST_CAPTION_LINES);
        let caption = wrap(self.caption, CAPTION_SIZE).into_iter().map(|line| (line, CAPTION_SIZE, INK));
        let notes = self.notes.iter().flat_map(|note| wrap(note, NOTE_SIZE));
        let head: Vec<_> = caption.chain(notes.map(|line| (line, NOTE_SIZE, FAINT_INK))).collect();
        let depth: i32 = head.iter().map(|(_, size, _)| line_height(*size)).sum::<i32>() + MARGIN / 2;

        let whole = (width + 2 * MARGIN, depth + height + 2 * MARGIN);
        let root = SVGBackend::with_string(svg, (whole.0.unsigned_abs(), whole.1.unsigned_abs())).into_drawing_area();
        root.fill(&PAPER)?;
        let body = root.margin(MARGIN, MARGIN, MARGIN, MARGIN);
        let mut y = 0;
        for (line, size, colour) in head {
            write(&body, &line, (0, y), &face(size, colour, HPos::Left, VPos::Top))?;
            y += line_height(size);
        }
        let (_, picture) = body.split_vertically(depth);
        draw(&picture)?;
        root.present()
    }

    /// `svg` with its role, language, fonts, title and description.
    fn with_alternative(&self, svg: &str, language: Language) -> String {
        // The library writes the root's start tag on a line of its own.
        let (root, rest) = svg.split_once(">\n").unwrap_or((svg, ""));
        let language = page::tag(language);
        let (title, description) = (text::escaped(self.caption), text::escaped(&self.description));
        format!(
            "{root} role=\"img\" lang=\"{language}\" font-family=\"{FONTS}\">\n<title>{title}</title>\n\
             <desc>{description}</desc>\n{rest}"
        )
    }
}

fn line_height(size: f64) -> i32 {
    (size * LEADING).round() as i32
}

/// Type of `size` pixels, held at a point of its box. The family stands once, at the root.
pub(super) fn face(size: f64, colour: RGBColor, h: HPos, v: VPos) -> TextStyle<'static> {
    TextStyle {
        font: ("inherit", size * FONT_SCALE).into_font(),
        color: colour.to_backend_color(),
        pos: Pos::new(h, v),
    }
}

/// Writes one line of text at a point.
pub(super) fn write(area: &Area<'_>, line: &str, at: (i32, i32), face: &TextStyle<'_>) -> Drawn {
    area.draw(&Text::new(line.to_owned(), at, face.clone()))
}
