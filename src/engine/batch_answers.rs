//! What a batch found: as a file, and from the side of one listing.

use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;

use super::batch::PAGE;
use super::matching::{MatchCatalogue, Matcher};
use super::{Engine, EngineError};
use crate::domain::{Date, EnterpriseId, ReasonKind, Score};
use crate::rank::{Arranged, ListChange, ListPolicy, POINTS, Ranked, Seeker};
use crate::retrieve::ProfileMatrix;
use crate::retrieve::matrix::{Rows, Scratch, SparseRow, Wanted};
use crate::store::{MatchList, MatchRun};

/// An enterprise that a listing fits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MatchedEnterprise {
    /// Its id.
    pub enterprise: EnterpriseId,
    /// Its name.
    pub name: String,
    /// The score it is recommended the listing with.
    pub score: Score,
    /// What each reason adds.
    pub parts: Vec<(ReasonKind, f64)>,
}

impl Engine {
    /// Writes the lists of the last run as CSV (enterprise_id, enterprise, rank, listing_id, score; UTF-8 with a mark for
    /// spreadsheets); returns how many rows.
    ///
    /// # Errors
    /// [`EngineError::NotMatched`] before a run is finished, [`EngineError::File`] if the file cannot be written.
    pub async fn export_matches(&self, path: &Path) -> Result<u64, EngineError> {
        self.export_lists(path, &ListChange::default()).await
    }

    /// The same with lists made otherwise than the configuration in force says. Lists of a run of other statistics or weights than those in force are not
    /// held to the profiles' classes.
    ///
    /// # Errors
    /// As [`Self::export_matches`], and [`crate::rank::RankError::Policy`] for knobs out of their range.
    pub async fn export_lists(&self, path: &Path, change: &ListChange) -> Result<u64, EngineError> {
        let run = self.finished_run().await?;
        let catalogue = self.matching().await?;
        let lists = catalogue.configuration.lists.changed(change)?;
        let failed = |source: std::io::Error| EngineError::File { path: path.to_owned(), source };
        let mut file = std::io::BufWriter::new(std::fs::File::create(path).map_err(failed)?);
        std::io::Write::write_all(&mut file, "\u{feff}".as_bytes()).map_err(failed)?;
        let mut rows = csv::Writer::from_writer(file);
        let csv_failed = |error: csv::Error| failed(std::io::Error::other(error));
        rows.write_record(["enterprise_id", "enterprise", "rank", "listing_id", "score"]).map_err(csv_failed)?;
        let (mut after, mut written) = (None, 0);
        loop {
            let page = self.store.match_lists(after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.enterprise.clone());
            let names = self.names(&page).await?;
            for list in &page {
                let name = names.get(&list.enterprise).map_or("", String::as_str);
                let arranged = tokio::task::block_in_place(|| shown(&catalogue, &run, list, &lists))?;
                for (place, Arranged { ranked, .. }) in arranged.iter().enumerate() {
                    let (rank, score) = ((place + 1).to_string(), ranked.score.to_string());
                    let row = [
                        as_text(list.enterprise.as_str()),
                        as_text(name),
                        rank,
                        as_text(ranked.listing.as_str()),
                        score,
                    ];
                    rows.write_record(row).map_err(csv_failed)?;
                    written += 1;
                }
            }
        }
        rows.flush().map_err(failed)?;
        Ok(written)
    }

