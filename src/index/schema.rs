//! The fields of the index.

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};

use super::tokenizer::{BIGRAMS, WORDS};

/// The column that [`super::Snapshot::subclasses`] reads.
pub(super) const SUBCLASS: &str = "subclass";

/// The handles of all fields.
#[derive(Clone)]
pub(super) struct Fields {
    /// Listing id, exact.
    pub(super) id: Field,
    /// Application and publication number, exact.
    pub(super) number: Field,
    pub(super) title: TextPair,
    pub(super) abstract_text: TextPair,
    pub(super) claim: TextPair,
    /// Holder names, as words.
    pub(super) holder: Field,
    /// IPC symbols cut to every level.
    pub(super) ipc: Field,
    /// IPC subclasses, to read back by listing.
    pub(super) subclass: Field,
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
    pub(super) filed_on: Field,
    pub(super) announced_on: Field,
    pub(super) available_until: Field,
}

/// One text in both streams.
#[derive(Clone, Copy)]
pub(super) struct TextPair {
    /// With positions, for phrases.
    pub(super) words: Field,
    /// With frequencies only: pairs are for matching, not for phrases.
    pub(super) bigrams: Field,
}

/// The schema and its handles; the same at every call.
pub(super) fn build() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let text = |tokenizer: &str, record: IndexRecordOption| {
        TextOptions::default()
            .set_indexing_options(TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(record))
    };
    let mut pair = |name: &str| TextPair {
        words: schema.add_text_field(&format!("{name}_words"), text(WORDS, IndexRecordOption::WithFreqsAndPositions)),
        bigrams: schema.add_text_field(&format!("{name}_bigrams"), text(BIGRAMS, IndexRecordOption::WithFreqs)),
    };
    let (title, abstract_text, claim) = (pair("title"), pair("abstract"), pair("claim"));
    let number = || NumericOptions::default() | INDEXED | FAST;
    let fields = Fields {
        id: schema.add_text_field("id", STRING | FAST | STORED),
        number: schema.add_text_field("number", STRING),
        title,
        abstract_text,
        claim,
        holder: schema.add_text_field("holder", text(WORDS, IndexRecordOption::WithFreqsAndPositions)),
        ipc: schema.add_text_field("ipc", STRING),
        subclass: schema.add_text_field(SUBCLASS, STRING | FAST),
        field: schema.add_u64_field("field", number()),
        division: schema.add_text_field("division", STRING),
        province: schema.add_text_field("province", STRING | FAST),
        holder_kind: schema.add_text_field("holder_kind", STRING | FAST),
        patent_kind: schema.add_text_field("patent_kind", STRING | FAST),
        fee_form: schema.add_text_field("fee_form", STRING | FAST),
        fee_per_year: schema.add_i64_field("fee_per_year", number()),
        status: schema.add_text_field("status", STRING | FAST),
        filed_on: schema.add_i64_field("filed_on", number()),
        announced_on: schema.add_i64_field("announced_on", number()),
        available_until: schema.add_i64_field("available_until", number()),
    };
    (schema.build(), fields)
}
