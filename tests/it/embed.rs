//! The real command on embeddings: making one, asking it, and what is refused.

use serde_json::Value;

use crate::fixtures::{Said, duijie, text};
use crate::teacher::{self, DIMENSIONS, EMBEDDING};

/// Asks the small embedding.
fn asked(verb: &str, arguments: &[&str]) -> Said {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("embedding.bin");
    std::fs::write(&file, &*EMBEDDING).unwrap();
    duijie(&[&["embed", verb, "--embedding", text(&file)], arguments].concat())
}

fn similarity(left: &str, right: &str) -> f64 {
    let said = asked("similarity", &[left, right, "--json"]);
    assert_eq!(said.code, 0, "{}", said.err);
    said.json().as_f64().unwrap()
}

/// Refused with these words, in Chinese and in English, and nothing written.
fn refused(texts: &[u8], vectors: &[u8], chinese: &str, english: &str) {
    for (language, words) in [("zh", chinese), ("en", english)] {
        let (said, out, _folder) = teacher::train(texts, vectors, &["--lang", language]);
        assert_eq!((said.code, said.out.as_str()), (1, ""), "{}", said.err);
        assert!(said.err.contains(words), "{words}: {}", said.err);
        assert!(!out.exists(), "{words}: an embedding was left behind");
    }
}

#[test]
fn the_same_teacher_gives_the_same_bytes() {
    assert!(teacher::distilled(&teacher::vectors(1)) == *EMBEDDING);
    assert!(teacher::distilled(&teacher::vectors(2)) != *EMBEDDING);
}

#[test]
fn training_reports_what_it_made() {
    let (said, out, _folder) =
        teacher::train(teacher::texts().as_bytes(), &teacher::vectors(1), &["--dimensions", "8", "--json"]);
    let report = said.json();
    assert_eq!((&report["texts"], &report["dimensions"]), (&190.into(), &8.into()), "{report}");
    assert_eq!(report["bytes"], std::fs::metadata(out).unwrap().len());
    assert!(report["cosine"].as_f64().unwrap() > 0.8, "far from its teacher: {report}");
    assert!(report["terms"].as_u64().unwrap() > 20 && report["version"].as_str().unwrap().len() == 12, "{report}");
}

#[test]
fn texts_of_one_topic_are_nearer_than_texts_of_two() {
    let (near, far) = (similarity("锂电池隔膜", "固态锂电池"), similarity("锂电池隔膜", "水稻插秧机"));
    assert!(near > 0.7 && far < 0.3, "{near} and {far}");
    assert!((similarity("贴片天线", "贴片天线") - 1.0).abs() < 1e-5);
}

#[test]
fn a_word_is_nearest_to_itself() {
    let said = asked("nearest", &["天线", "-k", "5", "--json"]);
    let found = said.json();
    let found = found.as_array().unwrap();
    assert_eq!((said.code, found.len()), (0, 5));
    let cosines: Vec<f64> = found.iter().map(|near| near["similarity"].as_f64().unwrap()).collect();
    assert!(cosines.is_sorted_by(|a, b| a >= b) && cosines.iter().all(|c| (-1.001..=1.001).contains(c)), "{cosines:?}");
    let terms: Vec<&str> = found.iter().map(|near| near["term"].as_str().unwrap()).collect();
    assert_eq!(terms[0], "天线", "{terms:?}");
    assert!(asked("nearest", &["天线"]).out.lines().count() == 10);
}

#[test]
fn where_no_term_is_known_that_is_said_with_exit_code_1() {
    for (verb, words) in [
        ("nearest", &["，。！"][..]),
        ("nearest", &[""]),
        ("nearest", &["ภาษาไทย"]),
        ("similarity", &["锂电池", "xyzzy"]),
        ("similarity", &["——", "锂电池"]),
    ] {
        let said = asked(verb, words);
        assert!(said.code == 1 && said.out.trim().is_empty(), "{words:?}: {}", said.out);
        assert!(said.err.contains("没有认识的词"), "{words:?}: {}", said.err);
        let told = asked(verb, &[words, &["--lang", "en"]].concat());
        assert!(told.code == 1 && told.err.contains("no term of the text is known"), "{}", told.err);
        let answer = asked(verb, &[words, &["--json"]].concat());
        assert_eq!((answer.code, answer.json()), (1, Value::Null), "{words:?}");
    }
}

