//! Instructions that a question takes: the same number whatever else the machine is doing.
//!
//! ```console
//! cargo install gungraun-runner --version 0.20.0      # once; and valgrind, from the system's packages
//! cargo bench --bench instructions
//! cargo bench --bench instructions -- --save-baseline=before
//! cargo bench --bench instructions -- --baseline=before --callgrind-limits='ir=1%'
//! ```
//!
//! Rows and questions are drawn as in `matching.rs`. Making them is not counted.

#![expect(missing_docs, reason = "gungraun's macros make public items")]

use std::hint::black_box;

use duijie::retrieve::matrix::{Matrix, Measure, Question, Rows, Scratch, SparseRow, Wanted};
use gungraun::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const TERMS: u32 = 50_000;

fn row(random: &mut ChaCha8Rng, terms: usize) -> SparseRow {
    let mut term = || random.gen_range(0.0..f64::from(TERMS).ln()).exp() as u32;
    let terms: Vec<u32> = (0..terms).map(|_| term()).collect();
    terms.into_iter().map(|term| (term, random.gen_range(0.2_f32..0.8))).collect()
}

/// A matrix of 20,000 rows, and a question of so many terms.
fn made(terms: usize) -> (Matrix, SparseRow) {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut rows = Rows::default();
    (0..20_000).for_each(|_| rows.push(row(&mut random, 60).view()));
    let matrix = Matrix::of(rows, TERMS as usize).expect("small enough");
    matrix.make_ready();
    (matrix, row(&mut random, terms))
}

#[library_benchmark]
#[bench::terms_40(args = (40), setup = made)]
#[bench::terms_300(args = (300), setup = made)]
fn best((matrix, asked): (Matrix, SparseRow)) -> usize {
    let measure = Measure::plain(TERMS);
    let question = Question::new(&asked, &measure).expect("finite");
    black_box(&matrix).best(black_box(&question), Wanted::best(100), &mut Scratch::default()).len()
}

library_benchmark_group!(name = questions, benchmarks = best);
main!(library_benchmark_groups = questions);
