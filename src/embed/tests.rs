//! An embedding distilled from a made-up teacher says what its teacher said.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

const BATTERIES: [&str; 6] = ["锂电池隔膜", "锂电池负极", "电池模组", "电解液", "固态电池", "电极极片"];
const HARVESTERS: [&str; 6] = ["水稻插秧机", "水稻秧盘", "小麦收割机", "玉米播种机", "花生收割机", "插秧机秧爪"];
const FORMS: [&str; 10] =
    ["一种*", "高效*", "*及其应用", "新型*", "*的结构", "*检测系统", "面向*的方法", "低成本*", "*制造工艺", "便携式*"];

/// Texts of two groups, each with its group's direction; the second lies square to the first.
fn teacher() -> Teacher {
    let of = |things: [&'static str; 6]| {
        FORMS.into_iter().flat_map(move |form| things.map(|thing| form.replace('*', thing)))
    };
    // Mixed, so that what is held out has both.
    let texts: Vec<(String, [f32; 3])> = of(BATTERIES)
        .zip(of(HARVESTERS))
        .flat_map(|(battery, harvester)| [(battery, [1.0, 0.2, 0.0]), (harvester, [0.2, 1.0, 0.0])])
        .collect();
    let lines: String = texts.iter().map(|(text, _)| format!("{text}\n")).collect();
    let bytes: Vec<u8> = texts.iter().flat_map(|(_, vector)| vector).flat_map(|number| number.to_le_bytes()).collect();
    Teacher::new(&lines, &bytes).unwrap()
}

/// The table of [`teacher`]; other tests of classifiers use it too.
pub(crate) static TOY: LazyLock<Embedding> = LazyLock::new(|| {
    let settings = Settings { dimensions: 3, ..Settings::default() };
    distil(&Analyzer::new(), &teacher(), settings).unwrap().embedding
});

fn length(vector: &[f32]) -> f32 {
    dot(vector, vector).sqrt()
}

#[test]
fn a_table_says_what_its_teacher_says() {
    let settings = Settings { dimensions: 3, ..Settings::default() };
    let distilled = distil(&Analyzer::new(), &teacher(), settings).unwrap();
    assert!(distilled.cosine > 0.9, "cosine {}", distilled.cosine);
    assert_eq!(distilled.texts, 114, "one text in twenty is kept from training");
    // Less their mean, two groups lie opposite each other.
    let near = distilled.embedding.similarity("一种锂电池隔膜", "高效固态电池").unwrap();
    let far = distilled.embedding.similarity("一种锂电池隔膜", "一种水稻插秧机").unwrap();
    assert!(near > 0.9 && far < -0.5, "{near} and {far}");
}

#[test]
fn no_more_directions_are_kept_than_the_teacher_has() {
    let settings = Settings { dimensions: 128, ..Settings::default() };
    assert_eq!(distil(&Analyzer::new(), &teacher(), settings).unwrap().embedding.dimensions(), 3);
}

#[test]
fn a_table_reads_back_from_its_bytes() {
    let bytes = TOY.to_bytes().unwrap();
    let read = Embedding::from_bytes(&bytes, &Analyzer::new()).unwrap();
    assert_eq!((read.version(), read.terms(), read.dimensions()), (TOY.version(), TOY.terms(), TOY.dimensions()));
    assert_eq!(read.vector("锂电池隔膜"), TOY.vector("锂电池隔膜"));
    assert_eq!(read.to_bytes().unwrap(), bytes);
}

#[test]
fn a_text_of_unknown_terms_has_no_vector_no_shares_and_no_neighbours() {
    for text in ["", "，。！", "xyzzy", "ภาษาไทย"] {
        assert_eq!(TOY.vector(text), None, "{text}");
        assert!(TOY.shares(text, &[1.0, 0.0, 0.0]).is_empty() && TOY.nearest(text, 3).is_none(), "{text}");
        assert!(TOY.similarity(text, "锂电池").is_none() && TOY.similarity("锂电池", text).is_none(), "{text}");
    }
}

#[test]
fn what_a_text_is_about_is_the_direction_of_the_first_numbers_of_its_vector() {
    let analyzer = Analyzer::new();
    let shipped = Embedding::shipped(&analyzer).unwrap();
    for text in ["一种锂离子电池隔膜及其制备方法", "隔膜隔膜隔膜", "LED照明装置"] {
        let vector = shipped.vector(text).unwrap();
        let first = &vector[..Meaning::DIMENSIONS];
        let meaning = shipped.meaning(text).vector();
        let cosine = dot(first, &meaning) / length(first) / length(&meaning);
        assert!(cosine > 0.9995 && (length(&meaning) - 1.0).abs() < 1e-5, "{text}: {cosine}");
        let (words, pairs) = (analyzer.words(text), analyzer.bigrams(text));
        let terms = words.iter().chain(&pairs).map(|term| term.text.as_str());
        assert_eq!(shipped.meaning_of_terms(text, terms), shipped.meaning(text), "{text}");
    }
    assert_eq!(shipped.meaning("xyzzy"), Meaning::NONE);
}

#[test]
fn a_shipped_word_is_among_its_own_neighbours() {
    let shipped = Embedding::shipped(&Analyzer::new()).unwrap();
    for word in ["电池", "天线", "水稻", "饮料", "轴承"] {
        let found = shipped.nearest(word, 10).unwrap();
        assert!(found.iter().any(|(term, _)| *term == word), "{word}: {found:?}");
        assert!(found.is_sorted_by(|a, b| a.1 >= b.1) && found.len() == 10, "{word}: {found:?}");
    }
}

proptest! {
    #[test]
    fn any_text_has_a_vector_of_length_one_or_none(text in "[锂电池水稻插秧机的一种，a]{0,30}|\\PC{0,30}") {
        if let Some(vector) = TOY.vector(&text) {
            prop_assert!((length(&vector) - 1.0).abs() < 1e-4, "{} of {}", length(&vector), text);
        }
    }

    #[test]
    fn shares_add_up_to_the_product(text in "[锂电池水稻插秧机的一种，]{1,20}", direction in proptest::array::uniform3(-2.0_f32..2.0)) {
        let Some(vector) = TOY.vector(&text) else { return Ok(()) };
        let shares = TOY.shares(&text, &direction);
        let sum: f32 = shares.iter().map(|(_, share)| share).sum();
        let product = dot(&vector, &direction);
        // Terms that nearly cancel out are divided by what little is left of them.
        let size: f32 = shares.iter().map(|(_, share)| share.abs()).sum();
        prop_assert!((sum - product).abs() < 1e-3 + 1e-5 * size, "{} for {} of {} ({})", sum, product, text, size);
    }
}
