use proptest::prelude::*;

use super::*;
use crate::domain::{IndustryPair, IndustryRule};

fn pair(symbols: &[&str], industries: &[&str]) -> IndustryPair {
    IndustryPair {
        title: String::new(),
        family: Vec::new(),
        symbols: symbols.iter().map(|symbol| symbol.parse().unwrap()).collect(),
        industries: industries.iter().map(|code| code.parse().unwrap()).collect(),
    }
}

fn rule(pattern: &str, exclusions: &[&str], industry: &str) -> IndustryRule {
    IndustryRule {
        pattern: pattern.parse().unwrap(),
        exclusions: exclusions.iter().map(|pattern| pattern.parse().unwrap()).collect(),
        industry: industry.parse().unwrap(),
    }
}

fn learnt(pairs: &[IndustryPair], rules: &[IndustryRule]) -> Bridge {
    train(&Material { pairs, rules, titles: None, stock: None }, &Settings::default())
}

fn first(bridge: &Bridge, symbols: &[&str], level: IndustryLevel) -> Option<String> {
    let symbols: Vec<IpcCode> = symbols.iter().map(|symbol| symbol.parse().unwrap()).collect();
    Some(bridge.industries_of(&symbols, level).first()?.industry.to_string())
}

#[test]
fn a_symbol_is_looked_up_at_its_main_group_then_subclass_then_class() {
    let cell = [pair(&["H01M10/05"], &["3841"]), pair(&["H01M10/06"], &["3843"]), pair(&["H01M10/44"], &["3849"])];
    let pairs = [&cell[..], &[pair(&["H01M8/10"], &["3521"]), pair(&["H01M8/04"], &["3521"])]].concat();
    let bridge = learnt(&pairs, &[]);
    assert_eq!(first(&bridge, &["H01M8/24"], IndustryLevel::Division).as_deref(), Some("35"));
    assert_eq!(first(&bridge, &["H01M50/10"], IndustryLevel::Division).as_deref(), Some("38"), "the subclass");
    assert_eq!(first(&bridge, &["H01H50/10"], IndustryLevel::Division).as_deref(), Some("38"), "the class");
    assert_eq!(first(&bridge, &["H02K1/00"], IndustryLevel::Division), None, "nothing is known of H02");
}

#[test]
fn the_main_symbol_outweighs_the_others() {
    let bridge = learnt(&[pair(&["H01M10/05"], &["3841"]), pair(&["A01B1/00"], &["3571"])], &[]);
    assert_eq!(first(&bridge, &["A01B1/02", "H01M10/05", "H01M10/06"], IndustryLevel::Group).as_deref(), Some("357"));
}

#[test]
fn a_main_group_that_the_table_excludes_is_not_linked_by_it() {
    let rules = [rule("G06F*", &["G06F1*"], "6513"), rule("G06F1*", &[], "3911")];
    let bridge = learnt(&[], &rules);
    let industries = |symbol: &str| {
        let likely = bridge.industries_of(&[symbol.parse().unwrap()], IndustryLevel::Division);
        likely.into_iter().map(|likely| (likely.industry.to_string(), likely.weight)).collect::<Vec<_>>()
    };
    let weight = |symbol, code| industries(symbol).iter().find(|(industry, _)| industry == code).map(|(_, w)| *w);
    assert!(weight("G06F1/16", "39") > weight("G06F1/16", "65"), "{:?}", industries("G06F1/16"));
    assert_eq!(weight("G06F11/14", "39"), weight("G06F11/14", "65"), "only the subclass speaks of G06F11");
}

#[test]
fn an_industry_is_asked_for_at_three_digits_then_at_two() {
    let bridge = learnt(&[pair(&["H01M10/05"], &["3841"]), pair(&["H02K1/00"], &["3812"])], &[]);
    let parts = |code: &str| -> Vec<String> {
        bridge.parts_of(&code.parse().unwrap()).iter().map(|likely| likely.part.as_str().to_owned()).collect()
    };
    assert_eq!(parts("3841")[0], "H01M");
    assert_eq!(parts("385"), parts("38"), "nothing is known of 385");
    assert_eq!(parts("C"), [""; 0]);
}

#[test]
fn pairs_and_table_are_named_as_sources() {
    let bridge = learnt(&[pair(&["H01M10/05"], &["3841"])], &[rule("H01M*", &[], "3841"), rule("B25J*", &[], "3491")]);
    let sources = |part: &str, code: &str| {
        let link = bridge.links().iter().find(|link| link.part.as_str() == part && link.industry.as_str() == code);
        link.unwrap().sources.to_string()
    };
    assert_eq!(sources("H01M", "384"), "pairs+table");
    assert_eq!(sources("H01M10", "384"), "pairs");
    assert_eq!(sources("B25J", "349"), "table");
}

