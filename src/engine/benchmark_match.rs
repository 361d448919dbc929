//! Speed of matching, measured on the work the peers do.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use rayon::prelude::*;
use serde::Serialize;

use super::EngineError;
use crate::domain::{ListingId, Meaning, Score};
use crate::eval::Run;
use crate::retrieve::matrix::{Hit, Matrix, Measure, Question, Scratch, SparseRow, Wanted};
use crate::retrieve::{Counter, Counts, Frequencies, Means, Stream, TextLengths, Vocabulary, bm25f};

/// BM25 as the peers are set: Lucene's defaults.
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// Lines counted together.
const LINES: usize = 4_096;
/// Every question is asked so often; the last time counts.
const PASSES: usize = 3;

/// What to run.
#[derive(Debug, Clone, Copy)]
pub struct MatchWork<'a> {
    /// Texts, `id TAB word word …` a line.
    pub docs: &'a Path,
    /// Profiles, `id TAB word^weight word^weight …` a line.
    pub queries: &'a Path,
    /// Threads.
    pub threads: usize,
    /// Texts wanted for each profile.
    pub k: usize,
    /// Where to write the run, in TREC's form.
    pub run: Option<&'a Path>,
}

/// How fast profiles were matched with texts by exact BM25.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct MatchBenchmark {
    /// Texts.
    pub docs: usize,
    /// Different words.
    pub terms: usize,
    /// Seconds from the first line read to the matrix ready.
    pub build_s: f64,
    /// Bytes of matrix and vocabulary.
    pub bytes: usize,
    /// Profiles.
    pub queries: usize,
    /// Known words of a profile, on average.
    pub query_terms: f64,
    /// Postings of those words, on average.
    pub postings: f64,
    /// Milliseconds for a profile, from its words to the best texts: median, 99th percentile.
    pub p50_ms: f64,
    /// See `p50_ms`.
    pub p99_ms: f64,
    /// Milliseconds of all threads together over profiles.
    pub mean_ms: f64,
    /// Seconds from the first profile to the last answer.
    pub total_s: f64,
    /// Nanoseconds of one thread for a posting of a profile's words, looked at or left out.
    pub ns_per_posting: f64,
    /// Nanoseconds for reading a posting and adding it up: what scoring all of them costs at least.
    pub read_ns_per_posting: f64,
}

/// A profile: id, words with their weights.
type Query = (String, Vec<(String, f32)>);

/// Texts as a matrix.
struct Texts {
    ids: Vec<ListingId>,
    vocabulary: Vocabulary,
    matrix: Matrix,
}

/// Builds a matrix of the peers' texts, asks it every profile three times and times the last.
///
/// # Errors
/// [`EngineError::File`] if a file cannot be read or written or a line has another form, [`EngineError::Retrieve`] for a
/// profile of too many words.
pub fn benchmark_match(work: MatchWork<'_>) -> Result<MatchBenchmark, EngineError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(work.threads).build();
    let pool = pool.map_err(|_| EngineError::Stopped { step: "threads" })?;
    let start = Instant::now();
    let texts = pool.install(|| texts(work.docs))?;
    let build_s = start.elapsed().as_secs_f64();
    let queries = queries(work.queries)?;
    let measure = Measure::plain(texts.vocabulary.len() as u32);
    let mut timed = Vec::new();
    let mut total_s = 0.0;
    for _ in 0..PASSES {
        let start = Instant::now();
        timed = pool.install(|| ask(&texts, &measure, &queries, work.k))?;
        total_s = start.elapsed().as_secs_f64();
    }
    if let Some(path) = work.run {
        write_run(&texts, &queries, &timed, path)?;
    }
    let rows: Vec<SparseRow> = queries.iter().map(|(_, words)| request(&texts, words)).collect();
    let read_s = read(&texts, &measure, &rows)?;
    let mut seconds: Vec<f64> = timed.iter().map(|(seconds, _)| *seconds).collect();
    seconds.sort_by(f64::total_cmp);
    let count = queries.len().max(1) as f64;
    let postings: usize = rows.iter().flat_map(|row| &row.terms).map(|&term| texts.matrix.having(term)).sum();
    let per_posting = |seconds: f64| seconds * 1e9 / postings.max(1) as f64;
    let at = |share: f64| 1e3 * seconds.get((seconds.len() as f64 * share) as usize).copied().unwrap_or_default();
    Ok(MatchBenchmark {
        docs: texts.ids.len(),
        terms: texts.vocabulary.len(),
        build_s,
        bytes: texts.matrix.bytes() + texts.vocabulary.bytes(),
        queries: queries.len(),
        query_terms: rows.iter().map(|row| row.terms.len()).sum::<usize>() as f64 / count,
        postings: postings as f64 / count,
        p50_ms: at(0.5),
        p99_ms: at(0.99),
        mean_ms: seconds.iter().sum::<f64>() * 1e3 / count,
        total_s,
        ns_per_posting: per_posting(seconds.iter().sum()),
        read_ns_per_posting: per_posting(read_s),
    })
}

fn lines(path: &Path) -> Result<impl Iterator<Item = Result<String, EngineError>>, EngineError> {
    let failed = |source| EngineError::File { path: path.to_owned(), source };
    let file = std::fs::File::open(path).map_err(failed)?;
    Ok(BufReader::new(file).lines().map(move |line| line.map_err(failed)))
}

fn malformed(path: &Path, line: &str) -> EngineError {
    let line: String = line.chars().take(40).collect();
    invalid(path, format!("{line:?} is not `id TAB words`"))
}

