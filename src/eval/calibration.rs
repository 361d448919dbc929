//! Whether a list has the classes its query asks for, each as often as it should.

use crate::domain::ClassBalance;

/// `1 − ½ Σ |p − q|` over IPC subclasses, where `p` are the shares among what the query asks for and `q` those among the
/// list, each listing counting once, divided over its subclasses: 1 where they are the same, 0 where no class is shared.
/// Higher is better. `None` where nothing asked for has a class, or the list is empty; a listing of the list without a
/// class is of no class asked for.
///
/// Source: Steck, *Calibrated recommendations* (2018), by the distance that [`ClassBalance`] tells of.
pub(super) fn calibration(asked: &[&[String]], list: &[&[String]]) -> Option<f64> {
    let shares = asked.iter().flat_map(|classes| {
        let each = 1.0 / classes.len().max(1) as f64;
        classes.iter().map(move |class| (class.as_str(), each))
    });
    let mut balance = ClassBalance::of(shares);
    list.iter().for_each(|classes| balance.add(&classes.iter().map(String::as_str).collect::<Vec<_>>()));
    balance.distance().map(|distance| 1.0 - distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(asked: &[&[&str]], list: &[&[&str]]) -> Option<f64> {
        let owned = |lists: &[&[&str]]| -> Vec<Vec<String>> {
            lists.iter().map(|classes| classes.iter().map(|class| (*class).to_owned()).collect()).collect()
        };
        let (asked, list) = (owned(asked), owned(list));
        calibration(&views(&asked), &views(&list))
    }

    fn views(lists: &[Vec<String>]) -> Vec<&[String]> {
        lists.iter().map(Vec::as_slice).collect()
    }

    #[test]
    fn a_list_of_the_shares_asked_for_is_at_one_and_one_of_other_classes_at_zero() {
        assert_eq!(of(&[&["A23L"], &["H01M"]], &[&["H01M", "A23L"]]), Some(1.0));
        assert_eq!(of(&[&["A23L"]], &[&["H01M"], &[]]), Some(0.0));
        // ½ (|½ − 1| + |½ − 0|) off.
        assert_eq!(of(&[&["A23L"], &["H01M"]], &[&["H01M"], &["H01M"]]), Some(0.5));
        assert_eq!(of(&[&["A23L"]], &[&["A23L"], &[]]), Some(0.5), "half of the list is of no class");
        assert_eq!((of(&[&[]], &[&["A23L"]]), of(&[&["A23L"]], &[])), (None, None), "nothing asked, nothing given");
    }
}
