//! An evaluation of a classifier as files: tables and pictures.

use std::fmt::Write;
use std::path::Path;

use super::{EngineError, models};
use crate::classify::{self, Evaluation};
use crate::document::{
    Class, ConfusionCell, ConfusionMatrix, Coverage, CoveragePoint, Reliability, ReliabilityBin, confusion_matrix,
    coverage_curve, reliability_diagram,
};
use crate::domain::LabelKind;

/// Writes `classes.csv`, `confusion.csv`, `confusion.svg`, `reliability.svg` and `coverage.svg`.
pub(super) fn write(kind: LabelKind, evaluation: &Evaluation, directory: &Path) -> Result<(), EngineError> {
    let keep = |name: &str, text: String| models::write(&directory.join(name), text.as_bytes());
    keep("classes.csv", classes(kind, evaluation))?;
    keep("confusion.csv", confusions(evaluation))?;
    keep("confusion.svg", confusion_matrix(&confusion(kind, evaluation))?)?;
    keep("reliability.svg", reliability_diagram(&reliability(kind, evaluation))?)?;
    keep("coverage.svg", coverage_curve(&coverage(kind, evaluation))?)
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A line for each class, with its scores.
fn classes(kind: LabelKind, evaluation: &Evaluation) -> String {
    let mut table = "label,name,rows,precision,recall,f1\n".to_owned();
    for class in &evaluation.classes {
        let classify::ClassScore { label, rows, precision, recall, f1 } = class;
        let (label, name) = (quoted(label), quoted(kind.meaning(label)));
        _ = writeln!(table, "{label},{name},{rows},{precision:.3},{recall:.3},{f1:.3}");
    }
    table
}

/// A line for each pair of true and said class that is there, most rows first.
fn confusions(evaluation: &Evaluation) -> String {
    let mut table = "true,said,rows\n".to_owned();
    for (truth, said, rows) in &evaluation.confusions {
        _ = writeln!(table, "{},{},{rows}", quoted(truth), quoted(said));
    }
    table
}

fn caption(kind: LabelKind, what: &str, evaluation: &Evaluation) -> String {
    let Evaluation { accuracy, macro_f1, unknown, .. } = evaluation;
    let unsaid = if *unknown > 0 { format!("，另有 {unknown} 行无法判断") } else { String::new() };
    format!("{}{what}：正确率 {accuracy:.3}，宏平均 F1 {macro_f1:.3}{unsaid}", kind.chinese())
}

fn confusion(kind: LabelKind, evaluation: &Evaluation) -> ConfusionMatrix {
    let mut labels: Vec<&str> = evaluation.classes.iter().map(|class| class.label.as_str()).collect();
    // Numbers as numbers: 2 before 10.
    labels.sort_by_key(|label| (label.parse::<u32>().unwrap_or(u32::MAX), *label));
    let name = |label: &str| Some(kind.meaning(label).to_owned()).filter(|name| !name.is_empty());
    let cell = |(truth, said, rows): &(String, String, usize)| ConfusionCell {
        truth: truth.clone(),
        said: said.clone(),
        rows: *rows,
    };
    ConfusionMatrix {
        caption: caption(kind, "混淆矩阵", evaluation),
        classes: labels.into_iter().map(|label| Class { code: label.to_owned(), name: name(label) }).collect(),
        cells: evaluation.confusions.iter().map(cell).collect(),
    }
}

fn reliability(kind: LabelKind, evaluation: &Evaluation) -> Reliability {
    let bin =
        |bin: &classify::Bin| ReliabilityBin { rows: bin.rows, confidence: bin.confidence, accuracy: bin.accuracy };
    Reliability {
        caption: caption(kind, "概率可信度", evaluation),
        bins: evaluation.reliability.iter().map(bin).collect(),
    }
}

fn coverage(kind: LabelKind, evaluation: &Evaluation) -> Coverage {
    let point = |point: &classify::Coverage| CoveragePoint {
        threshold: point.threshold,
        coverage: point.coverage,
        accuracy: point.accuracy,
    };
    Coverage {
        caption: caption(kind, "覆盖率与正确率", evaluation),
        points: evaluation.coverage.iter().map(point).collect(),
        chosen: Some(point(&evaluation.certain)).filter(|certain| certain.coverage > 0.0),
    }
}
