//! The match matrix: how long a question takes, and making the matrix.
//!
//! `cargo bench --bench matching`
//!
//! Rows and questions are drawn by a seeded generator: terms with the frequencies of Zipf's law, as words have. Real
//! texts behave otherwise in detail: figures to quote come from `benches/match.py`.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use duijie::retrieve::matrix::{Matrix, Measure, Question, Rows, Scratch, SparseRow, Wanted};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const TERMS: u32 = 50_000;

/// A term, the lower the more frequent.
fn term(random: &mut ChaCha8Rng) -> u32 {
    let exponent: f64 = random.gen_range(0.0..f64::from(TERMS).ln());
    exponent.exp() as u32
}

fn row(random: &mut ChaCha8Rng, terms: usize) -> SparseRow {
    (0..terms).map(|_| (term(random), random.gen_range(0.2_f32..0.8))).collect()
}

fn matrix_rows(rows: usize, terms: usize) -> Rows {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut made = Rows::default();
    (0..rows).for_each(|_| made.push(row(&mut random, terms).view()));
    made
}

/// Questions weigh a term by its rarity, as a profile does.
fn questions(matrix: &Matrix, terms: usize) -> Vec<SparseRow> {
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let rarity = |term| ((1.0 + matrix.rows().len() as f32) / (1.0 + matrix.having(term) as f32)).ln() + 0.01;
    let question = |_| row(&mut random, terms).view().iter().map(|(term, _)| (term, rarity(term))).collect();
    (0..50).map(question).collect()
}

/// Budgets, on one core: at 100,000 rows a nanosecond a posting for 40 terms, two for 300; and no more than twelve times
/// the time of 10,000 rows.
fn best(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("best 100");
    for (rows, terms) in [(10_000, 40), (100_000, 40), (100_000, 300)] {
        let matrix = Matrix::of(matrix_rows(rows, 60), TERMS as usize).expect("small enough");
        let measure = Measure::plain(TERMS);
        let asked = questions(&matrix, terms);
        let questions: Vec<_> = asked.iter().map(|row| Question::new(row, &measure).expect("finite")).collect();
        let postings: usize = questions.iter().map(|question| matrix.postings(question)).sum();
        group.throughput(Throughput::Elements(postings as u64));
        let mut scratch = Scratch::default();
        let name = BenchmarkId::new(format!("{terms} terms"), rows);
        group.bench_with_input(name, &questions, |bencher, questions| {
            bencher.iter(|| {
                let found =
                    questions.iter().map(|question| matrix.best(question, Wanted::best(100), &mut scratch).len());
                black_box(found.sum::<usize>())
            });
        });
        // The limit: every posting read once.
        group.bench_with_input(
            BenchmarkId::new(format!("{terms} terms, read only"), rows),
            &questions,
            |bencher, questions| {
                bencher.iter(|| questions.iter().fold(0, |sum, question| sum ^ matrix.read(black_box(question))));
            },
        );
    }
    group.finish();
}

/// Budget: a million values a second and core.
fn columns(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("columns");
    group.sample_size(10);
    for rows in [10_000, 50_000] {
        let made = matrix_rows(rows, 60);
        group.throughput(Throughput::Elements(made.values() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(rows), &made, |bencher, made| {
            bencher.iter_with_large_drop(|| {
                let matrix = Matrix::of(made.clone(), TERMS as usize).expect("small enough");
                matrix.make_ready();
                matrix
            });
        });
    }
    group.finish();
}

/// Budget: a microsecond for a row of 60 terms.
fn exact(criterion: &mut Criterion) {
    let rows = matrix_rows(1_000, 60);
    let measure = Measure::plain(TERMS);
    let asked = row(&mut ChaCha8Rng::seed_from_u64(3), 100);
    let question = Question::new(&asked, &measure).expect("finite");
    criterion.bench_function("exact score of 1,000 rows", |bencher| {
        bencher.iter(|| (0..rows.len()).map(|number| question.score(rows.row(number))).fold(0.0, f64::max));
    });
}

criterion_group!(benches, best, columns, exact);
criterion_main!(benches);
