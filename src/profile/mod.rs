//! Profile: what an enterprise's record asks for, as weighted terms.
//!
//! Input is an enterprise; output is an [`EnterpriseProfile`] for `retrieve`. Each part of the record (needs, products,
//! own patents …) speaks with its own weight, and a term said many times in one part counts a little more than once:
//! the same record gives the same profile on every machine.
//!
//! Not done here: how rare a term is in the catalogue (`retrieve`), what fits the enterprise's terms of licence (`rank`).

mod gains;
mod learnt;
mod likely;
mod meaning;
mod own_patents;
mod terms;

use crate::analysis::Analyzer;
use crate::classify::Classifier;
use crate::domain::{Enterprise, EnterpriseProfile, LearntInterest, ProfilePart};
use crate::firms::{Asked, Firms, Like};
pub use gains::measured_gain;
use terms::PartTerms;

/// How many of a need's last sentences are read twice: they say what is missing, those before say what is known.
const LAST_SENTENCES: usize = 3;
/// How much less the likely field is trusted for each own patent with a class.
const TRUST_LOST_PER_OWN_PATENT: f64 = 3.0;
/// How much less it is trusted for each stated need, and what the enterprise is about otherwise.
const TRUST_LOST_PER_NEED: f64 = 8.0;

/// What tells more of an enterprise than its words: without them no class is likely and no meaning known.
#[derive(Clone, Copy, Default)]
pub struct Readers<'a> {
    /// Reads the description.
    pub subclasses: Option<&'a Classifier>,
    /// Tells what firms with like names do; asked where neither needs nor own patents with classes say it better.
    pub firms: Option<&'a Firms>,
}

/// The profile of an enterprise. Linear in the length of its record.
#[must_use]
pub fn profile_of(analyzer: &Analyzer, readers: Readers<'_>, enterprise: &Enterprise) -> EnterpriseProfile {
    profile_with(analyzer, readers, enterprise, &LearntInterest::default())
}

/// The same with what was learnt of the enterprise: nothing learnt gives [`profile_of`], to the last bit.
#[must_use]
pub fn profile_with(
    analyzer: &Analyzer,
    readers: Readers<'_>,
    enterprise: &Enterprise,
    learnt: &LearntInterest,
) -> EnterpriseProfile {
    let business = without_name(&enterprise.business, &enterprise.name);
    let parts: Vec<PartTerms> = ProfilePart::ALL
        .into_iter()
        .map(|part| PartTerms::read(analyzer, part, &texts_of(enterprise, &business, part)))
        .collect();
    let classed = enterprise.own_patents.iter().filter(|patent| !patent.ipc.is_empty()).count();
    let doubt = TRUST_LOST_PER_OWN_PATENT * classed as f64 + TRUST_LOST_PER_NEED * enterprise.needs.len() as f64;
    let texts = |part| texts_of(enterprise, &business, part);
    let doing = [texts(ProfilePart::Business), texts(ProfilePart::Products)].concat();
    let described = [texts(ProfilePart::Name), doing.clone(), texts(ProfilePart::Industry)].concat();
    let telling = doing.iter().any(|text| !text.trim().is_empty());
    let subclasses = readers.subclasses;
    let meaning = subclasses.map(|reader| meaning::of(reader, &enterprise.own_patents, &described, telling));
    let likely = subclasses.map_or_else(Vec::new, |reader| {
        likely::with_needs(reader, likely::subclasses(reader, &described, telling), &enterprise.needs)
    });
    let unsaid = classed == 0 && enterprise.needs.is_empty();
    let like = readers.firms.filter(|_| unsaid).map_or_else(Like::default, |firms| like(firms, enterprise));
    let beside_needs = 1.0 / (1.0 + TRUST_LOST_PER_NEED * enterprise.needs.len() as f64);
    let profile = EnterpriseProfile {
        likely: likely::with_firms(likely, &like, telling),
        words: terms::merged(&parts, |part| &part.words),
        bigrams: terms::merged(&parts, |part| &part.bigrams),
        ipc: own_patents::symbols(&enterprise.own_patents),
        field_trust: 1.0 / (1.0 + doubt),
        meaning: meaning::with_firms(meaning.unwrap_or_default(), like.meaning).times(beside_needs),
    };
    if learnt.listings.is_empty() { profile } else { corrected(analyzer, profile, &parts, learnt) }
}

