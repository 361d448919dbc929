//! Profile: what an enterprise's record asks for, as weighted terms.
//!
//! Input is an enterprise; output is an [`EnterpriseProfile`] for `retrieve`. Each part of the record (needs, products,
//! own patents …) speaks with its own weight, and a term said many times in one part counts a little more than once:
//! the same record gives the same profile on every machine.
//!
//! Not done here: how rare a term is in the catalogue (`retrieve`), what fits the enterprise's terms of licence (`rank`).

mod own_patents;
mod terms;

use crate::analysis::Analyzer;
use crate::domain::{Enterprise, EnterpriseProfile, ProfilePart};
use terms::PartTerms;

/// How much less the neighbours' field is trusted for each own patent with a class.
const TRUST_LOST_PER_OWN_PATENT: f64 = 3.0;
/// How much less it is trusted for each stated need.
const TRUST_LOST_PER_NEED: f64 = 8.0;

/// The profile of an enterprise. Linear in the length of its record.
#[must_use]
pub fn profile_of(analyzer: &Analyzer, enterprise: &Enterprise) -> EnterpriseProfile {
    let business = without_name(&enterprise.business, &enterprise.name);
    let parts: Vec<PartTerms> = ProfilePart::ALL
        .into_iter()
        .map(|part| PartTerms::read(analyzer, part, &texts_of(enterprise, &business, part)))
        .collect();
    let classed = enterprise.own_patents.iter().filter(|patent| !patent.ipc.is_empty()).count();
    let doubt = TRUST_LOST_PER_OWN_PATENT * classed as f64 + TRUST_LOST_PER_NEED * enterprise.needs.len() as f64;
    EnterpriseProfile {
        words: terms::merged(&parts, |part| &part.words),
        bigrams: terms::merged(&parts, |part| &part.bigrams),
        ipc: own_patents::symbols(&enterprise.own_patents),
        neighbour_trust: 1.0 / (1.0 + doubt),
    }
}

/// The texts of one part, the business text as given. Qualification tags say nothing of technology and are no part.
fn texts_of<'a>(enterprise: &'a Enterprise, business: &'a str, part: ProfilePart) -> Vec<&'a str> {
    fn all(texts: &[String]) -> Vec<&str> {
        texts.iter().map(String::as_str).collect()
    }
    match part {
        ProfilePart::OwnPatents => enterprise.own_patents.iter().map(|patent| patent.title.as_str()).collect(),
        ProfilePart::Needs => enterprise.needs.iter().map(|need| need.0.as_str()).collect(),
        ProfilePart::Business => vec![business],
        ProfilePart::Products => all(&enterprise.products),
        ProfilePart::Industry => {
            let class = enterprise.industry_code.as_ref().map(|code| code.name());
            all(&enterprise.industries).into_iter().chain(class).collect()
        }
        ProfilePart::Concepts => all(&enterprise.concepts),
        ProfilePart::Name => vec![&enterprise.name],
    }
}

/// A business text without the firm's own name: it is said often there and tells nothing more each time.
fn without_name(business: &str, name: &str) -> String {
    if name.is_empty() { business.to_owned() } else { business.replace(name, " ") }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::domain::{Need, OwnPatent};

    static ANALYZER: LazyLock<Analyzer> = LazyLock::new(Analyzer::new);

    fn battery_maker() -> Enterprise {
        let mut enterprise = Enterprise::named("样例江北锂电材料有限公司", None);
        enterprise.products = vec!["锂电池隔膜".into(), "电解液".into()];
        enterprise.business = "公司主营锂电池隔膜的研发、生产和销售".into();
        enterprise
    }

    fn weight(terms: &[crate::domain::ProfileTerm], text: &str) -> f64 {
        terms.iter().find(|term| term.text == text).map_or(0.0, |term| term.weight)
    }

    #[test]
    fn words_of_trade_and_legal_form_ask_for_nothing() {
        let profile = profile_of(&ANALYZER, &battery_maker());
        for word in ["公司", "有限公司", "销售", "生产", "的"] {
            assert_eq!(weight(&profile.words, word), 0.0, "{word}");
            assert_eq!(weight(&profile.bigrams, word), 0.0, "{word}");
        }
        assert!(weight(&profile.words, "隔膜") > weight(&profile.words, "电解液"), "said twice counts more");
        assert!(weight(&profile.words, "隔膜") < 2.5 * weight(&profile.words, "电解液"), "but not without end");
    }

    #[test]
    fn own_patents_bring_their_classes_at_several_levels() {
        let mut enterprise = battery_maker();
        enterprise.own_patents = vec![OwnPatent {
            title: "一种隔膜".into(),
            ipc: vec!["H01M50/409".parse().unwrap()],
            application_number: None,
        }];
        let profile = profile_of(&ANALYZER, &enterprise);
        let symbols: Vec<&str> = profile.ipc.iter().map(|term| term.text.as_str()).collect();
        assert_eq!(symbols, ["H01", "H01M", "H01M50", "H01M50/409"]);
    }

    #[test]
    fn the_more_specific_the_record_the_less_its_neighbours_field_counts() {
        let plain = battery_maker();
        let mut with_need = plain.clone();
        with_need.needs = vec![Need("隔膜高温收缩大".into())];
        let trust = |enterprise| profile_of(&ANALYZER, enterprise).neighbour_trust;
        assert!(trust(&plain) == 1.0 && trust(&with_need) < 0.2);
    }

    #[test]
    fn an_enterprise_of_which_nothing_is_known_asks_for_nothing() {
        assert!(profile_of(&ANALYZER, &Enterprise::named("有限公司", None)).is_empty());
    }
}
