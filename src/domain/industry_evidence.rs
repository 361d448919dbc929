//! What is known of how technology and industry go together: the rows the industry bridge is learnt from.

use super::{IndustryCode, IpcCode, IpcPattern};

/// A patent whose industries are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndustryPair {
    /// The title; twins of one invention often share it.
    pub title: String,
    /// Publication numbers of the patent and its family, as written.
    pub family: Vec<String>,
    /// Its IPC symbols, the main one first.
    pub symbols: Vec<IpcCode>,
    /// Its industries, as a rule at four digits.
    pub industries: Vec<IndustryCode>,
}

/// A line of a concordance: this part of the IPC, but for the exclusions, belongs to this industry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndustryRule {
    /// The part of the IPC.
    pub pattern: IpcPattern,
    /// What of it is left out.
    pub exclusions: Vec<IpcPattern>,
    /// The industry.
    pub industry: IndustryCode,
}

/// What a classification says of one of its classes: an IPC title, or a class's name with its note.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClassNote {
    /// The class's code, as written.
    pub code: String,
    /// The words.
    pub text: String,
}
