use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};

use super::*;

fn header(sheet: &mut Worksheet, row: u32) {
    for (column, name) in (0..).zip(HEADER.split(',')) {
        sheet.write(row, column, name).unwrap();
    }
}

fn fill(sheet: &mut Worksheet, row: u32, cells: &str) {
    for (column, cell) in (0..).zip(cells.split(',')).filter(|(_, cell)| !cell.is_empty()) {
        sheet.write(row, column, cell).unwrap();
    }
}

fn column(name: &str) -> u16 {
    HEADER.split(',').position(|n| n == name).unwrap() as u16
}

/// Rows of a workbook whose sheet has a header, a good row, what `write` puts into the third row, and a good row.
fn read(write: impl FnOnce(&mut Worksheet)) -> Vec<Row<Listing>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    header(sheet, 0);
    fill(sheet, 1, OTHER);
    fill(sheet, 2, GOOD);
    write(sheet);
    fill(sheet, 3, GOOD);
    Fixture::new().listings("a.xlsx", workbook.save_to_buffer().unwrap())
}

#[test]
fn a_bad_cell_costs_its_row_and_the_rows_beside_it_survive() {
    type Write = fn(&mut Worksheet);
    let cases: [(&str, &str, Write); 5] = [
        ("专利号", "number_as_figure", |sheet| drop(sheet.write(2, column("专利号"), 2.01710601862E11))),
        ("专利号", "bad_application_number", |sheet| drop(sheet.write(2, column("专利号"), "201710117081.8"))),
        ("专利权人", "error_cell", |sheet| {
            sheet.write(2, column("专利权人"), Formula::new("=NA()").set_result("#N/A")).unwrap();
        }),
        ("许可使用费标准", "bad_fee", |sheet| drop(sheet.write(2, column("许可使用费标准"), 50000))),
        ("许可使用费标准", "bad_fee", |sheet| drop(sheet.write(2, column("许可使用费标准"), "随便"))),
    ];
    for (column, code, write) in cases {
        let rows = read(write);
        assert_eq!(told(&rows).0, ["200910001164.5", "201710117081.7"], "{code}");
        assert_eq!(told(&rows).1, [(3, column.to_owned(), code)]);
    }
}

#[test]
fn real_dates_and_stored_formula_values_are_read() {
    let rows = read(|sheet| {
        let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2016, 2, 3).unwrap();
        let format = Format::new().set_num_format("yyyy/m/d");
        sheet.write_with_format(2, column("申请日"), &date, &format).unwrap();
        sheet.write(2, column("授权公告日"), 43655).unwrap();
        sheet.write(2, column("发明名称"), Formula::new("=B2").set_result("算出的名称")).unwrap();
    });
    let patent = &rows[1].outcome.as_ref().unwrap().patent;
    assert_eq!((patent.filed_on, patent.published_on), (Date::new(2016, 2, 3), Date::new(2019, 7, 9)));
    assert_eq!(patent.title, "算出的名称");
}

#[test]
fn the_sheet_and_the_header_are_found_behind_covers_and_titles() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write(0, 0, "封面").unwrap();
    let sheet = workbook.add_worksheet();
    sheet.merge_range(0, 0, 0, 10, "专利开放许可信息表", &Format::new()).unwrap();
    header(sheet, 3);
    fill(sheet, 4, GOOD);
    fill(sheet, 8, OTHER);
    sheet.write(9, 40, "表外的备注").unwrap();
    let rows = Fixture::new().listings("a.xlsx", workbook.save_to_buffer().unwrap());
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [5, 9]);
    assert_eq!(told(&rows).0.len(), 2);
}

#[test]
fn a_workbook_without_the_columns_says_which() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write(0, 0, "封面").unwrap();
    let fixture = Fixture::new();
    let error = fixture.refusal("a.xlsx", workbook.save_to_buffer().unwrap());
    assert!(matches!(error, IngestError::NoKnownColumn { .. }), "{error}");
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet(), 0, "专利号,发明名称,专利权人");
    let error = fixture.refusal("b.xlsx", workbook.save_to_buffer().unwrap());
    assert!(matches!(error, IngestError::MissingColumn { column: "许可使用费标准", .. }), "{error}");
}

#[test]
fn reading_can_stop_anywhere() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    header(sheet, 0);
    (1..2000).for_each(|row| fill(sheet, row, GOOD));
    let fixture = Fixture::new();
    let path = fixture.write("a.xlsx", workbook.save_to_buffer().unwrap());
    assert_eq!(open_listings(&path).unwrap().take(3).count(), 3);
    assert_eq!(open_listings(&path).unwrap().count(), 1999);
    std::thread::spawn(move || open_listings(&path).unwrap().count()).join().unwrap();
}

