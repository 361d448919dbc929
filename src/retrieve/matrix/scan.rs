//! The scan: bounds of all scores, block by block, then exact scores where they may matter.
//!
//! A term's weight times its greatest impact is its *bound*. In a block of rows, each row's impacts are summed in sixteen
//! bits, always rounded up, so that a sum is never below the score and above it by little. Rows whose sum may reach the
//! best seen so far are kept, and those few are scored exactly at the end.
//!
//! Once a floor is known, terms with many postings for little bound are left out: rows that have nothing but them cannot
//! reach it, and for the others their bound is added. (Source of the idea: MaxScore, Turtle and Flood, *Query
//! evaluation: strategies and optimizations*, 1995; here term at a time within a block.)

use fixedbitset::FixedBitSet;

use super::columns::{BLOCK, Columns, Run};
use super::meanings::Nearness;
use super::top::{Hit, best_of};
use super::{Matrix, Question, Wanted};
use crate::domain::EvidenceKind;

/// The share of the floor that left-out terms may make up, times values in a row: the dearer rows are to score, the
/// fewer should be scored in vain. Measured on titles of 8 words and on abstracts of 92.
const LEFT_OUT: f64 = 1.6;
/// The greatest such share.
const MOST_LEFT_OUT: f64 = 0.5;

/// How much bounds are widened: steps and greatest values are kept in 24 bits.
const SLACK: f64 = 1e-6;

/// Sums compared with the threshold together.
const GROUP: usize = 16;
/// Bits of a sum that are told apart when the floor is looked for, and what the others come to.
const FLOOR_BITS: u32 = 10;
const BIN: u16 = 1 << (u16::BITS - FLOOR_BITS);
/// Of so many sums one is looked at to guess where the best begin.
const SAMPLED: usize = 8;
/// Blocks there must be at least for the first to foretell the others.
const HOPED: usize = 8;
/// Rows fetched from memory together.
const FETCHED: usize = 8;

/// Sums of one block. Longer than a block, so that no sixteen-bit number lies outside.
type Sums = [u16; 1 << 16];

/// Memory that a scan works in; kept from question to question. Each thread needs its own.
pub struct Scratch {
    sums: Box<Sums>,
    /// The greatest of the terms of which only the greatest counts.
    greatest: Box<Sums>,
    kept: Vec<Kept>,
    /// How many sums have each value of their first bits.
    bins: Bins,
    /// The question's terms; empty between questions.
    marks: FixedBitSet,
}

type Bins = [u32; 1 << FLOOR_BITS];

/// The greatest value, to so many bits, that `wanted` of some sums reach; zero if fewer are above zero.
fn reached_by(wanted: usize, sums: impl Iterator<Item = u16>, bins: &mut Bins) -> u16 {
    const SHIFT: u32 = u16::BITS - FLOOR_BITS;
    bins.fill(0);
    sums.for_each(|sum| bins[(sum >> SHIFT) as usize] += 1);
    let mut reached = 0;
    for (bits, count) in bins.iter().enumerate().rev() {
        reached += *count as usize;
        if reached >= wanted {
            return (bits as u16) << SHIFT;
        }
    }
    0
}

impl Default for Scratch {
    fn default() -> Self {
        let sums = || Box::new([0; 1 << 16]);
        let (kept, bins, marks) = (Vec::new(), [0; 1 << FLOOR_BITS], FixedBitSet::new());
        Self { sums: sums(), greatest: sums(), kept, bins, marks }
    }
}

/// A row whose score may be among the best: it lies between the two, in units of the sums.
#[derive(Clone, Copy)]
struct Kept {
    lower: u16,
    upper: u16,
    row: u32,
}

/// A term of the question that some rows have.
struct Asked<'m> {
    /// The runs of blocks still to come.
    runs: &'m [Run],
    /// What an impact of 256 adds to a sum, rounded up.
    weight: u32,
    /// What the term adds to a score at most.
    bound: f64,
    postings: usize,
    /// Whether of its kind only the greatest counts: added up, rows of several would seem better than they are.
    rival: bool,
}

impl Asked<'_> {
    /// The run of a block; blocks are asked for in order.
    fn run(&mut self, block: usize) -> Option<Run> {
        let passed = self.runs.iter().take_while(|run| run.block() < block).count();
        self.runs = &self.runs[passed..];
        self.runs.first().copied().filter(|run| run.block() == block)
    }
}

