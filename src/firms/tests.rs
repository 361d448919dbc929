//! Companies of made-up names, in two trades.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::domain::ClassifiedText;
use crate::embed::tests::TOY;

const BRANDS: [char; 8] = ['鑫', '泰', '隆', '盛', '恒', '达', '瑞', '祥'];
const TRADES: [(&str, &str, &str); 2] =
    [("锂电池", "H01M10/0525", "一种锂电池隔膜"), ("收割机", "A01D41/00", "小麦收割机")];

fn patent(holders: &[&str], title: &str, ipc: &str) -> ClassifiedText {
    let main_ipc = Some(ipc.parse().unwrap());
    let holders = holders.iter().map(|name| (*name).to_owned()).collect();
    ClassifiedText { title: title.to_owned(), holders, main_ipc, ..ClassifiedText::default() }
}

/// A patent each of 128 companies: every pair of brand characters in either trade.
fn gazette() -> Vec<ClassifiedText> {
    let brands = BRANDS.iter().flat_map(|one| BRANDS.iter().map(move |other| format!("{one}{other}")));
    let of =
        |brand: String| TRADES.map(|(trade, ipc, title)| patent(&[&format!("{brand}{trade}有限公司")], title, ipc));
    brands.flat_map(of).collect()
}

fn like(firms: &Firms, name: &str) -> Like {
    firms.like(&Asked { name, ..Asked::default() })
}

#[test]
fn a_trade_in_the_name_speaks_for_what_firms_of_that_trade_hold() {
    let told = like(&train(&gazette(), &TOY).unwrap(), "样例锂电池股份有限公司");
    assert_eq!(told.subclasses, [("H01M".to_owned(), 1.0)]);
    assert_eq!(told.firms, 60, "no more than sixty speak");
    assert!(told.meaning.toward(&TOY.meaning("锂电池负极")) > 0.8);
    assert!((told.meaning.length() - 1.0).abs() < 1e-6);
}

#[test]
fn industries_and_concepts_speak_as_a_name_does() {
    let firms = train(&gazette(), &TOY).unwrap();
    let told = |industries: &[&str], concepts: &[&str]| {
        firms.like(&Asked { name: "样例有限公司", industries, concepts })
    };
    assert_eq!(told(&["锂电池行业"], &[]), like(&firms, "样例锂电池有限公司"));
    assert_eq!(told(&[], &["收割机概念"]).subclasses, [("A01D".to_owned(), 1.0)]);
    let both = told(&["锂电池"], &["收割机"]);
    assert!(both.subclasses.iter().all(|(symbol, share)| symbol == "H01M" || *share < 0.5), "{both:?}");
}

#[test]
fn a_name_like_no_other_is_told_nothing() {
    let firms = train(&gazette(), &TOY).unwrap();
    for name in ["", "有限公司", "㐂㐂㐂", "饲料有限公司"] {
        assert_eq!(like(&firms, name), Like::default(), "{name}");
    }
}

#[test]
fn people_universities_and_patents_of_two_holders_are_not_learnt_from() {
    let mut rows = gazette();
    let known = train(&rows, &TOY).unwrap();
    rows.push(patent(&["个人"], "锂电池", "G06F1/00"));
    rows.push(patent(&["样例锂电池大学"], "锂电池", "G06F1/00"));
    rows.push(patent(&["甲锂电池公司", "乙锂电池公司"], "锂电池", "G06F1/00"));
    rows.push(ClassifiedText {
        holders: vec!["无类锂电池公司".into()], title: "锂电池".into(), ..Default::default()
    });
    assert_eq!(train(&rows, &TOY).unwrap().known, known.known);
}

#[test]
fn few_companies_are_too_few() {
    assert!(matches!(train(&gazette()[..99], &TOY), Err(FirmsError::TooFewFirms { found: 99, needed: 100 })));
}

