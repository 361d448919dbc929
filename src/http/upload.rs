//! A file as it comes in: bounded, one at a time, kept for as long as it is read, under a name that leads nowhere.

use std::io::Write;
use std::path::PathBuf;

use axum::body::Body;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt;
use serde::Deserialize;
use tempfile::TempDir;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::{IntoParams, ToSchema};

use super::Context;
use super::problem::{self, Problem};
use crate::domain::Language;
use crate::engine::{ImportKind, Mapping};

/// Most bytes of a file.
pub(super) const LARGEST: usize = 32 << 20;
/// Most characters of a file's name: 255 bytes are what file systems take.
const LONGEST_NAME: usize = 60;
/// Most columns that a person says something of.
const MOST_MAPPED: usize = 100;
/// What files come as; browsers and tools name them in many ways, and the name's ending decides.
const KINDS: [&str; 6] = [
    "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text/csv",
    "application/gzip",
    "application/jsonl",
    "application/x-ndjson",
];

/// What is said of a file beside its bytes.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "says what may be asked; the query itself is read pair by pair, for `map` may come often")]
pub(super) struct Described {
    /// What it holds.
    #[param(inline)]
    kind: ImportKind,
    /// Its name; the ending tells the form: `.xlsx`, `.csv`, `.jsonl`, the latter two also with `.gz`.
    #[param(example = "本省.csv", min_length = 1, max_length = 1000)]
    file: String,
    /// What a column is that no table knows, as `本省编号=专利号`; as often as need be.
    #[param(example = json!(["本省编号=专利号"]), max_items = 100)]
    map: Option<Vec<String>>,
}

/// The file itself.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "says what a body looks like; the body itself is read as it comes")]
pub(super) struct FileBytes(Vec<u8>);

/// A file that came in. Its directory goes with it.
pub(super) struct Upload {
    pub(super) path: PathBuf,
    pub(super) kind: ImportKind,
    pub(super) mapping: Mapping,
    _directory: TempDir,
    _turn: OwnedSemaphorePermit,
}

/// Takes a file in.
pub(super) async fn received(
    context: &Context,
    RawQuery(query): RawQuery,
    mut body: Body,
    headers: &HeaderMap,
) -> Result<Upload, Problem> {
    let language = problem::language(headers);
    let (kind, name, mapping) = described(&query.unwrap_or_default(), language)?;
    if !is_file(headers) {
        return Err(problem::wrong_type(language));
    }
    let directory = tempfile::tempdir().map_err(|error| internal(&error, language))?;
    let path = directory.path().join(name);
    let mut file = std::fs::File::create(&path).map_err(|error| internal(&error, language))?;
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| problem::broken_off(language))?;
        let Some(bytes) = frame.data_ref() else { continue };
        size += bytes.len();
        if size > LARGEST {
            return Err(problem::file_too_large(LARGEST, language));
        }
        file.write_all(bytes).map_err(|error| internal(&error, language))?;
    }
    // Reading takes what memory a file asks for: one after another, once they are here.
    let turn = context.uploads.clone().acquire_owned().await;
    let turn = turn.map_err(|_| internal("no more files are taken", language))?;
    Ok(Upload { path, kind, mapping, _directory: directory, _turn: turn })
}

fn is_file(headers: &HeaderMap) -> bool {
    let Some(kind) = headers.get(header::CONTENT_TYPE) else { return true };
    let kind = kind.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind))
}

