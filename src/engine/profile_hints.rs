//! What an enterprise's record lacks, and what adding it would gain.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Engine, EngineError};
use crate::domain::{Beside, Enterprise, EnterpriseId, PartGain, ProfilePart};
use crate::profile::measured_gain;

/// How complete a record is.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ProfileHints {
    /// How many of the parts below are given.
    pub given: usize,
    /// How many there are.
    pub of: usize,
    /// What is lacking first, by what it gains; then what is given.
    pub parts: Vec<PartHint>,
}

/// One part of a record.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PartHint {
    /// Which, as a word that stays.
    pub part: &'static str,
    /// Its Chinese name, as on the form.
    pub name: &'static str,
    /// Whether the record has it.
    pub given: bool,
    /// What it is good for and how to fill it in, in Chinese.
    pub message: String,
    /// The same in English.
    pub message_en: String,
    /// What it has gained other enterprises, by a record as full as this one; `None` where no judged set can tell.
    pub gain: Option<PartGain>,
}

/// A part of the form.
struct Part {
    word: &'static str,
    name: &'static str,
    /// The part of the profile it speaks in; none for what only terms are held against.
    profile: Option<ProfilePart>,
    given: fn(&Enterprise) -> bool,
    message: &'static str,
    message_en: &'static str,
}

const PARTS: [Part; 7] = [
    Part {
        word: "needs",
        name: "技术需求",
        profile: Some(ProfilePart::Needs),
        given: |firm| !firm.needs.is_empty(),
        message: "写明要解决的技术问题，一项一句；推荐以此为先",
        message_en: "say which technical problems are to be solved, a sentence each; they count before all else",
    },
    Part {
        word: "own_patents",
        name: "自有专利",
        profile: Some(ProfilePart::OwnPatents),
        given: |firm| !firm.own_patents.is_empty(),
        message: "填写自有专利的专利号，或名称与分类号；据此寻找相近技术，并避免推荐自己的专利",
        message_en: "give the numbers of your own patents, or titles and symbols; what is near them is found, and they themselves are not recommended",
    },
    Part {
        word: "products",
        name: "主要产品",
        profile: Some(ProfilePart::Products),
        given: |firm| !firm.products.is_empty(),
        message: "列出主要产品，用行业通行的名称",
        message_en: "list the main products by the names the trade uses",
    },
    Part {
        word: "business",
        name: "业务描述",
        profile: Some(ProfilePart::Business),
        given: |firm| !firm.business.trim().is_empty(),
        message: "写明做什么、用什么工艺或技术；营业执照的经营范围亦可",
        message_en: "say what the firm does and by what process or technology; the scope on its licence will do",
    },
    Part {
        word: "industry",
        name: "所属行业",
        profile: Some(ProfilePart::Industry),
        given: |firm| firm.industry_code.is_some() || !firm.industries.is_empty(),
        message: "填写国民经济行业代码（如 C3841）或行业名称",
        message_en: "give the GB/T 4754 code (such as C3841) or the industry's name",
    },
    Part {
        word: "place",
        name: "所在地",
        profile: None,
        given: |firm| firm.location.is_some(),
        message: "填写注册地：有的许可限定地域，据此判断能否使用",
        message_en: "give the place of registration: some licences hold in some places only",
    },
    Part {
        word: "budget",
        name: "许可费预算",
        profile: None,
        given: |firm| firm.budget_per_year.is_some(),
        message: "填写每年可付的许可费，如 5万元：超出的会注明，合适的靠前",
        message_en: "say what can be paid a year for one licence: what costs more is marked, what fits comes sooner",
    },
];

impl Engine {
    /// What the enterprise's record lacks, what that is good for, and what it gains.
    ///
    /// # Errors
    /// [`EngineError::UnknownEnterprise`] if there is none.
    pub async fn profile_hints(&self, enterprise: &EnterpriseId) -> Result<ProfileHints, EngineError> {
        let unknown = || EngineError::UnknownEnterprise { text: enterprise.to_string() };
        let firm = self.store.enterprise(enterprise).await?.ok_or_else(unknown)?;
        Ok(hints(&firm))
    }
}

fn hints(firm: &Enterprise) -> ProfileHints {
    // Of a record that tells nothing but a name, a part says more than of one that tells much.
    let tells = PARTS.iter().any(|part| part.profile.is_some() && (part.given)(firm));
    let beside = if tells { Beside::Rest } else { Beside::Name };
    let mut parts: Vec<PartHint> = PARTS.iter().map(|part| hint(part, firm, beside)).collect();
    let given = parts.iter().filter(|part| part.given).count();
    // The sort is stable: what no set can tell of keeps its place at the head of the form.
    let gain = |hint: &PartHint| hint.gain.as_ref().map_or(f64::MAX, |gain| gain.with - gain.without);
    let has_no_profile = |hint: &PartHint| PARTS.iter().any(|part| part.word == hint.part && part.profile.is_none());
    parts.sort_by(|a, b| {
        let key = |hint: &PartHint| (hint.given, has_no_profile(hint));
        key(a).cmp(&key(b)).then_with(|| gain(b).total_cmp(&gain(a)))
    });
    ProfileHints { given, of: PARTS.len(), parts }
}

fn hint(part: &Part, firm: &Enterprise, beside: Beside) -> PartHint {
    PartHint {
        part: part.word,
        name: part.name,
        given: (part.given)(firm),
        message: part.message.to_owned(),
        message_en: part.message_en.to_owned(),
        gain: part.profile.and_then(|part| measured_gain(part, beside)).cloned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Need;

    fn words(hints: &ProfileHints) -> Vec<&str> {
        hints.parts.iter().map(|hint| hint.part).collect()
    }

    #[test]
    fn what_is_lacking_comes_first_by_its_gain_beside_as_much_as_is_given() {
        let mut firm = Enterprise::named("样例江北锂电材料有限公司", None);
        let empty = hints(&firm);
        assert_eq!((empty.given, empty.of), (0, 7));
        assert_eq!((words(&empty)[0], &words(&empty)[5..]), ("needs", &["place", "budget"][..]));
        let gains: Vec<f64> =
            empty.parts.iter().filter_map(|hint| hint.gain.as_ref()).map(|g| g.with - g.without).collect();
        assert!(gains.len() == 4 && gains.is_sorted_by(|a, b| a >= b), "{gains:?}");
        assert!(empty.parts.iter().filter_map(|hint| hint.gain.as_ref()).all(|gain| gain.beside == Beside::Name));
        firm.needs = vec![Need("隔膜热收缩大".to_owned())];
        let some = hints(&firm);
        assert_eq!((some.given, *words(&some).last().unwrap()), (1, "needs"));
        assert!(some.parts.iter().filter_map(|hint| hint.gain.as_ref()).all(|gain| gain.beside == Beside::Rest));
    }
}
