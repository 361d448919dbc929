use std::sync::Arc;

use super::example::{Counted, base, count, id, offers, titled};
use crate::retrieve::{
    Base, Counter, ListingMatrix, MatrixOrigin, RetrieveError, Stream, TextScoring, peek, read, write,
};

fn origin() -> MatrixOrigin {
    let [analyzer, models, store] = ["1-aa", "2-bb", "cc"].map(str::to_owned);
    MatrixOrigin { analyzer, models, store, scoring: TextScoring::default(), revision: 117 }
}

fn listings() -> Vec<Counted> {
    let mut listings = vec![titled("B", "电池 隔膜 电池"), titled("A", "隔膜"), titled("C", "")];
    listings[1].1.push((Stream::Bigrams, 2, "隔膜".to_owned()));
    listings[2].1.push((Stream::Subclass, 0, "H01M".to_owned()));
    listings
}

fn written(base: &Base) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(base, &origin(), &mut bytes).unwrap();
    bytes
}

fn reread(bytes: &[u8]) -> Result<(Base, i64), RetrieveError> {
    read(bytes, bytes.len() as u64, &origin())
}

#[test]
fn a_base_reads_back_as_it_was_written() {
    let base = base(&listings());
    let bytes = written(&base);
    let (again, revision) = reread(&bytes).unwrap();
    assert_eq!((revision, again.checksum()), (117, base.checksum()));
    assert_eq!(again.vocabulary().parts(), base.vocabulary().parts());
    let put = [titled("D", "隔膜 电池")];
    let [one, other] = [base, again].map(|base| {
        let matrix = ListingMatrix::of(Arc::new(base)).unwrap();
        // A listing that comes later is counted with the same means.
        matrix.changed(&[], offers(&put), &count(&put)).unwrap()
    });
    assert_eq!((one.len(), other.len()), (4, 4));
    for name in ["A", "B", "C", "D"] {
        assert_eq!(one.listing(&id(name)).unwrap(), other.listing(&id(name)).unwrap(), "{name}");
    }
    assert_eq!(written(one.base()), bytes);
    let head = peek(&bytes[..], &origin()).unwrap();
    assert_eq!((head.listings, head.checksum, head.origin), (3, one.base().checksum(), origin()));
}

#[test]
fn a_base_of_nothing_reads_back_too() {
    let (again, _) = reread(&written(&base(&[]))).unwrap();
    assert!(ListingMatrix::of(Arc::new(again)).unwrap().is_empty());
}

#[test]
fn a_file_cut_short_anywhere_or_with_something_behind_it_is_refused() {
    let bytes = written(&base(&listings()));
    for length in 0..bytes.len() {
        assert!(reread(&bytes[..length]).is_err(), "cut to {length} of {}", bytes.len());
        // The length that the system tells may be older than what is read.
        assert!(read(&bytes[..length], bytes.len() as u64, &origin()).is_err(), "{length}");
    }
    assert!(matches!(reread(&[&bytes[..], b"x"].concat()), Err(RetrieveError::Damaged)));
}

#[test]
fn one_altered_bit_anywhere_is_seen() {
    let bytes = written(&base(&listings()));
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut altered = bytes.clone();
            altered[place] ^= 1 << bit;
            assert!(reread(&altered).is_err(), "bit {bit} of byte {place} of {}", bytes.len());
        }
    }
}

#[test]
fn the_head_alone_tells_when_it_was_altered() {
    let bytes = written(&base(&listings()));
    let line = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(1).unwrap().0;
    for place in 0..=line {
        let mut altered = bytes.clone();
        altered[place] ^= 1;
        assert!(peek(&altered[..], &origin()).is_err(), "byte {place}: {}", String::from_utf8_lossy(&altered[..line]));
    }
}

#[test]
fn a_matrix_of_something_else_says_in_what_it_differs() {
    let bytes = written(&base(&listings()));
    let other = || "other".to_owned();
    let another = || TextScoring { k1: 2.5, ..TextScoring::default() };
    for (expected, differs, tells) in [
        (MatrixOrigin { analyzer: other(), ..origin() }, "analyzer", "other"),
        (MatrixOrigin { models: other(), ..origin() }, "models", "other"),
        (MatrixOrigin { scoring: another(), ..origin() }, "text scoring", "k1 2.5"),
        (MatrixOrigin { store: other(), ..origin() }, "store", "other"),
    ] {
        let refused = [read(&bytes[..], bytes.len() as u64, &expected).err(), peek(&bytes[..], &expected).err()];
        for error in refused {
            assert!(matches!(&error, Some(RetrieveError::Origin { what, .. }) if *what == differs), "{error:?}");
            assert!(error.is_some_and(|error| error.to_string().contains(tells)), "{differs}");
        }
    }
    let later = MatrixOrigin { revision: 200, ..origin() };
    assert_eq!(read(&bytes[..], bytes.len() as u64, &later).unwrap().1, 117, "a base may stand for any revision");
}

#[test]
fn a_base_of_other_numbers_has_another_checksum_and_says_its_numbers_in_its_file() {
    let made = |scoring| {
        let mut counter = Counter::default();
        // Classes alone: their impacts are the same under any numbers.
        counter.take(&count(&[(id("A"), vec![(Stream::Subclass, 0, "H01M".to_owned())])]));
        Base::of(counter, offers(&[titled("A", "")]), &scoring).unwrap()
    };
    let (plain, other) = (made(TextScoring::default()), made(TextScoring { word_rarity: 1.0, ..Default::default() }));
    assert_eq!(plain.matrix().rows(), other.matrix().rows());
    assert_ne!(plain.checksum(), other.checksum());
    let expected = MatrixOrigin { scoring: *other.scoring(), ..origin() };
    // What the origin handed over says of scoring is not believed.
    let bytes = written(&other);
    let (again, _) = read(&bytes[..], bytes.len() as u64, &expected).unwrap();
    assert_eq!((again.scoring(), again.checksum()), (other.scoring(), other.checksum()));
    assert!(matches!(reread(&bytes), Err(RetrieveError::Origin { what: "text scoring", .. })));
}

#[test]
fn what_is_no_matrix_is_called_so() {
    for bytes in
        [&b""[..], b"duijie matrix", b"PK\x03\x04 and so on and so forth", &[b'x'; 9_000], b"duijie matrix\n{}\n"]
    {
        assert!(matches!(reread(bytes), Err(RetrieveError::NotAMatrix)), "{:?}", &bytes[..bytes.len().min(20)]);
    }
    let endless = [&b"duijie matrix\n"[..], &[b' '; 9_000]].concat();
    assert!(matches!(reread(&endless), Err(RetrieveError::NotAMatrix)));
}