/// A profile after what was learnt. Nearness in meaning stays that of the record.
fn corrected(
    analyzer: &Analyzer,
    profile: EnterpriseProfile,
    parts: &[PartTerms],
    learnt: &LearntInterest,
) -> EnterpriseProfile {
    let (words, bigrams) = learnt::of_titles(analyzer, learnt);
    let symbols = learnt::of_symbols(learnt);
    EnterpriseProfile {
        words: words.applied(profile.words, &terms::kept(parts, |part| &part.words), 0.0),
        bigrams: bigrams.applied(profile.bigrams, &terms::kept(parts, |part| &part.bigrams), 0.0),
        ipc: learnt::symbols(&symbols, profile.ipc),
        likely: learnt::likely(&symbols, profile.likely),
        ..profile
    }
}

/// What firms with like names do.
fn like(firms: &Firms, enterprise: &Enterprise) -> Like {
    let texts = |part| texts_of(enterprise, "", part);
    let (industries, concepts) = (texts(ProfilePart::Industry), texts(ProfilePart::Concepts));
    firms.like(&Asked { name: &enterprise.name, industries: &industries, concepts: &concepts })
}

/// The texts of one part, the business text as given. Qualification tags say nothing of technology and are no part.
fn texts_of<'a>(enterprise: &'a Enterprise, business: &'a str, part: ProfilePart) -> Vec<&'a str> {
    fn all(texts: &[String]) -> Vec<&str> {
        texts.iter().map(String::as_str).collect()
    }
    match part {
        ProfilePart::OwnPatents => enterprise.own_patents.iter().map(|patent| patent.title.as_str()).collect(),
        ProfilePart::Needs => enterprise.needs.iter().flat_map(|need| with_end_again(&need.0)).collect(),
        ProfilePart::Business => vec![business],
        ProfilePart::Products => all(&enterprise.products),
        ProfilePart::Industry => {
            let class = enterprise.industry_code.as_ref().map(|code| code.name());
            all(&enterprise.industries).into_iter().chain(class).collect()
        }
        ProfilePart::Concepts => all(&enterprise.concepts),
        ProfilePart::Name => vec![&enterprise.name],
        // Of the record nothing: see `learnt`.
        ProfilePart::Feedback => Vec::new(),
    }
}

/// A need, and its last sentences once more if it has others.
fn with_end_again(need: &str) -> Vec<&str> {
    let sentences: Vec<&str> = need.split_inclusive(['。', '；', ';', '！', '？', '\n']).collect();
    let end = sentences.len().saturating_sub(LAST_SENTENCES);
    if end == 0 { vec![need] } else { [&[need], &sentences[end..]].concat() }
}

