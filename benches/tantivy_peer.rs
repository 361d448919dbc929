//! tantivy as a peer, for side-by-side runs on the same work.
//!
//! `cargo bench --bench tantivy_peer -- DOCS.tok.tsv QUERIES.tok.tsv K [RUN_OUT]`
//!
//! In come the peers' files (`id TAB word word …`; `id TAB word^weight …`), out comes one line like Lucene's: the work,
//! seconds of indexing, milliseconds of a query; and a TREC run, where one is asked for. One segment in memory, one thread, BM25 with tantivy's constants; of
//! three passes over the queries the last is counted.
//!
//! Queries are ORs of boosted terms, and matches are counted beside the best K. Counting turns off the pruning of
//! hopeless documents, which costs more than it saves on queries of many terms: with it, this peer is slower.

use std::error::Error;
use std::fmt::Write;
use std::process::ExitCode;
use std::time::Instant;

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, BoostQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{TextAnalyzer, WhitespaceTokenizer};
use tantivy::{DocAddress, Index, Searcher, TantivyDocument, Term};

const USAGE: &str = "usage: cargo bench --bench tantivy_peer -- DOCS.tok.tsv QUERIES.tok.tsv K [RUN_OUT]";
const TOKENIZER: &str = "whitespace";
/// Enough for the whole work of a bench, so that one segment is written and nothing has to be merged.
const WRITER_BYTES: usize = 1 << 30;
const PASSES: usize = 3;

type Failed = Box<dyn Error>;

fn main() -> Result<ExitCode, Failed> {
    // cargo says `--bench` when it runs this, and hands on the filter of `cargo bench FILTER`: neither is work.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let ([docs, queries, k] | [docs, queries, k, _]) = arguments.as_slice() else {
        println!("{USAGE}");
        return Ok(if arguments.len() < 2 { ExitCode::SUCCESS } else { ExitCode::from(2) });
    };
    let (docs, queries) = (read(docs)?, read(queries)?);
    let (best, docs) = (TopDocs::with_limit(k.parse()?).order_by_score(), rows(&docs));
    let collector = (best, Count);
    let (searcher, words, index_s) = indexed(&docs)?;
    let (names, queries): (Vec<&str>, Vec<&str>) = rows(&queries).into_iter().unzip();
    let queries: Vec<(BooleanQuery, usize)> = queries.into_iter().map(|row| query_of(words, row)).collect();
    let mut took = Vec::new();
    let mut found = Vec::new();
    for _ in 0..PASSES {
        (took, found) = (Vec::with_capacity(queries.len()), Vec::with_capacity(queries.len()));
        for (query, _) in &queries {
            let start = Instant::now();
            let (best, _) = searcher.search(query, &collector)?;
            took.push(start.elapsed().as_secs_f64() * 1e3);
            found.push(best);
        }
    }
    if let Some(run) = arguments.get(3) {
        write_run(run, &docs, &names, &found)?;
    }
    let count = queries.len() as f64;
    let terms = queries.iter().map(|(_, terms)| terms).sum::<usize>() as f64 / count;
    let mean = took.iter().sum::<f64>() / count;
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took.get((count * share) as usize).copied().unwrap_or_default();
    println!(
        "tantivy docs={} index_s={index_s:.2} queries={} terms={terms:.1} p50_ms={:.3} p99_ms={:.3} mean_ms={mean:.3}",
        docs.len(),
        queries.len(),
        at(0.5),
        at(0.99)
    );
    Ok(ExitCode::SUCCESS)
}

fn read(path: &str) -> Result<String, Failed> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}").into())
}

/// The ids and texts of a file.
fn rows(file: &str) -> Vec<(&str, &str)> {
    file.lines().filter_map(|line| line.split_once('\t')).collect()
}

/// Writes what was found in TREC's form. Documents stand in their one segment as they stand in the file.
fn write_run(
    path: &str,
    docs: &[(&str, &str)],
    queries: &[&str],
    found: &[Vec<(f32, DocAddress)>],
) -> Result<(), Failed> {
    let mut lines = String::new();
    for (query, best) in queries.iter().zip(found) {
        for (place, (score, address)) in best.iter().enumerate() {
            let (doc, _) = docs[address.doc_id as usize];
            writeln!(lines, "{query} Q0 {doc} {} {score} tantivy", place + 1)?;
        }
    }
    Ok(std::fs::write(path, lines)?)
}

/// One segment with the words of all documents, and the seconds it took.
fn indexed(docs: &[(&str, &str)]) -> Result<(Searcher, Field, f64), Failed> {
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default().set_tokenizer(TOKENIZER).set_index_option(IndexRecordOption::WithFreqs);
    let words = schema.add_text_field("words", TextOptions::default().set_indexing_options(indexing));
    let index = Index::create_in_ram(schema.build());
    index.tokenizers().register(TOKENIZER, TextAnalyzer::from(WhitespaceTokenizer::default()));
    let start = Instant::now();
    let mut writer = index.writer_with_num_threads::<TantivyDocument>(1, WRITER_BYTES)?;
    for (_, text) in docs {
        let mut document = TantivyDocument::new();
        document.add_text(words, text);
        writer.add_document(document)?;
    }
    writer.commit()?;
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    writer.wait_merging_threads()?;
    let index_s = start.elapsed().as_secs_f64();
    let searcher = index.reader()?.searcher();
    if searcher.segment_readers().len() > 1 {
        return Err("the index is not one segment: give the writer more memory".into());
    }
    Ok((searcher, words, index_s))
}

/// An OR of `word^weight word^weight …`, and how many terms it has.
fn query_of(words: Field, row: &str) -> (BooleanQuery, usize) {
    let terms: Vec<Box<dyn Query>> = row
        .split(' ')
        .filter_map(|part| {
            let (word, weight) = part.rsplit_once('^')?;
            let term = TermQuery::new(Term::from_field_text(words, word), IndexRecordOption::WithFreqs);
            Some(Box::new(BoostQuery::new(Box::new(term), weight.parse().ok()?)) as Box<dyn Query>)
        })
        .collect();
    let count = terms.len();
    (BooleanQuery::union(terms), count)
}
