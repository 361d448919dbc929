//! What pushing brings: a share among those who were sent something against the share among those kept back by lot.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The 97.5 % point of the normal distribution: intervals are of 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// How many of a group did something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GroupShare {
    /// Enterprises of the group.
    pub enterprises: u64,
    /// Of these, those who did.
    pub did: u64,
}

impl GroupShare {
    /// The share: 0 to 1, 0 of none.
    #[must_use]
    pub fn share(self) -> f64 {
        if self.enterprises == 0 { 0.0 } else { self.did as f64 / self.enterprises as f64 }
    }

    /// Wilson's score interval of the share, of 95 %; from 0 to 1 for a group of none. Wilson 1927.
    #[must_use]
    pub fn interval(self) -> (f64, f64) {
        if self.enterprises == 0 {
            return (0.0, 1.0);
        }
        let (n, p) = (self.enterprises as f64, self.share());
        let square = Z * Z;
        let centre = p + square / (2.0 * n);
        let spread = Z * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt();
        let scale = 1.0 + square / n;
        (((centre - spread) / scale).max(0.0), ((centre + spread) / scale).min(1.0))
    }
}

/// How much more often those did something who were sent something.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Lift {
    /// Those who were to be sent something, whether or not it arrived: so were both groups drawn.
    pub sent: GroupShare,
    /// Those kept back.
    pub held_back: GroupShare,
    /// The difference of the shares, -1 to 1.
    pub difference: f64,
    /// Where its 95 % interval begins,
    pub from: f64,
    /// and ends. If 0 is within, chance alone may have made the difference.
    pub to: f64,
}

impl Lift {
    /// The difference with its interval by Newcombe's hybrid score method (Statistics in Medicine 17, 1998, method 10).
    /// `None` where nobody was kept back or sent anything.
    #[must_use]
    pub fn between(sent: GroupShare, held_back: GroupShare) -> Option<Self> {
        if sent.enterprises == 0 || held_back.enterprises == 0 {
            return None;
        }
        let (p, q) = (sent.share(), held_back.share());
        let ((low, high), (low_held, high_held)) = (sent.interval(), held_back.interval());
        let difference = p - q;
        Some(Self {
            sent,
            held_back,
            difference,
            from: difference - (p - low).hypot(high_held - q),
            to: difference + (high - p).hypot(q - low_held),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn group(did: u64, enterprises: u64) -> GroupShare {
        GroupShare { enterprises, did }
    }

    #[test]
    fn intervals_are_newcombes() {
        // Newcombe 1998, table II, method 10: 56/70 against 48/80, and 9/10 against 3/10.
        for (sent, held, from, to) in
            [(group(56, 70), group(48, 80), 0.0524, 0.3339), (group(9, 10), group(3, 10), 0.1705, 0.8090)]
        {
            let lift = Lift::between(sent, held).unwrap();
            assert!((lift.from - from).abs() < 5e-5 && (lift.to - to).abs() < 5e-5, "{lift:?}");
        }
        assert_eq!(Lift::between(group(1, 9), group(0, 0)), None);
    }

    proptest! {
        #[test]
        fn the_difference_lies_within_its_interval(a in 0_u64..50, b in 0_u64..50, n in 50_u64..500, m in 50_u64..500) {
            let lift = Lift::between(group(a, n), group(b, m)).unwrap();
            prop_assert!(-1.0 <= lift.from && lift.from <= lift.difference && lift.difference <= lift.to && lift.to <= 1.0);
            let other = Lift::between(group(b, m), group(a, n)).unwrap();
            prop_assert!((lift.from + other.to).abs() < 1e-12);
        }
    }
}
