//! Writing a judged set: the folder that evaluation reads.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use super::EngineError;
use super::judged_set_error::JudgedSetError;
use crate::domain::{Enterprise, EnterpriseScale, Listing, OwnPatent, PatentKind};
use crate::eval::{JudgementWeights, Qrels};

/// Writes listings, queries and judgements to a folder that has no judged set yet, as `listings.jsonl.gz`,
/// `enterprises.jsonl.gz`, `weights.txt` where judgements do not all count alike, and `qrels.txt`. The judgements come last: a folder with judgements is whole. Terms of listings
/// are left out: no judgement is about them.
///
/// # Errors
/// [`EngineError::NotEmpty`] for a folder with a set in it, [`JudgedSetError::SetName`] for an id that judgements cannot name,
/// [`EngineError::File`] if something cannot be written.
pub fn write_set(
    folder: &Path,
    listings: &[Listing],
    enterprises: &[Enterprise],
    (qrels, weights): (&Qrels, &JudgementWeights),
) -> Result<(), EngineError> {
    let files = ["listings.jsonl.gz", "enterprises.jsonl.gz", "needs.jsonl.gz", "weights.txt", "qrels.txt"];
    if files.iter().any(|name| folder.join(name).exists()) {
        return Err(EngineError::NotEmpty { path: folder.to_owned() });
    }
    check_names(listings, enterprises)?;
    let failed = |source| EngineError::File { path: folder.to_owned(), source };
    std::fs::create_dir_all(folder).map_err(failed)?;
    write_rows(&folder.join("listings.jsonl.gz"), listings.iter().map(ListingRow::from))?;
    write_rows(&folder.join("enterprises.jsonl.gz"), enterprises.iter().map(EnterpriseRow::from))?;
    if *weights != JudgementWeights::default() {
        std::fs::write(folder.join("weights.txt"), weights.lines()).map_err(failed)?;
    }
    write_qrels(&folder.join("qrels.txt"), qrels)
}

/// A name must be one word of a line, and name one thing.
fn check_names(listings: &[Listing], enterprises: &[Enterprise]) -> Result<(), EngineError> {
    let (mut seen_listings, mut seen_queries) = (BTreeSet::new(), BTreeSet::new());
    let listings = listings.iter().map(|listing| (listing.id.as_str(), seen_listings.insert(listing.id.as_str())));
    let queries = enterprises.iter().map(|query| (query.id.as_str(), seen_queries.insert(query.id.as_str())));
    for (name, first) in listings.chain(queries) {
        if !first || name.is_empty() || name.contains(char::is_whitespace) {
            return Err(JudgedSetError::SetName { name: name.chars().take(64).collect() }.into());
        }
    }
    Ok(())
}

fn write_rows(path: &Path, rows: impl Iterator<Item = impl Serialize>) -> Result<(), EngineError> {
    let failed = |source| EngineError::File { path: path.to_owned(), source };
    let file = File::create(path).map_err(failed)?;
    let mut out = GzEncoder::new(BufWriter::new(file), Compression::default());
    for row in rows {
        serde_json::to_writer(&mut out, &row).map_err(std::io::Error::from).map_err(failed)?;
        out.write_all(b"\n").map_err(failed)?;
    }
    let out = out.finish().map_err(failed)?;
    let file = out.into_inner().map_err(|unwritten| failed(unwritten.into_error()))?;
    file.sync_all().map_err(failed)
}

