//! Passwords and secret words: what they are made of, and what of them is kept.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::AccountError;

/// Shortest and longest password, in characters: NIST SP 800-63B asks for at least 8 where it is the only proof; the limit
/// above keeps hashing bounded.
pub(super) const SHORTEST: usize = 12;
pub(super) const LONGEST: usize = 128;

/// A hash takes 19 MiB and about 20 ms: however many sign in at once, two are worked on.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Stands in where an account has no password, so that it takes as long to refuse.
static NOBODYS: LazyLock<Option<String>> = LazyLock::new(|| hash("nobody signs in by this").ok());

/// Refuses a password that is easily guessed.
pub(super) fn check(password: &str, login: &str) -> Result<(), AccountError> {
    let folded = password.to_lowercase();
    let mut different: Vec<char> = folded.chars().collect();
    different.sort_unstable();
    different.dedup();
    let length = password.chars().count();
    if (SHORTEST..=LONGEST).contains(&length) && different.len() >= 5 && !folded.contains(login) {
        return Ok(());
    }
    Err(AccountError::Password)
}

/// What is kept of a password: argon2id with the crate's parameters (OWASP's: 19 MiB, 2 passes) and a salt of its own.
pub(super) async fn hashed(password: String) -> Result<String, AccountError> {
    let _turn = AT_ONCE.acquire().await.map_err(|error| failed(&error))?;
    tokio::task::spawn_blocking(move || hash(&password)).await.map_err(|error| failed(&error))?
}

/// Whether a password is the one hashed. Without a hash it is not, after as long a time.
pub(super) async fn verified(password: String, hash: Option<String>) -> Result<bool, AccountError> {
    let _turn = AT_ONCE.acquire().await.map_err(|error| failed(&error))?;
    let verify = move || {
        let (known, hash) = (hash.is_some(), hash.or_else(|| NOBODYS.clone()).unwrap_or_default());
        let fits = PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        known && fits
    };
    tokio::task::spawn_blocking(verify).await.map_err(|error| failed(&error))
}

fn hash(password: &str) -> Result<String, AccountError> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| failed(&error))
}

/// A word of 256 random bits, 64 hexadecimal digits.
pub(super) fn secret() -> Result<String, AccountError> {
    Ok(hex(&random()?))
}

/// 256 random bits.
pub(super) fn random() -> Result<[u8; 32], AccountError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| failed(&error))?;
    Ok(bytes)
}

/// What is kept of a secret word. It is random, so one pass is enough.
pub(super) fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// A password nobody chose, of 100 random bits, in groups that can be read out.
///
/// # Errors
/// [`AccountError::Secret`] if the system gives no random numbers.
pub fn new_password() -> Result<String, AccountError> {
    let mut word = secret()?;
    word.truncate(25);
    let groups: Vec<&str> = (0..5).filter_map(|group| word.get(group * 5..group * 5 + 5)).collect();
    Ok(groups.join("-"))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn failed(error: &dyn std::fmt::Display) -> AccountError {
    AccountError::Secret { what: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easy_passwords_are_refused() {
        for easy in ["", "short", "aaaaaaaaaaaaaaaa", "123412341234", "jia.yi-2026-spring", &"长密码ab".repeat(30)] {
            assert_eq!(check(easy, "jia.yi"), Err(AccountError::Password), "{easy}");
        }
        assert_eq!(check("江北的石墨烯反渗透膜很好用", "jia.yi"), Ok(()));
    }

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_and_nothing_by_none() {
        let hash = hashed("correct horse battery".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verified("correct horse battery".into(), Some(hash.clone())).await.unwrap());
        assert!(!verified("correct horse batterz".into(), Some(hash)).await.unwrap());
        assert!(!verified("nobody signs in by this".into(), None).await.unwrap());
        assert_ne!(secret().unwrap(), secret().unwrap());
    }
}
