//! An enterprise: who it is, what it does, what it looks for.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ApplicationNumber, CreditCode, EmailAddress, IndustryCode, IpcCode, Location, Money, normalised_name};

/// What an enterprise is called everywhere: the credit code it first came with, or without one its normalised name. It
/// does not change when a later file brings the code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[schema(value_type = String)]
pub struct EnterpriseId(String);

impl EnterpriseId {
    /// The id of an enterprise first seen with this code (perhaps) and name.
    #[must_use]
    pub fn new(credit_code: Option<&CreditCode>, name: &str) -> Self {
        Self(credit_code.map_or_else(|| normalised_name(name), |code| code.as_str().to_owned()))
    }

    /// An id that was given before, or by a judged set.
    #[must_use]
    pub fn from_known(id: &str) -> Self {
        Self(id.to_owned())
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EnterpriseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Size classes of the statistics office (企业规模).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EnterpriseScale {
    /// 大型.
    Large,
    /// 中型.
    Medium,
    /// 小型.
    Small,
    /// 微型.
    Micro,
}

impl EnterpriseScale {
    /// What it is called in forms.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Large => "大型",
            Self::Medium => "中型",
            Self::Small => "小型",
            Self::Micro => "微型",
        }
    }
}

/// A technical problem an enterprise has said it wants solved (技术需求), in its own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Need(pub String);

/// A patent the enterprise holds itself: a sign of what it works on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnPatent {
    /// Its title.
    pub title: String,
    /// Its IPC symbols, the main one first.
    #[serde(default)]
    pub ipc: Vec<IpcCode>,
    /// Its number, when known: a listing of this number is never recommended to the firm.
    #[serde(default)]
    pub application_number: Option<ApplicationNumber>,
}

/// What is known of one enterprise. Every list may be empty; the name is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Enterprise {
    /// Its name everywhere.
    pub id: EnterpriseId,
    /// The full registered name (企业名称).
    pub name: String,
    /// The unified social credit code.
    pub credit_code: Option<CreditCode>,
    /// Where it sits.
    pub location: Option<Location>,
    /// Its business in prose (经营范围, 企业简介).
    #[serde(default)]
    pub business: String,
    /// What it makes or sells (主要产品).
    #[serde(default)]
    pub products: Vec<String>,
    /// Industry words from any source (所属行业).
    #[serde(default)]
    pub industries: Vec<String>,
    /// Its class of GB/T 4754-2017.
    pub industry_code: Option<IndustryCode>,
    /// Concept words of the stock market and the press.
    #[serde(default)]
    pub concepts: Vec<String>,
    /// Qualifications (资质): 高新技术企业, 专精特新 …
    #[serde(default)]
    pub tags: Vec<String>,
    /// Stated needs.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Patents it holds.
    #[serde(default)]
    pub own_patents: Vec<OwnPatent>,
    /// Its size.
    pub scale: Option<EnterpriseScale>,
    /// What it can pay in a year for one licence.
    pub budget_per_year: Option<Money>,
    /// Where it is written to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<EmailAddress>,
    /// Where it is called, as it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl Enterprise {
    /// An enterprise of which only the name, and perhaps the code, is known.
    #[must_use]
    pub fn named(name: &str, credit_code: Option<CreditCode>) -> Self {
        Self {
            id: EnterpriseId::new(credit_code.as_ref(), name),
            name: name.to_owned(),
            credit_code,
            location: None,
            business: String::new(),
            products: Vec::new(),
            industries: Vec::new(),
            industry_code: None,
            concepts: Vec::new(),
            tags: Vec::new(),
            needs: Vec::new(),
            own_patents: Vec::new(),
            scale: None,
            budget_per_year: None,
            email: None,
            phone: None,
        }
    }

    /// Takes from `later` what this record lacks; nothing known is erased or replaced, lists grow without repeats.
    ///
    /// Two business texts that differ are both kept, one behind the other.
    pub fn fill_from(&mut self, later: Self) {
        self.credit_code = self.credit_code.take().or(later.credit_code);
        self.location = match (self.location.take(), later.location) {
            (Some(known), Some(new)) if known.division.is_none() && new.division.is_some() => Some(new),
            (known, new) => known.or(new),
        };
        if !later.business.is_empty() && !self.business.contains(&later.business) {
            let gap = if self.business.is_empty() { "" } else { "\n" };
            self.business = format!("{}{gap}{}", self.business, later.business);
        }
        add_new(&mut self.products, later.products);
        add_new(&mut self.industries, later.industries);
        self.industry_code = self.industry_code.take().or(later.industry_code);
        add_new(&mut self.concepts, later.concepts);
        add_new(&mut self.tags, later.tags);
        add_new(&mut self.needs, later.needs);
        add_new(&mut self.own_patents, later.own_patents);
        self.scale = self.scale.or(later.scale);
        self.budget_per_year = self.budget_per_year.or(later.budget_per_year);
        self.email = self.email.take().or(later.email);
        self.phone = self.phone.take().or(later.phone);
    }
}

fn add_new<T: PartialEq>(known: &mut Vec<T>, later: Vec<T>) {
    for value in later {
        if !known.contains(&value) {
            known.push(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_file_fills_gaps_and_never_erases() {
        let mut known = Enterprise::named("样例电池有限公司", None);
        known.products = vec!["隔膜".into()];
        known.business = "锂电池隔膜".into();
        let mut later = Enterprise::named("样例电池有限公司", None);
        later.products = vec!["隔膜".into(), "电解液".into()];
        later.tags = vec!["专精特新".into()];
        known.fill_from(later.clone());
        assert_eq!(known.products, ["隔膜", "电解液"]);
        assert_eq!(known.business, "锂电池隔膜");
        let once = known.clone();
        known.fill_from(later);
        assert_eq!(known, once, "filling twice from the same file changes nothing");
    }
}