#[test]
fn a_damaged_table_says_where() {
    let header = "part,industry,given_part,given_industry,sources\n";
    for (text, line, expected) in [
        ("H01M,38,0.5,,pairs\nH01M,99999,0.5,,pairs", 3, "99999"),
        ("H01M,38,1.5,,pairs", 2, "1.5"),
        ("H01M,38,NaN,,pairs", 2, "NaN"),
        ("H01M,38,0.5", 2, "5"),
        ("Z01M,38,0.5,,pairs", 2, "Z01M"),
        ("H01M,38,0.5,,guess", 2, "guess"),
        ("H01M,38,0.5,,", 2, "pairs+table"),
    ] {
        let error = format!("{header}{text}\n").parse::<Bridge>().unwrap_err();
        assert!(matches!(&error, BridgeError::Line { line: at, .. } if *at == line), "{text}: {error}");
        assert!(error.to_string().contains(expected), "{text}: {error}");
        assert!(crate::domain::Notice::chinese(&error).starts_with(&format!("第{line}行：")));
    }
    assert!(matches!("".parse::<Bridge>(), Err(BridgeError::Header { .. })));
}

#[test]
fn held_out_patents_are_found_again_and_the_table_alone_finds_fewer() {
    let symbols = [("H01M10/05", "3841"), ("B25J9/00", "3491"), ("C02F3/00", "4620")];
    let mut pairs = Vec::new();
    for number in 0..30 {
        let (symbol, industry) = symbols[number % 3];
        pairs.push(IndustryPair { title: format!("发明{number}"), ..pair(&[symbol], &[industry]) });
    }
    let rules = [rule("H01M*", &[], "3841")];
    let result = cross_validate(&Material { pairs: &pairs, rules: &rules, titles: None, stock: None }, 5, 1);
    let score = |system: &str| result.forward.iter().find(|score| score.system == system).unwrap();
    assert_eq!((score("all").precision_at_1, score("all").mrr), (1.0, 1.0));
    assert!((score("table").precision_at_1 - 1.0 / 3.0).abs() < 1e-9, "{:?}", score("table"));
    assert!(score("commonest").precision_at_1 < 0.5);
    assert!(result.reverse.iter().filter(|s| s.system == "pairs").all(|s| s.mrr == 1.0), "{:?}", result.reverse);
    assert_eq!((result.pairs, result.inventions), (30, 30));
}

fn any_pair() -> impl Strategy<Value = IndustryPair> {
    let symbol = prop::sample::select(vec!["H01M10/05", "H01M8/10", "H01L21/00", "B25J9/00", "G06T7/00", "G06F"]);
    let industry = prop::sample::select(vec!["3841", "3842", "3491", "6513", "3562", "46"]);
    (prop::collection::vec(symbol, 0..4), prop::collection::vec(industry, 0..4), "[甲乙丙]{0,2}")
        .prop_map(|(symbols, industries, title)| IndustryPair { title, ..pair(&symbols, &industries) })
}

fn any_rule() -> impl Strategy<Value = IndustryRule> {
    let pattern = prop::sample::select(vec!["H01M*", "H01M10*", "H01*", "B25J9/06", "G06F*"]);
    (pattern, prop::sample::select(vec!["3841", "349", "6513"]))
        .prop_map(|(pattern, code)| rule(pattern, &["H01M8*"], code))
}

proptest! {
    #[test]
    fn weights_are_probabilities_in_order_and_the_order_of_the_material_does_not_matter(
        (pairs, turned) in prop::collection::vec(any_pair(), 0..12)
            .prop_flat_map(|pairs| (Just(pairs.clone()), Just(pairs).prop_shuffle())),
        (rules, other_rules) in prop::collection::vec(any_rule(), 0..6)
            .prop_flat_map(|rules| (Just(rules.clone()), Just(rules).prop_shuffle())),
    ) {
        let bridge = learnt(&pairs, &rules);
        prop_assert_eq!(&bridge, &learnt(&turned, &other_rules));
        prop_assert_eq!(&bridge.to_string().parse::<Bridge>().unwrap(), &bridge);
        for level in IndustryLevel::ALL {
            for pair in &pairs {
                let weights: Vec<f64> = bridge.industries_of(&pair.symbols, level).iter().map(|l| l.weight).collect();
                prop_assert!(weights.iter().all(|weight| (0.0..=1.0).contains(weight)), "{:?}", weights);
                prop_assert!(weights.is_sorted_by(|a, b| a >= b), "{:?}", weights);
            }
            for industry in IndustryCode::all(level) {
                let weights: Vec<f64> = bridge.parts_of(&industry).iter().map(|likely| likely.weight).collect();
                prop_assert!(weights.is_sorted_by(|a, b| a >= b) && weights.iter().sum::<f64>() <= 1.01);
            }
        }
    }
}
