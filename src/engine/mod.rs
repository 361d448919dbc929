//! The engine: one function per use case, wiring the steps of the pipeline.
//!
//! In come paths, words and names from the doors (`http`, `cli`); out come answers ready to be shown. The engine owns the
//! data directory (store and index side by side), keeps the index caught up with the store, and reads the clock for
//! those who ask. The store is the truth: whatever happens to the index, it is rebuilt from there.

mod account_error;
mod accounts;
mod arranging;
mod attempt;
mod backup;
mod batch;
mod batch_answers;
mod batch_changes;
mod benchmark;
mod benchmark_campaign;
mod benchmark_match;
mod benchmark_recommend;
mod bridge;
mod bridge_files;
mod calls;
mod campaign_figures;
mod campaign_firms;
mod campaign_pools;
mod campaign_preview;
mod campaign_results;
mod campaign_sending;
mod campaigns;
mod catalogue;
mod charts;
mod classify;
mod clock;
mod configuration;
mod configurations;
mod contract;
mod deliver;
mod demands;
mod dispatch;
mod effect;
mod effect_page;
mod effect_slices;
mod embed;
mod enquiries;
mod error;
mod evaluate;
mod evaluation_report;
mod explain_query;
mod exposure;
mod feedback_import;
mod firms;
mod followed_links;
mod fresh_prices;
mod generate;
mod hard_zeros;
mod holdings;
mod import;
mod import_check;
mod imported_rows;
mod imports;
mod inbox;
mod index_owner;
mod indexing;
mod judged_set;
mod judged_set_build;
mod judged_set_error;
mod judged_set_import;
mod judged_set_writer;
mod judging;
mod learnt;
mod licences;
mod links;
mod list_prices;
mod lives;
mod match_audit;
mod match_base;
mod matching;
mod models;
mod narrowing_input;
mod offer_letter;
mod once;
mod part_gains;
mod passwords;
mod pricing;
mod profile_edit;
mod profile_hints;
mod push_wishes;
mod ranker_folder;
mod readers;
mod receivers;
mod recommend;
mod refused_rows;
mod retention;
mod reveal;
mod row_problem;
mod saved_searches;
mod search;
mod search_input;
mod sharing;
mod submissions;
mod technology;
mod tokens;
mod trail;
mod tune;
mod tune_learnt;
mod ways_in;
mod writing;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use crate::analysis::Analyzer;
use crate::classify::Shipped;
use crate::index::ListingIndex;
use crate::store::Store;
use configuration::InForce;
use matching::MatchCatalogue;
use readers::Readers;
use ways_in::Outside;

