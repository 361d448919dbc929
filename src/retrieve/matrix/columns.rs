//! Columns: the rows of each term, in blocks, with the value in one byte.

use rayon::prelude::*;

use super::Rows;
use crate::retrieve::RetrieveError;

/// Rows in a block: their sums, two bytes each, fill half of a first-level cache of 32 KiB.
pub(super) const BLOCK: usize = 1 << 13;

/// The postings of one term in one block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    block: u16,
    /// At most [`BLOCK`].
    len: u16,
    start: u32,
}

impl Run {
    pub(super) fn block(self) -> usize {
        self.block as usize
    }
}

/// Postings, term by term, within a term by row: what follows in memory is what the next block asks for.
#[derive(Default)]
pub(super) struct Columns {
    /// What one step of each term's impacts is worth: its greatest value over 255.
    steps: Vec<f32>,
    /// Rows that have each term.
    having: Vec<u32>,
    /// The length of the longest meaning.
    longest: f64,
    /// First run of each term; one more than terms.
    run_starts: Vec<u32>,
    /// Runs, term by term, within a term by block.
    runs: Vec<Run>,
    /// Row numbers within their block.
    numbers: Vec<u16>,
    /// Values in steps of the term, rounded up: never below the value, never zero.
    impacts: Vec<u8>,
}

/// The postings of one block, by term, before they find their places.
struct Part {
    /// Term and how many.
    runs: Vec<(u32, u16)>,
    numbers: Vec<u16>,
    impacts: Vec<u8>,
}

impl Columns {
    /// Whether rows are few enough to have columns.
    pub(super) fn check(rows: &Rows) -> Result<(), RetrieveError> {
        if rows.values() > u32::MAX as usize || rows.len().div_ceil(BLOCK) > u16::MAX as usize {
            return Err(RetrieveError::TooLarge { values: rows.values() });
        }
        Ok(())
    }

    pub(super) fn of(rows: &Rows, terms: usize) -> Self {
        let blocks = rows.len().div_ceil(BLOCK);
        let mut steps = vec![0.0_f32; terms];
        let mut having = vec![0_u32; terms];
        let (_, all_terms, all_values) = rows.parts();
        for (&term, &value) in all_terms.iter().zip(all_values) {
            steps[term as usize] = steps[term as usize].max(value);
            having[term as usize] += 1;
        }
        steps.iter_mut().for_each(|step| *step /= 255.0);
        let mut next = Vec::with_capacity(terms);
        having.iter().fold(0, |start, having| {
            next.push(start);
            start + having
        });
        let (numbers, impacts) = (vec![0; rows.values()], vec![0; rows.values()]);
        let longest = rows.meanings().longest();
        let mut this = Self { steps, having, longest, numbers, impacts, ..Self::default() };
        let mut runs = Vec::new();
        // A few blocks at a time, so that what is sorted never amounts to a second copy of everything.
        let at_a_time = 2 * rayon::current_num_threads();
        for first in (0..blocks).step_by(at_a_time) {
            let blocks = first..blocks.min(first + at_a_time);
            let parts: Vec<Part> = blocks.into_par_iter().map(|block| part_of(rows, block, &this.steps)).collect();
            (first..).zip(&parts).for_each(|(block, part)| this.place(block, part, &mut next, &mut runs));
        }
        this.index(&runs);
        this
    }

    /// Puts the postings of a block behind those of the blocks before.
    fn place(&mut self, block: usize, part: &Part, next: &mut [u32], runs: &mut Vec<(u32, Run)>) {
        let mut from = 0;
        for &(term, len) in &part.runs {
            let (start, count) = (next[term as usize], len as usize);
            let (to, run) = (start as usize..start as usize + count, from..from + count);
            self.numbers[to.clone()].copy_from_slice(&part.numbers[run.clone()]);
            self.impacts[to].copy_from_slice(&part.impacts[run]);
            runs.push((term, Run { block: block as u16, len, start }));
            next[term as usize] += u32::from(len);
            from += count;
        }
    }

