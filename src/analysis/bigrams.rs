//! Pairs of neighbouring characters, and characters alone.

use super::Term;
use super::normalizer::Folded;
use super::script::Script;

/// Hands every pair of neighbouring Chinese characters, every lone one, and every run of letters and digits to `visit`.
pub(super) fn visit(folded: &Folded, mut visit: impl FnMut(Term<'_>)) {
    let mut emit = |start: usize, end: usize| visit(Term::new(folded, start, end, false));
    runs(folded, |run, start, end| match run {
        Script::Han if end - start == 1 => emit(start, end),
        Script::Han => (start..end - 1).for_each(|first| emit(first, first + 2)),
        Script::Alphanumeric => emit(start, end),
        Script::None => {}
    });
}

/// Hands every Chinese character and every run of letters and digits to `visit`.
pub(super) fn visit_characters(folded: &Folded, mut visit: impl FnMut(Term<'_>)) {
    let mut emit = |start: usize, end: usize| visit(Term::new(folded, start, end, false));
    runs(folded, |run, start, end| match run {
        Script::Han => (start..end).for_each(|first| emit(first, first + 1)),
        Script::Alphanumeric => emit(start, end),
        Script::None => {}
    });
}

/// Hands every longest run of one script to `visit`, with its start and end in characters.
fn runs(folded: &Folded, mut visit: impl FnMut(Script, usize, usize)) {
    let mut start = 0;
    for run in folded.scripts().chunk_by(|a, b| a == b) {
        let end = start + run.len();
        visit(run[0], start, end);
        start = end;
    }
}
