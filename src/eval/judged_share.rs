//! How far a ranking has been judged at all.

use super::answer::Answer;

/// Share of the first `depth` listings that somebody has judged, relevant or not; of a shorter ranking, of what there is,
/// and 0 of an empty one.
///
/// Where it is low, a low precision says little: what nobody has judged counts as not relevant. Qrels that only name
/// relevant listings make it the precision.
///
/// Source: Buckley, Voorhees, *Retrieval evaluation with incomplete information* (2004), where the question is raised;
/// `judged@k` as commonly reported.
pub(super) fn judged_share(answer: &Answer, depth: usize) -> f64 {
    let first = &answer.grades[..answer.grades.len().min(depth)];
    first.iter().flatten().count() as f64 / first.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_judgement_of_not_relevant_is_a_judgement() {
        assert_eq!(judged_share(&Answer::graded(&[Some(0), None, Some(2), None], &[2]), 10), 0.5);
        assert_eq!(judged_share(&Answer::graded(&[Some(0), None], &[2]), 1), 1.0);
        assert_eq!(judged_share(&Answer::graded(&[], &[2]), 10), 0.0);
    }
}