    /// The enterprises a listing fits best, as the last run knows them: at most `limit` of those it may be shown to on that
    /// day, each with the score that the listing has in its recommendations.
    ///
    /// # Errors
    /// [`EngineError::NotMatched`] if there is no finished run of the enterprises as they are now,
    /// [`EngineError::UnknownListing`] for one that is not in the catalogue.
    pub async fn enterprises_for(
        &self,
        listing: &str,
        limit: usize,
        today: Date,
    ) -> Result<Vec<MatchedEnterprise>, EngineError> {
        let run = self.finished_run().await?;
        let catalogue = self.matching().await?;
        if run.basis != catalogue.basis() || run.enterprise_revision != self.store.enterprise_revision().await? {
            return Err(EngineError::NotMatched);
        }
        let id = self.listing(listing, today).await?.id;
        let Some((_, row)) = catalogue.matrix.listing(&id) else {
            return Err(EngineError::UnknownListing { text: listing.to_owned() });
        };
        let asking = self.asking().await?;
        let weights = &catalogue.configuration.weights;
        let matcher = Matcher::new(&catalogue, weights, today);
        let measure = *matcher.retriever().measure();
        let terms = catalogue.matrix.base().vocabulary().len();
        let profiles = ProfileMatrix::of(asking.requests, terms, measure)?;
        let lift = weights.largest_lift();
        let mut scratch = Scratch::default();
        let mut pool = limit + limit / 2 + 20;
        loop {
            let hits = profiles.best(row, Wanted::best(pool), &mut scratch)?;
            let mut found = Vec::new();
            for hit in &hits {
                let (enterprise, seeker) = &asking.seekers[hit.row as usize];
                let features = measure.between(profiles.request(hit.row as usize), row);
                if let Some(ranked) = matcher.pair(seeker, features, &id)? {
                    found.push((enterprise, ranked));
                }
            }
            found.sort_by(|(a, x), (b, y)| y.score.value().total_cmp(&x.score.value()).then_with(|| a.cmp(b)));
            let next = hits.last().map_or(0.0, |hit| POINTS * hit.score * lift);
            let sure = found.get(limit.wrapping_sub(1)).is_some_and(|(_, last)| next < last.score.value());
            if hits.len() < pool || sure {
                found.truncate(limit);
                let found: Vec<_> = found.into_iter().map(|(id, ranked)| (id.clone(), ranked)).collect();
                return self.named(found).await;
            }
            pool *= 2;
        }
    }

    /// The last run, if it was finished.
    pub(super) async fn finished_run(&self) -> Result<MatchRun, EngineError> {
        self.store.match_run().await?.filter(|run| run.finished).ok_or(EngineError::NotMatched)
    }

    async fn asking(&self) -> Result<Asking, EngineError> {
        let mut asking = Asking::default();
        let mut after = None;
        loop {
            let page = self.store.match_lists(after.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { return Ok(asking) };
            after = Some(last.enterprise.clone());
            page.into_iter().try_for_each(|list| asking.add(list))?;
        }
    }

    async fn names(&self, lists: &[MatchList]) -> Result<HashMap<EnterpriseId, String>, EngineError> {
        let ids: Vec<&EnterpriseId> = lists.iter().map(|list| &list.enterprise).collect();
        Ok(self.store.enterprise_names(&ids).await?.into_iter().collect())
    }

    async fn named(&self, found: Vec<(EnterpriseId, Ranked)>) -> Result<Vec<MatchedEnterprise>, EngineError> {
        let ids: Vec<&EnterpriseId> = found.iter().map(|(id, _)| id).collect();
        let names: HashMap<EnterpriseId, String> = self.store.enterprise_names(&ids).await?.into_iter().collect();
        let named = found.into_iter().map(|(enterprise, ranked)| MatchedEnterprise {
            name: names.get(&enterprise).cloned().unwrap_or_default(),
            enterprise,
            score: ranked.score,
            parts: ranked.parts,
        });
        Ok(named.collect())
    }
}

/// What all enterprises ask, in the order of their ids.
#[derive(Default)]
struct Asking {
    requests: Rows,
    seekers: Vec<(EnterpriseId, Seeker)>,
}

impl Asking {
    fn add(&mut self, list: MatchList) -> Result<(), EngineError> {
        let corrupt = || EngineError::CorruptMatch { enterprise: list.enterprise.as_str().to_owned() };
        let request = SparseRow::from_bytes(&list.request).ok_or_else(corrupt)?;
        let seeker = serde_json::from_str(&list.seeker).map_err(|_| corrupt())?;
        self.requests.push(request.view());
        self.seekers.push((list.enterprise, seeker));
        Ok(())
    }
}

/// What is shown of a stored list.
pub(super) fn shown(
    catalogue: &MatchCatalogue,
    run: &MatchRun,
    list: &MatchList,
    lists: &ListPolicy,
) -> Result<Vec<Arranged>, EngineError> {
    let corrupt = || EngineError::CorruptMatch { enterprise: list.enterprise.as_str().to_owned() };
    let request = SparseRow::from_bytes(&list.request).ok_or_else(corrupt)?;
    // Terms are numbered anew with every base.
    let request = if run.basis == catalogue.basis() { request } else { SparseRow::default() };
    let ranked =
        |(listing, score): &(_, Score)| Ranked { listing: Clone::clone(listing), score: *score, parts: Vec::new() };
    catalogue.arranged(list.listings.iter().map(ranked).collect(), &request, lists, run.list_length)
}

/// A text that no spreadsheet takes for a formula. An id can be a name, too.
fn as_text(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text.to_owned() }
}
