//! A look at a workbook's archive before it is unpacked: a small file must not fill memory and disk.
//!
//! Sizes stated in the archive's directory are checked, and since they can lie, every part that could unpack to more
//! than the limit is unpacked once into nothing and counted.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use flate2::read::DeflateDecoder;

/// Most bytes of one part, unpacked.
pub(super) const PART_LIMIT: u64 = 512 << 20;
/// Most bytes of all parts together, unpacked.
const TOTAL_LIMIT: u64 = 2 * PART_LIMIT;
/// Deflate makes nothing smaller than this.
const BEST_RATIO: u64 = 1032;

/// What a look at the archive showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Fits,
    TooLarge,
    Damaged,
}

struct Part {
    packed: u64,
    stated: u64,
    offset: u64,
    deflated: bool,
}

/// Checks every part of an archive that is XML; pictures and the like are never unpacked.
pub(super) fn check(file: &mut File) -> Verdict {
    match parts(file) {
        Ok(Some(parts)) => match measure(file, &parts) {
            Ok(total) if total <= TOTAL_LIMIT => Verdict::Fits,
            Ok(_) => Verdict::TooLarge,
            Err(_) => Verdict::Damaged,
        },
        Ok(None) | Err(_) => Verdict::Damaged,
    }
}

fn measure(file: &mut File, parts: &[Part]) -> io::Result<u64> {
    let mut total = 0_u64;
    for part in parts {
        let mut size = part.stated;
        if size <= PART_LIMIT && part.deflated && part.packed.saturating_mul(BEST_RATIO) > PART_LIMIT {
            size = size.max(unpacked(file, part)?);
        }
        total = total.saturating_add(if size > PART_LIMIT { u64::MAX } else { size });
        if total > TOTAL_LIMIT {
            break;
        }
    }
    Ok(total)
}

/// Counts what a part unpacks to, up to just above the limit.
fn unpacked(file: &mut File, part: &Part) -> io::Result<u64> {
    let mut local = [0_u8; 30];
    file.seek(SeekFrom::Start(part.offset))?;
    file.read_exact(&mut local)?;
    let skipped = i64::from(number16(&local, 26)) + i64::from(number16(&local, 28));
    file.seek(SeekFrom::Current(skipped))?;
    let packed = io::BufReader::new(file.take(part.packed));
    io::copy(&mut DeflateDecoder::new(packed).take(PART_LIMIT + 1), &mut io::sink())
}

/// All parts named in the archive's directory; `None` when it has none.
fn parts(file: &mut File) -> io::Result<Option<Vec<Part>>> {
    const END_RECORD: &[u8] = b"PK\x05\x06";
    let size = file.seek(SeekFrom::End(0))?;
    let tail_start = size.saturating_sub(66_000);
    file.seek(SeekFrom::Start(tail_start))?;
    let mut tail = Vec::new();
    file.take(66_000).read_to_end(&mut tail)?;
    let Some(end) = tail.windows(4).rposition(|window| window == END_RECORD) else { return Ok(None) };
    let Some(record) = tail.get(end..end + 22) else { return Ok(None) };
    let count = number16(record, 10);
    file.seek(SeekFrom::Start(u64::from(number32(record, 16))))?;
    let mut directory = io::BufReader::new(file);
    let mut parts = Vec::new();
    for _ in 0..count {
        let mut entry = [0_u8; 46];
        directory.read_exact(&mut entry)?;
        if !entry.starts_with(b"PK\x01\x02") {
            return Ok(None);
        }
        let behind = [28, 30, 32].map(|at| i64::from(number16(&entry, at)));
        directory.seek_relative(behind.iter().sum())?;
        parts.push(Part {
            packed: u64::from(number32(&entry, 20)),
            stated: u64::from(number32(&entry, 24)),
            offset: u64::from(number32(&entry, 42)),
            deflated: number16(&entry, 10) == 8,
        });
    }
    Ok(Some(parts))
}

fn number16(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}

fn number32(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}