fn invalid(path: &Path, what: String) -> EngineError {
    let source = std::io::Error::new(std::io::ErrorKind::InvalidData, what);
    EngineError::File { path: path.to_owned(), source }
}

/// `word^weight`, the weight a finite number, zero or above.
fn weighted(word: &str) -> Option<(String, f32)> {
    let (text, weight) = word.rsplit_once('^')?;
    let weight = weight.parse().ok().filter(|weight: &f32| weight.is_finite() && *weight >= 0.0)?;
    Some((text.to_owned(), weight))
}

/// Reads and counts the texts, a few thousand lines on each thread at a time.
fn texts(path: &Path) -> Result<Texts, EngineError> {
    let mut counter = Counter::default();
    let mut ids = Vec::new();
    let mut lines = lines(path)?;
    loop {
        let batch = lines.by_ref().take(LINES * rayon::current_num_threads()).collect::<Result<Vec<_>, _>>()?;
        if batch.is_empty() {
            break;
        }
        let counted = batch.par_chunks(LINES).map(|lines| count(path, lines)).collect::<Result<Vec<_>, _>>()?;
        for (more, counts) in counted {
            ids.extend(more);
            counter.take(&counts);
        }
    }
    let value = |_, frequencies: Frequencies, lengths: &TextLengths, means: &Means| {
        let norm = K1 * (1.0 - B + B * f64::from(lengths[0][0]) / means[0][0]);
        let frequency = f64::from(frequencies.get()[0]);
        (frequency / (frequency + norm)) as f32
    };
    let (rows, vocabulary, _) = counter.finish(value);
    let matrix = Matrix::of(rows, vocabulary.len())?;
    // What the first question would wait for counts as building.
    matrix.make_ready();
    Ok(Texts { ids, vocabulary, matrix })
}

fn count(path: &Path, lines: &[String]) -> Result<(Vec<ListingId>, Counts), EngineError> {
    let mut counts = Counts::default();
    let mut ids = Vec::with_capacity(lines.len());
    for line in lines {
        let (id, words) = line.split_once('\t').ok_or_else(|| malformed(path, line))?;
        ids.push(id.parse().map_err(|_| malformed(path, line))?);
        words.split_ascii_whitespace().for_each(|word| counts.count(Stream::Words, 0, word));
        counts.end(Meaning::NONE);
    }
    Ok((ids, counts))
}

fn queries(path: &Path) -> Result<Vec<Query>, EngineError> {
    let query = |line: Result<String, EngineError>| {
        let line = line?;
        let (id, words) = line.split_once('\t').ok_or_else(|| malformed(path, &line))?;
        let bad = |word: &str| invalid(path, format!("{word:?} of {id:?} is not `word^weight`, finite, zero or above"));
        let weighted = words.split_ascii_whitespace().map(|word| weighted(word).ok_or_else(|| bad(word)));
        Ok((id.to_owned(), weighted.collect::<Result<_, EngineError>>()?))
    };
    lines(path)?.map(query).collect()
}

/// What a profile asks: its known words, weighted by their rarity. A word given twice is asked for with both weights.
fn request(texts: &Texts, words: &[(String, f32)]) -> SparseRow {
    let weight = |(word, weight): &(String, f32)| {
        let term = texts.vocabulary.number(Stream::Words, word)?;
        let idf = bm25f::idf(texts.ids.len(), texts.matrix.having(term));
        Some((term, (weight * idf as f32).min(f32::MAX)))
    };
    // A word of no weight is not asked for.
    let words = words.iter().filter(|(_, weight)| *weight > 0.0);
    words.filter_map(weight).collect()
}

/// Answers every profile; seconds and the best texts for each.
fn ask(texts: &Texts, measure: &Measure, queries: &[Query], k: usize) -> Result<Vec<(f64, Vec<Hit>)>, EngineError> {
    let answer = |scratch: &mut Scratch, (_, words): &Query| {
        let start = Instant::now();
        let row = request(texts, words);
        let question = Question::new(&row, measure)?;
        let hits = texts.matrix.best(&question, Wanted::best(k), scratch);
        Ok((start.elapsed().as_secs_f64(), hits))
    };
    queries.par_iter().map_init(Scratch::default, answer).collect()
}

/// Seconds that one thread takes to read every posting of every profile.
fn read(texts: &Texts, measure: &Measure, rows: &[SparseRow]) -> Result<f64, EngineError> {
    let questions = rows.iter().map(|row| Question::new(row, measure)).collect::<Result<Vec<_>, _>>()?;
    let start = Instant::now();
    let sum = questions.iter().fold(0, |sum, question| sum ^ texts.matrix.read(question));
    std::hint::black_box(sum);
    Ok(start.elapsed().as_secs_f64())
}

fn write_run(texts: &Texts, queries: &[Query], answers: &[(f64, Vec<Hit>)], path: &Path) -> Result<(), EngineError> {
    let failed = |source| EngineError::File { path: path.to_owned(), source };
    let mut run = Run::default();
    for ((id, _), (_, hits)) in queries.iter().zip(answers) {
        let ranking = hits.iter().filter_map(|hit| Some((texts.ids[hit.row as usize].clone(), Score::new(hit.score)?)));
        run.insert(id, ranking.collect());
    }
    let mut file = BufWriter::new(std::fs::File::create(path).map_err(failed)?);
    run.write("duijie", &mut file).and_then(|()| file.flush()).map_err(failed)
}
