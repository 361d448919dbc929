//! The real command on bad files: each fault is named with its place, and the good rows of the file are kept.

use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use tempfile::TempDir;

use crate::fixtures::{HEADER, Said, duijie, number, rows, text};
use crate::workbook;

/// A directory with one file to import.
struct Case {
    directory: TempDir,
    file: PathBuf,
}

impl Case {
    fn new(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        Self { directory, file }
    }

    fn import(&self, more: &[&str]) -> Said {
        let data = self.directory.path().join("data");
        let fixed = ["import", text(&self.file), "--kind", "listings", "--data-dir", text(&data)];
        duijie(&[&fixed[..], more].concat())
    }

    /// How many listings a search sees afterwards.
    fn kept(&self) -> u64 {
        let data = self.directory.path().join("data");
        duijie(&["search", "", "--data-dir", text(&data), "--json"]).json()["total"].as_u64().unwrap()
    }

    /// Imports twice, into different directories: as JSON and as words.
    fn refuses(self, expected: Refusal) {
        let name = self.file.file_name().unwrap().to_str().unwrap().to_owned();
        let said = self.import(&["--json"]);
        let report = said.report();
        assert_eq!(said.code, i32::from(expected.kept == 0), "{report}");
        let fault = report["rejections"].as_array().unwrap().iter().find(|fault| fault["code"] == expected.code);
        let fault = fault.unwrap_or_else(|| panic!("no {} in {report}", expected.code));
        assert_eq!(fault["row"], expected.row, "{fault}");
        assert_eq!(fault["column"], expected.column.map_or(Value::Null, Value::from), "{fault}");
        for message in [&fault["message"], &fault["message_en"]] {
            let message = message.as_str().unwrap();
            let place = expected.column.unwrap_or_default();
            let row = expected.row.to_string();
            assert!(message.contains(&name) && message.contains(&row) && message.contains(place), "{message}");
            assert!(message.chars().count() < 300, "a message quotes the whole value: {message}");
        }
        assert_eq!(report["taken"], expected.kept, "{report}");
        assert_eq!(self.kept(), expected.kept);
        let again = Self::new(&name, std::fs::read(&self.file).unwrap()).import(&[]);
        assert!(again.out.contains(fault["message"].as_str().unwrap()), "{}", again.out);
    }
}

struct Refusal {
    code: &'static str,
    row: u64,
    column: Option<&'static str>,
    kept: u64,
}

/// Two good rows with a third, at row 3, between them.
fn around(row: &str) -> String {
    format!("{HEADER}{}{row}\n{}", rows(1, 2), rows(2, 3))
}

#[test]
fn one_wrong_digit_of_a_patent_number_is_named() {
    let right = number(9).to_string();
    let check = if right.ends_with('0') { '1' } else { '0' };
    let wrong = format!("{}{check}", &right[..right.len() - 1]);
    let csv = around(&format!("{wrong},标题,样例大学,免费,3年,电话"));
    Case::new("错号.csv", csv).refuses(Refusal {
        code: "bad_application_number",
        row: 3,
        column: Some("专利号"),
        kept: 2,
    });
}

#[test]
fn a_fee_that_cannot_be_read_is_named() {
    let csv = around(&format!("{},标题,样例大学,看情况再说吧,3年,电话", number(9)));
    Case::new("费用.csv", csv)
        .refuses(Refusal { code: "bad_fee", row: 3, column: Some("许可使用费标准"), kept: 2 });
}

#[test]
fn a_required_value_that_is_missing_is_named() {
    let csv = around(&format!("{},,样例大学,免费,3年,电话", number(9)));
    Case::new("缺项.csv", csv)
        .refuses(Refusal { code: "missing_value", row: 3, column: Some("发明名称"), kept: 2 });
}

#[test]
fn a_broken_character_is_named() {
    let mut bytes = around(&format!("{},标#题,样例大学,免费,3年,电话", number(9))).into_bytes();
    let at = bytes.iter().position(|&byte| byte == b'#').unwrap();
    bytes[at] = 0xff;
    let expected = Refusal { code: "bad_encoding", row: 3, column: Some("发明名称"), kept: 2 };
    Case::new("乱码.csv", bytes).refuses(expected);
}

#[test]
fn a_cell_of_ten_megabytes_is_named_and_not_quoted() {
    let csv = around(&format!("{},{},样例大学,免费,3年,电话", number(9), "长".repeat(10 << 20 >> 1)));
    let expected = Refusal { code: "cell_too_large", row: 3, column: Some("发明名称"), kept: 2 };
    Case::new("超长.csv", csv).refuses(expected);
}

