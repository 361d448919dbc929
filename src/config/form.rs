//! The form of a configuration's file: TOML, a section for each part, a line for each number.

use serde::Serialize;
use serde_json::Value;
use toml::de::DeTable;

use super::{About, ConfigError, Configuration, SHIPPED};
use crate::rank::RankError;
use crate::retrieve::RetrieveError;

/// Section, name and value of every number.
pub(super) fn sections(configuration: &Configuration) -> Vec<(&'static str, String, f64)> {
    let Configuration { weights, text, lists, .. } = configuration;
    let mut all = Vec::new();
    for (section, numbers) in [("weights", plain(weights)), ("text", plain(text)), ("lists", plain(lists))] {
        let Value::Object(numbers) = numbers else { continue };
        // NaN and infinity have no place in JSON: they read as nothing, and are no numbers here either.
        all.extend(numbers.into_iter().map(|(name, value)| (section, name, value.as_f64().unwrap_or(f64::NAN))));
    }
    all
}

fn plain(numbers: &impl Serialize) -> Value {
    serde_json::to_value(numbers).unwrap_or_default()
}

/// The file that ships with the numbers of this configuration in it, and what is said about it in front.
pub(super) fn written(configuration: &Configuration) -> String {
    let numbers = sections(configuration);
    let (mut out, mut section) = (String::new(), "");
    for line in SHIPPED.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            if section.is_empty() {
                configuration.about.iter().for_each(|about| out.push_str(&told(about)));
            }
            section = name;
        }
        let name = line.split('=').next().unwrap_or_default().trim();
        let value = numbers.iter().find(|(of, known, _)| *of == section && known == name).map(|(.., value)| value);
        match (line.split_once('='), value) {
            (Some((name, rest)), Some(value)) => out.push_str(&line_of(name, *value, rest)),
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// A line with another value, its remark where it was if there is room.
fn line_of(name: &str, value: f64, rest: &str) -> String {
    let plain = format!("{name}= {value:?}");
    let Some((before, remark)) = rest.split_once('#') else { return plain };
    let column = name.chars().count() + 1 + before.chars().count();
    format!("{plain:<column$}{}#{remark}", if plain.chars().count() < column { "" } else { " " })
}

/// The section `[about]`. JSON's way of writing a text without control characters is TOML's too.
fn told(about: &About) -> String {
    let text = |text: &str| Value::from(text).to_string();
    let promoted = about.promoted.map_or_else(String::new, |at| format!("promoted = {at}\n"));
    format!(
        "[about]\nname = {}\nfrom = {}\nproposed = {}\n{promoted}note = {}\n\n",
        text(&about.name),
        text(&about.from),
        about.proposed,
        text(&about.note)
    )
}

pub(super) fn read(text: &str) -> Result<Configuration, ConfigError> {
    let read: Configuration = toml::from_str(text).map_err(|fault| ConfigError::Unreadable {
        line: line_at(text, fault.span().map_or(0, |span| span.start)),
        why: fault.message().to_owned(),
    })?;
    let about = read.about.clone().map(About::checked).transpose()?;
    let checked = Configuration { about, ..read }.checked();
    checked.map_err(|fault| match fault {
        ConfigError::Weight { source, .. } => {
            let line = named(&source).and_then(|name| line_named(text, "weights", name));
            ConfigError::Weight { line, source }
        }
        ConfigError::Lists { source, .. } => {
            let line = named(&source).and_then(|name| line_named(text, "lists", name));
            ConfigError::Lists { line, source }
        }
        ConfigError::Text { source, .. } => {
            let name = if let RetrieveError::Scoring { name, .. } = &source { Some(*name) } else { None };
            ConfigError::Text { line: name.and_then(|name| line_named(text, "text", name)), source }
        }
        other => other,
    })
}

fn named(fault: &RankError) -> Option<&'static str> {
    match fault {
        RankError::Weight { name, .. } | RankError::Policy { name, .. } => Some(name),
        _ => None,
    }
}

fn line_at(text: &str, byte: usize) -> usize {
    1 + text.bytes().take(byte).filter(|byte| *byte == b'\n').count()
}

/// The line on which a number of a section stands.
fn line_named(text: &str, section: &str, name: &str) -> Option<usize> {
    let table = DeTable::parse(text).ok()?;
    let section = table.get_ref().get(section)?.get_ref().as_table()?;
    Some(line_at(text, section.get(name)?.span().start))
}
