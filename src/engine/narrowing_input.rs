//! What a person wants of recommendations, as it is typed.

use super::search_input::each;
use super::{Narrowing, SearchRefusal};
use crate::domain::{IndustryCode, Money, TechnologyField};

/// What is asked beyond the enterprise's own fit, in a client's words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NarrowingInput {
    /// Most that is certain to be paid in a year, in yuan.
    pub fee_at_most_yuan: Option<u32>,
    /// Only patents of this holder.
    pub holder: Option<String>,
    /// Only patents of these fields, 1 to 35; any if empty.
    pub fields: Vec<String>,
    /// Only patents that serve these industries (GB/T 4754 codes, by their division); any if empty.
    pub industries: Vec<String>,
}

impl NarrowingInput {
    /// The narrowing, if every word of it can be understood.
    ///
    /// # Errors
    /// [`SearchRefusal`] for the first that cannot.
    pub fn checked(&self) -> Result<Narrowing, SearchRefusal> {
        let industry = |text: &str| text.parse::<IndustryCode>().ok();
        Ok(Narrowing {
            fee_at_most: self.fee_at_most_yuan.and_then(|yuan| Money::from_fen(i64::from(yuan) * 100).ok()),
            holder: self.holder.clone(),
            fields: each("field", &self.fields, "1–35", |text| TechnologyField::from_number(text.parse().ok()?))?,
            industries: each("industry", &self.industries, "C38, 38, 3841", industry)?,
            ..Narrowing::default()
        })
    }
}