/// A question on its way through the blocks.
struct Scan<'m, 'q> {
    matrix: &'m Matrix,
    wanted: Wanted<'q>,
    /// Those with most postings for their bound first.
    asked: Vec<Asked<'m>>,
    /// What nearness in meaning gives; `None` if none is asked for.
    nearness: Option<Nearness>,
    /// How many of them are left out, and what they may add.
    left_out: usize,
    left_out_bound: f64,
    /// The same in units of the sums.
    left_out_sum: u16,
    /// The share of the floor that left-out terms may make up.
    may_leave_out: f64,
    /// Sums are scores times this.
    scale: f64,
    /// How far a sum may lie above the score.
    excess: u16,
    /// What a sum must reach at least; zero while anything may.
    floor: u16,
    /// How many were kept when the floor was last looked for.
    settled: usize,
}

/// See [`Matrix::best`].
pub(super) fn best(matrix: &Matrix, question: &Question<'_>, wanted: Wanted<'_>, scratch: &mut Scratch) -> Vec<Hit> {
    let limit = wanted.limit.min(matrix.rows.len());
    let mut scan = Scan::new(matrix, question, Wanted { limit, ..wanted });
    if limit == 0 || (scan.asked.is_empty() && scan.nearness.is_none()) {
        return Vec::new();
    }
    let blocks = matrix.rows.len().div_ceil(BLOCK);
    scratch.kept.clear();
    scan.block(0, scratch);
    let sure = scan.floor;
    scan.hope(blocks, &scratch.kept, &mut scratch.bins);
    let hoped = scan.floor;
    (1..blocks).for_each(|block| scan.block(block, scratch));
    let hits = scan.settle(question, &mut scratch.kept, &mut scratch.marks);
    let reached = hits.get(limit - 1).is_some_and(|last| last.score * scan.scale >= f64::from(hoped));
    if hoped <= sure || reached {
        return hits;
    }
    let mut scan = Scan { floor: sure, ..Scan::new(matrix, question, Wanted { limit, ..wanted }) };
    scratch.kept.clear();
    (0..blocks).for_each(|block| scan.block(block, scratch));
    scan.settle(question, &mut scratch.kept, &mut scratch.marks)
}

impl<'m, 'q> Scan<'m, 'q> {
    fn new(matrix: &'m Matrix, question: &Question<'_>, wanted: Wanted<'q>) -> Self {
        let columns = matrix.columns();
        let bound = |term, weight: f32| question.measure.weight(term) * f64::from(weight) * columns.greatest(term);
        let row = question.row();
        let known = row.iter().map(|(term, weight)| (term, bound(term, weight)));
        let known: Vec<(u32, f64)> = known.filter(|(_, bound)| *bound > 0.0).collect();
        // No product is above that of the lengths.
        let weight = question.measure.weights[EvidenceKind::Meaning as usize];
        let nearest = weight * row.meaning.length() * columns.longest() * (1.0 + SLACK);
        let all: f64 = known.iter().map(|(_, bound)| bound).sum::<f64>() + nearest;
        // Each term's part of a sum is rounded up twice, by one at most, as is that of nearness, and its impact by one of
        // 255 steps.
        let rounding = 2 * (known.len() as u16 + 1);
        let scale = f64::from(u16::MAX - rounding) / all;
        let excess = rounding + u16::MAX / 255 + 1;
        let asked = |(term, bound)| {
            let rival = question.measure.takes_greatest(term);
            asked(columns, term, bound, scale, rival)
        };
        let mut asked: Vec<Asked<'m>> = known.into_iter().map(asked).collect();
        let cost = |asked: &Asked<'_>| asked.postings as f64 / asked.bound;
        asked.sort_by(|a, b| cost(b).total_cmp(&cost(a)));
        let mean_row = matrix.rows.values() as f64 / matrix.rows.len().max(1) as f64;
        let may_leave_out = (LEFT_OUT / mean_row).min(MOST_LEFT_OUT);
        let nearness = (nearest > 0.0).then(|| Nearness::new(&row.meaning, weight * scale));
        let floor = (wanted.floor * scale * (1.0 - SLACK)) as u16;
        let (left_out, left_out_bound, left_out_sum, settled) = (0, 0.0, 0, 0);
        Self {
            matrix,
            wanted,
            asked,
            nearness,
            left_out,
            left_out_bound,
            left_out_sum,
            may_leave_out,
            scale,
            excess,
            floor,
            settled,
        }
    }

