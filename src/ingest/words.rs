//! The words forms offer to choose from.

use crate::domain::{EnterpriseScale, HolderKind, PatentKind, RoyaltyBase};

pub(super) const KINDS: &str = "发明、实用新型、外观设计";
pub(super) const HOLDER_KINDS: &str = "高校、科研院所、国有企业、中小企业、个人、其他";
pub(super) const ROYALTY_BASES: &str = "销售额、净销售额、利润、净利润";
pub(super) const SCALES: &str = "大型、中型、小型、微型";

/// The kind of patent: the forms' words, 广东's digits, and the words of gazette files.
pub(super) fn patent_kind(text: &str) -> Option<PatentKind> {
    let text = text.trim();
    match text {
        "1" | "invention_published" | "invention_authorized" | "invention" => Some(PatentKind::Invention),
        "2" | "utility_new" | "utility_model" => Some(PatentKind::UtilityModel),
        "3" | "appearance_designed" | "design" => Some(PatentKind::Design),
        _ if text.contains("实用新型") => Some(PatentKind::UtilityModel),
        _ if text.contains("外观") => Some(PatentKind::Design),
        _ if text.contains("发明") => Some(PatentKind::Invention),
        _ => None,
    }
}

/// What kind of body holds a patent: the words of the provinces' forms, and 广东's digits.
pub(super) fn holder_kind(text: &str) -> Option<HolderKind> {
    const WORDS: [(&str, HolderKind); 20] = [
        ("高校", HolderKind::University),
        ("高等院校", HolderKind::University),
        ("大学", HolderKind::University),
        ("大专院校", HolderKind::University),
        ("院校", HolderKind::University),
        ("科研", HolderKind::Institute),
        ("研究院", HolderKind::Institute),
        ("研究所", HolderKind::Institute),
        ("国有", HolderKind::StateOwned),
        ("国企", HolderKind::StateOwned),
        ("央企", HolderKind::StateOwned),
        ("中小", HolderKind::SmallFirm),
        ("小微", HolderKind::SmallFirm),
        ("个人", HolderKind::Person),
        ("自然人", HolderKind::Person),
        ("企业", HolderKind::Other),
        ("事业单位", HolderKind::Other),
        ("机关", HolderKind::Other),
        ("其他", HolderKind::Other),
        ("其它", HolderKind::Other),
    ];
    match text.trim() {
        "1" => Some(HolderKind::University),
        "2" => Some(HolderKind::Institute),
        "3" => Some(HolderKind::StateOwned),
        "4" => Some(HolderKind::Other),
        text => WORDS.iter().find(|(word, _)| text.contains(word)).map(|(_, kind)| *kind),
    }
}

/// The size class of an enterprise.
pub(super) fn scale(text: &str) -> Option<EnterpriseScale> {
    let text = text.trim();
    let bare = text.strip_suffix("企业").unwrap_or(text);
    match bare.strip_suffix('型').unwrap_or(bare) {
        "大" | "large" => Some(EnterpriseScale::Large),
        "中" | "medium" => Some(EnterpriseScale::Medium),
        "小" | "small" => Some(EnterpriseScale::Small),
        "微" | "micro" => Some(EnterpriseScale::Micro),
        _ => None,
    }
}

/// What a royalty is a share of.
pub(super) fn royalty_base(text: &str) -> Option<RoyaltyBase> {
    match text.trim() {
        "销售额" | "销售收入" | "sales" => Some(RoyaltyBase::Sales),
        "净销售额" | "净销售收入" | "net_sales" => Some(RoyaltyBase::NetSales),
        "利润" | "profit" => Some(RoyaltyBase::Profit),
        "净利润" | "net_profit" => Some(RoyaltyBase::NetProfit),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holders_are_known_by_the_words_of_every_province() {
        for (text, kind) in [
            ("高校", HolderKind::University),
            ("科研院所", HolderKind::Institute),
            ("研究院", HolderKind::Institute),
            ("大中型国有企业", HolderKind::StateOwned),
            ("中小微企业", HolderKind::SmallFirm),
            ("个人", HolderKind::Person),
            ("其他", HolderKind::Other),
        ] {
            assert_eq!(holder_kind(text), Some(kind), "{text}");
        }
        assert_eq!(holder_kind("甲"), None);
    }

    #[test]
    fn a_size_class_is_known_with_and_without_its_endings() {
        for text in ["小型", "小型企业", "小"] {
            assert_eq!(scale(text), Some(EnterpriseScale::Small), "{text}");
        }
        assert_eq!(scale("中小型企业"), None, "two classes at once are none");
    }

    #[test]
    fn kinds_of_patents_are_known_in_gazettes_and_on_forms() {
        assert_eq!(patent_kind("发明专利"), Some(PatentKind::Invention));
        assert_eq!(patent_kind("utility_new"), Some(PatentKind::UtilityModel));
        assert_eq!(patent_kind("外观设计"), Some(PatentKind::Design));
        assert_eq!(patent_kind("植物新品种"), None);
    }
}
