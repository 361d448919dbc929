//! Holders' names as numbers.

use std::num::NonZeroU64;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::normalised_name;

/// A patent holder's or an enterprise's name as one number: the first eight bytes of the SHA-256 of
/// [`normalised_name`], the first byte the most significant.
///
/// Names that normalise alike have one key. Two different names share a key about once in 2^64 pairs, so equal keys are
/// taken for equal names. A key is the same on every machine and in every version that normalises names in the same way:
/// when that changes, what was kept by key has to be made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HolderKey(NonZeroU64);

impl HolderKey {
    /// The key of a name; `None` where nothing of the name is left once it is normalised.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        let name = normalised_name(name);
        let digest = Sha256::digest(name.as_bytes());
        let first = digest.iter().take(8).fold(0, |key, byte| key << 8 | u64::from(*byte));
        // Zero is left free so that "no holder" needs no room of its own; a name that hashes to it takes one.
        (!name.is_empty()).then(|| Self(NonZeroU64::new(first).unwrap_or(NonZeroU64::MIN)))
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0.get()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_has_the_same_key_in_every_version() {
        // printf '样例(北京)电池有限公司' | sha256sum
        assert_eq!(HolderKey::of("样例（北京）电池 有限公司").unwrap().get(), 0xc337_7a82_f3a6_9801);
    }

    #[test]
    fn a_name_of_nothing_has_no_key() {
        for name in ["", " \u{3000}", "。·"] {
            assert_eq!(HolderKey::of(name), None, "{name:?}");
        }
    }

    proptest! {
        #[test]
        fn names_have_one_key_where_they_normalise_alike_and_only_there(
            a in "[样例Ａaａ（( 。北京]{0,4}", b in "[样例Ａaａ（( 。北京]{0,4}",
        ) {
            let alike = normalised_name(&a) == normalised_name(&b);
            prop_assert_eq!(HolderKey::of(&a) == HolderKey::of(&b), alike);
        }
    }
}