#[test]
fn the_shipped_embedding_knows_near_from_far() {
    let cosine = |right: &str| duijie(&["embed", "similarity", "锂离子电池", right, "--json"]).json().as_f64().unwrap();
    let (near, far) = (cosine("蓄电池充电"), cosine("小麦收割机"));
    assert!(near > far + 0.2, "{near} and {far}");
}

#[test]
fn vectors_that_do_not_divide_among_the_texts_are_refused() {
    let (texts, vectors) = (teacher::texts(), teacher::vectors(1));
    refused(texts.as_bytes(), &vectors[..vectors.len() - 4], "不能平分", "do not divide");
    refused(texts.as_bytes(), &vectors[..vectors.len() - 3], "不能平分", "do not divide");
    refused(texts.as_bytes(), &[], "不能平分", "do not divide");
    refused((texts + "多一行\n").as_bytes(), &vectors, "不能平分", "do not divide");
}

#[test]
fn a_vector_with_a_number_that_is_none_is_named_by_its_line() {
    for number in [f32::NAN, f32::INFINITY] {
        let mut vectors = teacher::vectors(1);
        let at = (41 * DIMENSIONS + 3) * size_of::<f32>();
        vectors[at..at + 4].copy_from_slice(&number.to_le_bytes());
        refused(teacher::texts().as_bytes(), &vectors, "第 42 行", "line 42");
    }
}

#[test]
fn too_few_texts_are_refused_with_how_many_are_needed() {
    let few: String = teacher::texts().lines().take(99).map(|line| format!("{line}\n")).collect();
    refused(few.as_bytes(), &[0; 99 * 4], "只有 99 条文本", "99 texts are too few");
    refused(b"", &[], "只有 0 条文本", "0 texts are too few");
}

#[test]
fn a_text_that_is_no_utf_8_is_named_by_its_line() {
    let mut texts = teacher::texts().into_bytes();
    let line = texts.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    texts[line] = 0xff;
    refused(&texts, &teacher::vectors(1), "文本第 2 行不是 UTF-8", "line 2 of the texts is not UTF-8");
}

#[test]
fn vectors_that_are_all_the_same_are_refused() {
    let rows = teacher::texts().lines().count();
    for number in [0.0_f32, 0.1] {
        let vectors: Vec<u8> = std::iter::repeat_n(number.to_le_bytes(), rows * DIMENSIONS).flatten().collect();
        refused(teacher::texts().as_bytes(), &vectors, "主方向", "no main directions");
    }
}

#[test]
fn texts_that_share_no_term_are_refused() {
    let vectors = teacher::vectors(1);
    let rows = teacher::texts().lines().count();
    refused("。\n".repeat(rows).as_bytes(), &vectors, "没有任何词", "no term is in 3 texts");
}

#[test]
fn a_missing_file_is_named() {
    let said = duijie(&["embed", "train", "--texts", "无.txt", "--vectors", "无.f32", "--out", "x/无.bin"]);
    assert!(said.code == 1 && said.err.contains("无.txt"), "{}", said.err);
    for verb in [&["nearest", "电池"][..], &["similarity", "电", "池"]] {
        let said = duijie(&[&["embed"], verb, &["--embedding", "无.bin"]].concat());
        assert!(said.code == 1 && said.err.contains("无.bin"), "{}", said.err);
    }
}

#[test]
fn a_damaged_embedding_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("embedding.bin");
    let mut flipped = EMBEDDING.clone();
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    for (bytes, words) in [(&EMBEDDING[..last], "字节"), (&flipped, "校验和"), (b"", "不是对接的模型文件")]
    {
        std::fs::write(&file, bytes).unwrap();
        let said = duijie(&["embed", "nearest", "天线", "--embedding", text(&file)]);
        assert!(said.code == 1 && said.err.contains(words), "{words}: {}", said.err);
    }
}
