//! The bytes of a text file: opened, checked against its name, unpacked, counted.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use super::super::error::Format;
use super::super::{IngestError, Reason};

/// How much of a file is looked at to tell encoding and delimiter.
const SAMPLE: usize = 64 << 10;
/// Most bytes a gzip file may unpack to; beyond it, it is taken for an attack.
const UNPACKED_LIMIT: u64 = 8 << 30;

/// A reader that counts what it reads, for a progress bar.
pub(super) struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R> Counted<R> {
    pub(super) fn new(inner: R, count: Arc<AtomicU64>) -> Self {
        Self { inner, count }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl<R: Seek> Seek for Counted<R> {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

/// What stopped a line from being read whole.
pub(super) enum Line {
    /// A line is in the buffer, with its line feed if it has one.
    Whole,
    /// The line was longer than allowed and was skipped; the buffer is empty.
    TooLong,
    /// Nothing is left.
    End,
    /// Reading failed; what came before in this line is lost.
    Failed(Reason),
}

/// An unpacked text file.
pub(super) struct Input {
    bytes: Box<dyn BufRead + Send>,
    /// The first bytes, for telling encoding and delimiter.
    pub(super) sample: Vec<u8>,
    pub(super) progress: Arc<AtomicU64>,
    pub(super) size: u64,
    /// Lines handed back, last first.
    returned: Vec<Vec<u8>>,
    is_gzip: bool,
}

/// Opens a file for reading and tells its size.
pub(super) fn open_file(path: &Path, file: &str) -> Result<(File, u64), IngestError> {
    let unreadable = |source| IngestError::Unreadable { file: file.to_owned(), source };
    let opened = File::open(path).map_err(unreadable)?;
    let facts = opened.metadata().map_err(unreadable)?;
    if facts.is_dir() {
        return Err(unreadable(io::ErrorKind::IsADirectory.into()));
    }
    match facts.len() {
        0 => Err(IngestError::Empty { file: file.to_owned() }),
        size => Ok((opened, size)),
    }
}

/// The format the first bytes of a file show; `None` when they could be text.
pub(super) fn magic(first: &[u8]) -> Option<Format> {
    match first {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Some(Format::Xlsx),
        [0x1f, 0x8b, ..] => Some(Format::Gzip),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Some(Format::OldOffice),
        _ => None,
    }
}

impl Input {
    pub(super) fn open(path: &Path, file: &str, is_gzip: bool) -> Result<Self, IngestError> {
        let unreadable = |source| IngestError::Unreadable { file: file.to_owned(), source };
        let content = |expected, found| Err(IngestError::Content { file: file.to_owned(), expected, found });
        let (opened, size) = open_file(path, file)?;
        let progress = Arc::new(AtomicU64::new(0));
        let mut raw = BufReader::with_capacity(SAMPLE, Counted::new(opened, Arc::clone(&progress)));
        let found = magic(raw.fill_buf().map_err(unreadable)?);
        let mut bytes: Box<dyn BufRead + Send> = match (is_gzip, found) {
            (true, Some(Format::Gzip)) => {
                Box::new(BufReader::with_capacity(SAMPLE, MultiGzDecoder::new(raw).take(UNPACKED_LIMIT)))
            }
            (true, found) => return content(Format::Gzip, found.unwrap_or(Format::Text)),
            (false, None) => Box::new(raw),
            (false, Some(found)) => return content(Format::Text, found),
        };
        let sample = sample(&mut bytes).map_err(unreadable)?;
        if sample.iter().all(u8::is_ascii_whitespace) && sample.len() < SAMPLE {
            return Err(IngestError::Empty { file: file.to_owned() });
        }
        if sample.contains(&0) {
            return content(Format::Text, Format::Binary);
        }
        if let Some(found) = magic(&sample) {
            return content(Format::Text, found);
        }
        Ok(Self { bytes, sample, progress, size, returned: Vec::new(), is_gzip })
    }

    /// Reads one line, of at most `limit` bytes, behind what `line` holds.
    pub(super) fn read_line(&mut self, line: &mut Vec<u8>, limit: usize) -> Line {
        if let Some(returned) = self.returned.pop() {
            line.extend_from_slice(&returned);
            return Line::Whole;
        }
        let (start, mut too_long, mut any) = (line.len(), false, false);
        loop {
            let chunk = match self.bytes.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Line::Failed(self.failure(&error)),
            };
            let end = chunk.iter().position(|&byte| byte == b'\n');
            let part = &chunk[..end.map_or(chunk.len(), |end| end + 1)];
            any |= !part.is_empty();
            too_long |= line.len() - start + part.len() > limit;
            if !too_long {
                line.extend_from_slice(part);
            }
            let (used, ended) = (part.len(), end.is_some() || chunk.is_empty());
            self.bytes.consume(used);
            if ended {
                break;
            }
        }
        if too_long {
            line.truncate(start);
            return Line::TooLong;
        }
        if any { Line::Whole } else { Line::End }
    }

    /// Hands lines back, to be read once more, the last of them first.
    pub(super) fn hand_back(&mut self, line: Vec<u8>) {
        self.returned.push(line);
    }

    fn failure(&self, error: &io::Error) -> Reason {
        match self.is_gzip {
            true => Reason::Truncated,
            false => Reason::Interrupted { detail: error.to_string() },
        }
    }
}

/// The first bytes, put back in front of the rest. A failure is left for the reader of the rest, unless nothing came.
fn sample(bytes: &mut Box<dyn BufRead + Send>) -> io::Result<Vec<u8>> {
    let mut sample = Vec::with_capacity(SAMPLE);
    let failed = bytes.by_ref().take(SAMPLE as u64).read_to_end(&mut sample).err();
    if let (Some(error), true) = (&failed, sample.is_empty()) {
        return Err(error.kind().into());
    }
    let rest = std::mem::replace(bytes, Box::new(io::empty()));
    let front = io::Cursor::new(sample.clone());
    *bytes = match failed {
        Some(error) => Box::new(BufReader::new(front.chain(Failing(error.kind())))),
        None => Box::new(front.chain(rest)),
    };
    Ok(sample)
}

/// Fails as the reader before it did.
struct Failing(io::ErrorKind);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(self.0.into())
    }
}