    fn block(&mut self, block: usize, scratch: &mut Scratch) {
        self.leave_out();
        let columns = self.matrix.columns();
        let Scratch { sums, greatest, kept, bins, .. } = scratch;
        let mut rivals = false;
        for asked in &mut self.asked[self.left_out..] {
            if let Some(run) = asked.run(block) {
                let (numbers, impacts) = columns.postings(run);
                match asked.rival {
                    true => raise(greatest, numbers, impacts, asked.weight),
                    false => add(sums, numbers, impacts, asked.weight),
                }
                rivals |= asked.rival;
            }
        }
        let sums = &mut sums[..BLOCK];
        if let Some(nearness) = &self.nearness {
            self.matrix.rows.meanings().add(nearness, block * BLOCK, sums);
        }
        if rivals {
            let greatest = &mut greatest[..BLOCK];
            sums.iter_mut().zip(greatest.iter()).for_each(|(sum, greatest)| *sum = sum.wrapping_add(*greatest));
            greatest.fill(0);
        }
        if self.floor == 0 {
            self.keep_best(block, sums, kept, bins);
        } else {
            self.keep_above(self.threshold(), block, sums, kept, bins);
        }
        sums.fill(0);
    }

    /// Raises the floor to what the best of all blocks will probably reach, going by the first: the rows that look
    /// promising are then few from the start. If it turns out too high, everything is scanned again without it.
    fn hope(&mut self, blocks: usize, kept: &[Kept], bins: &mut Bins) {
        let expected = self.wanted.limit / blocks;
        let place = expected + 2 * expected.isqrt() + 2;
        if blocks >= HOPED && place <= kept.len() {
            let hoped = reached_by(place, kept.iter().map(|kept| kept.lower), bins);
            self.floor = self.floor.max(hoped);
        }
    }

    /// Leaves out more terms if the floor has risen enough.
    fn leave_out(&mut self) {
        let most = self.may_leave_out * f64::from(self.floor) / self.scale;
        while let Some(next) = self.asked.get(self.left_out).filter(|next| self.left_out_bound + next.bound <= most) {
            self.left_out_bound += next.bound;
            self.left_out += 1;
        }
        self.left_out_sum = (self.left_out_bound * self.scale).ceil() as u16;
    }

    /// The least sum of a row that may reach the floor.
    fn threshold(&self) -> u16 {
        self.floor.saturating_sub(self.left_out_sum).max(1)
    }

    /// Keeps the rows of a block whose sum reaches the threshold, which rises with them.
    fn keep_above(&mut self, least: u16, block: usize, sums: &[u16], kept: &mut Vec<Kept>, bins: &mut Bins) {
        let (mut threshold, mut full) = (least, self.full(kept.len()));
        // No early exit, and no comparison but the last: so eight sums are looked at together.
        let reaches =
            |sums: &[u16], threshold: u16| sums.iter().fold(0, |any, sum| any | sum.saturating_sub(threshold - 1)) > 0;
        for (group, sums) in sums.chunks_exact(GROUP).enumerate() {
            if !reaches(sums, threshold) {
                continue;
            }
            self.keep(block * BLOCK + group * GROUP, sums, threshold, kept);
            if kept.len() >= full {
                self.raise_floor(kept, bins);
                threshold = threshold.max(self.threshold());
                full = self.full(kept.len());
            }
        }
        if self.floor == 0 || kept.len() > self.settled + self.wanted.limit / 2 {
            self.raise_floor(kept, bins);
        }
    }

    /// Keeps those rows from `first` on whose sum reaches the threshold and that may be given. Which they are is hard to
    /// foresee: the places of all are written down, and those of the others overwritten.
    fn keep(&self, first: usize, sums: &[u16], threshold: u16, kept: &mut Vec<Kept>) {
        let mut places = [0_u8; GROUP];
        let mut count = 0;
        for (place, &sum) in sums.iter().enumerate() {
            places[count % GROUP] = place as u8;
            count += usize::from(sum >= threshold);
        }
        for &place in &places[..count] {
            let (row, sum) = (first + place as usize, sums[place as usize]);
            if self.wanted.among.is_none_or(|among| among.contains(row)) {
                let (lower, upper) = (sum.saturating_sub(self.excess), sum.saturating_add(self.left_out_sum));
                kept.push(Kept { lower, upper, row: row as u32 });
            }
        }
    }

    /// How many may be kept before the floor is looked at again.
    fn full(&self, kept: usize) -> usize {
        2 * kept.max(self.wanted.limit) + 64
    }

