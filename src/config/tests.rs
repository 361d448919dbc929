//! What a file of configuration says, and what is said of one that cannot be used.

use proptest::prelude::*;

use super::*;
use crate::domain::Notice;

fn refused(from: &str, to: &str) -> ConfigError {
    assert!(SHIPPED.contains(from), "{from}");
    SHIPPED.replace(from, to).parse::<Configuration>().unwrap_err()
}

fn line_of(text: &str) -> usize {
    1 + SHIPPED.lines().position(|line| line.starts_with(text)).unwrap()
}

#[test]
fn the_file_that_ships_says_what_is_ranked_with() {
    assert_eq!(SHIPPED.parse::<Configuration>().unwrap(), Configuration::default());
}

#[test]
fn every_number_stands_in_the_file_that_ships_with_a_remark() {
    for (name, _) in Configuration::default().numbers() {
        let line = format!("{} =", name.split_once('.').unwrap().1);
        let found: Vec<&str> = SHIPPED.lines().filter(|known| known.starts_with(&line)).collect();
        assert!(found.len() == 1 && found[0].contains("  # "), "{name}: {found:?}");
    }
}

#[test]
fn what_ships_is_written_as_it_ships() {
    assert_eq!(Configuration::default().to_toml(), SHIPPED);
}

#[test]
fn a_number_that_cannot_be_ranked_with_is_refused_with_its_line() {
    for (from, to, name) in [("ipc = 1.15 ", "ipc = nan ", "ipc"), ("fee = 0.1 ", "fee = -0.1 ", "fee")] {
        let refused = refused(from, to);
        let line = line_of(&format!("{name} "));
        assert!(matches!(refused, ConfigError::Weight { line: Some(found), .. } if found == line), "{refused}");
        assert!(refused.to_string().contains(name) && refused.chinese().contains(&format!("第 {line} 行")));
    }
    for (from, to, name) in [("k1 = 3.0 ", "k1 = 0 ", "k1"), ("text_b = 1.0 ", "text_b = inf ", "text_b")] {
        let refused = refused(from, to);
        let line = line_of(&format!("{name} "));
        assert!(matches!(refused, ConfigError::Text { line: Some(found), .. } if found == line), "{refused}");
        assert!(refused.to_string().contains(name) && refused.chinese().contains(&format!("第 {line} 行")));
    }
}

#[test]
fn a_knob_of_lists_out_of_its_range_is_refused_with_its_line() {
    for (from, to, name) in [("fold = 0.0 ", "fold = 1.1 ", "fold"), ("variety = 0.0 ", "variety = -1 ", "variety")] {
        let refused = refused(from, to);
        let line = line_of(&format!("{name} "));
        assert!(matches!(refused, ConfigError::Lists { line: Some(found), .. } if found == line), "{refused}");
        assert!(refused.to_string().contains(name) && refused.chinese().contains(&format!("第 {line} 行")));
    }
}

#[test]
fn a_file_without_lists_shows_the_ranking_and_another_arrangement_is_another_configuration_of_the_same_ranking() {
    let old = &SHIPPED[..SHIPPED.find("[lists]").unwrap()];
    assert_eq!(old.parse::<Configuration>().unwrap(), Configuration::default());
    let start = Configuration::default();
    let arranged = start.with("lists.balance", 0.1).unwrap();
    assert_ne!(arranged.fingerprint(), start.fingerprint());
    assert!(arranged.ranking_fingerprint() == start.ranking_fingerprint() && arranged.ranks_as(&start));
    let weighed = start.with("weights.words", 0.1).unwrap();
    assert!(weighed.ranking_fingerprint() != start.ranking_fingerprint() && !weighed.ranks_as(&start));
    assert!("[lists]\nfold = 0.0\n".parse::<Configuration>().is_err(), "the other sections must be there");
}

#[test]
fn a_file_of_another_form_says_where_and_why() {
    for (from, to, line, why) in [
        ("words = 0.5 ", "words = ", line_of("words"), ""),
        ("bigrams = 1.0 ", "pairs = 1.0 ", line_of("bigrams"), "pairs"),
        ("region = 0.05 ", "region = \"x\" ", line_of("region"), "string"),
        ("[text]", "[texts]", line_of("[text]"), "texts"),
        ("temper = 2.0 ", "temper = 2.0.0 ", line_of("temper"), ""),
    ] {
        let ConfigError::Unreadable { line: found, why: said } = refused(from, to) else { panic!("{to}") };
        assert!(found == line && said.contains(why), "{to}: line {found}, {said}");
    }
    for (from, name) in [("bigrams = 1.0 ", "bigrams"), ("k1 = 3.0 ", "k1")] {
        let ConfigError::Unreadable { why, .. } = refused(from, "# ") else { panic!("a missing {name} passed") };
        assert!(why.contains(name), "{why}");
    }
    assert!("".parse::<Configuration>().is_err() && "\0".parse::<Configuration>().is_err());
}

#[test]
fn where_it_comes_from_changes_no_list_and_reads_back_word_for_word() {
    let about = About {
        name: "二季度 \"B\" \\ 甲".to_owned(),
        from: "tune own-patents ndcg@10".to_owned(),
        proposed: 1_700_000_000,
        promoted: Some(1_700_000_500),
        note: "# 不是注释 [text]".to_owned(),
    };
    let told = Configuration { about: Some(about), ..Configuration::default() };
    assert_eq!(told.to_toml().parse::<Configuration>().unwrap(), told);
    assert_eq!(told.fingerprint(), Configuration::default().fingerprint());
    assert!(told.differences(&Configuration::default()).is_empty());
    let long = About { note: "长".repeat(401), ..About::default() };
    assert!(matches!(long.checked(), Err(ConfigError::Words { what: "note", .. })));
    let broken = About { name: "a\nb".to_owned(), ..About::default() };
    assert!(broken.checked().unwrap_err().chinese().contains("名称"));
}

#[test]
fn one_number_is_replaced_by_its_name_and_none_that_is_not_there_or_cannot_be() {
    let start = Configuration::default();
    let other = start.with("text.k1", 2.0).unwrap();
    assert_eq!(start.differences(&other), [Difference { name: "text.k1".to_owned(), a: 3.0, b: 2.0 }]);
    for (name, value) in [("text.k2", 1.0), ("k1", 1.0), ("text.k1", 0.0), ("weights.words", f64::NAN)] {
        assert_eq!(start.with(name, value), None, "{name} {value}");
    }
}

proptest! {
    #[test]
    fn every_configuration_is_read_back_from_its_file_as_it_was_and_another_has_another_fingerprint(
        place in 0usize..64, share in 0.0f64..=1.0,
    ) {
        let start = Configuration::default();
        let (name, old) = start.numbers()[place % start.numbers().len()].clone();
        let (least, most) = range(&name);
        let value = least + share * (most.min(1e6) - least);
        let Some(changed) = start.with(&name, value) else { return Ok(()) };
        prop_assert_eq!(&changed.to_toml().parse::<Configuration>().unwrap(), &changed);
        prop_assert_eq!(changed.to_toml().lines().count(), SHIPPED.lines().count());
        prop_assert_eq!(changed.fingerprint() == start.fingerprint(), value == old);
    }

    #[test]
    fn no_text_makes_reading_panic(text in "(\\[[a-z]{0,7}\\]|[a-z_]{0,9} ?= ?[0-9.naif\"-]{0,5}|#.{0,5}|\\n){0,12}") {
        _ = text.parse::<Configuration>();
    }
}
