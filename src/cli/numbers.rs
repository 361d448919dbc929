//! Numbers on the command line that a learner can use.

/// A number of zero or more.
pub(super) fn not_negative(text: &str) -> Result<f32, String> {
    let number = text.parse().ok().filter(|number: &f32| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "应为不小于 0 的数 / expected a number of 0 or more".to_owned())
}

/// A number above zero.
pub(super) fn above_zero(text: &str) -> Result<f32, String> {
    let number = not_negative(text).ok().filter(|number| *number > 0.0);
    number.ok_or_else(|| "应为大于 0 的数 / expected a number above 0".to_owned())
}

/// A share: a number from 0 to 1.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "应为 0 至 1 的数 / expected a number from 0 to 1".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_finite_numbers_are_taken() {
        for text in ["NaN", "inf", "-inf", "1e99", "-1", "x", ""] {
            assert!(not_negative(text).is_err() && above_zero(text).is_err() && share(text).is_err(), "{text}");
        }
        assert_eq!((not_negative("0"), above_zero("0.5")), (Ok(0.0), Ok(0.5)));
        assert!(above_zero("0").is_err() && share("1.1").is_err() && share("1") == Ok(1.0));
    }
}