fn write_qrels(path: &Path, qrels: &Qrels) -> Result<(), EngineError> {
    let failed = |source| EngineError::File { path: path.to_owned(), source };
    let lines: String =
        qrels.judgements().map(|(query, listing, grade)| format!("{query} 0 {listing} {grade}\n")).collect();
    let draft = path.with_extension("txt.new");
    let mut file = File::create(&draft).map_err(failed)?;
    file.write_all(lines.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(&draft, path).map_err(failed)
}

/// A listing, by the columns that patents are read from.
#[derive(Serialize)]
struct ListingRow<'a> {
    id: &'a str,
    #[serde(rename = "application_number", skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
    #[serde(rename = "publication_number", skip_serializing_if = "Option::is_none")]
    publication: Option<String>,
    title: &'a str,
    #[serde(rename = "专利类型", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(rename = "专利权人", skip_serializing_if = "<[_]>::is_empty")]
    holders: &'a [String],
    #[serde(rename = "ipc")]
    ipc: Vec<&'a str>,
    #[serde(rename = "abstract", skip_serializing_if = "str::is_empty")]
    abstract_text: &'a str,
    #[serde(rename = "claim", skip_serializing_if = "str::is_empty")]
    claim: &'a str,
    #[serde(rename = "所在地", skip_serializing_if = "Option::is_none")]
    place: Option<&'a str>,
    #[serde(rename = "申请日", skip_serializing_if = "Option::is_none")]
    filed_on: Option<String>,
    #[serde(rename = "公开日", skip_serializing_if = "Option::is_none")]
    published_on: Option<String>,
}

impl<'a> From<&'a Listing> for ListingRow<'a> {
    fn from(listing: &'a Listing) -> Self {
        let patent = &listing.patent;
        Self {
            id: listing.id.as_str(),
            number: patent.application_number.as_ref().map(|number| number.as_str()),
            publication: patent.publication_number.as_ref().map(ToString::to_string),
            title: &patent.title,
            kind: patent.kind.map(|kind| match kind {
                PatentKind::Invention => "发明",
                PatentKind::UtilityModel => "实用新型",
                PatentKind::Design => "外观设计",
            }),
            holders: &patent.holders,
            ipc: patent.ipc.iter().map(|symbol| symbol.as_str()).collect(),
            abstract_text: &patent.abstract_text,
            claim: &patent.claim,
            place: patent.location.as_ref().map(|place| place.text.as_str()),
            filed_on: patent.filed_on.map(|day| day.to_string()),
            published_on: patent.published_on.map(|day| day.to_string()),
        }
    }
}

/// A query, by the columns that enterprises are read from.
#[derive(Serialize)]
struct EnterpriseRow<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    #[serde(rename = "uscc", skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a str>,
    #[serde(rename = "gbt4754", skip_serializing_if = "Option::is_none")]
    industry_code: Option<&'a str>,
    #[serde(rename = "industry", skip_serializing_if = "<[_]>::is_empty")]
    industries: &'a [String],
    #[serde(rename = "intro", skip_serializing_if = "str::is_empty")]
    business: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    products: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    concepts: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
    #[serde(rename = "needs", skip_serializing_if = "Vec::is_empty")]
    needs: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    own_patents: Vec<OwnPatentRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scale: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<String>,
}

#[derive(Serialize)]
struct OwnPatentRow<'a> {
    title: &'a str,
    ipc: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_number: Option<&'a str>,
}

impl<'a> From<&'a OwnPatent> for OwnPatentRow<'a> {
    fn from(patent: &'a OwnPatent) -> Self {
        Self {
            title: &patent.title,
            ipc: patent.ipc.iter().map(|symbol| symbol.as_str()).collect(),
            application_number: patent.application_number.as_ref().map(|number| number.as_str()),
        }
    }
}

impl<'a> From<&'a Enterprise> for EnterpriseRow<'a> {
    fn from(firm: &'a Enterprise) -> Self {
        Self {
            id: firm.id.as_str(),
            name: &firm.name,
            code: firm.credit_code.as_ref().map(|code| code.as_str()),
            place: firm.location.as_ref().map(|place| place.text.as_str()),
            industry_code: firm.industry_code.as_ref().map(|code| code.as_str()),
            industries: &firm.industries,
            business: &firm.business,
            products: &firm.products,
            concepts: &firm.concepts,
            tags: &firm.tags,
            needs: firm.needs.iter().map(|need| need.0.as_str()).collect(),
            own_patents: firm.own_patents.iter().map(OwnPatentRow::from).collect(),
            scale: firm.scale.map(EnterpriseScale::chinese),
            budget: firm.budget_per_year.map(|amount| format!("{amount}/年")),
        }
    }
}
