//! The fields of the index.
//!
//! Only what search reads is here: character pairs of titles alone, positions only where phrases are looked for,
//! columns only where a value is read back, counted or compared. The character pairs of abstracts and claims were half
//! of all postings; matching counts them itself.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STRING, Schema, TextFieldIndexing, TextOptions,
};

use super::tokenizer::READY_MADE;

/// The handles of the fields.
#[derive(Clone)]
pub(super) struct Fields {
    /// Listing id, exact.
    pub(super) id: Field,
    /// Application and publication number, exact.
    pub(super) number: Field,
    /// The title's words, with positions for phrases.
    pub(super) title: Field,
    /// The title's character pairs.
    pub(super) title_pairs: Field,
    /// The abstract's words.
    pub(super) abstract_text: Field,
    /// The claim's words.
    pub(super) claim: Field,
    /// Holder names, as words.
    pub(super) holder: Field,
    /// IPC symbols cut to every level.
    pub(super) ipc: Field,
    /// Technology field, 1 to 35.
    pub(super) field: Field,
    /// Division codes of the holder: county, city, province.
    pub(super) division: Field,
    /// Province of the holder, for the facet.
    pub(super) province: Field,
    pub(super) holder_kind: Field,
    pub(super) patent_kind: Field,
    /// Form of payment in the words of the pilot plan.
    pub(super) fee_form: Field,
    /// What is certain to be paid in a year, in fen; absent when to be agreed.
    pub(super) fee_per_year: Field,
    pub(super) status: Field,
    pub(super) announced_on: Field,
    pub(super) available_until: Field,
}

/// Terms made by [`super::ListingTerms`].
fn terms(record: IndexRecordOption) -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(READY_MADE).set_index_option(record);
    TextOptions::default().set_indexing_options(indexing)
}

/// The schema; the same at every call.
pub(super) fn build() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let phrases = || terms(IndexRecordOption::WithFreqsAndPositions);
    let counted = || terms(IndexRecordOption::WithFreqs);
    // Ranges are read from the column.
    let column = || NumericOptions::default() | FAST;
    let fields = Fields {
        id: schema.add_text_field("id", STRING | FAST),
        number: schema.add_text_field("number", STRING),
        title: schema.add_text_field("title", phrases()),
        title_pairs: schema.add_text_field("title_pairs", counted()),
        abstract_text: schema.add_text_field("abstract", phrases()),
        claim: schema.add_text_field("claim", phrases()),
        holder: schema.add_text_field("holder", counted()),
        ipc: schema.add_text_field("ipc", terms(IndexRecordOption::Basic)),
        field: schema.add_u64_field("field", column() | INDEXED),
        division: schema.add_text_field("division", STRING),
        province: schema.add_text_field("province", FAST),
        holder_kind: schema.add_text_field("holder_kind", STRING | FAST),
        patent_kind: schema.add_text_field("patent_kind", STRING | FAST),
        fee_form: schema.add_text_field("fee_form", STRING | FAST),
        fee_per_year: schema.add_i64_field("fee_per_year", column()),
        status: schema.add_text_field("status", STRING),
        announced_on: schema.add_i64_field("announced_on", column()),
        available_until: schema.add_i64_field("available_until", column()),
    };
    (schema.build(), fields)
}
