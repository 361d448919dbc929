//! Whole files, good and bad, in every format.

use std::io::Write;
use std::path::PathBuf;

use encoding_rs::GB18030;
use flate2::{Compression, write::GzEncoder};
use insta::assert_snapshot;
use tempfile::TempDir;

use super::*;
use crate::domain::{Date, Fee, HolderKind, Money, Notice, Territory};

const HEADER: &str = "专利号,发明名称,专利类型,专利权人,专利权人类型,IPC分类号,摘要,主权利要求,申请日,授权公告日,许可使用费支付方式,许可使用费标准,单次许可期限,许可期限届满日,许可地域范围,专利权人所在地,联系方式,公告日期";
const GOOD: &str = "ZL201710117081.7,一种样例电池隔膜,发明,样例大学,高校,H01M10/0525;H01M4/36,摘要文字,权利要求文字,2017-03-01,2019年7月9日,一次总付,5万元,3年,2027-12-31,全国,江苏省苏州市,0512-00000000,2023/1/5";
const OTHER: &str =
    "200910001164.5,另一种样例,发明,样例研究院,科研院所,G10L15/00,,,,,分期支付,2万元/年,36个月,,江苏省,,张三,";

struct Fixture {
    dir: TempDir,
}

impl Fixture {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn listings(&self, name: &str, bytes: impl AsRef<[u8]>) -> Vec<Row<Listing>> {
        open_listings(&self.write(name, bytes)).unwrap().collect()
    }

