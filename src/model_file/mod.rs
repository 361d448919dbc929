//! Model files: how anything learnt is kept on disk, and refused when it does not fit.
//!
//! A file is the mark `duijie model`, a line of JSON that names what it is and what it was made with, and the
//! contents in postcard form. In comes a value, out come bytes, and the other way round; what does not belong to this
//! program, was cut off or was altered is refused with the command that makes it anew.
//!
//! Not done here: reading and writing files (`engine`), knowing what a model means (`embed`, `classify`).

mod error;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use error::ModelFileError;

const MARK: &[u8] = b"duijie model\n";
/// Longest first line that is looked at, in bytes.
const LONGEST_HEADER: usize = 4_096;

/// What a model is, and what it was made with. Two models fit together if these agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// What kind of model, and the form of its contents: `embedding/1`.
    pub kind: String,
    /// Version of the analyzer whose terms it knows.
    pub analyzer: String,
    /// Version of the embedding it takes vectors from; `None` if from none.
    pub embedding: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    #[serde(flatten)]
    origin: Origin,
    bytes: usize,
    sha256: String,
}

/// A value as the bytes of a model file.
///
/// # Errors
/// [`ModelFileError::Unwritable`] if the value has no such form.
pub fn encode(origin: &Origin, value: &impl Serialize) -> Result<Vec<u8>, ModelFileError> {
    let contents = postcard::to_allocvec(value).map_err(|source| ModelFileError::Unwritable { source })?;
    let header = Header { origin: origin.clone(), bytes: contents.len(), sha256: checksum(&contents) };
    let mut bytes = MARK.to_vec();
    bytes.extend(serde_json::to_string(&header).unwrap_or_default().into_bytes());
    bytes.push(b'\n');
    bytes.extend(contents);
    Ok(bytes)
}

/// The value in a model file, and the checksum of its contents.
///
/// # Errors
/// A [`ModelFileError`] that says in what the file does not fit `expected`, or how it is damaged.
pub fn decode<T: DeserializeOwned>(bytes: &[u8], expected: &Origin) -> Result<(T, String), ModelFileError> {
    let (header, contents) = parts(bytes)?;
    fits(&header.origin, expected)?;
    if contents.len() != header.bytes {
        return Err(ModelFileError::Truncated { expected: header.bytes, found: contents.len() });
    }
    if checksum(contents) != header.sha256 {
        return Err(ModelFileError::Corrupt);
    }
    let value = postcard::from_bytes(contents).map_err(|_| ModelFileError::Corrupt)?;
    Ok((value, header.sha256))
}

/// The checksum a file says its contents have, without looking at them; `None` if it is no model file.
#[must_use]
pub fn stated_checksum(bytes: &[u8]) -> Option<String> {
    parts(bytes).ok().map(|(header, _)| header.sha256)
}

/// A short name for what a checksum stands for.
#[must_use]
pub fn version(checksum: &str) -> String {
    checksum.chars().take(12).collect()
}

fn parts(bytes: &[u8]) -> Result<(Header, &[u8]), ModelFileError> {
    let rest = bytes.strip_prefix(MARK).ok_or(ModelFileError::NotAModel)?;
    let end = rest.iter().take(LONGEST_HEADER).position(|&byte| byte == b'\n').ok_or(ModelFileError::NotAModel)?;
    let header = serde_json::from_slice(&rest[..end]).map_err(|_| ModelFileError::NotAModel)?;
    Ok((header, &rest[end + 1..]))
}

fn fits(found: &Origin, expected: &Origin) -> Result<(), ModelFileError> {
    if found.kind != expected.kind {
        return Err(ModelFileError::Kind { found: found.kind.clone(), expected: expected.kind.clone() });
    }
    if found.analyzer != expected.analyzer {
        return Err(ModelFileError::Analyzer { found: found.analyzer.clone(), expected: expected.analyzer.clone() });
    }
    if found.embedding != expected.embedding {
        let name = |version: &Option<String>| version.clone().unwrap_or_else(|| "-".to_owned());
        return Err(ModelFileError::Embedding { found: name(&found.embedding), expected: name(&expected.embedding) });
    }
    Ok(())
}

fn checksum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn origin() -> Origin {
        Origin { kind: "test/1".into(), analyzer: "1-abc".into(), embedding: None }
    }

    #[test]
    fn what_was_written_is_read() {
        let bytes = encode(&origin(), &vec![1_u32, 500, 70_000]).unwrap();
        let (value, _): (Vec<u32>, String) = decode(&bytes, &origin()).unwrap();
        assert_eq!(value, [1, 500, 70_000]);
    }

    #[test]
    fn a_model_of_another_analyzer_embedding_or_kind_is_refused() {
        let bytes = encode(&origin(), &1_u32).unwrap();
        let refused = |expected: Origin| decode::<u32>(&bytes, &expected).unwrap_err();
        let (mut analyzer, mut embedding, mut kind) = (origin(), origin(), origin());
        analyzer.analyzer = "2-abc".into();
        embedding.embedding = Some("f00".into());
        kind.kind = "test/2".into();
        assert!(matches!(refused(analyzer), ModelFileError::Analyzer { .. }));
        assert!(matches!(refused(embedding), ModelFileError::Embedding { .. }));
        assert!(matches!(refused(kind), ModelFileError::Kind { .. }));
    }

    proptest! {
        #[test]
        fn a_cut_or_altered_file_is_refused(at in 0_usize..10_000, bit in 0_u8..8) {
            let bytes = encode(&origin(), &(0..200_u32).collect::<Vec<_>>()).unwrap();
            let at = at % bytes.len();
            prop_assert!(decode::<Vec<u32>>(&bytes[..at], &origin()).is_err());
            let mut altered = bytes.clone();
            altered[at] ^= 1 << bit;
            // A letter of the header's own names may change and leave it readable; its values may not.
            if let Ok((value, _)) = decode::<Vec<u32>>(&altered, &origin()) {
                prop_assert_eq!(value, (0..200_u32).collect::<Vec<_>>());
            }
        }
    }
}
