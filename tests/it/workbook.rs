//! A workbook as bare as the format allows, for what no writing library would write.

use flate2::Crc;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const DOCUMENT: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// One sheet with the rows of a CSV text; a value that begins with `=` becomes a formula without a stored value.
pub(crate) fn of_csv(csv: &str) -> Vec<u8> {
    let cell = |value: &str| match value.strip_prefix('=') {
        Some(formula) => format!("<c><f>{formula}</f></c>"),
        None => format!("<c t=\"inlineStr\"><is><t>{value}</t></is></c>"),
    };
    let rows = csv.lines().map(|line| format!("<row>{}</row>", line.split(',').map(cell).collect::<String>()));
    let relation = |kind: &str, target: &str| {
        let inner = format!("<Relationship Id=\"r\" Type=\"{DOCUMENT}/{kind}\" Target=\"{target}\"/>");
        format!("<Relationships xmlns=\"{PACKAGE}\">{inner}</Relationships>")
    };
    let sheets = "<sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r\"/></sheets>";
    archive(&[
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{DOCUMENT}\">{sheets}</workbook>")),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml")),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{}</sheetData></worksheet>", rows.collect::<String>()),
        ),
    ])
}

/// A ZIP archive of stored parts.
fn archive(parts: &[(&str, String)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in parts {
        let mut crc = Crc::new();
        crc.update(text.as_bytes());
        let size = (text.len() as u32).to_le_bytes();
        let length = (name.len() as u16).to_le_bytes();
        // Version 2.0, no flags, stored, no time; then check sum and sizes, and the length of the name.
        let facts = [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0], &crc.sum().to_le_bytes()[..], &size, &size, &length, &[0, 0]];
        let (facts, at) = (facts.concat(), (bytes.len() as u32).to_le_bytes());
        bytes.extend([b"PK\x03\x04", &facts[..], name.as_bytes(), text.as_bytes()].concat());
        directory.extend([b"PK\x01\x02\x14\x00", &facts[..], &[0; 10], &at, name.as_bytes()].concat());
    }
    let (start, length) = ((bytes.len() as u32).to_le_bytes(), (directory.len() as u32).to_le_bytes());
    let count = (parts.len() as u16).to_le_bytes();
    bytes.extend(directory);
    bytes.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count, &length, &start, &[0, 0]].concat());
    bytes
}
