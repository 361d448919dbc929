//! Interactive search: what a person types, filters, facets.

use std::collections::BTreeMap;
use std::ops::Bound;

use serde::{Deserialize, Serialize};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur, Query, RangeQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader, Term};
use utoipa::ToSchema;

use super::query::Typed;
use super::{IndexError, Snapshot};
use crate::domain::{Date, DivisionCode, HolderKind, ListingId, ListingStatus, Money, PatentKind, TechnologyField};

/// What a listing must be, besides fitting the text. An empty list asks for nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filters {
    /// In one of these states; published only, unless said otherwise.
    pub status: Vec<ListingStatus>,
    /// Classed under one of these IPC symbols, of any level.
    pub ipc: Vec<String>,
    /// In one of these technology fields.
    pub fields: Vec<TechnologyField>,
    /// Held in one of these divisions.
    pub divisions: Vec<DivisionCode>,
    /// Held by one of these kinds of body.
    pub holder_kinds: Vec<HolderKind>,
    /// One of these kinds of patent.
    pub patent_kinds: Vec<PatentKind>,
    /// Paid in one of these forms (`免费`, `一次总付` …).
    pub fee_forms: Vec<String>,
    /// What is certain to be paid in a year is at most this.
    pub fee_at_most: Option<Money>,
    /// Announced on this day or later.
    pub announced_since: Option<Date>,
    /// Can still be taken on this day: listings whose end is not known pass.
    pub available_on: Option<Date>,
}

impl Default for Filters {
    fn default() -> Self {
        Self {
            status: vec![ListingStatus::Published],
            ipc: Vec::new(),
            fields: Vec::new(),
            divisions: Vec::new(),
            holder_kinds: Vec::new(),
            patent_kinds: Vec::new(),
            fee_forms: Vec::new(),
            fee_at_most: None,
            announced_since: None,
            available_on: None,
        }
    }
}

/// One search.
#[derive(Debug, Clone, Default)]
pub struct SearchRequest {
    /// What the person typed; nothing means every listing.
    pub text: String,
    /// What the listings must be.
    pub filters: Filters,
    /// How many hits to pass over.
    pub offset: usize,
    /// How many hits to return.
    pub limit: usize,
}

/// One listing found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The listing.
    pub listing: ListingId,
    /// BM25 score; comparable within one search only.
    pub score: f32,
}

/// How many of all found listings have a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FacetCount {
    /// The value, as filters take it.
    pub value: String,
    /// How many.
    pub count: usize,
}

/// Counts over everything found, each list by falling count, then by value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Facets {
    /// Technology field numbers.
    pub field: Vec<FacetCount>,
    /// Province codes.
    pub province: Vec<FacetCount>,
    /// Kinds of holder.
    pub holder_kind: Vec<FacetCount>,
    /// Kinds of patent.
    pub patent_kind: Vec<FacetCount>,
    /// Forms of payment.
    pub fee_form: Vec<FacetCount>,
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchResults {
    /// How many listings fit in all.
    pub total: usize,
    /// The wanted part of them, best first, ties by listing id.
    pub hits: Vec<Hit>,
    /// Counts over all of them.
    pub facets: Facets,
}

impl Snapshot {
    /// Searches the catalogue.
    ///
    /// # Errors
    /// [`IndexError::Tantivy`] if the index cannot be read.
    pub fn search(&self, request: &SearchRequest) -> Result<SearchResults, IndexError> {
        let typed = Typed::read(&self.analyzer, &request.text);
        let mut clauses = vec![(Occur::Must, typed.query(&self.fields))];
        clauses.extend(self.filter_queries(&request.filters).into_iter().map(|filter| {
            let unscored: Box<dyn Query> = Box::new(ConstScoreQuery::new(filter, 0.0));
            (Occur::Must, unscored)
        }));
        let found = self.searcher.search(&BooleanQuery::new(clauses), &Everything)?;
        let mut hits: Vec<(f32, &ListingId)> =
            found.hits.iter().map(|&(score, address)| (score, self.id(self.number(address)))).collect();
        let order = |a: &(f32, &ListingId), b: &(f32, &ListingId)| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1));
        let wanted = request.offset.saturating_add(request.limit);
        if wanted < hits.len() && wanted > 0 {
            hits.select_nth_unstable_by(wanted - 1, order);
            hits.truncate(wanted);
        }
        hits.sort_unstable_by(order);
        let hits = hits.into_iter().skip(request.offset).take(request.limit);
        let hits = hits.map(|(score, id)| Hit { listing: id.clone(), score }).collect();
        Ok(SearchResults { total: found.hits.len(), hits, facets: found.facets() })
    }

    fn filter_queries(&self, filters: &Filters) -> Vec<Box<dyn Query>> {
        let fields = &self.fields;
        let symbols: Vec<&str> = filters.ipc.iter().map(String::as_str).collect();
        let divisions: Vec<String> = filters.divisions.iter().map(ToString::to_string).collect();
        let numbers = filters.fields.iter().map(|f| Term::from_field_u64(fields.field, u64::from(f.number())));
        let mut queries = vec![
            any_text(fields.status, filters.status.iter().map(|s| s.as_str())),
            any_text(fields.ipc, symbols.into_iter()),
            any_of(numbers.collect()),
            any_text(fields.division, divisions.iter().map(String::as_str)),
            any_text(fields.holder_kind, filters.holder_kinds.iter().map(|k| k.as_str())),
            any_text(fields.patent_kind, filters.patent_kinds.iter().map(|k| k.chinese())),
            any_text(fields.fee_form, filters.fee_forms.iter().map(String::as_str)),
        ];
        let at_most = filters.fee_at_most.map(|most| at_most(fields.fee_per_year, most.fen()));
        let since = filters.announced_since.map(|day| at_least(fields.announced_on, day.day_number()));
        let available = filters.available_on.map(|day| {
            let ended: Box<dyn Query> = Box::new(RangeQuery::new(
                Bound::Unbounded,
                Bound::Excluded(Term::from_field_i64(fields.available_until, day.day_number())),
            ));
            let all: Box<dyn Query> = Box::new(tantivy::query::AllQuery);
            Box::new(BooleanQuery::new(vec![(Occur::Must, all), (Occur::MustNot, ended)])) as Box<dyn Query>
        });
        queries.extend([at_most, since, available]);
        queries.into_iter().flatten().collect()
    }
}