pub use account_error::AccountError;
pub use accounts::{SignedIn, proof_of};
pub use backup::{Restoration, back_up, restore, verify_backup};
pub use batch::{MatchReport, WhyAll};
pub use batch_answers::MatchedEnterprise;
pub use benchmark::{FitBenchmark, IndexBenchmark, benchmark_fit, benchmark_index};
pub use benchmark_campaign::{CampaignBenchmark, CampaignSize};
pub use benchmark_match::{MatchBenchmark, MatchWork, benchmark_match};
pub use benchmark_recommend::RecommendBenchmark;
pub use bridge::{
    BridgeAnswer, BridgeEvaluation, BridgeTraining, IndustryAnswer, SymbolAnswer, Told, evaluate_bridge, show_bridge,
    train_bridge,
};
pub use bridge_files::{BridgeFiles, FileReading};
pub use campaign_firms::{CampaignFirm, CampaignListing};
pub use campaign_results::{CampaignResults, DeclineCount, FunnelStep};
pub use campaign_sending::CampaignProgress;
pub use campaigns::CampaignReport;
pub use classify::{
    ClassifierReport, PredictionReport, Rejections, TrainingReport, classify_file, evaluate_classifier,
    train_classifier,
};
pub use clock::{moment, now, today};
pub use configuration::configuration;
pub use configurations::{ConfigurationList, KnownConfiguration, Promotion, Which};
pub use demands::MetDemand;
pub use effect::{EffectCase, EffectReport, HolderCount, LicenceFigures, StatusCount};
pub use effect_slices::{EffectSlice, SliceOf};
pub use embed::{DistillingReport, Neighbour, nearest_terms, similarity, train_embedding};
pub use error::EngineError;
pub use evaluate::{EVALUATION_DEPTH, Evaluation, RunComparison, compare_runs, evaluate, gate, score_run};
pub use evaluation_report::{write_comparison_report, write_evaluation_report};
pub use explain_query::{Absence, ExplainedListing, ExplainedQuery, Source, Standing, explain_query};
pub use exposure::{Exposure, ExposureReport};
pub use feedback_import::FeedbackReport;
pub use firms::{FirmsReport, LikeAnswer, LikeClass, LikeQuestion, firms_like, train_firms};
pub use followed_links::ATTRIBUTION_DAYS;
pub use fresh_prices::{Fresh, FreshPrice, price_fresh};
pub use generate::{Shape, WorkForm, WorkReport, WorkRequest, WrittenFile, generate_work};
pub use hard_zeros::{Audit, Offender, Wrong};
pub use import::{CONSOLE, ImportKind, ImportOrder, ImportReport};
pub use import_check::check_file;
pub use inbox::{InboxListing, InboxMessage};
pub use judged_set_build::SetBuilding;
pub use judged_set_error::JudgedSetError;
pub use judged_set_import::{SetImport, import_set};
pub use judged_set_writer::write_set;
pub use judging::{GUIDELINES, Judging, JudgingReport, Pool, ToJudge};
pub use learnt::{LearntReport, LearntTerm, TaughtBy};
pub use licences::LicenceReport;
pub use list_prices::{ListPrice, price_lists};
pub use lives::{LifeReport, Settlement, TrailEntry};
pub use match_audit::MatchAudit;
pub use matching::Narrowing;
pub use narrowing_input::NarrowingInput;
pub use part_gains::part_gains;
pub use passwords::new_password;
pub use pricing::{PriceGuidance, PriceInput, PriceRefusal};
pub use profile_hints::{PartHint, ProfileHints};
pub use receivers::Receiver;
pub use recommend::{Recommendations, Recommended, SimilarListing};
pub use refused_rows::RefusedRows;
pub use retention::{Forgotten, Retention};
pub use reveal::{RevealReport, reveal};
pub use row_problem::Problem;
pub use search::{Found, FoundListing};
pub use search_input::{SearchInput, SearchRefusal};
pub use sharing::{SharedListing, SharedPage};
pub use submissions::SubmissionReport;
pub use technology::{ClassifyInput, ClassifyRefusal, IndustryLink, Technology};
pub use tokens::GivenToken;
pub use trail::TrailCheck;
pub use tune::{Tunable, TuningReport, tune};

pub use crate::classify::{ComplementNaiveBayes, FeatureSettings, Learner, LinearSvm, TrainingSettings};
pub use crate::config::{About, Configuration, Difference};
pub use crate::embed::Settings as DistillingSettings;
pub use crate::eval::{
    Comparison, Draws, HardZeros, Limit, LimitResult, Measure, Metrics, Oddities, QueryDifference, UnknownMeasure,
};
pub use crate::index::{Fragment, SearchRequest};
pub use crate::ingest::Mapping;
pub use crate::mail::{Letter, MailError};
pub use crate::pricing::{ManyLicences, NationalFees, PeerFees, PriceHint, PriceLimits, Quartiles};
pub use crate::rank::{ExposurePolicy, ListChange, ListPolicy, Moved};
pub use crate::sign_on::{Pending, ProviderSettings, SignOnError};
pub use crate::store::{
    BackupContents, Database, DatabaseError, FinishedImport, Interest, MessageCount, Once, Party, Place, TokenRecord,
};
pub use crate::tune::Search;
pub use crate::webhook::{HookError, Reach};

/// How far a long step has come; doors show it as they like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is done, in the step's own unit.
    pub done: u64,
    /// What there is to do; zero while unknown.
    pub total: u64,
}

/// Hears how far a step has come.
pub type OnProgress<'a> = &'a (dyn Fn(Progress) + Sync);

/// A data directory in use.
pub struct Engine {
    store: Store,
    index: ListingIndex,
    index_directory: PathBuf,
    analyzer: Analyzer,
    /// What matching counts; read again where the file is another.
    in_force: Mutex<InForce>,
    /// What matching reads; loaded when first asked for.
    matching: tokio::sync::Mutex<Option<Arc<MatchCatalogue>>>,
    /// Read when first asked for.
    readers: OnceLock<Readers>,
    /// Held while they are read, so that of many first questions one reads them.
    reading: Mutex<()>,
    /// Held while a campaign is worked out: one at a time, for what it asks of memory.
    planning: tokio::sync::Mutex<()>,
    outside: Outside,
}

