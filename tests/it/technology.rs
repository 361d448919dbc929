//! What words tell of listings without a class, from the import to the search and the recommendation.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::fixtures::{Said, duijie, text};
use duijie::domain::ApplicationNumber;

const HEADER: &str = "专利号,发明名称,专利类型,专利权人,IPC分类号,许可使用费标准,单次许可期限,联系方式\n";

/// The number of a made-up patent: kind 1 is an invention, 3 a design.
fn number(kind: u8, serial: u32) -> String {
    ApplicationNumber::from_body(&format!("2022{kind}{serial:07}")).unwrap().to_string()
}

/// A line of a file of listings.
fn row(number: &str, kind: &str, title: &str, ipc: &str) -> String {
    format!("{number},{title},{kind},样例大学,{ipc},每年2万元,3年,电话\n")
}

/// A catalogue of these rows, and the report of their import.
struct Imported {
    directory: TempDir,
    report: Value,
}

impl Imported {
    fn of(rows: &[String]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("许可.csv");
        std::fs::write(&file, HEADER.to_owned() + &rows.concat()).unwrap();
        let report = import(directory.path(), &file, "listings").report();
        assert_eq!(report["taken"], rows.len(), "{report}");
        Self { directory, report }
    }

    fn search(&self, more: &[&str]) -> Value {
        let data = self.directory.path().join("data");
        let said = duijie(&[&["search", "", "--json", "--data-dir", text(&data)], more].concat());
        assert_eq!(said.code, 0, "{}", said.err);
        said.json()
    }
}

fn import(folder: &Path, file: &Path, kind: &str) -> Said {
    let data = folder.join("data");
    let said = duijie(&["import", text(file), "--kind", kind, "--json", "--data-dir", text(&data)]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    said
}

const BATTERY: &str = "一种锂离子电池正极材料及其制备方法";
const HARVESTER: &str = "一种水稻联合收割机的割台";

/// The predicted field of the only hit of a search.
fn predicted(found: &Value) -> &Value {
    assert_eq!(found["total"], 1, "{found}");
    &found["hits"][0]["listing"]["patent"]["predicted"]
}

#[test]
fn a_listing_without_a_class_is_found_by_the_field_of_its_words() {
    let catalogue = Imported::of(&[
        row(&number(1, 1), "发明", BATTERY, ""),
        row(&number(1, 2), "发明", HARVESTER, "A01D41/12"),
        row(&number(1, 3), "发明", "，。！", ""),
    ]);
    let report = &catalogue.report;
    assert_eq!((&report["predicted_fields"], &report["doubtful_fields"]), (&1.into(), &0.into()), "{report}");
    let found = catalogue.search(&["--field", "1"]);
    let said = predicted(&found);
    assert_eq!((&said["field"], &said["subclass"]), (&1.into(), &"H01M".into()), "{said}");
    assert!((0.5..=1.0).contains(&said["probability"].as_f64().unwrap()), "{said}");
    let listing = &found["hits"][0]["listing"];
    assert_eq!(listing["patent"]["ipc"], Value::Array(Vec::new()), "a predicted class is not the patent's own");
    let all = catalogue.search(&[]);
    let field = all["facets"]["field"].as_array().unwrap();
    assert!(field.iter().any(|facet| facet["value"] == "1" && facet["count"] == 1), "{field:?}");
    assert_eq!(all["total"], 3);
    for hit in all["hits"].as_array().unwrap() {
        let patent = &hit["listing"]["patent"];
        assert_eq!(patent.get("predicted").is_some(), patent["title"] == BATTERY, "{patent}");
    }
    assert_eq!(predicted(&catalogue.search(&["--field", "29"])), &Value::Null, "its own symbols decide");
}

#[test]
fn a_design_is_never_given_a_field() {
    let catalogue =
        Imported::of(&[row(&number(3, 1), "外观设计", BATTERY, ""), row(&number(3, 2), "外观设计", "锂离子电池", "")]);
    assert_eq!(catalogue.report["predicted_fields"], 0, "{}", catalogue.report);
    let found = catalogue.search(&[]);
    assert_eq!((&found["total"], &found["facets"]["field"]), (&2.into(), &Value::Array(Vec::new())), "{found}");
    assert_eq!(catalogue.search(&["--field", "1"])["total"], 0);
}

#[test]
fn a_title_that_contradicts_its_class_is_a_hint_and_the_listing_stands() {
    let catalogue = Imported::of(&[
        row(&number(1, 1), "发明", BATTERY, "H01M10/0525"),
        row(&number(1, 2), "发明", "一种锂离子电池及其充电方法", "A23L2/02"),
    ]);
    let report = &catalogue.report;
    assert_eq!((&report["doubtful_fields"], &report["rejected"]), (&1.into(), &0.into()), "{report}");
    let hint = &report["hints"][0];
    assert_eq!((&hint["code"], &hint["row"]), (&"field_disagrees".into(), &3.into()), "{hint}");
    let (chinese, english) = (hint["message"].as_str().unwrap(), hint["message_en"].as_str().unwrap());
    assert!(chinese.contains("许可.csv 第3行") && chinese.contains("请核对分类号"), "{chinese}");
    assert!(chinese.contains("电机、装置、能源") && english.contains("check the IPC"), "{chinese} {english}");
    let found = catalogue.search(&["--field", "18"]);
    assert_eq!(predicted(&found), &Value::Null, "{found}");
    assert_eq!(found["hits"][0]["listing"]["patent"]["ipc"][0], "A23L2/02");
    assert_eq!(catalogue.search(&["--field", "1"])["total"], 1, "the words of the other do not count");
}

#[test]
fn a_class_that_comes_later_takes_the_place_of_the_predicted_field() {
    let catalogue = Imported::of(&[row(&number(1, 1), "发明", BATTERY, "")]);
    assert_eq!(catalogue.search(&["--field", "1"])["total"], 1);
    let later = catalogue.directory.path().join("later.csv");
    std::fs::write(&later, HEADER.to_owned() + &row(&number(1, 1), "发明", BATTERY, "C01G53/00")).unwrap();
    import(catalogue.directory.path(), &later, "listings");
    assert_eq!(catalogue.search(&["--field", "1"])["total"], 0);
    let all = catalogue.search(&[]);
    assert_eq!(predicted(&all), &Value::Null, "{all}");
}

#[test]
fn listings_without_a_class_are_recommended() {
    let catalogue = Imported::of(&[
        row(&number(1, 1), "发明", BATTERY, ""),
        row(&number(1, 2), "发明", HARVESTER, ""),
        row(&number(3, 3), "外观设计", "电池盒", ""),
    ]);
    let firms = catalogue.directory.path().join("firms.csv");
    std::fs::write(&firms, "企业名称,主要产品\n样例锂电有限公司,锂离子电池正极材料\n").unwrap();
    import(catalogue.directory.path(), &firms, "enterprises");
    let data = catalogue.directory.path().join("data");
    let said = duijie(&["recommend", "样例锂电有限公司", "--today", "2026-11-22", "--json", "--data-dir", text(&data)]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(said.json()["recommendations"][0]["listing"], number(1, 1), "{}", said.out);
}
