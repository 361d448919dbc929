//! The table of links as text: CSV, one link a line.

use std::fmt;
use std::str::FromStr;

use super::{Bridge, BridgeError, Link};
use crate::domain::{IndustryCode, IpcPattern};

const HEADER: &str = "part,industry,given_part,given_industry,sources";
const CELLS: usize = 5;

impl FromStr for Bridge {
    type Err = BridgeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut lines = text.lines().enumerate();
        if lines.next().map(|(_, line)| line) != Some(HEADER) {
            return Err(BridgeError::Header { expected: HEADER });
        }
        let links: Result<Vec<Link>, BridgeError> = lines
            .map(|(number, line)| {
                link(line).map_err(|source| BridgeError::Line { line: number + 1, source: Box::new(source) })
            })
            .collect();
        Ok(Self::of(links?))
    }
}

fn link(line: &str) -> Result<Link, BridgeError> {
    let cells: Vec<&str> = line.split(',').collect();
    let [part, industry, given_part, given_industry, sources] = cells[..] else {
        return Err(BridgeError::Cells { expected: CELLS, found: cells.len() });
    };
    Ok(Link {
        part: part.parse::<IpcPattern>()?,
        industry: industry.parse::<IndustryCode>()?,
        given_part: weight(given_part)?,
        given_industry: if given_industry.is_empty() { None } else { Some(weight(given_industry)?) },
        sources: sources.parse()?,
    })
}

fn weight(text: &str) -> Result<f64, BridgeError> {
    let weight = text.parse().ok().filter(|weight| (0.0..=1.0).contains(weight));
    weight.ok_or_else(|| BridgeError::Weight { text: text.chars().take(40).collect() })
}

/// The table as it ships; reading it gives the same bridge.
impl fmt::Display for Bridge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        for link in self.links() {
            write!(f, "{},{},{},", link.part.as_str(), link.industry, link.given_part)?;
            if let Some(weight) = link.given_industry {
                write!(f, "{weight}")?;
            }
            writeln!(f, ",{}", link.sources)?;
        }
        Ok(())
    }
}