impl Engine {
    /// Opens a data directory for writing commands, making it if need be.
    ///
    /// # Errors
    /// [`EngineError::Store`] or [`EngineError::Index`] if it cannot be used, [`EngineError::Configuration`] if its
    /// configuration cannot be ranked with.
    pub async fn open(place: impl Into<Place>) -> Result<Self, EngineError> {
        let store = Store::open(place).await?;
        let in_force = InForce::of(store.directory())?;
        Self::over(store, in_force)
    }

    /// Opens a data directory that is there, and brings its index up to date unless another process is writing.
    ///
    /// # Errors
    /// [`EngineError::Store`] if there is none; [`EngineError::Index`] if its index does not fit this program;
    /// [`EngineError::Configuration`] as for [`Self::open`].
    pub async fn open_existing(place: impl Into<Place>) -> Result<Self, EngineError> {
        let store = Store::open_existing(place).await?;
        let in_force = InForce::of(store.directory())?;
        let this = Self::over(store, in_force)?;
        match this.store.lock_files() {
            Ok(lock) => drop((this.catch_up(&lock, &|_| ()).await?, lock)),
            Err(busy) => tracing::info!(%busy, "index is not brought up to date"),
        }
        Ok(this)
    }

    /// Opens a data directory that is there to look after its configurations: also where the one in force has become
    /// unreadable, so that another can be put in its place.
    ///
    /// # Errors
    /// [`EngineError::Store`] if there is none; [`EngineError::Index`] if its index does not fit this program.
    pub async fn open_for_configurations(place: impl Into<Place>) -> Result<Self, EngineError> {
        let store = Store::open_existing(place).await?;
        let in_force = InForce::of(store.directory()).unwrap_or_default();
        Self::over(store, in_force)
    }

    /// Opens a data directory whose index may be of any version, for rebuilding it.
    ///
    /// # Errors
    /// [`EngineError::Store`] if there is none or another process is writing.
    pub async fn rebuild(place: impl Into<Place>, progress: OnProgress<'_>) -> Result<(Self, u64), EngineError> {
        let store = Store::open_existing(place).await?;
        let lock = store.lock_files()?;
        // Asked first: what cannot be built anew is not destroyed.
        let in_force = InForce::of(store.directory())?;
        ListingIndex::destroy(&index_directory(store.directory()))?;
        let this = Self::over(store, in_force)?;
        let count = this.catch_up(&lock, progress).await?;
        Ok((this, count))
    }

    fn over(store: Store, in_force: InForce) -> Result<Self, EngineError> {
        let analyzer = Analyzer::new();
        let index_directory = index_directory(store.directory());
        let index = ListingIndex::open(&index_directory, &analyzer, &Shipped::version())?;
        Ok(Self {
            store,
            index,
            index_directory,
            analyzer,
            in_force: Mutex::new(in_force),
            matching: Default::default(),
            readers: OnceLock::new(),
            reading: Mutex::new(()),
            planning: tokio::sync::Mutex::new(()),
            outside: Outside::default(),
        })
    }

    /// Ends the use of the data directory: what SQLite keeps beside its file goes into it, so that the one file is whole.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// How many listings and enterprises there are.
    ///
    /// # Errors
    /// [`EngineError::Store`] if the store cannot be read.
    pub async fn counts(&self) -> Result<(u64, u64), EngineError> {
        Ok((self.store.listing_count().await?, self.store.enterprise_count().await?))
    }

    /// Makes what another process has written visible, and has the new view ready before the next question comes.
    ///
    /// # Errors
    /// [`EngineError::Index`] if the index cannot be read.
    pub async fn refresh_if_changed(&self) -> Result<(), EngineError> {
        self.follow().await?;
        tokio::task::block_in_place(|| -> Result<(), EngineError> {
            self.index.refresh()?;
            self.index.snapshot()?;
            Ok(())
        })?;
        self.take_over_base().await?;
        let catalogue = self.matching().await?;
        tokio::task::block_in_place(|| catalogue.matrix.make_ready());
        Ok(())
    }

    /// Brings the index up to date with a record that other machines write, too, unless another process of this one does.
    async fn follow(&self) -> Result<(), EngineError> {
        if !self.store.is_shared() || self.index.revision()? == self.store.listing_revision().await? {
            return Ok(());
        }
        if let Ok(lock) = self.store.lock_files() {
            self.catch_up(&lock, &|_| ()).await?;
        }
        Ok(())
    }
}

fn index_directory(directory: &Path) -> PathBuf {
    directory.join("index")
}
