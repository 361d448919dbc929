//! Made-up titles of four topics, and a made-up teacher that tells the topics apart: what small models are made of.

use std::path::PathBuf;
use std::sync::LazyLock;

use tempfile::TempDir;

use crate::fixtures::{Said, duijie, text};

/// Something titles are about.
pub(crate) struct Topic {
    pub(crate) name: &'static str,
    pub(crate) symbol: &'static str,
    things: [&'static str; 5],
}

pub(crate) const TOPICS: [Topic; 4] = [
    Topic {
        name: "电池",
        symbol: "H01M10/0525",
        things: ["锂电池隔膜", "锂电池负极材料", "锂电池电解液", "锂电池模组", "固态锂电池"],
    },
    Topic {
        name: "农机",
        symbol: "A01C11/02",
        things: ["水稻插秧机", "插秧机秧爪", "水稻育秧盘", "水稻播种机", "插秧机送秧机构"],
    },
    Topic {
        name: "天线",
        symbol: "H01Q1/38",
        things: ["贴片天线", "阵列天线", "微带天线", "天线馈电网络", "天线辐射单元"],
    },
    Topic {
        name: "食品",
        symbol: "A23L33/10",
        things: ["益生菌饮料", "膳食纤维饮料", "果蔬饮料", "低糖饮料", "益生菌固体饮料"],
    },
];

pub(crate) const FORMS: [&str; 6] =
    ["一种*及其制备方法", "一种*的改进结构", "高效*", "一种新型*", "一种便于维护的*", "*的生产工艺"];

pub(crate) const OTHER_FORMS: [&str; 4] = ["面向*的检测系统", "一种环保*", "*及其应用", "一种低成本*的制造方法"];

/// Every thing of every topic in every form, one of each topic in turn.
pub(crate) fn titles(forms: &[&'static str]) -> impl Iterator<Item = (&'static Topic, String)> {
    let of = |topic: &'static Topic, forms: Vec<&'static str>| {
        let form = move |form: &'static str| topic.things.map(|thing| (topic, form.replace('*', thing)));
        forms.into_iter().flat_map(form)
    };
    let forms = forms.to_vec();
    TOPICS.iter().flat_map(move |topic| of(topic, forms.clone()))
}

/// The texts the teacher has read, one a line.
pub(crate) fn texts() -> String {
    [&FORMS[..], &OTHER_FORMS].into_iter().flat_map(titles).map(|(_, title)| title + "\n").collect()
}

/// How many numbers the teacher's vectors have.
pub(crate) const DIMENSIONS: usize = 8;

/// A vector for each of [`texts`]: its topic's direction and a little of anything.
pub(crate) fn vectors(seed: u32) -> Vec<u8> {
    let mut state = seed;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f64::from(state) / f64::from(u32::MAX) - 0.5) as f32
    };
    let topic_of =
        |text: &str| TOPICS.iter().position(|topic| topic.things.iter().any(|thing| text.contains(thing))).unwrap();
    let mut numbers = Vec::new();
    for text in texts().lines() {
        let topic = topic_of(text);
        numbers.extend((0..DIMENSIONS).map(|at| noise() * 0.2 + if at == topic { 1.0 } else { 0.0 }));
    }
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// Runs `duijie embed train` on files of one's own; gives where the model should be, too.
pub(crate) fn train(texts: &[u8], vectors: &[u8], more: &[&str]) -> (Said, PathBuf, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let [from, of, out] = ["texts.txt", "vectors.f32", "embedding.bin"].map(|name| folder.path().join(name));
    std::fs::write(&from, texts).unwrap();
    std::fs::write(&of, vectors).unwrap();
    let fixed = ["embed", "train", "--texts", text(&from), "--vectors", text(&of), "--out", text(&out)];
    (duijie(&[&fixed[..], more].concat()), out, folder)
}

/// The embedding distilled from these vectors of [`texts`].
pub(crate) fn distilled(vectors: &[u8]) -> Vec<u8> {
    let (said, out, _folder) = train(texts().as_bytes(), vectors, &["--dimensions", "8"]);
    assert_eq!(said.code, 0, "{}", said.err);
    std::fs::read(out).unwrap()
}

/// A model file of an embedding that knows the four topics.
pub(crate) static EMBEDDING: LazyLock<Vec<u8>> = LazyLock::new(|| distilled(&vectors(1)));
