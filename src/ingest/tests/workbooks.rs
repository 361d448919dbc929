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
    let cases: [(&str, &str, Write); 6] = [
        ("专利号", "number_as_figure", |sheet| drop(sheet.write(2, column("专利号"), 2.01710601862E11))),
        ("专利号", "bad_application_number", |sheet| drop(sheet.write(2, column("专利号"), "201710117081.8"))),
        ("发明名称", "formula_without_value", |sheet| {
            sheet.write(2, column("发明名称"), Formula::new("=B2").set_result("")).unwrap();
        }),
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
        let error = fixture.refusal("a.xlsx", archive(&zeros, stated));
        assert!(matches!(error, IngestError::TooLarge { limit_mib: 512, .. }), "{stated}: {error}");
    }
}

/// An archive of one part that states a size.
fn archive(deflated: &[u8], stated: u32) -> Vec<u8> {
    let name = b"xl/worksheets/sheet1.xml";
    let mut facts = Vec::new();
    facts.extend_from_slice(&[20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    facts.extend_from_slice(&(deflated.len() as u32).to_le_bytes());
    facts.extend_from_slice(&stated.to_le_bytes());
    facts.extend_from_slice(&(name.len() as u16).to_le_bytes());
    facts.extend_from_slice(&[0, 0]);
    let mut bytes = [b"PK\x03\x04", facts.as_slice(), name, deflated].concat();
    let directory = bytes.len() as u32;
    bytes.extend_from_slice(b"PK\x01\x02\x14\x00");
    bytes.extend_from_slice(&facts);
    bytes.extend_from_slice(&[0; 14]);
    bytes.extend_from_slice(name);
    let length = bytes.len() as u32 - directory;
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0\x01\x00\x01\x00");
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&directory.to_le_bytes());
    bytes.extend_from_slice(&[0, 0]);
    bytes
}
