//! The word lists embedded in the binary; origin and making in `data/dictionary/README.md`.

use sha2::{Digest, Sha256};

/// Technology terms that the segmenter's own dictionary lacks, one a line.
pub(super) const TECHNOLOGY: &str = include_str!("../../data/dictionary/technology.txt");
/// Function words and patent boilerplate.
pub(super) const PATENT_STOP_WORDS: &str = include_str!("../../data/dictionary/stop_words.txt");
/// Legal forms and empty words of company names.
pub(super) const COMPANY_WORDS: &str = include_str!("../../data/dictionary/company_words.txt");
/// Words of business scopes that say nothing of technology.
pub(super) const BUSINESS_WORDS: &str = include_str!("../../data/dictionary/profile_stop_words.txt");

/// The entries of a list, without comments and blank lines.
pub(super) fn entries(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The first eight hexadecimal digits of the SHA-256 of what changes the terms of a text.
pub(super) fn checksum() -> String {
    let digest = Sha256::new().chain_update(TECHNOLOGY).chain_update(PATENT_STOP_WORDS).finalize();
    digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}
