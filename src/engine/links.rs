//! Links in messages: signed, so that nobody makes one up for somebody else.
//!
//! A link names a place in a campaign, and nobody by name. It can be followed any number of times and says the same.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::passwords::hex;

/// Bytes of the signature that a link carries: 128 bits, as many as a link must have that nobody can guess.
const BYTES: usize = 16;

/// Where a link leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// To a listing that an enterprise was sent.
    Listing {
        /// The campaign.
        campaign: i64,
        /// The enterprise's place in it.
        place: i64,
        /// The listing's place among those planned for it.
        listing: i64,
    },
    /// To saying that nothing more is wanted.
    OptOut {
        /// The campaign.
        campaign: i64,
        /// The enterprise's place in it.
        place: i64,
    },
}

impl Link {
    /// The link's last part, such as `3-7-1-…` or `3-7-u-…`.
    pub(super) fn written(self, key: &str) -> String {
        let body = match self {
            Self::Listing { campaign, place, listing } => format!("{campaign}-{place}-{listing}"),
            Self::OptOut { campaign, place } => format!("{campaign}-{place}-u"),
        };
        format!("{body}-{}", hex(&signing(key, &body).finalize().into_bytes()[..BYTES]))
    }

    /// Where a link leads; `None` for one that was not signed here.
    pub(super) fn read(text: &str, key: &str) -> Option<Self> {
        let (body, signature) = text.rsplit_once('-')?;
        let digits = signature.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
        let bytes: Option<Vec<u8>> =
            digits.map(|pair| pair.and_then(|pair| u8::from_str_radix(pair, 16).ok())).collect();
        let bytes = bytes.filter(|bytes| bytes.len() == BYTES)?;
        signing(key, body).verify_truncated_left(&bytes).ok()?;
        let mut parts = body.split('-');
        let (campaign, place) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        match parts.next()? {
            "u" => Some(Self::OptOut { campaign, place }),
            listing => Some(Self::Listing { campaign, place, listing: listing.parse().ok()? }),
        }
    }
}

fn signing(key: &str, body: &str) -> Hmac<Sha256> {
    // HMAC takes keys of any length.
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes());
    let mut mac = mac.unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
    mac.update(b"duijie link 1 ");
    mac.update(body.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_link_leads_where_it_was_meant_to_and_nowhere_else() {
        let link = Link::Listing { campaign: 3, place: 7, listing: 2 };
        let out = Link::OptOut { campaign: 3, place: 7 };
        for link in [link, out] {
            assert_eq!(Link::read(&link.written("key"), "key"), Some(link));
            assert_eq!(Link::read(&link.written("key"), "another"), None);
        }
        let written = link.written("key");
        for forged in [
            written.replacen("3-7-2", "3-8-2", 1),
            written.replacen("3-7-2", "3-7-u", 1),
            written[..written.len() - 2].to_owned(),
            "3-7-2-".to_owned(),
            format!("{}00", written),
            String::new(),
        ] {
            assert_eq!(Link::read(&forged, "key"), None, "{forged}");
        }
    }

    proptest! {
        #[test]
        fn nothing_made_up_leads_anywhere(text in "[0-9u-]{0,12}-?[0-9a-fé]{0,34}") {
            prop_assert_eq!(Link::read(&text, "key"), None);
        }
    }
}
