use std::io::{Cursor, Read};

use super::*;
use crate::domain::{Enterprise, Listing, ListingStatus, Moment, Patent, Rate, RoyaltyBase};

fn licence(fee: Fee, name: &str) -> Licence {
    let patent = Patent {
        application_number: Some(crate::domain::ApplicationNumber::from_body("202120000001").unwrap()),
        publication_number: None,
        kind: Some(PatentKind::UtilityModel),
        title: "一种海水淡化用<石墨烯>反渗透膜组件".into(),
        abstract_text: String::new(),
        claim: String::new(),
        ipc: Vec::new(),
        holders: vec!["样例江南理工大学".into(), "样例院".into()],
        location: None,
        filed_on: Some("2021-03-01".parse().unwrap()),
        published_on: None,
        predicted: None,
    };
    let territory = Territory::Divisions(vec!["320000".parse().unwrap(), "330100".parse().unwrap()]);
    let contact = Some("技术转移中心".to_owned());
    let terms = Some(LicenceTerms { fee, months: Some(36), ends_on: None, territory, contact });
    let (holder_kind, announced_on, status) = (None, None, ListingStatus::Published);
    let listing = Listing { id: "L".parse().unwrap(), patent, holder_kind, terms, status, announced_on };
    let firm = Enterprise::named(name, Some("91440300192317458F".parse().unwrap()));
    let at = Moment { today: "2026-11-22".parse().unwrap(), now: 0 };
    Licence { number: 7, ..Licence::accepted(listing, &firm, at).unwrap() }
}

fn wan(amount: i64) -> Money {
    Money::from_fen(amount * 1_000_000).unwrap()
}

/// The document's words, paragraph by paragraph, by another reader of ZIP and XML.
fn words(bytes: Vec<u8>) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    archive.by_name("word/document.xml").unwrap().read_to_string(&mut xml).unwrap();
    let document = roxmltree::Document::parse(&xml).unwrap();
    let paragraphs = document.descendants().filter(|node| node.tag_name().name() == "p");
    paragraphs.map(|paragraph| paragraph.descendants().filter_map(|node| node.text()).collect()).collect()
}

#[test]
fn a_contract_says_what_was_published_and_accepted() {
    let fee = Fee::Royalty { entry: wan(2), rate: Rate::from_basis_points(250).unwrap(), base: RoyaltyBase::NetSales };
    let licence = licence(fee, "样例新来材料有限公司");
    let bytes = contract(&licence).unwrap();
    assert_eq!(bytes, contract(&licence).unwrap(), "the same licence gives the same bytes");
    let words = words(bytes);
    let whole = words.join("\n");
    for said in [
        "编号：对接许可〔2026〕7号",
        "许可方（专利权人）：样例江南理工大学、样例院",
        "被许可方：样例新来材料有限公司",
        "统一社会信用代码：91440300192317458F",
        "专利名称：一种海水淡化用<石墨烯>反渗透膜组件",
        "专利类型：实用新型",
        "实施地域：江苏省、浙江省杭州市。",
        "许可期限：自2026-11-22起至2029-11-21止",
        "入门费2万元+净销售额的2.5%",
        "三十日内支付2万元",
        "提成按半年结算",
    ] {
        assert!(whole.contains(said), "{said} is missing in\n{whole}");
    }
    let headings: Vec<&String> = words.iter().filter(|line| line.starts_with('第')).collect();
    assert_eq!(headings.len(), 10, "{headings:?}");
}

#[test]
fn what_xml_cannot_hold_does_not_break_the_document() {
    for name in ["样例\u{0}\u{8}\u{1f}公司", "样例\u{ffff}公司", "<w:p>样例&公司\"'", "\u{202e}司公例样"]
    {
        let written = words(contract(&licence(Fee::Free, name)).unwrap());
        assert!(written.iter().any(|line| line.starts_with("被许可方：") && line.contains('司')), "{name:?}");
    }
}

#[test]
fn only_what_is_due_is_asked_for() {
    let text = |fee| words(contract(&licence(fee, "样例")).unwrap()).join("\n");
    let free = text(Fee::Free);
    assert!(free.contains("接受许可时无须付款") && !free.contains("收款账户"), "{free}");
    let trial = text(Fee::TrialThenPaid { free_months: 12, then: Box::new(Fee::PerYear { amount: wan(1) }) });
    assert!(trial.contains("前12个月免费试用；期满后继续实施的，按“1万元/年”支付"), "{trial}");
    assert!(text(Fee::PerYear { amount: wan(1) }).contains("以后各年的使用费"));
}