#[test]
fn a_workbook_cut_short_or_damaged_never_panics_and_never_passes_for_whole() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    header(sheet, 0);
    (1..200).for_each(|row| fill(sheet, row, GOOD));
    let bytes = workbook.save_to_buffer().unwrap();
    let fixture = Fixture::new();
    for at in (0..bytes.len()).step_by(bytes.len() / 40) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x55;
        if let Ok(records) = open_listings(&fixture.write("a.xlsx", &damaged)) {
            let rows: Vec<_> = records.collect();
            let told_of = rows.len() == 199 || rows.iter().any(|row| row.outcome.is_err());
            assert!(told_of, "byte {at} lost rows in silence: {}", rows.len());
        }
        assert!(open_listings(&fixture.write("b.xlsx", &bytes[..at])).is_err());
    }
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused_even_when_it_lies() {
    let zeros = {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::best());
        let block = vec![b' '; 1 << 20];
        (0..530).for_each(|_| encoder.write_all(&block).unwrap());
        encoder.finish().unwrap()
    };
    let fixture = Fixture::new();
    for stated in [u32::MAX, 600 << 20, 100] {
        let error = fixture.refusal(
            "a.xlsx",
            archive(&[Part { name: "xl/worksheets/sheet1.xml", deflated: zeros.clone(), stated, crc: 0 }]),
        );
        assert!(matches!(error, IngestError::TooLarge { limit_mib: 512, .. }), "{stated}: {error}");
    }
}

#[test]
fn a_formula_without_a_stored_value_costs_its_row() {
    let row = |row: u32, title: &str| {
        let text = |at: char, text: &str| format!("<c r=\"{at}{row}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
        let cells = [text('A', "CN201710117081.7"), title.to_owned(), text('C', "样例大学"), text('D', "5万元")];
        format!("<row r=\"{row}\">{}</row>", cells.concat())
    };
    let header = ["专利号", "发明名称", "专利权人", "许可使用费标准"]
        .map(|name| format!("<c t=\"inlineStr\"><is><t>{name}</t></is></c>"));
    let sheet = [
        format!("<row r=\"1\">{}</row>", header.concat()),
        row(2, "<c r=\"B2\"><f>A9</f></c>"),
        row(3, "<c r=\"B3\"><f>A9</f><v></v></c>"),
        row(4, "<c r=\"B4\" t=\"str\"><f>A9</f><v>算出的名称</v></c>"),
    ];
    let rows = Fixture::new().listings("a.xlsx", workbook(&sheet.concat()));
    assert_eq!(told(&rows).0, ["201710117081.7"]);
    let expected = [2, 3].map(|row| (row, "发明名称".to_owned(), "formula_without_value"));
    assert_eq!(told(&rows).1, expected);
}

/// A workbook of one sheet with these rows, as bare as the format allows.
fn workbook(rows: &str) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    const DOCUMENT: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"rId1\" Type=\"{DOCUMENT}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let book = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{DOCUMENT}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let sheet = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>");
    let parts = [
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let packed: Vec<_> = parts
        .iter()
        .map(|(name, text)| {
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(text.as_bytes()).unwrap();
            let mut crc = flate2::Crc::new();
            crc.update(text.as_bytes());
            Part { name, deflated: encoder.finish().unwrap(), stated: text.len() as u32, crc: crc.sum() }
        })
        .collect();
    archive(&packed)
}

struct Part<'a> {
    name: &'a str,
    deflated: Vec<u8>,
    stated: u32,
    crc: u32,
}

/// A ZIP archive that states the sizes it is told to state.
fn archive(parts: &[Part<'_>]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for part in parts {
        let offset = bytes.len() as u32;
        let mut facts = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0];
        for number in [part.crc, part.deflated.len() as u32, part.stated] {
            facts.extend_from_slice(&number.to_le_bytes());
        }
        facts.extend_from_slice(&(part.name.len() as u16).to_le_bytes());
        facts.extend_from_slice(&[0, 0]);
        bytes.extend([b"PK\x03\x04", facts.as_slice(), part.name.as_bytes(), &part.deflated].concat());
        directory.extend(
            [b"PK\x01\x02\x14\x00", facts.as_slice(), &[0; 10], &offset.to_le_bytes(), part.name.as_bytes()].concat(),
        );
    }
    let (start, length, count) = (bytes.len() as u32, directory.len() as u32, parts.len() as u16);
    bytes.extend(directory);
    bytes.extend(
        [
            b"PK\x05\x06\0\0\0\0",
            &count.to_le_bytes()[..],
            &count.to_le_bytes(),
            &length.to_le_bytes(),
            &start.to_le_bytes(),
            &[0, 0],
        ]
        .concat(),
    );
    bytes
}
