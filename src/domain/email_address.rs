//! Where an enterprise is written to.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use utoipa::ToSchema;

use super::Notice;

/// Longest address, in bytes: RFC 5321, 4.5.3.1.3.
const LONGEST: usize = 254;
/// Longest part before the `@`: RFC 5321, 4.5.3.1.1.
const LONGEST_LOCAL: usize = 64;

/// A mail address as people write it, such as `ip@example.cn`: ASCII, without quotation marks, comments or blanks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, format = Email, max_length = 254)]
pub struct EmailAddress(String);

/// Why a text is no mail address. The text itself is not repeated: it may be somebody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a mail address such as ip@example.cn")]
pub struct EmailAddressError;

impl EmailAddress {
    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EmailAddress {
    type Err = EmailAddressError;

    /// Takes blanks around it and an uppercase domain; the part before the `@` is kept as it is.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (local, domain) = text.trim().rsplit_once('@').ok_or(EmailAddressError)?;
        let address = format!("{local}@{}", domain.to_ascii_lowercase());
        let fits = address.len() <= LONGEST && local.len() <= LONGEST_LOCAL && is_local(local) && is_domain(domain);
        if fits { Ok(Self(address)) } else { Err(EmailAddressError) }
    }
}

/// RFC 5322's dot-atom.
fn is_local(text: &str) -> bool {
    let is_atom = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&c);
    text.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom))
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.contains('.') && text.split('.').all(is_label)
}

impl TryFrom<String> for EmailAddress {
    type Error = EmailAddressError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Notice for EmailAddressError {
    fn chinese(&self) -> String {
        "不是邮箱地址，应如 ip@example.cn".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_is_one_mailbox_and_nothing_that_adds_another() {
        for text in ["jia@example.cn", " jia.yi+2@EXAMPLE.com.cn ", "a@b-c.cn"] {
            assert!(text.parse::<EmailAddress>().is_ok(), "{text}");
        }
        for text in [
            "",
            "jia",
            "@example.cn",
            "jia@",
            "jia@example",
            "jia@@example.cn",
            "jia@-a.cn",
            "jia@a..cn",
            ".jia@a.cn",
            "jia@a.cn\r\nBcc: yi@a.cn",
            "jia@a.cn, yi@a.cn",
            "甲@a.cn",
            "\"jia\"@a.cn",
            "jia yi@a.cn",
            "jia@[127.0.0.1]",
        ] {
            assert_eq!(text.parse::<EmailAddress>(), Err(EmailAddressError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_was_read_is_read_again_alike(text in "\\PC{0,20}@[a-z.-]{0,20}") {
            if let Ok(address) = text.parse::<EmailAddress>() {
                prop_assert_eq!(address.as_str().parse::<EmailAddress>(), Ok(address.clone()));
            }
        }
    }
}
