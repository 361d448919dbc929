//! The file of a base: what it is, then its rows and what they are called.
//!
//! The mark `duijie matrix`, a line of JSON that names origin, lengths and checksum, the checksum of that line, then the
//! sections one behind the other: facts (ids, offers, mean lengths and the numbers of text scoring in postcard form), letters and ends of the vocabulary, starts, terms and
//! values of the rows, numbers and scales of their meanings, numbers in the byte order of the machine. Columns are made anew when the file is read.

use std::io::{Read, Write};

use serde::{Deserialize, Serialize};

use super::bm25f::TextScoring;
use super::counts::Means;
use super::listings::Base;
use super::matrix::{Meanings, Rows};
use super::{RetrieveError, Vocabulary};
use crate::domain::{ListingId, Meaning, Offer};

const MARK: &[u8] = b"duijie matrix\n";
/// Raised when the sections, or how impacts are worked out, change.
const FORM: &str = if cfg!(target_endian = "little") { "5" } else { "5-big" };
/// Longest line of JSON that is looked at, in bytes.
const LONGEST_HEADER: usize = 4_096;
const SECTIONS: usize = 8;

/// What a base was made from. Two of one origin are the same.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MatrixOrigin {
    /// Version of the analyzer that made the terms.
    pub analyzer: String,
    /// Version of what listings without a class were classified with.
    pub models: String,
    /// The numbers its impacts were worked out with.
    pub scoring: TextScoring,
    /// The store the listings are of.
    pub store: String,
    /// The store's revision at which they were read.
    pub revision: i64,
}

#[derive(Serialize, Deserialize)]
struct Header {
    form: String,
    #[serde(flatten)]
    origin: MatrixOrigin,
    listings: u64,
    bytes: [u64; SECTIONS],
    crc32: u32,
}

/// What the head of a file says, without reading the rest.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixHead {
    /// What it was made from.
    pub origin: MatrixOrigin,
    /// How many listings.
    pub listings: u64,
    /// The checksum of its contents: names the statistics in force.
    pub checksum: u32,
}

#[derive(Serialize, Deserialize)]
struct Facts<I, O> {
    ids: I,
    offers: O,
    means: Means,
    scoring: TextScoring,
}

fn facts(base: &Base) -> Result<Vec<u8>, RetrieveError> {
    let facts = Facts { ids: &base.part.ids, offers: &base.part.offers, means: base.means, scoring: base.scoring };
    postcard::to_allocvec(&facts).map_err(|_| RetrieveError::Damaged)
}

fn sections<'a>(base: &'a Base, facts: &'a [u8]) -> [&'a [u8]; SECTIONS] {
    let (letters, ends) = base.vocabulary.parts();
    let (starts, terms, values) = base.part.matrix.rows().parts();
    let (meanings, scales) = base.part.matrix.rows().meanings().parts();
    let ends = bytemuck::cast_slice(ends);
    let rows = (bytemuck::cast_slice(starts), bytemuck::cast_slice(terms), bytemuck::cast_slice(values));
    let meanings = (bytemuck::cast_slice(meanings.as_flattened()), bytemuck::cast_slice(scales));
    [facts, letters.as_bytes(), ends, rows.0, rows.1, rows.2, meanings.0, meanings.1]
}

/// The checksum of a base's contents, that of its file.
///
/// # Errors
/// [`RetrieveError::Damaged`] if it has no such form, which does not happen.
pub(super) fn checksum(base: &Base) -> Result<u32, RetrieveError> {
    let mut checksum = crc32fast::Hasher::new();
    sections(base, &facts(base)?).iter().for_each(|section| checksum.update(section));
    Ok(checksum.finalize())
}

/// Writes a base to `out`. Of `origin`, the numbers of text scoring are not read: they are the base's own.
///
/// # Errors
/// [`RetrieveError::File`] if it cannot be written.
pub fn write(base: &Base, origin: &MatrixOrigin, mut out: impl Write) -> Result<(), RetrieveError> {
    let facts = facts(base)?;
    let sections = sections(base, &facts);
    let header = Header {
        form: FORM.to_owned(),
        origin: MatrixOrigin { scoring: base.scoring, ..origin.clone() },
        listings: base.listings() as u64,
        bytes: sections.map(|section| section.len() as u64),
        crc32: base.checksum(),
    };
    out.write_all(MARK)?;
    let line = serde_json::to_string(&header).map_err(std::io::Error::from)?;
    out.write_all(line.as_bytes())?;
    out.write_all(b"\n")?;
    out.write_all(&crc32fast::hash(line.as_bytes()).to_le_bytes())?;
    sections.iter().try_for_each(|section| out.write_all(section))?;
    Ok(out.flush()?)
}

