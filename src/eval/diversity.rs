//! Intra-list diversity.

use std::cmp::Ordering;

/// The mean over all pairs of a list of `1 − Jaccard` of their subclasses, each ascending without repeats. Listings
/// without a class form no pair; `None` where fewer than two have one.
///
/// Source: Smyth, McClave, *Similarity vs. diversity* (2001), with Jaccard's index as the similarity.
pub(super) fn diversity(classes: &[&[String]]) -> Option<f64> {
    let classed: Vec<&[String]> = classes.iter().copied().filter(|classes| !classes.is_empty()).collect();
    let pairs = classed.len() * classed.len().saturating_sub(1) / 2;
    if pairs == 0 {
        return None;
    }
    let each = classed.iter().enumerate();
    let sum: f64 =
        each.flat_map(|(place, one)| classed[place + 1..].iter().map(move |other| 1.0 - jaccard(one, other))).sum();
    Some(sum / pairs as f64)
}

fn jaccard(one: &[String], other: &[String]) -> f64 {
    let (mut shared, mut a, mut b) = (0_u32, 0, 0);
    while a < one.len() && b < other.len() {
        match one[a].cmp(&other[b]) {
            Ordering::Less => a += 1,
            Ordering::Greater => b += 1,
            Ordering::Equal => (shared, a, b) = (shared + 1, a + 1, b + 1),
        }
    }
    f64::from(shared) / (one.len() + other.len() - shared as usize) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lists: &[&[&str]]) -> Option<f64> {
        let owned: Vec<Vec<String>> =
            lists.iter().map(|list| list.iter().map(|class| (*class).to_owned()).collect()).collect();
        diversity(&owned.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    #[test]
    fn listings_of_one_class_are_alike_and_of_others_different() {
        assert_eq!(of(&[&["H01M"], &["H01M"]]), Some(0.0));
        assert_eq!(of(&[&["H01M"], &["A23L"]]), Some(1.0));
        // Pairs: 1 − 1/3, 1 − 1/2, 1 − 0.
        let mixed = of(&[&["A23L", "H01M"], &["C01B", "H01M"], &["A23L"]]).unwrap();
        assert!((mixed - (2.0 / 3.0 + 0.5 + 1.0) / 3.0).abs() < 1e-12, "{mixed}");
        assert_eq!((of(&[&["H01M"], &[]]), of(&[])), (None, None), "no pair, no figure");
    }
}