    fn refusal(&self, name: &str, bytes: impl AsRef<[u8]>) -> IngestError {
        open_listings(&self.write(name, bytes)).unwrap_err()
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The good rows' ids, and row, column and code of each rejection.
fn told(rows: &[Row<Listing>]) -> (Vec<&str>, Vec<(u64, String, &'static str)>) {
    let taken = rows.iter().filter_map(|row| row.outcome.as_ref().ok()).map(|listing| listing.id.as_str()).collect();
    let refused = rows.iter().filter_map(|row| row.outcome.as_ref().err()).flatten();
    let refused = refused.map(|r| (r.row.unwrap(), r.column.clone().unwrap_or_default(), r.reason.code())).collect();
    (taken, refused)
}

/// The good row with one cell replaced.
fn with(column: &str, value: &str) -> String {
    let at = HEADER.split(',').position(|name| name == column).unwrap();
    let mut cells: Vec<&str> = GOOD.split(',').collect();
    cells[at] = value;
    cells.join(",")
}

#[test]
fn a_listing_is_read_with_everything_the_form_holds() {
    let fixture = Fixture::new();
    let rows = fixture.listings("a.csv", format!("{HEADER}\r\n{GOOD}\r\n"));
    assert!(rows[0].warnings.is_empty(), "{:?}", rows[0].warnings);
    let listing = rows[0].outcome.as_ref().unwrap();
    assert_eq!((listing.id.as_str(), rows[0].number), ("201710117081.7", 2));
    assert_eq!(listing.holder_kind, Some(HolderKind::University));
    assert_eq!(listing.announced_on, Date::new(2023, 1, 5));
    assert_eq!(listing.patent.ipc.len(), 2);
    assert_eq!(listing.patent.published_on, Date::new(2019, 7, 9));
    let terms = listing.terms.as_ref().unwrap();
    assert_eq!(terms.fee, Fee::LumpSum { amount: Money::from_fen(5_000_000).unwrap() });
    assert_eq!((terms.months, &terms.territory), (Some(36), &Territory::Nationwide));
}

#[test]
fn a_bad_row_names_row_column_and_reason_and_the_rows_beside_it_survive() {
    let fixture = Fixture::new();
    for (column, value, code) in [
        ("专利号", "ZL201710117081.8", "bad_application_number"),
        ("专利号", "2.01710601862E+11", "number_as_figure"),
        ("专利号", "", "missing_value"),
        ("专利号", "#N/A", "error_cell"),
        ("发明名称", "", "missing_value"),
        ("专利权人", "无", "missing_value"),
        ("专利类型", "实用新型", "kind_disagrees"),
        ("许可使用费标准", "很便宜", "bad_fee"),
        ("许可使用费标准", "50000", "bad_fee"),
        ("许可使用费支付方式", "免费", "bad_fee"),
        ("许可期限届满日", "2027-13-31", "bad_date"),
    ] {
        let text = format!("{HEADER}\n{OTHER}\n{}\n{GOOD}\n", with(column, value));
        for (name, bytes) in [
            ("a.csv", text.clone().into_bytes()),
            ("b.csv", GB18030.encode(&text).0.into_owned()),
            ("c.csv", format!("\u{feff}{text}").into_bytes()),
            ("d.csv", text.replace(';', "；").replace(',', ";").into_bytes()),
            ("e.csv", text.replace(',', "\t").into_bytes()),
            ("f.csv.gz", gzip(text.as_bytes())),
            ("g.jsonl", json_lines(&text).into_bytes()),
        ] {
            let rows = fixture.listings(name, bytes);
            let (taken, refused) = told(&rows);
            assert_eq!(taken, ["200910001164.5", "201710117081.7"], "{name} {column} {value}");
            let column = if code == "bad_fee" { "许可使用费标准" } else { column };
            // A JSON file has no header, its first row is the first line; an error value is only text there.
            let row = if name.ends_with("jsonl") { 2 } else { 3 };
            let code = if name.ends_with("jsonl") && value == "#N/A" { "bad_application_number" } else { code };
            assert_eq!(refused, [(row, column.to_owned(), code)], "{name} {value}");
        }
    }
}

fn json_lines(csv: &str) -> String {
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let objects = lines.map(|cells| {
        let object: serde_json::Map<_, _> =
            header.iter().zip(cells).map(|(name, cell)| ((*name).to_owned(), cell.into())).collect();
        serde_json::Value::Object(object).to_string()
    });
    objects.collect::<Vec<_>>().join("\n")
}

#[test]
fn an_optional_value_that_cannot_be_read_is_left_out_with_a_warning() {
    let fixture = Fixture::new();
    for (column, value, code) in [
        ("IPC分类号", "H01M10/0525;甲", "bad_ipc"),
        ("申请日", "去年", "bad_date"),
        ("申请日", "2020-01-01", "date_order"),
        ("单次许可期限", "5", "bad_period"),
        ("联系方式", "", "missing_value"),
        ("专利权人类型", "甲", "unknown_word"),
        ("许可期限届满日", "长期", "bad_date"),
    ] {
        let rows = fixture.listings("a.csv", format!("{HEADER}\n{}\n", with(column, value)));
        assert!(rows[0].outcome.is_ok(), "{column} {value}");
        let told: Vec<_> = rows[0].warnings.iter().map(|w| (w.column.as_deref().unwrap(), w.reason.code())).collect();
        assert_eq!(told, [(column, code)]);
    }
}

#[test]
fn messages_say_what_where_and_what_to_do() {
    let fixture = Fixture::new();
    let bad = [with("专利号", "ZL201710117081.8"), with("许可使用费标准", "5-10万元"), with("发明名称", "")].join("\n");
    let rows = fixture.listings("listings.csv", format!("{HEADER}\n{bad}\n短,行\n"));
    let rejections: Vec<&Rejection> = rows.iter().filter_map(|row| row.outcome.as_ref().err()).flatten().collect();
    let chinese: Vec<String> = rejections.iter().map(|r| r.chinese()).collect();
    assert_snapshot!(chinese.join("\n"), @r#"
    listings.csv 第2行“专利号”：专利号“ZL201710117081.8”校验位为“8”，按号码应为“7”，请核对
    listings.csv 第3行“许可使用费标准”：“5-10万元”不是确定的金额：公开的许可费应为一个确定数，请只填一个
    listings.csv 第4行“发明名称”：没有填写，请补充
    listings.csv 第5行：该行有 2 列，表头有 18 列
    "#);
    let english: Vec<String> = rejections.iter().map(ToString::to_string).collect();
    assert_snapshot!(english.join("\n"), @r#"
    listings.csv row 2, column '专利号': patent number 'ZL201710117081.8' has check character '8', its digits ask for '7'
    listings.csv row 3, column '许可使用费标准': '5-10万元' is not one figure: a published fee must be fixed, so give one
    listings.csv row 4, column '发明名称': nothing is given; fill it in
    listings.csv row 5: the row has 2 fields, the header has 18
    "#);
    assert_snapshot!(serde_json::to_string(rejections[0]).unwrap(), @r#"{"file":"listings.csv","row":2,"column":"专利号","code":"bad_application_number","message":"专利号“ZL201710117081.8”校验位为“8”，按号码应为“7”，请核对"}"#);
}

#[test]
fn a_unit_in_the_columns_name_gives_bare_figures_their_unit() {
    let fixture = Fixture::new();
    let text = format!("{HEADER}\n{}\n", with("许可使用费标准", "5"));
    let rows = fixture.listings("a.csv", text.replace("许可使用费标准", "许可使用费标准（单位：万元）"));
    let terms = rows[0].outcome.as_ref().unwrap().terms.as_ref().unwrap();
    assert_eq!(terms.fee.describe(), "一次总付5万元");
}

#[test]
fn a_patent_number_in_the_ipc_column_is_taken_as_one() {
    let fixture = Fixture::new();
    let line = r#"{"ipc":"CN201710117081.7","penterClassName":"发明专利","applicant":"样例大学","price":"5万元","title":"样例"}"#;
    let rows = fixture.listings("a.jsonl", line);
    let listing = rows[0].outcome.as_ref().unwrap();
    assert_eq!((listing.id.as_str(), listing.patent.ipc.len()), ("201710117081.7", 0));
}

#[test]
fn provincial_columns_make_a_whole_listing() {
    let fixture = Fixture::new();
    let lines = [
        r#"{"zlh":"2017101170817","fbzllx":"1","zlqr":"样例大学","tjzlx":"1","yczff_ycxqefy":"5万元","title":"甲"}"#,
        r#"{"ZLBH":"ZL2017101170817","ZLLX_NOTE":"发明","ZLQR":"样例大学","XKSYFBZSM":"2万元/年","DCXKQX":"3年","XKSMJMRQ1":"20271231","XKDYFW_NOTE":"浙江省","发明名称":"乙"}"#,
        r#"{"appNumber":"CN201710117081.7","type":"发明","assigneeList":["样例大学","样例研究院"],"licenseFee":"免费","licenseTimeEnd":1830182400000,"licenseArea":"全国","title":"丙"}"#,
    ];
    let rows = fixture.listings("a.jsonl", lines.join("\n"));
    let terms: Vec<_> = rows.iter().map(|row| row.outcome.as_ref().unwrap().terms.clone().unwrap()).collect();
    assert_eq!(terms.iter().map(|t| t.fee.describe()).collect::<Vec<_>>(), ["一次总付5万元", "2万元/年", "免费"]);
    assert_eq!((terms[1].months, terms[1].ends_on), (Some(36), Date::new(2027, 12, 31)));
    assert_eq!(terms[2].ends_on, Date::new(2027, 12, 31));
    assert_eq!(rows[2].outcome.as_ref().unwrap().patent.holders, ["样例大学", "样例研究院"]);
}

#[test]
fn fields_of_several_lines_and_blank_lines_count_as_a_spreadsheet_counts_them() {
    let fixture = Fixture::new();
    let several = with("摘要", "\"第一行\n第二行，带“引号”\n\"");
    let rows = fixture.listings("a.csv", format!("{HEADER}\n{several}\n\n{}\n", with("专利号", "1")));
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 4]);
}

#[test]
fn a_quotation_mark_that_is_never_closed_costs_one_row() {
    let fixture = Fixture::new();
    let rows = fixture.listings("a.csv", format!("{HEADER}\n{}\n{OTHER}\n{GOOD}", with("摘要", "\"开")));
    assert_eq!(told(&rows).0, ["200910001164.5", "201710117081.7"]);
    assert_eq!(told(&rows).1, [(2, String::new(), "open_quote")]);
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 3, 4]);
}

#[test]
fn titles_may_stand_above_the_header() {
    let fixture = Fixture::new();
    let rows = fixture.listings("a.csv", format!("专利开放许可信息表\n\n{HEADER}\n{GOOD}\n"));
    assert_eq!(rows[0].number, 4);
    assert!(rows[0].outcome.is_ok());
}

#[test]
fn damaged_text_costs_its_row_in_either_encoding() {
    let fixture = Fixture::new();
    let title = format!("{HEADER}\n{OTHER}\n{}\n", with("发明名称", "样?例"));
    for (name, mut bytes) in [("a.csv", title.clone().into_bytes()), ("b.csv", GB18030.encode(&title).0.into_owned())] {
        let mark = bytes.iter().rposition(|&byte| byte == b'?').unwrap();
        bytes[mark] = 0xff;
        let rows = fixture.listings(name, bytes);
        assert_eq!(told(&rows).0, ["200910001164.5"], "{name}");
        assert_eq!(told(&rows).1, [(3, "发明名称".to_owned(), "bad_encoding")], "{name}");
    }
}

#[test]
fn a_cell_of_ten_megabytes_costs_its_row() {
    let fixture = Fixture::new();
    let text = format!("{HEADER}\n{}\n{OTHER}\n", with("摘要", &"长".repeat(3_500_000)));
    for (name, text, row) in [("a.csv", text.clone(), 2), ("a.jsonl", json_lines(&text), 1)] {
        let rows = fixture.listings(name, text);
        assert_eq!(told(&rows).0, ["200910001164.5"], "{name}");
        assert_eq!(told(&rows).1, [(row, "摘要".to_owned(), "cell_too_large")], "{name}");
    }
    let text = format!("{HEADER}\n{}\n{OTHER}\n", with("摘要", &"长".repeat(6_000_000)));
    for (name, text, row) in [("b.csv", text.clone(), 2), ("b.jsonl", json_lines(&text), 1)] {
        let rows = fixture.listings(name, text);
        assert_eq!(told(&rows).0, ["200910001164.5"], "{name}");
        assert_eq!(told(&rows).1, [(row, String::new(), "row_too_large")], "{name}");
    }
}

#[test]
fn a_truncated_gzip_keeps_the_rows_before_the_break_and_says_so() {
    let fixture = Fixture::new();
    let mut text = format!("{HEADER}\n");
    for serial in 0..5000 {
        let number = crate::domain::ApplicationNumber::from_body(&format!("20171{serial:07}")).unwrap();
        text += &with("专利号", number.as_str());
        text.push('\n');
    }
    let packed = gzip(text.as_bytes());
    for name in ["a.csv.gz", "a.jsonl.gz"] {
        let packed = if name.starts_with("a.json") { gzip(json_lines(&text).as_bytes()) } else { packed.clone() };
        let rows = fixture.listings(name, &packed[..packed.len() / 2]);
        let (taken, refused) = told(&rows);
        assert!(taken.len() > 500 && taken.len() < 4500, "{name}: {}", taken.len());
        assert_eq!(refused.len(), 1, "{name}");
        assert_eq!((refused[0].2, rows.len()), ("truncated_file", taken.len() + 1), "{name}");
    }
}

#[test]
fn malformed_json_costs_its_line() {
    let fixture = Fixture::new();
    let good = json_lines(&format!("{HEADER}\n{GOOD}"));
    let rows = fixture.listings("a.jsonl", format!("{{\"a\":\n\n[1]\n{good}\n{{\"专利号\":true}}\n"));
    let codes: Vec<_> = told(&rows).1.into_iter().map(|(row, _, code)| (row, code)).collect();
    assert_eq!(codes[..3], [(1, "bad_json"), (3, "bad_json"), (5, "wrong_json_type")]);
    assert_eq!(told(&rows).0, ["201710117081.7"]);
}

#[test]
fn a_row_with_more_or_fewer_fields_than_the_header_is_refused() {
    let fixture = Fixture::new();
    let rows = fixture.listings("a.csv", format!("{HEADER}\n{GOOD},多\n{GOOD},,\n专利号,少\n{OTHER}\n"));
    assert_eq!(told(&rows).0.len(), 2, "surplus blank fields do not count");
    assert_eq!(
        told(&rows).1.iter().map(|r| (r.0, r.2)).collect::<Vec<_>>(),
        [(2, "wrong_field_count"), (4, "wrong_field_count")]
    );
}

#[test]
fn a_file_that_cannot_be_read_at_all_says_why() {
    let fixture = Fixture::new();
    let refused: Vec<IngestError> = vec![
        open_listings(&fixture.dir.path().join("none.csv")).unwrap_err(),
        fixture.refusal("empty.csv", ""),
        fixture.refusal("blank.csv", "\n \n"),
        fixture.refusal("empty.csv.gz", gzip(b"")),
        fixture.refusal("a.txt", HEADER),
        fixture.refusal("a.xlsx.gz", HEADER),
        fixture.refusal("a.xlsx", HEADER),
        fixture.refusal("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        fixture.refusal("torn.xlsx", b"PK\x03\x04 and nothing more"),
        fixture.refusal("a.csv", b"PK\x03\x04"),
        fixture.refusal("b.csv", gzip(HEADER.as_bytes())),
        fixture.refusal("c.csv", b"\xff\xfe\x13\x4e\x00\x00"),
        fixture.refusal("a.csv.gz", HEADER),
        fixture.refusal("a.jsonl", HEADER),
        fixture.refusal("b.jsonl", "{\"星座\":1}"),
        fixture.refusal("d.csv", "甲,乙\n1,2\n"),
        fixture.refusal("e.csv", "专利号,发明名称,专利权人\n"),
    ];
    let told: Vec<String> = refused.iter().map(|error| error.chinese()).collect();
    assert_snapshot!(told.join("\n"), @r#"
    无法读取 none.csv：文件不存在，请检查路径
    empty.csv 是空文件，请重新导出
    blank.csv 是空文件，请重新导出
    empty.csv.gz 是空文件，请重新导出
    无法识别 a.txt 的格式：文件名应以 .xlsx、.csv、.jsonl、.csv.gz 或 .jsonl.gz 结尾
    无法识别 a.xlsx.gz 的格式：文件名应以 .xlsx、.csv、.jsonl、.csv.gz 或 .jsonl.gz 结尾
    a.xlsx 的内容与扩展名不符：应为：XLSX 工作簿，实为：文本（UTF-8 或 GB18030）
    old.xlsx 的内容与扩展名不符：应为：XLSX 工作簿，实为：旧版 .xls 或加密文件
    torn.xlsx 不是可读的工作簿，请用表格软件打开后另存为 .xlsx
    a.csv 的内容与扩展名不符：应为：文本（UTF-8 或 GB18030），实为：XLSX 工作簿
    b.csv 的内容与扩展名不符：应为：文本（UTF-8 或 GB18030），实为：gzip 压缩文件
    c.csv 的内容与扩展名不符：应为：文本（UTF-8 或 GB18030），实为：二进制内容
    a.csv.gz 的内容与扩展名不符：应为：gzip 压缩文件，实为：文本（UTF-8 或 GB18030）
    a.jsonl 的内容与扩展名不符：应为：每行一个 JSON 对象，实为：文本（UTF-8 或 GB18030）
    b.jsonl 中没有可识别的列：表头应含专利号、发明名称、专利权人、许可使用费标准等列
    d.csv 中没有可识别的列：表头应含专利号、发明名称、专利权人、许可使用费标准等列
    e.csv 缺少“许可使用费标准”列，可用的列名有：许可使用费支付方式、支付方式、许可费支付方式、zlfzffs、xkfyjson、license_fee_type、许可使用费标准、许可使用费、许可费用、许可费标准、许可使用费标准说明、收费标准、license_fee、licensefee、license_fee_detail、xksyfbzsm、xkfybz、spare2、suggest_price、price、一次性全额费用、yczff_ycxqefy
    "#);
    assert!(refused.iter().all(|error| !error.to_string().is_empty()));
}

#[test]
fn unknown_columns_are_reported_once_the_file_is_read() {
    let fixture = Fixture::new();
    let path =
        fixture.write("a.jsonl", "{\"title\":\"甲\",\"id\":\"A1\"}\n{\"title\":\"乙\",\"id\":\"A2\",\"星座\":\"1\"}\n");
    let mut records = open_patents(&path).unwrap();
    assert_eq!(records.by_ref().filter(|row| row.outcome.is_ok()).count(), 2);
    assert_eq!(records.unknown_columns(), ["星座"]);
    assert_eq!((records.position(), records.size(), records.file_name()), (65, 65, "a.jsonl"));
}

#[test]
fn a_plain_patent_goes_by_id_then_number_then_key() {
    let fixture = Fixture::new();
    let lines = [
        r#"{"title":"甲","id":"CN109996757A","kind":"invention_published","ipc":["B82B1/00"]}"#,
        r#"{"title":"乙","pub_no":"CN110813200B","app_no":"CN201910866666.8"}"#,
        r#"{"title":"丙","pub_no":"CN110813201B","app_no":"CN201910866666.9"}"#,
        r#"{"title":"丁","key":"CN116510786B","ipc_main":"B01J31/24","ipc":["C07F9/50","B01J31/24"]}"#,
        r#"{"title":"戊","key":"set:135068","ipc_subclass":["H01M"]}"#,
        r#"{"title":"己","app_no":"CN201910866666.9"}"#,
        r#"{"title":"庚"}"#,
        r#"{"title":"辛","pub_no":"CN110813202B","kind":"utility_new"}"#,
    ];
    let rows: Vec<_> = open_patents(&fixture.write("a.jsonl", lines.join("\n"))).unwrap().collect();
    let (taken, refused) = told(&rows);
    assert_eq!(taken, ["CN109996757A", "201910866666.8", "CN110813201", "CN116510786", "set:135068", "CN110813202"]);
    assert_eq!(rows[2].warnings[0].reason.code(), "bad_application_number");
    let main = &rows[3].outcome.as_ref().unwrap().patent.ipc;
    assert_eq!(main.iter().map(crate::domain::IpcCode::as_str).collect::<Vec<_>>(), ["B01J31/24", "C07F9/50"]);
    let codes: Vec<_> = refused.iter().map(|(row, _, code)| (*row, *code)).collect();
    assert_eq!(codes, [(6, "bad_application_number"), (7, "missing_value")]);
    assert_eq!(rows[7].warnings[0].reason.code(), "kind_disagrees");
    assert_eq!(rows[7].outcome.as_ref().unwrap().patent.kind, Some(crate::domain::PatentKind::Invention));
}

mod enterprises;
mod hostile;
mod workbooks;