/// Reads a base of `length` bytes from `file`, and the revision of the store it stands for.
///
/// # Errors
/// [`RetrieveError::NotAMatrix`], [`RetrieveError::Origin`] if analyzer, models, text scoring or store are not those `expected`
/// (the revision may be any), [`RetrieveError::Damaged`] if anything is missing, left over or altered.
pub fn read(mut file: impl Read, length: u64, expected: &MatrixOrigin) -> Result<(Base, i64), RetrieveError> {
    let (header, head) = header(&mut file)?;
    check(&header, expected)?;
    let all = header.bytes.iter().try_fold(head, |sum: u64, bytes| sum.checked_add(*bytes));
    if all != Some(length) {
        return Err(RetrieveError::Damaged);
    }
    let mut checksum = crc32fast::Hasher::new();
    let [facts, letters, ends, starts, terms, values, numbers, scales] = header.bytes;
    let facts: Vec<u8> = section(&mut file, facts, &mut checksum)?;
    let letters: Vec<u8> = section(&mut file, letters, &mut checksum)?;
    let ends: Vec<u32> = section(&mut file, ends, &mut checksum)?;
    let starts: Vec<u64> = section(&mut file, starts, &mut checksum)?;
    let terms: Vec<u32> = section(&mut file, terms, &mut checksum)?;
    let values: Vec<f32> = section(&mut file, values, &mut checksum)?;
    let numbers: Vec<[i8; Meaning::DIMENSIONS]> = section(&mut file, numbers, &mut checksum)?;
    let scales: Vec<f32> = section(&mut file, scales, &mut checksum)?;
    if checksum.finalize() != header.crc32 {
        return Err(RetrieveError::Damaged);
    }
    let damaged = || RetrieveError::Damaged;
    let facts: Facts<Vec<ListingId>, Vec<Offer>> = postcard::from_bytes(&facts).map_err(|_| damaged())?;
    let letters = String::from_utf8(letters).map_err(|_| damaged())?;
    let vocabulary = Vocabulary::from_parts(letters, ends).ok_or_else(damaged)?;
    let meanings = Meanings::from_parts(numbers, scales).ok_or_else(damaged)?;
    let rows = Rows::from_parts(starts, terms, values, meanings).ok_or_else(damaged)?;
    let scoring = facts.scoring.checked().map_err(|_| damaged())?;
    if scoring != header.origin.scoring {
        return Err(damaged());
    }
    let mut base = Base::from_parts(facts.ids, facts.offers, rows, vocabulary, (facts.means, scoring))?;
    base.set_checksum(header.crc32);
    Ok((base, header.origin.revision))
}

/// The head of a file.
///
/// # Errors
/// [`RetrieveError::NotAMatrix`], or [`RetrieveError::Origin`] as for [`read`].
pub fn peek(mut file: impl Read, expected: &MatrixOrigin) -> Result<MatrixHead, RetrieveError> {
    let (header, _) = header(&mut file)?;
    check(&header, expected)?;
    Ok(MatrixHead { origin: header.origin, listings: header.listings, checksum: header.crc32 })
}

/// The header, and how many bytes of the file it took. A revision read wrong would lose changes, so it is checked too.
fn header(file: &mut impl Read) -> Result<(Header, u64), RetrieveError> {
    let mut mark = [0; MARK.len()];
    let (mut line, mut seal) = (Vec::new(), [0; 4]);
    let read = file.read_exact(&mut mark).and_then(|()| {
        let mut byte = [0];
        while line.len() <= LONGEST_HEADER {
            file.read_exact(&mut byte)?;
            if byte[0] == b'\n' {
                break;
            }
            line.push(byte[0]);
        }
        file.read_exact(&mut seal)
    });
    match read {
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Err(RetrieveError::NotAMatrix),
        other => other?,
    }
    if mark != MARK {
        return Err(RetrieveError::NotAMatrix);
    }
    let header = serde_json::from_slice(&line).map_err(|_| RetrieveError::NotAMatrix)?;
    if crc32fast::hash(&line) != u32::from_le_bytes(seal) {
        return Err(RetrieveError::Damaged);
    }
    Ok((header, (MARK.len() + line.len() + 1 + seal.len()) as u64))
}

fn check(header: &Header, expected: &MatrixOrigin) -> Result<(), RetrieveError> {
    let origin = &header.origin;
    let (found, wanted) = (origin.scoring.to_string(), expected.scoring.to_string());
    for (what, found, expected) in [
        ("form", header.form.as_str(), FORM),
        ("analyzer", &origin.analyzer, &expected.analyzer),
        ("models", &origin.models, &expected.models),
        ("text scoring", &found, &wanted),
        ("store", &origin.store, &expected.store),
    ] {
        if found != expected {
            let (found, expected) = (found.to_owned(), expected.to_owned());
            return Err(RetrieveError::Origin { what, found, expected });
        }
    }
    Ok(())
}

/// Reads the next `bytes` of the file as numbers.
fn section<T: bytemuck::Pod>(
    file: &mut impl Read,
    bytes: u64,
    checksum: &mut crc32fast::Hasher,
) -> Result<Vec<T>, RetrieveError> {
    let bytes = usize::try_from(bytes).map_err(|_| RetrieveError::Damaged)?;
    if !bytes.is_multiple_of(size_of::<T>()) {
        return Err(RetrieveError::Damaged);
    }
    let mut numbers = vec![T::zeroed(); bytes / size_of::<T>()];
    file.read_exact(bytemuck::cast_slice_mut(&mut numbers))?;
    checksum.update(bytemuck::cast_slice(&numbers));
    Ok(numbers)
}