#[test]
fn a_row_with_a_field_too_many_is_named() {
    let csv = around(&format!("{},标题,样例大学,免费,3年,电话,多,余", number(9)));
    Case::new("多列.csv", csv).refuses(Refusal { code: "wrong_field_count", row: 3, column: None, kept: 2 });
}

#[test]
fn a_formula_without_a_value_is_named() {
    let csv = around(&format!("{},标题,样例大学,=B1,3年,电话", number(9)));
    let expected = Refusal { code: "formula_without_value", row: 3, column: Some("许可使用费标准"), kept: 2 };
    Case::new("公式.xlsx", workbook::of_csv(&csv)).refuses(expected);
}

#[test]
fn a_gzip_file_that_breaks_off_keeps_the_rows_before_and_says_where() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    write!(encoder, "{HEADER}{}", rows(1, 4_000)).unwrap();
    let mut bytes = encoder.finish().unwrap();
    bytes.truncate(bytes.len() / 2);
    let case = Case::new("断尾.csv.gz", bytes);
    let said = case.import(&["--json"]);
    let report = said.report();
    let taken = report["taken"].as_u64().unwrap();
    assert!(said.code == 0 && (1_000..3_999).contains(&taken), "{report}");
    assert_eq!(report["rejected_by_reason"]["truncated_file"], 1, "{report}");
    // The row that the break went through, behind the header and the rows taken.
    assert_eq!(report["rejections"][0]["row"], taken + 2);
    assert_eq!(case.kept(), taken);
}

/// A file that cannot be read at all: exit code 1, its name and the reason in both languages, nothing kept.
fn refused_whole(name: &str, bytes: impl AsRef<[u8]>, chinese: &str, english: &str) {
    let case = Case::new(name, bytes);
    for (language, reason) in [("zh", chinese), ("en", english)] {
        let said = case.import(&["--lang", language]);
        assert_eq!(said.code, 1, "{name}: {}", said.out);
        assert!(said.err.contains(name) && said.err.contains(reason), "{name}: {}", said.err);
    }
    assert_eq!(case.kept(), 0);
}

#[test]
fn a_file_that_cannot_be_read_at_all_is_named_with_the_reason() {
    refused_whole("空.csv", "", "空文件", "is empty");
    refused_whole("空白.csv", "\n\n", "空文件", "is empty");
    refused_whole("名不副实.xlsx", around("x"), "XLSX", "expected an XLSX workbook");
    refused_whole("名不副实.csv", b"PK\x03\x04 and more", "XLSX", "found an XLSX workbook");
    refused_whole("名不副实.csv.gz", around("x"), "gzip", "expected a gzip file");
    refused_whole("残.xlsx", b"PK\x03\x04 and more", "工作簿", "workbook");
    refused_whole("图.png", "x", ".xlsx", ".xlsx");
    refused_whole("别的.csv", "颜色,重量\n红,3\n", "可识别的列", "no column we know");
    refused_whole("缺列.csv", "专利号,发明名称,许可使用费标准\n1,2,3\n", "专利权人", "专利权人");
}

#[test]
fn one_bad_file_does_not_keep_the_others_out_but_fails_the_command() {
    let case = Case::new("好.csv", format!("{HEADER}{}", rows(1, 4)));
    let bad = case.directory.path().join("坏.csv");
    std::fs::write(&bad, "").unwrap();
    let said = case.import(&[text(&bad)]);
    assert_eq!(said.code, 1, "{}", said.out);
    assert!(said.err.contains("坏.csv") && said.out.contains("好.csv"), "{}{}", said.out, said.err);
    assert_eq!(case.kept(), 3);
}

#[test]
fn an_unknown_column_is_reported_and_the_rows_are_taken() {
    let header = HEADER.trim_end();
    let case = Case::new("新列.csv", format!("{header},领导批示\n{},同意\n", rows(1, 2).trim_end()));
    let said = case.import(&["--json"]);
    assert_eq!((said.code, said.report()["unknown_columns"][0].as_str()), (0, Some("领导批示")), "{}", said.out);
    assert_eq!(case.kept(), 1);
}

#[test]
fn a_file_of_which_no_row_is_taken_fails() {
    let case = Case::new("全错.csv", format!("{HEADER}1,标题,样例大学,免费,3年,电话\n"));
    let said = case.import(&[]);
    assert_eq!(said.code, 1, "{}", said.out);
    assert!(said.out.contains("bad_application_number 1"), "{}", said.out);
}