    /// Sorts the runs, which come block by block, by term.
    fn index(&mut self, runs: &[(u32, Run)]) {
        let mut starts = vec![0_u32; self.steps.len() + 1];
        runs.iter().for_each(|(term, _)| starts[*term as usize + 1] += 1);
        (1..starts.len()).for_each(|term| starts[term] += starts[term - 1]);
        let mut next = starts.clone();
        let mut sorted = vec![Run { block: 0, len: 0, start: 0 }; runs.len()];
        for (term, run) in runs {
            sorted[next[*term as usize] as usize] = *run;
            next[*term as usize] += 1;
        }
        (self.run_starts, self.runs) = (starts, sorted);
    }

    pub(super) fn terms(&self) -> usize {
        self.having.len()
    }

    /// The length of the longest meaning of a row.
    pub(super) fn longest(&self) -> f64 {
        self.longest
    }

    pub(super) fn having(&self, term: u32) -> usize {
        self.having.get(term as usize).map_or(0, |&having| having as usize)
    }

    /// What the greatest impact of a term is worth.
    pub(super) fn greatest(&self, term: u32) -> f64 {
        self.steps.get(term as usize).map_or(0.0, |&step| f64::from(step) * 255.0)
    }

    /// The runs of a term, by block.
    pub(super) fn runs(&self, term: u32) -> &[Run] {
        let at = term as usize;
        match (self.run_starts.get(at), self.run_starts.get(at + 1)) {
            (Some(&start), Some(&end)) => &self.runs[start as usize..end as usize],
            _ => &[],
        }
    }

    /// Row numbers within the block, ascending, and their impacts.
    pub(super) fn postings(&self, run: Run) -> (&[u16], &[u8]) {
        let range = run.start as usize..run.start as usize + run.len as usize;
        (&self.numbers[range.clone()], &self.impacts[range])
    }

    pub(super) fn visit(&self, term: u32, mut visit: impl FnMut(u32)) {
        for &run in self.runs(term) {
            let base = run.block as u32 * BLOCK as u32;
            self.postings(run).0.iter().for_each(|&number| visit(base + u32::from(number)));
        }
    }

    pub(super) fn read(&self, term: u32) -> u32 {
        let mut sum = 0_u32;
        for &run in self.runs(term) {
            let (numbers, impacts) = self.postings(run);
            sum = sum.wrapping_add(numbers.iter().map(|&number| u32::from(number)).sum());
            sum = sum.wrapping_add(impacts.iter().map(|&impact| u32::from(impact)).sum());
        }
        sum
    }

    pub(super) fn bytes(&self) -> usize {
        (self.steps.capacity() + self.having.capacity() + self.run_starts.capacity()) * 4
            + self.runs.capacity() * size_of::<Run>()
            + self.numbers.capacity() * 2
            + self.impacts.capacity()
    }
}

/// Sorts the values of one block by term: counts first, so that each finds its place at once.
fn part_of(rows: &Rows, block: usize, steps: &[f32]) -> Part {
    let range = block * BLOCK..rows.len().min((block + 1) * BLOCK);
    let mut places = vec![0_u32; steps.len()];
    range.clone().for_each(|row| rows.row(row).terms.iter().for_each(|&term| places[term as usize] += 1));
    let (mut runs, mut sum) = (Vec::new(), 0);
    for (term, place) in places.iter_mut().enumerate().filter(|(_, having)| **having > 0) {
        runs.push((term as u32, *place as u16));
        sum += std::mem::replace(place, sum);
    }
    let mut part = Part { runs, numbers: vec![0; sum as usize], impacts: vec![0; sum as usize] };
    for (number, row) in range.enumerate() {
        for (term, value) in rows.row(row).iter() {
            let place = &mut places[term as usize];
            part.numbers[*place as usize] = number as u16;
            part.impacts[*place as usize] = steps_of(value, steps[term as usize]);
            *place += 1;
        }
    }
    part
}

/// A value in whole steps, rounded up.
fn steps_of(value: f32, step: f32) -> u8 {
    let up = (value / step).ceil().clamp(1.0, 255.0) as u8;
    // The quotient itself is rounded, perhaps down to a whole number below the value.
    if f32::from(up) * step < value { up.saturating_add(1) } else { up }
}
