//! What came as one object and cannot be taken as it is.

use thiserror::Error;

use super::Problem;
use crate::domain::Notice;
use crate::ingest::Row;

/// Everything that is wrong with an object, so that it can be mended at once.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", self.0.iter().map(|problem| problem.message_en.as_str()).collect::<Vec<_>>().join("; "))]
pub struct RefusedRows(pub Vec<Problem>);

impl RefusedRows {
    /// The value of an object, if everything in it was understood: who sends an object can mend it, unlike a file of many
    /// rows, of which unreadable extras are left out.
    pub(super) fn or_taken<T>((row, unknown): (Row<T>, Vec<String>)) -> Result<T, Self> {
        let mut problems: Vec<Problem> = unknown.iter().map(|name| Problem::unknown_member(name)).collect();
        match row.outcome {
            Ok(value) if problems.is_empty() => return Ok(value),
            Ok(_) => {}
            Err(rejections) => problems.extend(rejections.iter().map(Problem::from)),
        }
        Err(Self(problems))
    }
}

impl Notice for RefusedRows {
    fn chinese(&self) -> String {
        self.0.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("；")
    }
}