fn any_text<'a>(field: Field, values: impl Iterator<Item = &'a str>) -> Option<Box<dyn Query>> {
    any_of(values.map(|value| Term::from_field_text(field, value)).collect())
}

fn any_of(terms: Vec<Term>) -> Option<Box<dyn Query>> {
    let query = |term| Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn Query>;
    (!terms.is_empty()).then(|| Box::new(BooleanQuery::union(terms.into_iter().map(query).collect())) as Box<dyn Query>)
}

fn at_most(field: Field, value: i64) -> Box<dyn Query> {
    Box::new(RangeQuery::new(Bound::Unbounded, Bound::Included(Term::from_field_i64(field, value))))
}

fn at_least(field: Field, value: i64) -> Box<dyn Query> {
    Box::new(RangeQuery::new(Bound::Included(Term::from_field_i64(field, value)), Bound::Unbounded))
}

/// Collects every hit and counts the facets in the same pass.
struct Everything;

/// What one segment, or all of them, held.
#[derive(Default)]
struct Found {
    hits: Vec<(Score, DocAddress)>,
    counts: [BTreeMap<String, usize>; FACETS.len()],
}

/// The facet columns: the field number, then the text ones in the order of [`Facets`].
const FACETS: [&str; 5] = ["field", "province", "holder_kind", "patent_kind", "fee_form"];

impl Found {
    fn facets(&self) -> Facets {
        let [field, province, holder_kind, patent_kind, fee_form] = self.counts.each_ref().map(|counts| {
            let mut list: Vec<FacetCount> =
                counts.iter().map(|(value, &count)| FacetCount { value: value.clone(), count }).collect();
            list.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
            list
        });
        Facets { field, province, holder_kind, patent_kind, fee_form }
    }
}

impl Collector for Everything {
    type Fruit = Found;
    type Child = SegmentFound;

    fn for_segment(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentFound> {
        let columns = segment.fast_fields();
        let mut texts = Vec::new();
        for name in &FACETS[1..] {
            texts.push(columns.str(name)?.map(|column| (vec![0; column.num_terms()], column)));
        }
        Ok(SegmentFound {
            ordinal,
            hits: Vec::new(),
            field: columns.u64(FACETS[0])?,
            fields: [0; TechnologyField::COUNT + 1],
            texts,
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Found>) -> tantivy::Result<Found> {
        let mut all = Found::default();
        for found in fruits {
            all.hits.extend(found.hits);
            for (sum, part) in all.counts.iter_mut().zip(found.counts) {
                part.into_iter().for_each(|(value, count)| *sum.entry(value).or_default() += count);
            }
        }
        Ok(all)
    }
}

struct SegmentFound {
    ordinal: SegmentOrdinal,
    hits: Vec<(Score, DocAddress)>,
    field: Column<u64>,
    fields: [usize; TechnologyField::COUNT + 1],
    /// Counts by term ordinal beside each text column the segment has.
    texts: Vec<Option<(Vec<usize>, StrColumn)>>,
}

impl SegmentCollector for SegmentFound {
    type Fruit = Found;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.hits.push((score, DocAddress::new(self.ordinal, doc)));
        if let Some(field) = self.field.first(doc) {
            self.fields[(field as usize).min(TechnologyField::COUNT)] += 1;
        }
        for (counts, column) in self.texts.iter_mut().flatten() {
            if let Some(ordinal) = column.ords().first(doc) {
                counts[ordinal as usize] += 1;
            }
        }
    }

    fn harvest(self) -> Found {
        let mut counts: [BTreeMap<String, usize>; FACETS.len()] = Default::default();
        let fields = self.fields.iter().enumerate().filter(|(_, count)| **count > 0);
        counts[0] = fields.map(|(number, &count)| (number.to_string(), count)).collect();
        for (counts, column) in counts[1..].iter_mut().zip(self.texts) {
            let Some((by_ordinal, column)) = column else { continue };
            for (ordinal, &count) in by_ordinal.iter().enumerate().filter(|(_, count)| **count > 0) {
                let mut value = String::new();
                if column.ord_to_str(ordinal as u64, &mut value).unwrap_or(false) {
                    counts.insert(value, count);
                }
            }
        }
        Found { hits: self.hits, counts }
    }
}
