//! Pages: a report as one HTML file that needs nothing else.

use std::fmt::Write;

use super::bars::{Bars, bar_chart};
use super::histogram::{Histogram, histogram};
use super::{DocumentError, text};
use crate::domain::Language;

/// A report.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// Its title and first heading.
    pub title: String,
    /// The language it is written in.
    pub language: Language,
    /// Its parts, in order.
    pub sections: Vec<Section>,
}

/// A part of a report: a heading, and under it whatever there is of text, a table and a chart.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// Paragraphs.
    pub notes: Vec<String>,
    /// A table.
    pub table: Option<Table>,
    /// A chart.
    pub chart: Option<Histogram>,
    /// Another.
    pub bars: Option<Bars>,
}

/// A table: the first cell of a row names the row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// The names of the columns.
    pub head: Vec<String>,
    /// The rows, each as long as the head.
    pub rows: Vec<Vec<String>>,
}

const STYLE: &str = "body{font-family:'Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei','PingFang SC',sans-serif;\
    line-height:1.6;max-width:72em;margin:2em auto;padding:0 1em;color:#000;background:#fff}\
    h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}\
    .wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9em;font-variant-numeric:tabular-nums}\
    th,td{padding:.25em .7em;border-bottom:1px solid #d9d9d9;text-align:right;white-space:nowrap}\
    th:first-child,td:first-child{text-align:left}thead th{border-bottom:2px solid #555}\
    svg{max-width:100%;height:auto}";

/// Writes a report: well-formed, without scripts, and with a policy that lets nothing be fetched. Whatever the texts
/// hold, they are escaped.
///
/// # Errors
/// What [`histogram`] and [`bar_chart`] give for a chart.
pub fn page(page: &Page) -> Result<String, DocumentError> {
    let (language, title) = (tag(page.language), text::escaped(&page.title));
    let mut html = format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    );
    for section in &page.sections {
        write_section(&mut html, section, page.language)?;
    }
    html.push_str("</body>\n</html>\n");
    Ok(html)
}

/// A language as documents name it.
pub(super) fn tag(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh-CN",
        Language::English => "en",
    }
}

fn write_section(html: &mut String, section: &Section, language: Language) -> Result<(), DocumentError> {
    _ = writeln!(html, "<section>\n<h2>{}</h2>", text::escaped(&section.heading));
    for note in &section.notes {
        _ = writeln!(html, "<p>{}</p>", text::escaped(note));
    }
    if let Some(table) = &section.table {
        write_table(html, table);
    }
    if let Some(chart) = &section.chart {
        _ = writeln!(html, "<figure>\n{}</figure>", histogram(chart, language)?);
    }
    if let Some(bars) = &section.bars {
        _ = writeln!(html, "<figure>\n{}</figure>", bar_chart(bars, language)?);
    }
    html.push_str("</section>\n");
    Ok(())
}

fn write_table(html: &mut String, table: &Table) {
    let cells = |cells: &[String], head: bool| {
        let mut row = String::new();
        for (place, cell) in cells.iter().enumerate() {
            let (tag, scope) = match (head, place) {
                (true, _) => ("th", " scope=\"col\""),
                (false, 0) => ("th", " scope=\"row\""),
                (false, _) => ("td", ""),
            };
            _ = write!(row, "<{tag}{scope}>{}</{tag}>", text::escaped(cell));
        }
        format!("<tr>{row}</tr>\n")
    };
    let body: String = table.rows.iter().map(|row| cells(row, false)).collect();
    _ = writeln!(
        html,
        "<div class=\"wide\">\n<table>\n<thead>\n{}</thead>\n<tbody>\n{body}</tbody>\n</table>\n</div>",
        cells(&table.head, true)
    );
}
