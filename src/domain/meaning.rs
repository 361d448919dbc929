//! What a text is about, as a short vector.

use serde::{Deserialize, Serialize};

/// What a text, or several, are about: a direction and how far it goes, as [`Meaning::DIMENSIONS`] small whole numbers and
/// a scale.
///
/// Whole numbers, because their products sum to the same in any order: [`Meaning::toward`] is the same to the last bit
/// whichever side asks, on any number of threads and on any machine.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Meaning {
    numbers: [i8; Meaning::DIMENSIONS],
    /// What 1 of a number stands for; zero for no meaning.
    scale: f32,
}

impl Meaning {
    /// How many numbers there are: the first, and by far the most telling, main directions of the embedding. All of its
    /// 128 tell more of single words, which matching knows already, and measured worse; see `models/README.md`.
    pub const DIMENSIONS: usize = 32;

    /// That of a text without a known word: nothing is near to it.
    pub const NONE: Self = Self { numbers: [0; Self::DIMENSIONS], scale: 0.0 };

    /// The nearest to a vector of finite numbers; of its numbers beyond [`Self::DIMENSIONS`] nothing is kept. The largest
    /// becomes 127, so each is off by at most 1/254 of it.
    #[must_use]
    pub fn nearest_to(vector: &[f32]) -> Self {
        let largest = vector.iter().take(Self::DIMENSIONS).fold(0.0_f32, |largest, value| largest.max(value.abs()));
        if !(largest.is_normal() && (largest / 127.0).is_normal()) {
            return Self::NONE;
        }
        let mut this = Self { scale: largest / 127.0, ..Self::NONE };
        this.numbers.iter_mut().zip(vector).for_each(|(number, value)| *number = (value / this.scale).round() as i8);
        this
    }

    /// A meaning from its parts; `None` unless the scale is finite and zero or above.
    #[must_use]
    pub fn from_parts(numbers: [i8; Self::DIMENSIONS], scale: f32) -> Option<Self> {
        (scale.is_finite() && scale >= 0.0).then_some(Self { numbers, scale })
    }

    /// Its numbers.
    #[must_use]
    pub fn numbers(&self) -> &[i8; Self::DIMENSIONS] {
        &self.numbers
    }

    /// What 1 of a number stands for; zero for no meaning.
    #[must_use]
    pub fn scale(&self) -> f32 {
        self.scale
    }

    /// The vector it stands for.
    #[must_use]
    pub fn vector(&self) -> [f32; Self::DIMENSIONS] {
        self.numbers.map(|number| f32::from(number) * self.scale)
    }

    /// Its length: 1 for one text, below 1 for the mean of several that differ.
    #[must_use]
    pub fn length(&self) -> f64 {
        f64::from(self.product(self)).sqrt() * f64::from(self.scale)
    }

    /// The same direction at length one; no meaning stays none.
    #[must_use]
    pub fn unit(self) -> Self {
        match self.length() {
            length if length > 0.0 => Self { scale: (f64::from(self.scale) / length) as f32, ..self },
            _ => Self::NONE,
        }
    }

    /// The same direction, so many times as long; `times` is finite and zero or above.
    #[must_use]
    pub fn times(self, times: f64) -> Self {
        Self { scale: (f64::from(self.scale) * times) as f32, ..self }
    }

    /// The sum of the products of the numbers alone.
    #[must_use]
    pub fn product(&self, other: &Self) -> i32 {
        let products = self.numbers.iter().zip(&other.numbers).map(|(&one, &other)| i32::from(one) * i32::from(other));
        products.sum()
    }

    /// How far one goes in the direction of the other: their dot product, zero where they point apart. Of two texts the
    /// cosine.
    #[must_use]
    pub fn toward(&self, other: &Self) -> f64 {
        f64::from(self.product(other).max(0)) * (f64::from(self.scale) * f64::from(other.scale))
    }
}

impl Default for Meaning {
    fn default() -> Self {
        Self::NONE
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn vector() -> impl Strategy<Value = Vec<f32>> {
        prop::collection::vec(-2.0_f32..2.0, Meaning::DIMENSIONS)
    }

    proptest! {
        #[test]
        fn it_stays_close_to_the_vector_it_was_made_of(vector in vector()) {
            let largest = vector.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
            for (kept, given) in Meaning::nearest_to(&vector).vector().iter().zip(&vector) {
                prop_assert!((kept - given).abs() <= largest / 253.0, "{kept} for {given}");
            }
        }

        #[test]
        fn both_sides_see_the_same_nearness(one in vector(), other in vector()) {
            let (one, other) = (Meaning::nearest_to(&one), Meaning::nearest_to(&other));
            prop_assert_eq!(one.toward(&other).to_bits(), other.toward(&one).to_bits());
            prop_assert!(one.unit().toward(&other.unit()) <= 1.0 + 1e-6);
        }
    }

    #[test]
    fn nothing_is_near_to_no_meaning() {
        let some = Meaning::nearest_to(&[1.0; Meaning::DIMENSIONS]);
        assert_eq!(Meaning::nearest_to(&[0.0; 3]), Meaning::NONE);
        assert_eq!(Meaning::nearest_to(&[f32::NAN, f32::INFINITY]), Meaning::NONE);
        assert_eq!((Meaning::NONE.toward(&some), Meaning::NONE.unit()), (0.0, Meaning::NONE));
        assert!((some.unit().length() - 1.0).abs() < 1e-6);
    }
}
