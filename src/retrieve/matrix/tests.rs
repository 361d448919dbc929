//! The matrix against scoring every row by hand.

use proptest::prelude::*;

use super::columns::BLOCK;
use super::*;
use crate::domain::Meaning;

/// Rows of a few frequent and many rare terms, and of meanings of all lengths, some of none.
fn rows(seed: u64, count: usize, terms: u32) -> Rows {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / 2_147_483_648.0
    };
    let mut rows = Rows::default();
    for _ in 0..count {
        let entries = (0..1 + (next() * 12.0) as usize).map(|_| {
            let term = (next().powi(3) * f64::from(terms)) as u32;
            (term.min(terms - 1), (0.05 + next()) as f32)
        });
        let row: SparseRow = entries.collect();
        let numbers: Vec<f32> = (0..Meaning::DIMENSIONS).map(|_| next() as f32 - 0.45).collect();
        let meaning = Meaning::nearest_to(&numbers).times((next() * 2.0 - 0.5).max(0.0));
        rows.push(row.with_meaning(meaning).view());
    }
    rows
}

fn by_hand(matrix: &Matrix, question: &Question<'_>, wanted: Wanted<'_>) -> Vec<Hit> {
    let row = |row: usize| Hit { row: row as u32, score: question.score(matrix.rows().row(row)) };
    let allowed = |hit: &Hit| wanted.among.is_none_or(|among| among.contains(hit.row as usize));
    let mut hits: Vec<Hit> = (0..matrix.rows().len())
        .map(row)
        .filter(|hit| hit.score > 0.0 && hit.score >= wanted.floor && allowed(hit))
        .collect();
    hits.sort();
    hits.truncate(wanted.limit);
    hits
}

fn agrees(matrix: &Matrix, asked: &SparseRow, measure: &Measure, wanted: Wanted<'_>, scratch: &mut Scratch) {
    let question = Question::new(asked, measure).unwrap();
    assert_eq!(matrix.best(&question, wanted, scratch), by_hand(matrix, &question, wanted));
}

#[test]
fn every_answer_is_the_one_worked_out_by_hand() {
    let count = 3 * BLOCK + 77;
    let matrix = Matrix::of(rows(7, count, 400), 400).unwrap();
    let mut scratch = Scratch::default();
    let mut few = FixedBitSet::with_capacity(count);
    (0..count).step_by(37).for_each(|number| few.insert(number));
    let asked = rows(11, 40, 400);
    let kinds = Measure { ends: [100, 200, 300, 400], weights: [0.5, 1.0, 1.0, 2.0, 1.0] };
    for (number, measure) in (0..asked.len()).zip([Measure::plain(400), kinds].iter().cycle()) {
        let asked = SparseRow::from(asked.row(number));
        for limit in [1, 10, 1_000, count + 5] {
            agrees(&matrix, &asked, measure, Wanted::best(limit), &mut scratch);
            agrees(&matrix, &asked, measure, Wanted { limit, floor: 0.4, among: Some(&few) }, &mut scratch);
            agrees(&matrix, &asked, measure, Wanted { limit, floor: 0.0, among: Some(&few) }, &mut scratch);
        }
    }
}

#[test]
fn a_row_of_many_classes_does_not_hide_one_that_fits_better() {
    let measure = Measure { ends: [1, 1, 1, 5], weights: [1.0; 5] };
    let mut rows = Rows::default();
    let classes: SparseRow = (1..5).map(|class| (class, 1.0)).collect();
    let word: SparseRow = std::iter::once((0, 1.0)).collect();
    [&classes, &classes, &word, &classes].iter().for_each(|row| rows.push(row.view()));
    let matrix = Matrix::of(rows, 5).unwrap();
    let asked: SparseRow = (0..5).map(|term| (term, if term == 0 { 2.0 } else { 1.0 })).collect();
    for limit in 1..5 {
        agrees(&matrix, &asked, &measure, Wanted::best(limit), &mut Scratch::default());
    }
}

#[test]
fn both_directions_give_the_same_score_to_the_last_bit() {
    let (listings, profiles) = (rows(3, 200, 90), rows(5, 150, 90));
    let measure = Measure { ends: [30, 50, 70, 90], weights: [0.5, 1.0, 1.0, 2.0, 1.0] };
    for profile in 0..profiles.len() {
        for listing in 0..listings.len() {
            let (profile, listing) = (profiles.row(profile), listings.row(listing));
            let (asked, offered) = (SparseRow::from(profile), SparseRow::from(listing));
            let one = Question::new(&asked, &measure).unwrap().features(listing);
            let other = Question::new(&offered, &measure).unwrap().features(profile);
            assert_eq!(one.map(f64::to_bits), other.map(f64::to_bits));
            assert_eq!(one, measure.between(profile, listing));
        }
    }
}

