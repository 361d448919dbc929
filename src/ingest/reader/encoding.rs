//! UTF-8 or GB18030: told from a sample, then applied cell by cell, so that one damaged cell costs one row.
//!
//! In both encodings the bytes of quotation marks, delimiters and line feeds never stand inside another character, so
//! rows and cells are cut before they are decoded.

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::super::Reason;

/// The encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TextEncoding(&'static Encoding);

/// The three bytes some programs put before UTF-8.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

impl TextEncoding {
    /// The name JSON lines are refused under.
    pub(super) const UTF_8_NAME: &'static str = "UTF-8";

    /// UTF-8 when at least half of the lines that are not plain ASCII are valid in it, else GB18030: Chinese text in
    /// GB18030 is hardly ever valid UTF-8, and a few damaged lines do not outvote the others.
    pub(super) fn of(sample: &[u8]) -> Self {
        if sample.starts_with(BOM) {
            return Self(UTF_8);
        }
        // The last line may be cut inside a character.
        let whole = sample.iter().rposition(|&byte| byte == b'\n').map_or(sample, |end| &sample[..end]);
        let telling = whole.split(|&byte| byte == b'\n').filter(|line| !line.is_ascii());
        let (valid, damaged): (Vec<&[u8]>, Vec<&[u8]>) = telling.partition(|line| std::str::from_utf8(line).is_ok());
        Self(if damaged.len() > valid.len() { GB18030 } else { UTF_8 })
    }

    pub(super) fn decode(self, bytes: &[u8]) -> Result<String, Reason> {
        let decoded = self.0.decode_without_bom_handling_and_without_replacement(bytes);
        decoded.map(std::borrow::Cow::into_owned).ok_or(Reason::Encoding { encoding: self.0.name() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_damaged_line_does_not_change_the_encoding_of_a_file() {
        let sample = b"\xe4\xb8\x93\xe5\x88\xa9\n\xff\xfe\n\xe5\x8f\xb7\n";
        assert_eq!(TextEncoding::of(sample), TextEncoding(UTF_8));
    }

    #[test]
    fn chinese_text_without_valid_utf8_is_gb18030() {
        let (bytes, _, _) = GB18030.encode("专利号,发明名称\n1,锂电池隔膜\n");
        assert_eq!(TextEncoding::of(&bytes), TextEncoding(GB18030));
        assert_eq!(TextEncoding(GB18030).decode(&bytes[..6]).unwrap(), "专利号");
        assert!(TextEncoding(GB18030).decode(b"\xd7").is_err());
    }
}