/// A business text without the firm's own name: it is said often there and tells nothing more each time.
fn without_name(business: &str, name: &str) -> String {
    if name.is_empty() { business.to_owned() } else { business.replace(name, " ") }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::classify::Shipped;
    use crate::domain::{LabelKind, LearntListing, Need, OwnPatent};

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
        let profile = profile_of(&ANALYZER, Readers::default(), &battery_maker());
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
        let profile = profile_of(&ANALYZER, Readers::default(), &enterprise);
        let symbols: Vec<&str> = profile.ipc.iter().map(|term| term.text.as_str()).collect();
        assert_eq!(symbols, ["H01", "H01M", "H01M50", "H01M50/409"]);
    }

    #[test]
    fn the_more_specific_the_record_the_less_its_likely_field_counts() {
        let plain = battery_maker();
        let mut with_need = plain.clone();
        with_need.needs = vec![Need("隔膜高温收缩大".into())];
        let trust = |enterprise| profile_of(&ANALYZER, Readers::default(), enterprise).field_trust;
        assert!(trust(&plain) == 1.0 && trust(&with_need) < 0.2);
    }

    fn lesson(weight: f64, title: &str, symbol: &str) -> LearntListing {
        LearntListing { weight, title: title.to_owned(), ipc: vec![symbol.parse().unwrap()] }
    }

    fn with(enterprise: &Enterprise, listings: Vec<LearntListing>) -> EnterpriseProfile {
        profile_with(
            &ANALYZER,
            Readers::default(),
            enterprise,
            &LearntInterest { listings, ..LearntInterest::default() },
        )
    }

    fn total(terms: &[crate::domain::ProfileTerm]) -> f64 {
        terms.iter().map(|term| term.weight).sum()
    }

    #[test]
    fn wanted_listings_add_their_terms_and_never_drown_what_the_firm_says() {
        let firm = battery_maker();
        let plain = with(&firm, vec![]);
        let taught =
            with(&firm, vec![lesson(2.0, "一种隔膜涂覆装置", "B05C5/02"), lesson(2.0, "涂覆浆料", "C09D7/61")]);
        assert!(weight(&taught.words, "涂覆") > 0.3 && weight(&plain.words, "涂覆") == 0.0);
        assert!(weight(&taught.words, "隔膜") > weight(&plain.words, "隔膜"));
        assert!(weight(&taught.ipc, "B05C") > 0.0 && weight(&taught.ipc, "B05C5/02") > 0.0);
        let part = |text| taught.words.iter().find(|term| term.text == text).unwrap().part;
        assert_eq!((part("涂覆"), part("隔膜")), (ProfilePart::Feedback, ProfilePart::Products));
        let many: Vec<_> = (0..60)
            .map(|at| lesson(4.0, &format!("涂覆{}机{at}装置", ["泵", "阀", "轴"][at % 3]), "F16K1/00"))
            .collect();
        let taught = with(&firm, many);
        assert!(total(&taught.words) <= 1.5 * total(&plain.words) + 1e-9);
        assert!(total(&taught.bigrams) <= 1.5 * total(&plain.bigrams) + 1e-9);
        assert!(total(&taught.ipc) <= 0.5 * 1.75 + 1e-9, "half as much as one own patent says");
    }

    #[test]
    fn a_decline_of_the_field_lowers_its_terms_but_not_those_of_own_patents_and_needs() {
        let mut firm = battery_maker();
        let declined = || vec![lesson(-2.0, "电解液隔膜", "H01M10/0566")];
        let (plain, taught) = (with(&firm, vec![]), with(&firm, declined()));
        assert!(weight(&taught.words, "电解液") < weight(&plain.words, "电解液"));
        assert!(taught.words.iter().chain(&taught.bigrams).chain(&taught.ipc).all(|term| term.weight > 0.0));
        assert!(weight(&taught.ipc, "H01M") == 0.0, "what is declined is not asked for");
        firm.products.clear();
        firm.business.clear();
        firm.needs = vec![Need("电解液易燃".into())];
        let (plain, taught) = (with(&firm, vec![]), with(&firm, declined()));
        assert_eq!(weight(&taught.words, "电解液"), weight(&plain.words, "电解液"));
    }

    #[test]
    fn a_likely_class_that_was_declined_counts_less() {
        static CLASSIFIERS: LazyLock<Shipped> = LazyLock::new(|| Shipped::load(&ANALYZER).unwrap());
        let readers = Readers { subclasses: CLASSIFIERS.of(LabelKind::Subclass), firms: None };
        let of = |listings| {
            let learnt = LearntInterest { listings, ..LearntInterest::default() };
            let profile = profile_with(&ANALYZER, readers, &battery_maker(), &learnt);
            profile.likely.into_iter().find(|likely| likely.symbol == "H01M").unwrap().weight
        };
        assert!(of(vec![lesson(-2.0, "电解液", "H01M10/0566")]) < of(vec![]));
    }

    fn likely(enterprise: &Enterprise) -> Vec<(String, f64)> {
        static CLASSIFIERS: LazyLock<Shipped> = LazyLock::new(|| Shipped::load(&ANALYZER).unwrap());
        let profile =
            profile_of(&ANALYZER, Readers { subclasses: CLASSIFIERS.of(LabelKind::Subclass), firms: None }, enterprise);
        profile.likely.into_iter().map(|likely| (likely.symbol, likely.weight)).collect()
    }

    #[test]
    fn a_description_speaks_for_its_classes() {
        let classes = likely(&battery_maker());
        let best = classes.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        assert_eq!(best.0, "H01M", "{classes:?}");
        assert!(classes.iter().map(|class| class.1).sum::<f64>() <= 2.0 + 1e-6, "no more than twice all");
    }

    #[test]
    fn needs_speak_for_their_classes_with_one_say_however_many_there_are() {
        let mut firm = Enterprise::named("㐂㐂㐂", None);
        firm.needs = vec![Need("锂电池隔膜高温下收缩，导致正负极短路。".into())];
        let one = likely(&firm);
        firm.needs.push(Need("鱼塘养殖水体缺氧，增氧机能耗高。".into()));
        let two = likely(&firm);
        let of = |classes: &[(String, f64)], symbol: &str| {
            classes.iter().find(|class| class.0 == symbol).map_or(0.0, |class| class.1)
        };
        let sum = |classes: &[(String, f64)]| classes.iter().map(|class| class.1).sum::<f64>();
        assert!(of(&one, "H01M") > 0.5 && of(&one, "A01K") == 0.0, "{one:?}");
        assert!(of(&two, "A01K") > 0.3 && (of(&two, "H01M") - of(&one, "H01M") / 2.0).abs() < 1e-9, "{two:?}");
        assert!(sum(&one) <= 3.0 + 1e-6 && sum(&two) <= 3.0 + 1e-6);
    }

    #[test]
    fn where_only_name_and_industry_are_known_their_class_counts_twice_as_much() {
        let mut known = Enterprise::named("样例江北锂电池有限公司", None);
        known.industries = vec!["锂电池".into()];
        let brief = likely(&known);
        known.products = vec!["锂电池".into()];
        let most = |classes: &[(String, f64)]| classes.iter().map(|class| class.1).fold(0.0, f64::max);
        assert!(most(&brief) > 1.5 * most(&likely(&known)), "{brief:?}");
    }

    #[test]
    fn words_nobody_knows_speak_for_no_class() {
        assert_eq!(likely(&Enterprise::named("㐂㐂㐂", None)), []);
    }

    #[test]
    fn firms_with_like_names_speak_only_where_neither_needs_nor_classed_patents_do() {
        let shipped = Shipped::load(&ANALYZER).unwrap();
        let firms = Firms::shipped(shipped.embedding()).unwrap();
        let alone = Readers { subclasses: shipped.of(LabelKind::Subclass), firms: None };
        let with_firms = Readers { firms: Some(&firms), ..alone };
        let profile = |readers, enterprise: &Enterprise| profile_of(&ANALYZER, readers, enterprise);
        let weight = |profile: &EnterpriseProfile, symbol: &str| {
            profile.likely.iter().find(|class| class.symbol == symbol).map_or(0.0, |class| class.weight)
        };
        let named = Enterprise::named("样例锂电池有限公司", None);
        let (before, after) = (profile(alone, &named), profile(with_firms, &named));
        assert!(weight(&after, "H01M") > weight(&before, "H01M"));
        assert!(after.meaning != before.meaning && after.words == before.words);
        assert!(after.likely.is_sorted_by(|a, b| a.symbol < b.symbol));
        let mut with_need = named.clone();
        with_need.needs = vec![Need("隔膜高温收缩大".into())];
        let mut with_patent = named;
        let (title, ipc) = ("一种隔膜".to_owned(), vec!["H01M50/409".parse().unwrap()]);
        with_patent.own_patents = vec![OwnPatent { title, ipc, application_number: None }];
        for enterprise in [with_need, with_patent] {
            assert_eq!(profile(with_firms, &enterprise), profile(alone, &enterprise));
        }
    }

    #[test]
    fn the_end_of_a_long_need_is_read_twice() {
        let need = "电机很常见。端盖有多种。现有轴承寿命短。密封圈易老化。亟需隔膜。";
        assert_eq!(with_end_again(need), [need, "现有轴承寿命短。", "密封圈易老化。", "亟需隔膜。"]);
        assert_eq!(with_end_again("隔膜高温收缩大"), ["隔膜高温收缩大"]);
        assert_eq!(with_end_again(""), [""]);
    }

    #[test]
    fn an_enterprise_of_which_nothing_is_known_asks_for_nothing() {
        assert!(profile_of(&ANALYZER, Readers::default(), &Enterprise::named("有限公司", None)).is_empty());
    }
}
