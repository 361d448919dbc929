//! The meanings of rows, and what nearness gives each.

use crate::domain::Meaning;

/// Numbers of a meaning.
type Numbers = [i8; Meaning::DIMENSIONS];

/// Rows whose products are worked out together.
const TOGETHER: usize = 64;

/// How much the bounds of nearness are widened: they are worked out in 24 bits.
const SLACK: f32 = 1e-5;

/// One meaning for each row, in the order of rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Meanings {
    numbers: Vec<Numbers>,
    scales: Vec<f32>,
}

/// What is asked of meanings, in the units in which a scan sums.
pub(super) struct Nearness {
    numbers: [i16; Meaning::DIMENSIONS],
    /// What the product 1 with numbers of scale 1 adds to a sum.
    weight: f32,
}

impl Nearness {
    /// That of a meaning whose nearness 1 adds `weight` to a sum.
    pub(super) fn new(meaning: &Meaning, weight: f64) -> Self {
        let weight = (f64::from(meaning.scale()) * weight) as f32 * (1.0 + SLACK);
        Self { numbers: meaning.numbers().map(i16::from), weight }
    }

    fn product(&self, numbers: &Numbers) -> i32 {
        let products =
            numbers.iter().zip(&self.numbers).map(|(&one, &other)| i32::from(i16::from(one)) * i32::from(other));
        products.sum()
    }
}

impl Meanings {
    /// Meanings from their parts, as a file keeps them; `None` if the parts do not fit each other.
    #[must_use]
    pub fn from_parts(numbers: Vec<Numbers>, scales: Vec<f32>) -> Option<Self> {
        let fits = numbers.len() == scales.len();
        let valid = |(numbers, scale): (&Numbers, &f32)| Meaning::from_parts(*numbers, *scale).is_some();
        (fits && numbers.iter().zip(&scales).all(valid)).then_some(Self { numbers, scales })
    }

    /// Numbers and scales, as a file keeps them.
    #[must_use]
    pub fn parts(&self) -> (&[Numbers], &[f32]) {
        (&self.numbers, &self.scales)
    }

    /// Adds one behind the others.
    pub fn push(&mut self, meaning: Meaning) {
        self.numbers.push(*meaning.numbers());
        self.scales.push(meaning.scale());
    }

    /// Adds others behind these.
    pub fn extend(&mut self, others: &Self) {
        self.numbers.extend_from_slice(&others.numbers);
        self.scales.extend_from_slice(&others.scales);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.scales.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.scales.is_empty()
    }

    /// That of a row.
    #[must_use]
    pub fn get(&self, row: usize) -> Meaning {
        Meaning::from_parts(self.numbers[row], self.scales[row]).unwrap_or_default()
    }

    /// The length of the longest.
    pub(super) fn longest(&self) -> f64 {
        (0..self.len()).map(|row| self.get(row).length()).fold(0.0, f64::max)
    }

    /// Adds what nearness gives to the sums of the rows from `first` on: never too little, and too much by two at most.
    #[inline(never)]
    pub(super) fn add(&self, asked: &Nearness, first: usize, sums: &mut [u16]) {
        let last = self.len().min(first + sums.len());
        let rows = self.numbers[first..last].chunks(TOGETHER).zip(self.scales[first..last].chunks(TOGETHER));
        // All products first, then all sums, none of them behind a condition: either loop is worked off several rows at a time.
        let mut products = [0_i32; TOGETHER];
        for ((numbers, scales), sums) in rows.zip(sums.chunks_mut(TOGETHER)) {
            products.iter_mut().zip(numbers).for_each(|(product, numbers)| *product = asked.product(numbers));
            for ((product, scale), sum) in products.iter().zip(scales).zip(sums) {
                let gives = (*product).max(0) as f32 * (scale * asked.weight);
                *sum = sum.wrapping_add(gives as u16 + u16::from(*product > 0));
            }
        }
    }

    /// Bytes held in memory.
    #[must_use]
    pub(super) fn bytes(&self) -> usize {
        self.numbers.capacity() * size_of::<Numbers>() + self.scales.capacity() * size_of::<f32>()
    }
}
