//! The industry bridge: learning it, measuring it, asking it.

use std::path::Path;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::EngineError;
use super::bridge_files::{BridgeFiles, BridgeMaterial, FileReading};
use crate::bridge::{Bridge, CrossValidation, Settings, Sources, cross_validate, inventions, train};
use crate::domain::{EmergingIndustry, IndustryCode, IndustryLevel, IpcCode, IpcLevel};

/// Industries and subclasses told of one symbol or industry.
const TOLD: usize = 10;

/// What learning a bridge gave.
#[derive(Debug, Clone, Serialize)]
pub struct BridgeTraining {
    /// What became of each file's rows.
    pub files: Vec<FileReading>,
    /// Links written.
    pub links: usize,
    /// The size of the table in bytes.
    pub bytes: usize,
    /// The checksum of the table, for its card.
    pub sha256: String,
}

/// What measuring a bridge gave.
#[derive(Debug, Clone, Serialize)]
pub struct BridgeEvaluation {
    /// What became of each file's rows.
    pub files: Vec<FileReading>,
    /// The figures.
    #[serde(flatten)]
    pub figures: CrossValidation,
}

/// Learns a bridge from files and writes its table.
///
/// # Errors
/// As reading fails; [`EngineError::File`] if the table cannot be written.
pub fn train_bridge(files: &BridgeFiles, out: &Path) -> Result<BridgeTraining, EngineError> {
    let read = BridgeMaterial::read(files)?;
    let bridge = train(&read.material(), &Settings::default());
    let table = bridge.to_string();
    std::fs::write(out, &table).map_err(|source| EngineError::File { path: out.to_owned(), source })?;
    let sha256 = Sha256::digest(&table).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(BridgeTraining { files: read.readings, links: bridge.links().len(), bytes: table.len(), sha256 })
}

/// Measures bridges learnt from these files by cross-validation over the pairs.
///
/// # Errors
/// As reading fails; [`EngineError::TooFewInventions`] where a fold would be empty.
pub fn evaluate_bridge(files: &BridgeFiles, folds: usize, seed: u64) -> Result<BridgeEvaluation, EngineError> {
    let read = BridgeMaterial::read(files)?;
    let numbers = inventions(&read.pairs);
    let inventions = numbers.iter().collect::<std::collections::BTreeSet<_>>().len();
    if inventions < folds {
        return Err(EngineError::TooFewInventions { inventions, folds });
    }
    Ok(BridgeEvaluation { figures: cross_validate(&read.material(), folds, seed), files: read.readings })
}

/// What the shipped bridge says of a symbol or an industry.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "asked", rename_all = "snake_case")]
pub enum BridgeAnswer {
    /// Of an IPC symbol.
    Symbol(SymbolAnswer),
    /// Of an industry.
    Industry(IndustryAnswer),
}

/// What is said of an IPC symbol.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SymbolAnswer {
    /// The symbol, as understood.
    pub symbol: String,
    /// The title of its subclass.
    pub title: &'static str,
    /// Strategic emerging industries it falls under.
    pub emerging: Vec<EmergingIndustry>,
    /// Likely divisions, likeliest first.
    pub divisions: Vec<Told>,
    /// Likely groups, likeliest first.
    pub groups: Vec<Told>,
}

/// What is said of an industry.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IndustryAnswer {
    /// The industry.
    pub industry: IndustryCode,
    /// Its name.
    pub name: &'static str,
    /// Likely subclasses, likeliest first.
    pub parts: Vec<Told>,
}

/// One end of a link, with its name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Told {
    /// The industry's code or the subclass.
    pub code: String,
    /// Its Chinese name.
    pub name: &'static str,
    /// How likely, 0 to 1.
    pub weight: f64,
    /// Where this is known from.
    pub sources: Sources,
}

/// Asks the shipped bridge about an IPC symbol (`H01M10/0525`, `H01M10`, `H01M`) or an industry (`3841`, `C38`).
///
/// # Errors
/// [`EngineError::NeitherSymbolNorIndustry`] for anything else.
pub fn show_bridge(text: &str) -> Result<BridgeAnswer, EngineError> {
    let bridge = Bridge::shipped()?;
    if let Some(symbol) = symbol(text) {
        return Ok(BridgeAnswer::Symbol(of_symbol(bridge, &symbol)));
    }
    match text.parse::<IndustryCode>() {
        Ok(industry) => Ok(BridgeAnswer::Industry(of_industry(bridge, industry))),
        Err(_) => Err(EngineError::NeitherSymbolNorIndustry { text: text.trim().chars().take(40).collect() }),
    }
}

/// An IPC symbol as a person may write it, a main group without its `/00` included.
fn symbol(text: &str) -> Option<IpcCode> {
    text.parse().ok().or_else(|| format!("{}/00", text.trim()).parse().ok())
}

fn of_symbol(bridge: &Bridge, symbol: &IpcCode) -> SymbolAnswer {
    let told = |level| {
        let likely = bridge.industries_of(std::slice::from_ref(symbol), level).into_iter().take(TOLD);
        likely
            .map(|likely| Told {
                code: likely.industry.to_string(),
                name: likely.industry.name(),
                weight: likely.weight,
                sources: likely.sources,
            })
            .collect()
    };
    SymbolAnswer {
        symbol: symbol.to_string(),
        title: symbol.at(IpcLevel::Subclass).and_then(IpcCode::title).unwrap_or_default(),
        emerging: EmergingIndustry::of(symbol),
        divisions: told(IndustryLevel::Division),
        groups: told(IndustryLevel::Group),
    }
}

fn of_industry(bridge: &Bridge, industry: IndustryCode) -> IndustryAnswer {
    let parts = bridge.parts_of(&industry).into_iter().take(TOLD);
    let parts = parts.map(|likely| Told {
        code: likely.part.as_str().to_owned(),
        name: IpcCode::title(likely.part.as_str()).unwrap_or_default(),
        weight: likely.weight,
        sources: likely.sources,
    });
    IndustryAnswer { name: industry.name(), parts: parts.collect(), industry }
}