#[test]
fn weights_of_any_size_and_number_change_nothing() {
    let matrix = Matrix::of(rows(1, 500, 20_000), 20_000).unwrap();
    let measure = Measure::plain(20_000);
    let mut scratch = Scratch::default();
    let uneven: SparseRow = (0..10_000).map(|term| (term * 2, if term % 7 == 0 { 1e6 } else { 1e-6 })).collect();
    agrees(&matrix, &uneven, &measure, Wanted::best(20), &mut scratch);
    let most: SparseRow = (0..Question::MOST_TERMS as u32).map(|term| (term, 1.0)).collect();
    agrees(&matrix, &most, &measure, Wanted::best(20), &mut scratch);
    let more: SparseRow = (0..=Question::MOST_TERMS as u32).map(|term| (term, 1.0)).collect();
    assert!(matches!(Question::new(&more, &measure), Err(RetrieveError::TooManyTerms { .. })));
}

#[test]
fn a_weight_that_is_no_number_is_refused() {
    for weight in [0.0, -1.0, f32::NAN, f32::INFINITY] {
        let row = SparseRow { terms: vec![3], values: vec![weight], ..SparseRow::default() };
        let measure = Measure::plain(5);
        let refused = Question::new(&row, &measure);
        assert!(matches!(refused, Err(RetrieveError::Weight { .. })), "{weight}");
    }
}

#[test]
fn nothing_asked_or_known_gives_nothing() {
    let matrix = Matrix::of(rows(1, 50, 20), 20).unwrap();
    let mut scratch = Scratch::default();
    for asked in [SparseRow::default(), std::iter::once((999_u32, 1.0_f32)).collect()] {
        agrees(&matrix, &asked, &Measure::plain(1_000), Wanted::best(5), &mut scratch);
    }
    let asked = std::iter::once((1_u32, 1.0_f32)).collect();
    agrees(&matrix, &asked, &Measure::plain(20), Wanted::best(0), &mut scratch);
    let empty = Matrix::of(Rows::default(), 0).unwrap();
    agrees(&empty, &asked, &Measure::plain(20), Wanted::best(5), &mut scratch);
}

#[test]
fn rows_that_share_no_term_are_found_by_their_meaning_alone() {
    let count = 2 * BLOCK + 5;
    let matrix = Matrix::of(rows(21, count, 50), 50).unwrap();
    let measure = Measure { weights: [0.5, 1.0, 1.0, 1.0, 1.0], ..Measure::plain(50) };
    let asked = SparseRow::default().with_meaning(rows(4, 1, 50).row(0).meaning.times(0.3));
    assert!(
        !matrix.best(&Question::new(&asked, &measure).unwrap(), Wanted::best(5), &mut Scratch::default()).is_empty()
    );
    for limit in [1, 30, count] {
        agrees(&matrix, &asked, &measure, Wanted::best(limit), &mut Scratch::default());
    }
}

proptest! {
    #[test]
    fn a_row_comes_back_from_its_bytes(seed in any::<u64>(), cut in 0usize..60) {
        let row = SparseRow::from(rows(seed, 1, 40).row(0));
        let bytes = row.to_bytes();
        prop_assert_eq!(SparseRow::from_bytes(&bytes), Some(row));
        prop_assert_eq!(SparseRow::from_bytes(&bytes[..cut.min(bytes.len() - 1) | 1]), None);
    }

    #[test]
    fn small_matrices_agree_too(
        seed in any::<u64>(), count in 0usize..300, terms in 1u32..60, limit in 0usize..20, floor in 0.0f64..1.0,
    ) {
        let matrix = Matrix::of(rows(seed, count, terms), terms as usize).unwrap();
        let asked = rows(seed ^ 99, 3, terms);
        for number in 0..3 {
            let asked = SparseRow::from(asked.row(number));
            let wanted = Wanted { limit, floor, among: None };
            agrees(&matrix, &asked, &Measure::plain(terms), wanted, &mut Scratch::default());
            let kinds = Measure { ends: [terms / 8, terms / 6, terms / 5, terms], weights: [0.5, 1.0, 1.0, 1.0, 0.3] };
            agrees(&matrix, &asked, &kinds, wanted, &mut Scratch::default());
        }
    }
}