    /// Keeps the best rows of a block while nothing is known of the floor: guesses from a sample where they begin, and
    /// looks again, lower, if the floor they give lies below the guess.
    fn keep_best(&mut self, block: usize, sums: &[u16], kept: &mut Vec<Kept>, bins: &mut Bins) {
        let sample = sums.iter().copied().step_by(SAMPLED).filter(|sum| *sum > 0);
        let expected = self.wanted.limit / SAMPLED;
        let guess = reached_by(expected + 2 * expected.isqrt() + 2, sample, bins);
        let mut least = guess.saturating_sub(self.excess + BIN).max(1);
        loop {
            self.keep_above(least, block, sums, kept, bins);
            if least == 1 || (self.floor > 0 && self.threshold() >= least) {
                return;
            }
            kept.retain(|kept| (kept.row as usize) < block * BLOCK);
            least = if self.floor > 0 { self.threshold() } else { (least / 2).max(1) };
        }
    }

    /// Raises the floor to what the best rows are known to score, and drops those that cannot reach it.
    fn raise_floor(&mut self, kept: &mut Vec<Kept>, bins: &mut Bins) {
        if kept.len() < self.wanted.limit {
            return;
        }
        let reached = reached_by(self.wanted.limit, kept.iter().map(|kept| kept.lower), bins);
        if reached > self.floor {
            self.floor = reached;
            kept.retain(|kept| kept.upper >= self.floor);
        }
        self.settled = kept.len();
    }

    /// Scores what was kept: the most promising first, then those that may still reach the lowest of these.
    fn settle(&self, question: &Question<'_>, kept: &mut [Kept], marks: &mut FixedBitSet) -> Vec<Hit> {
        let terms = self.matrix.columns().terms();
        let known = || question.terms().iter().map(|&term| term as usize).filter(|&term| term < terms);
        marks.grow(terms);
        known().for_each(|term| marks.insert(term));
        let limit = self.wanted.limit;
        if kept.len() > limit {
            kept.select_nth_unstable_by_key(limit, |kept| std::cmp::Reverse(kept.upper));
        }
        let (first, others) = kept.split_at_mut(limit.min(kept.len()));
        let mut hits = Vec::with_capacity(2 * first.len());
        self.score(question, first, marks, &mut hits);
        let lowest = hits.iter().map(|hit| hit.score).fold(f64::INFINITY, f64::min).max(self.wanted.floor);
        let reach = |kept: &Kept| f64::from(kept.upper) >= lowest * self.scale * (1.0 - SLACK);
        let others: Vec<Kept> = others.iter().copied().filter(reach).collect();
        self.score(question, &others, marks, &mut hits);
        known().for_each(|term| marks.remove(term));
        hits.retain(|hit| hit.score > 0.0 && hit.score >= self.wanted.floor);
        best_of(hits, limit)
    }

    fn score(&self, question: &Question<'_>, kept: &[Kept], marks: &FixedBitSet, hits: &mut Vec<Hit>) {
        let rows = &self.matrix.rows;
        for some in kept.chunks(FETCHED) {
            // Rows lie anywhere in memory: asking for several at a time hides most of the way there.
            std::hint::black_box(some.iter().fold(0, |sum, kept| sum ^ rows.touch(kept.row as usize)));
            let score = |kept: &Kept| question.marked_score(rows.row(kept.row as usize), marks);
            hits.extend(some.iter().map(|kept| Hit { row: kept.row, score: score(kept) }));
        }
    }
}

fn asked(columns: &Columns, term: u32, bound: f64, scale: f64, rival: bool) -> Asked<'_> {
    let weight = (bound * scale * 256.0 / 255.0).ceil().max(1.0) as u32;
    Asked { runs: columns.runs(term), weight, bound, postings: columns.having(term), rival }
}

/// Adds the impacts of a run to the sums of its rows. The inner loop of all matching.
#[inline(never)]
fn add(sums: &mut Sums, numbers: &[u16], impacts: &[u8], weight: u32) {
    for (&number, &impact) in numbers.iter().zip(impacts) {
        let sum = &mut sums[number as usize];
        *sum = sum.wrapping_add(((weight * u32::from(impact) + 255) >> 8) as u16);
    }
}

/// Keeps the greatest impact of each row of a run.
fn raise(greatest: &mut Sums, numbers: &[u16], impacts: &[u8], weight: u32) {
    for (&number, &impact) in numbers.iter().zip(impacts) {
        let known = &mut greatest[number as usize];
        *known = (*known).max(((weight * u32::from(impact) + 255) >> 8) as u16);
    }
}
