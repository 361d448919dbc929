//! Staff's bulk work: a province's file with its own column names, tried first, its problems marked in place, mended and
//! imported again.

use std::io::Read;
use std::path::Path;

use crate::fixtures::{duijie, number, text};

/// Names no table knows, one row that cannot be taken, one value that cannot be read, one formula.
fn file(directory: &Path, fee: &str) -> std::path::PathBuf {
    let path = directory.join("本省.csv");
    let header = "本省编号,专利的名字,专利权人,许可使用费标准,单次许可期限,联系方式,IPC\n";
    let rows = [
        format!("{},一种海水淡化膜,样例大学,3万元/年,36个月,=HYPERLINK(\"http://192.0.2.1\"),H01M10/0525\n", number(1)),
        format!("{},一种锂电池隔膜,样例大学,{fee},36个月,电话,H01M10/0525\n", number(2)),
        format!("{},一种反渗透膜,样例大学,2万元/年,36个月,电话,不是分类号\n", number(3)),
    ];
    std::fs::write(&path, format!("{header}{}", rows.concat())).unwrap();
    path
}

fn part(workbook: &Path, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(workbook).unwrap()).unwrap();
    let mut xml = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut xml).unwrap();
    xml
}

#[test]
fn a_file_is_tried_marked_mended_and_imported() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let (wrong, marked) = (file(directory.path(), "看情况"), directory.path().join("标注.xlsx"));
    let listings = ["--kind", "listings", "--data-dir", text(&data)];
    let mapped = ["--map", "本省编号=专利号", "--map", "专利的名字=发明名称"];

    let unmapped = duijie(&[&["import", text(&wrong), "--dry-run"], &listings[..]].concat());
    assert!(unmapped.code == 1 && unmapped.err.contains("缺少"), "{}", unmapped.err);
    let odd = duijie(&[&["import", text(&wrong), "--dry-run", "--map", "本省编号=专利编码"], &listings[..]].concat());
    assert!(odd.code == 1 && odd.err.contains("“专利编码”不是可用的列名"), "{}", odd.err);
    let tried =
        [&["import", text(&wrong), "--dry-run", "--marked", text(&marked)], &mapped[..], &listings[..]].concat();
    let tried = duijie(&tried);
    assert_eq!(tried.code, 0, "{}", tried.err);
    assert!(tried.out.contains("可接受 2 行，将拒绝 1 行") && tried.out.contains("看情况"), "{}", tried.out);
    assert!(!data.exists(), "trying keeps nothing");

    let sheet = part(&marked, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>"), "nothing is worked out");
    let (strings, styles) = (part(&marked, "xl/sharedStrings.xml"), part(&marked, "xl/styles.xml"));
    assert!(strings.contains("=HYPERLINK") && styles.contains("quotePrefix=\"1\""));
    let notes = part(&marked, "xl/comments1.xml");
    assert!(notes.contains("ref=\"D3\"") && notes.contains("ref=\"G4\"") && !notes.contains("ref=\"D2\""), "{notes}");
    assert!(styles.contains("FFFFC7CE") && styles.contains("FFFFEB9C"), "red and yellow");

    // What was marked is read like any other file, and has the same problems.
    let again = duijie(&[&["import", text(&marked), "--json"], &mapped[..], &listings[..]].concat()).report();
    assert_eq!((&again["taken"], &again["rejected"]), (&2.into(), &1.into()), "{again}");
    assert_eq!(again["unknown_columns"], serde_json::json!([]), "the column of problems is no news");
    let mended = file(directory.path(), "4万元/年");
    let report = duijie(&[&["import", text(&mended), "--json"], &mapped[..], &listings[..]].concat()).report();
    assert_eq!((&report["added"], &report["unchanged"], &report["rejected"]), (&1.into(), &2.into(), &0.into()));
    let once = duijie(&[&["import", text(&mended), "--json"], &mapped[..], &listings[..]].concat()).report();
    assert_eq!(once["already_imported"], true);
}

#[test]
fn a_mapping_that_is_none_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let file = file(directory.path(), "1万元");
    for odd in ["本省编号", "=专利号", "本省编号="] {
        let said = duijie(&["import", text(&file), "--kind", "listings", "--dry-run", "--map", odd]);
        assert!(said.code == 1 && said.err.contains("--map"), "{odd}: {}", said.err);
    }
    let two = ["import", text(&file), text(&file), "--kind", "listings", "--dry-run", "--marked", "x.xlsx"];
    assert_eq!(duijie(&two).code, 1);
}