/// Kind, name and mapping of a file.
fn described(query: &str, language: Language) -> Result<(ImportKind, String, Mapping), Problem> {
    let refused = |chinese: &str, english: &str| Problem::bad_request(problem::say(language, chinese, english));
    let (mut kind, mut name, mut mapping, mut mapped) = (None, None, Mapping::default(), 0);
    for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match key.as_ref() {
            "kind" if kind.is_none() => kind = Some(kind_of(&value)),
            "file" if name.is_none() => name = Some(bare_name(&value)),
            "map" if mapped < MOST_MAPPED => {
                let sides = value.split_once('=').filter(|(column, ours)| !column.is_empty() && !ours.is_empty());
                let (column, ours) = sides.ok_or_else(|| refused("map 应写作 列名=列名", "map takes COLUMN=COLUMN"))?;
                mapping.add(column, ours);
                mapped += 1;
            }
            _ => {
                return Err(refused(
                    "参数只能是 kind、file 各一，map 至多一百",
                    "give kind and file once, map at most 100 times, and nothing else",
                ));
            }
        }
    }
    let kind = kind.flatten().ok_or_else(|| {
        refused(
            "请以 kind 说明文件内容：listings、enterprises、patents 或 industry_fees",
            "say by kind what the file holds: listings, enterprises, patents or industry_fees",
        )
    })?;
    let name = name.flatten().ok_or_else(|| {
        refused("请以 file 给出文件名，如 本省.xlsx", "give the file's name by file, such as province.xlsx")
    })?;
    Ok((kind, name, mapping))
}

fn kind_of(word: &str) -> Option<ImportKind> {
    serde_json::from_value(serde_json::Value::from(word)).ok()
}

/// The last part of a name, without what a file system or a terminal would take for something else; none for nothing.
fn bare_name(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control() && !is_invisible(*c)).collect();
    // The ending tells the form: what is too long loses its beginning.
    let length = plain.chars().count();
    let short: String = plain.chars().skip(length.saturating_sub(LONGEST_NAME)).collect();
    let short = short.trim().to_owned();
    (!short.is_empty() && short.chars().any(|c| c != '.')).then_some(short)
}

/// Turns of writing direction and the like, with which one name is made to look like another.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn internal(error: impl std::fmt::Display, language: Language) -> Problem {
    tracing::error!(%error, "a file cannot be taken in");
    problem::internal(language)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_its_last_part() {
        for (given, kept) in [
            ("本省.xlsx", "本省.xlsx"),
            ("../../etc/passwd.csv", "passwd.csv"),
            ("C:\\桌面\\本省.xlsx", "本省.xlsx"),
            ("a\0b\n.csv", "ab.csv"),
            ("x\u{202e}vsc.xlsx", "xvsc.xlsx"),
        ] {
            assert_eq!(bare_name(given).as_deref(), Some(kept), "{given:?}");
        }
        for none in ["", "..", "/", "a/", "..\\..", " ", "\0"] {
            assert_eq!(bare_name(none), None, "{none:?}");
        }
        assert!(bare_name(&format!("{}.csv", "省".repeat(500))).unwrap().ends_with("省.csv"));
    }

    #[test]
    fn what_is_said_of_a_file_is_said_once() {
        let read = |query| described(query, Language::English);
        let (kind, name, mapping) =
            read("kind=listings&file=a.csv&map=x%3D%E4%B8%93%E5%88%A9%E5%8F%B7&map=y%3Dz").unwrap();
        assert_eq!((kind, name.as_str(), mapping.is_empty()), (ImportKind::Listings, "a.csv", false));
        for odd in [
            "",
            "kind=listings",
            "file=a.csv",
            "kind=firms&file=a.csv",
            "kind=listings&file=..",
            "kind=listings&file=a.csv&file=b.csv",
            "kind=listings&kind=patents&file=a.csv",
            "kind=listings&file=a.csv&map=x",
            "kind=listings&file=a.csv&dry=1",
        ] {
            assert!(read(odd).is_err(), "{odd}");
        }
    }

    proptest! {
        #[test]
        fn no_name_leads_out_of_its_directory(name in "\\PC{0,60}", path in "[./\\\\a]{0,20}") {
            for given in [name, path] {
                if let Some(kept) = bare_name(&given) {
                    let joined = std::path::Path::new("/tmp/here").join(&kept);
                    prop_assert_eq!(joined.parent(), Some(std::path::Path::new("/tmp/here")));
                    prop_assert!(kept.len() <= 255);
                }
            }
        }
    }
}
