//! The match matrix of a data directory: loaded, followed, made anew and kept on disk.
//!
//! `match.matrix` holds the base: all listings at some revision of the store, with the statistics that scores rest on.
//! What changed since is read from the store's change feed, so nothing but the base needs to be kept. Every question
//! looks at the store's revision first: a listing withdrawn by any process is gone from the next answer.

use std::collections::BTreeMap;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::indexing::{CHUNK, counted};
use super::matching::MatchCatalogue;
use super::{Engine, EngineError, OnProgress, Progress};
use crate::classify::Shipped;
use crate::config::Configuration;
use crate::domain::{Listing, ListingId, Offer};
use crate::embed::Embedding;
use crate::retrieve::{
    Base, Counter, Counts, ListingMatrix, MatrixHead, MatrixOrigin, RetrieveError, TextScoring, is_stale,
};
use crate::store::DirectoryLock;

/// Listings read from the store at a time.
const PAGE: usize = 2_000;

/// Listings counted for a base.
#[derive(Default, Clone)]
pub(super) struct Collected {
    scoring: TextScoring,
    counter: Counter,
    listings: Vec<(ListingId, Offer)>,
}

impl Collected {
    /// Nothing yet, to be scored by these numbers.
    pub(super) fn scored_by(scoring: TextScoring) -> Self {
        Self { scoring, ..Self::default() }
    }

    /// What was counted, to be scored by other numbers: nothing is read or analysed again.
    pub(super) fn rescored(self, scoring: TextScoring) -> Self {
        Self { scoring, ..self }
    }

    /// Takes in counted listings.
    pub(super) fn take(&mut self, listings: &[&Listing], counts: &Counts) {
        self.counter.take(counts);
        self.listings.extend(listings.iter().map(|listing| (listing.id.clone(), Offer::of(listing))));
    }

    /// Analyses, counts and takes in listings.
    pub(super) fn add(&mut self, reader: &Embedding, listings: &[&Listing]) {
        let counts = counted(reader, listings);
        listings.chunks(CHUNK).zip(&counts).for_each(|(listings, counts)| self.take(listings, counts));
    }

    /// The base of what was counted, by its numbers of text scoring.
    pub(super) fn base(self) -> Result<Base, EngineError> {
        Ok(Base::of(self.counter, self.listings, &self.scoring)?)
    }
}

impl Engine {
    /// The catalogue as it is in the store now.
    ///
    /// # Errors
    /// [`EngineError::Store`] if the store cannot be read, [`EngineError::Retrieve`] if it has more than can be matched.
    pub(super) async fn matching(&self) -> Result<Arc<MatchCatalogue>, EngineError> {
        let mut current = self.matching.lock().await;
        let revision = self.store.listing_revision().await?;
        let configuration = self.in_force();
        let fits =
            |known: &MatchCatalogue| known.revision <= revision && *known.matrix.base().scoring() == configuration.text;
        let known = match current.as_ref().filter(|known| fits(known)) {
            Some(known) if known.configuration != configuration => Arc::new(known.counted_by(configuration)?),
            Some(known) if known.revision == revision => return Ok(Arc::clone(known)),
            Some(known) => Arc::clone(known),
            None => Arc::new(self.loaded(revision, configuration).await?),
        };
        let followed = self.followed(known, revision).await?;
        *current = Some(Arc::clone(&followed));
        Ok(followed)
    }

    /// Takes over a base that another process has made anew.
    ///
    /// # Errors
    /// As [`Self::matching`].
    pub(super) async fn take_over_base(&self) -> Result<(), EngineError> {
        let known = self.matching.lock().await.as_ref().map(|known| known.matrix.base().checksum());
        if let (Some(known), Some(kept)) = (known, self.kept_head().await?)
            && kept.checksum != known
        {
            let revision = self.store.listing_revision().await?;
            let loaded = Arc::new(self.loaded(revision, self.in_force()).await?);
            let followed = self.followed(loaded, revision).await?;
            *self.matching.lock().await = Some(followed);
        }
        Ok(())
    }

    /// Makes the base anew if there is none or too much has changed since, and keeps it on disk; else takes over the one
    /// there.
    ///
    /// # Errors
    /// [`EngineError::File`] if it cannot be kept, else as [`Self::matching`].
    pub(super) async fn renew_base(&self, _lock: &DirectoryLock, progress: OnProgress<'_>) -> Result<(), EngineError> {
        let revision = self.store.listing_revision().await?;
        if !self.is_stale(revision).await? {
            return self.take_over_base().await;
        }
        let origin = self.origin(revision, self.in_force().text).await?;
        let base = self.counted(&origin.scoring, progress).await?;
        tokio::task::block_in_place(|| keep(&base, &origin, &self.matrix_path()))?;
        self.put_in_force(base, revision).await
    }

    /// Matches by a base from now on, which is of the store at `revision`.
    ///
    /// # Errors
    /// [`EngineError::Retrieve`] if it cannot be matched with.
    pub(super) async fn put_in_force(&self, base: Base, revision: i64) -> Result<(), EngineError> {
        let matrix = ListingMatrix::of(Arc::new(base))?;
        let catalogue = MatchCatalogue::new(matrix, revision, self.in_force());
        *self.matching.lock().await = Some(Arc::new(catalogue));
        tracing::info!(revision, "match matrix made anew");
        Ok(())
    }

    /// Whether the base on disk is missing, of another origin, or far behind.
    async fn is_stale(&self, revision: i64) -> Result<bool, EngineError> {
        let head = self.kept_head().await?.filter(|head| head.origin.revision <= revision);
        let Some(head) = head else { return Ok(true) };
        let changed = self.store.listing_change_count(head.origin.revision).await?;
        Ok(is_stale(changed, head.listings))
    }

