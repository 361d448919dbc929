//! Classifiers trained on made-up titles: what they refuse to learn from, and what they say of anything.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::analysis::Analyzer;
use crate::domain::{ClassifiedText, LabelKind};
use crate::embed::tests::TOY;

fn text(title: &str, label: &str) -> ClassifiedText {
    let label = (!label.is_empty()).then(|| label.to_owned());
    ClassifiedText { title: title.to_owned(), label, ..ClassifiedText::default() }
}

const CLASSES: [(&str, &str); 3] = [("电池", "锂电池隔膜"), ("农机", "水稻插秧机"), ("天线", "微带贴片天线")];

fn rows(count: usize) -> Vec<ClassifiedText> {
    let row = |number: usize| {
        let (label, thing) = CLASSES[number % CLASSES.len()];
        text(&format!("第{number}种{thing}的结构"), label)
    };
    (0..count).map(row).collect()
}

fn learnt(kind: LabelKind, texts: &[ClassifiedText]) -> Result<Trained, ClassifyError> {
    train(&Analyzer::new(), &TOY, kind, texts, &TrainingSettings::of(kind))
}

static CLASSIFIER: LazyLock<Classifier> = LazyLock::new(|| learnt(LabelKind::Label, &rows(60)).unwrap().classifier);

#[test]
fn texts_without_labels_are_not_learnt_from() {
    let bare: Vec<ClassifiedText> = (0..20).map(|row| text(&format!("第{row}种装置"), "")).collect();
    assert!(matches!(learnt(LabelKind::Label, &bare), Err(ClassifyError::NoLabels { kind: LabelKind::Label })));
    assert!(matches!(learnt(LabelKind::Field, &rows(30)), Err(ClassifyError::NoLabels { kind: LabelKind::Field })));
    assert!(matches!(learnt(LabelKind::Label, &[]), Err(ClassifyError::NoLabels { .. })));
}

#[test]
fn rows_of_one_class_teach_nothing() {
    let one: Vec<ClassifiedText> = (0..20).map(|row| text(&format!("第{row}种装置"), "装置")).collect();
    assert!(matches!(learnt(LabelKind::Label, &one), Err(ClassifyError::OneClass)));
}

#[test]
fn nine_rows_are_too_few_and_ten_are_not() {
    let refused = learnt(LabelKind::Label, &rows(9));
    assert!(matches!(refused, Err(ClassifyError::TooFewRows { found: 9, needed: 10 })));
    assert_eq!(learnt(LabelKind::Label, &rows(10)).unwrap().rows, 10);
}

#[test]
fn a_class_of_one_row_is_learnt_wherever_its_name_stands() {
    for lone in ["甲", "龥"] {
        let mut texts: Vec<ClassifiedText> = (0..20).map(|row| text(&format!("第{row}种锂电池"), "电池")).collect();
        texts.push(text("玻璃纤维织机", lone));
        let trained = learnt(LabelKind::Label, &texts).unwrap();
        assert_eq!((trained.lone_classes, trained.classifier.labels().len()), (1, 2), "{lone}");
    }
}

#[test]
fn a_classifier_reads_back_from_its_bytes_with_its_own_embedding_only() {
    let bytes = CLASSIFIER.to_bytes().unwrap();
    let read = Classifier::from_bytes(&bytes, &Analyzer::new(), &TOY).unwrap();
    let asked = text("一种锂电池隔膜", "");
    assert_eq!(read.explain(&asked), CLASSIFIER.explain(&asked));
    assert_eq!(read.to_bytes().unwrap(), bytes);
    let shipped = crate::embed::Embedding::shipped(&Analyzer::new()).unwrap();
    let refused = Classifier::from_bytes(&bytes, &Analyzer::new(), &shipped).err();
    assert!(matches!(refused, Some(crate::model_file::ModelFileError::Embedding { .. })));
}

#[test]
fn the_words_of_a_class_speak_for_it() {
    for (label, thing) in CLASSES {
        let said = CLASSIFIER.explain(&text(&format!("一种{thing}"), "")).unwrap();
        assert_eq!(said.top[0].label, label, "{said:?}");
        assert!(!said.terms.is_empty() && said.terms.iter().all(|term| term.weight > 0.0), "{said:?}");
        assert!(said.terms.iter().all(|term| thing.contains(&term.term) || "一种".contains(&term.term)), "{said:?}");
    }
}

#[test]
fn bayes_is_not_given_numbers_below_zero() {
    let settings = TrainingSettings {
        learner: Learner::Bayes(ComplementNaiveBayes::default()),
        ..TrainingSettings::of(LabelKind::Label)
    };
    let trained = train(&Analyzer::new(), &TOY, LabelKind::Label, &rows(60), &settings).unwrap();
    assert!(trained.accuracy > 0.9, "{}", trained.accuracy);
    // A text that only the embedding knows is unknown to it.
    assert!(trained.classifier.predict(&text("收割", "")).is_none());
    assert!(CLASSIFIER.predict(&text("收割", "")).is_some());
}

proptest! {
    #[test]
    fn any_text_is_answered_with_falling_probabilities_or_called_unknown(title in "[锂电池水稻插秧机天线的一种，a]{0,40}|\\PC{0,40}", body in "\\PC{0,40}") {
        let asked = ClassifiedText { title, body, ..ClassifiedText::default() };
        if let Some(said) = CLASSIFIER.explain(&asked) {
            prop_assert_eq!(said.top.len(), 3);
            prop_assert!(said.top.iter().all(|class| (0.0..=1.0).contains(&class.probability)), "{:?}", said);
            prop_assert!(said.top.is_sorted_by(|a, b| a.probability >= b.probability), "{:?}", said);
            prop_assert!(said.top.iter().map(|class| class.probability).sum::<f32>() <= 1.0 + 1e-4, "{:?}", said);
            let short = CLASSIFIER.predict(&asked).unwrap();
            prop_assert_eq!((&short.top, short.certain), (&said.top, said.certain));
        }
    }
}
