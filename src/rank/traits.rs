//! What of a listing decides how alike it is to another.

use crate::domain::HolderKey;

/// A listing as arranging sees it: terms ascend within their own numbering, and are compared by number alone.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Traits<'a> {
    /// Its holders by name.
    pub holders: Vec<HolderKey>,
    /// The terms of its text, ascending.
    pub terms: &'a [u32],
    /// The value of each, zero or above.
    pub values: &'a [f32],
    /// Its classes, ascending, without repeats.
    pub classes: &'a [u32],
}

impl Traits<'_> {
    /// The cosine of the two texts: 0 where they share nothing, or one has none.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> f64 {
        let (mut a, mut b, mut shared) = (0, 0, 0.0);
        while let (Some(one), Some(two)) = (self.terms.get(a), other.terms.get(b)) {
            if one == two {
                shared += f64::from(self.values[a]) * f64::from(other.values[b]);
            }
            (a, b) = (a + usize::from(one <= two), b + usize::from(two <= one));
        }
        let lengths = self.squares() * other.squares();
        if lengths > 0.0 { shared / lengths.sqrt() } else { 0.0 }
    }

    /// Whether somebody holds both.
    #[must_use]
    pub fn share_a_holder(&self, other: &Self) -> bool {
        self.holders.iter().any(|holder| other.holders.contains(holder))
    }

    /// How alike two listings are, 0 to 1: the mean of the likeness of their texts, Jaccard's index of their classes, and
    /// whether somebody holds both.
    #[must_use]
    pub fn similarity(&self, other: &Self) -> f64 {
        let shared = self.classes.iter().filter(|class| other.classes.contains(class)).count();
        let all = self.classes.len() + other.classes.len() - shared;
        let classes = if all == 0 { 0.0 } else { shared as f64 / all as f64 };
        (self.likeness(other) + classes + f64::from(u8::from(self.share_a_holder(other)))) / 3.0
    }

    fn squares(&self) -> f64 {
        self.values.iter().map(|value| f64::from(*value).powi(2)).sum()
    }
}