    /// The base on disk, else one made from the store, as of the revision it stands for.
    async fn loaded(&self, revision: i64, by: Arc<Configuration>) -> Result<MatchCatalogue, EngineError> {
        let origin = self.origin(revision, by.text).await?;
        match tokio::task::block_in_place(|| self.read(&origin)) {
            Ok((base, of)) if of <= revision => Ok(MatchCatalogue::new(ListingMatrix::of(Arc::new(base))?, of, by)),
            kept => {
                if matches!(kept, Err(RetrieveError::Damaged)) {
                    // Its head may be whole: then only without the file would the next writer make it anew.
                    _ = std::fs::remove_file(self.matrix_path());
                }
                let why = kept.err().map_or_else(|| "it is ahead of the store".to_owned(), |error| error.to_string());
                tracing::info!(%why, "the match matrix on disk is not used");
                let base = self.counted(&origin.scoring, &|_| ()).await?;
                Ok(MatchCatalogue::new(ListingMatrix::of(Arc::new(base))?, revision, by))
            }
        }
    }

    /// A base of everything in the store, by these numbers.
    pub(super) async fn counted(&self, scoring: &TextScoring, progress: OnProgress<'_>) -> Result<Base, EngineError> {
        let total = self.store.listing_count().await?;
        let mut collected = Collected::scored_by(*scoring);
        let mut after = None;
        loop {
            let mut page = self.store.all_listings(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.id.clone());
            tokio::task::block_in_place(|| -> Result<(), EngineError> {
                self.fill(page.iter_mut())?;
                collected.add(self.embedding()?, &page.iter().collect::<Vec<_>>());
                Ok(())
            })?;
            progress(Progress { done: collected.listings.len() as u64, total });
        }
        tokio::task::block_in_place(|| collected.base())
    }

    /// The catalogue after all changes up to a revision.
    async fn followed(&self, known: Arc<MatchCatalogue>, revision: i64) -> Result<Arc<MatchCatalogue>, EngineError> {
        if known.revision == revision {
            return Ok(known);
        }
        // Another process may write meanwhile, so that a listing comes again on a later page: the last word counts.
        let mut latest = BTreeMap::new();
        let mut after = known.revision;
        while after < revision {
            let changes = self.store.listing_changes(after, PAGE).await?;
            let Some(last) = changes.last() else { break };
            after = last.revision;
            latest.extend(changes.into_iter().map(|change| (change.id, change.listing)));
        }
        let (mut removed, mut put) = (Vec::new(), Vec::new());
        for (id, listing) in latest {
            listing.map_or_else(|| removed.push(id), |listing| put.push(listing));
        }
        let changed = tokio::task::block_in_place(|| -> Result<_, EngineError> {
            self.fill(put.iter_mut())?;
            let mut counter = Counter::default();
            counted(self.embedding()?, &put.iter().collect::<Vec<_>>()).iter().for_each(|counts| counter.take(counts));
            let put = put.iter().map(|listing| (listing.id.clone(), Offer::of(listing))).collect();
            Ok(known.matrix.changed(&removed, put, counter.counts())?)
        })?;
        Ok(Arc::new(MatchCatalogue::new(changed, after.max(revision), Arc::clone(&known.configuration))))
    }

    /// What the base on disk says of itself; `None` if there is none that fits.
    async fn kept_head(&self) -> Result<Option<MatrixHead>, EngineError> {
        let origin = self.origin(0, self.in_force().text).await?;
        let file = std::fs::File::open(self.matrix_path()).ok();
        Ok(file.and_then(|file| crate::retrieve::peek(file, &origin).ok()))
    }

    /// Whether the base on disk is there, but made with other numbers than those of a configuration.
    pub(super) async fn needs_other_base(&self, by: &Configuration) -> Result<bool, EngineError> {
        let origin = self.origin(0, by.text).await?;
        let file = std::fs::File::open(self.matrix_path()).ok();
        Ok(file.is_some_and(|file| crate::retrieve::peek(file, &origin).is_err()))
    }

    pub(super) fn matrix_path(&self) -> PathBuf {
        self.store.directory().join("match.matrix")
    }

    pub(super) async fn origin(&self, revision: i64, scoring: TextScoring) -> Result<MatrixOrigin, EngineError> {
        let store = self.store.identity().await?;
        let (analyzer, models) = (self.analyzer.version().to_owned(), Shipped::version());
        Ok(MatrixOrigin { analyzer, models, scoring, store, revision })
    }

    fn read(&self, origin: &MatrixOrigin) -> Result<(Base, i64), RetrieveError> {
        let file = std::fs::File::open(self.matrix_path())?;
        let length = file.metadata()?.len();
        crate::retrieve::read(std::io::BufReader::new(file), length, origin)
    }
}

/// Writes a base beside the old one, then puts it in its place: killed in between, the old one still stands.
///
/// # Errors
/// [`EngineError::File`] if it cannot be written, on a full disk say.
pub(super) fn keep(base: &Base, origin: &MatrixOrigin, path: &Path) -> Result<(), EngineError> {
    let failed = |source| EngineError::File { path: path.to_owned(), source };
    let draft = path.with_extension("matrix.new");
    let file = std::fs::File::create(&draft).map_err(failed)?;
    match crate::retrieve::write(base, origin, BufWriter::new(&file)) {
        Err(RetrieveError::File { source }) => return Err(failed(source)),
        other => other?,
    }
    file.sync_all().map_err(failed)?;
    std::fs::rename(&draft, path).map_err(failed)
}