#[test]
fn companies_of_another_embedding_are_refused() {
    let bytes = train(&gazette(), &TOY).unwrap().to_bytes().unwrap();
    let shipped = Embedding::shipped(TOY.analyzer()).unwrap();
    assert!(matches!(Firms::from_bytes(&bytes, &shipped), Err(ModelFileError::Embedding { .. })));
}

#[test]
fn the_companies_that_ship_can_be_asked() {
    let firms = Firms::shipped(&Embedding::shipped(TOY.analyzer()).unwrap()).unwrap();
    let told = like(&firms, "样例锂电池有限公司");
    let best = told.subclasses.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
    assert_eq!(best.0, "H01M", "{told:?}");
    assert!((told.subclasses.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-9);
}

/// The formula written out, with no index: shares by subclass.
fn written_out(rows: &[ClassifiedText], name: &str) -> BTreeMap<String, f64> {
    let of = |name: &str| terms::of_name(TOY.analyzer(), name);
    let firms: BTreeMap<HolderKey, (BTreeSet<String>, &ClassifiedText)> =
        rows.iter().map(|row| (HolderKey::of(&row.holders[0]).unwrap(), (of(&row.holders[0]), row))).collect();
    let having = |term: &String| firms.values().filter(|(terms, _)| terms.contains(term)).count() as f64;
    let square = |term: &String| (1.0 + firms.len() as f64 / having(term)).ln().powi(2);
    let asked = of(name);
    let score = |terms: &BTreeSet<String>| {
        let norm = terms.iter().map(square).sum::<f64>().sqrt();
        terms.intersection(&asked).map(square).sum::<f64>() / norm
    };
    let others = firms.iter().filter(|(key, _)| Some(**key) != HolderKey::of(name));
    let mut scored: Vec<(f64, &ClassifiedText)> = others.map(|(_, (terms, row))| (score(terms), *row)).collect();
    scored.retain(|(score, _)| *score > 0.0);
    // Stable: equal scores stay in order of key.
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.truncate(60);
    let said = |score: f64| (score / scored[0].0).powi(4);
    let all: f64 = scored.iter().map(|(score, _)| said(*score)).sum();
    let mut shares = BTreeMap::new();
    for (score, row) in &scored {
        *shares.entry(row.main_ipc.as_ref().unwrap().subclass().to_owned()).or_default() += said(*score) / all;
    }
    shares
}

fn brand() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(BRANDS.to_vec()), 2).prop_map(String::from_iter)
}

fn trade() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["锂电池", "收割机", "收割机锂电池", ""])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_a_firm_holds_itself_changes_nothing_it_is_told(place in 0_usize..128, wide in any::<bool>()) {
        let rows = gazette();
        let mut other = rows.clone();
        let own = other[place].holders[0].clone();
        other[place] = patent(&[&own], "花生收割机", "G06F17/30");
        let name = if wide { format!(" {own}。") } else { own };
        let told = like(&train(&rows, &TOY).unwrap(), &name);
        prop_assert!(told.firms > 0);
        prop_assert_eq!(told, like(&train(&other, &TOY).unwrap(), &name));
    }

    #[test]
    fn companies_read_back_from_their_bytes(of in prop::sample::subsequence(gazette(), 100..=128)) {
        let firms = train(&of, &TOY).unwrap();
        let bytes = firms.to_bytes().unwrap();
        let read = Firms::from_bytes(&bytes, &TOY).unwrap();
        prop_assert_eq!(&read.known, &firms.known);
        prop_assert_eq!(read.to_bytes().unwrap(), bytes);
    }

    #[test]
    fn shares_are_those_of_the_formula(brand in brand(), trade in trade()) {
        let (rows, name) = (gazette(), format!("{brand}{trade}有限公司"));
        let told = like(&train(&rows, &TOY).unwrap(), &name);
        let expected = written_out(&rows, &name);
        prop_assert_eq!(told.subclasses.len(), expected.len());
        for (symbol, share) in told.subclasses {
            prop_assert!((share - expected[&symbol]).abs() < 1e-9, "{symbol}: {share}, {expected:?}");
        }
    }
}
