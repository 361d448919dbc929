//! Why a use case could not be carried out.

use std::path::PathBuf;

use thiserror::Error;

use super::account_error::AccountError;
use super::judged_set_error::JudgedSetError;
use super::pricing::PriceRefusal;
use super::refused_rows::RefusedRows;
use super::technology::ClassifyRefusal;
use crate::bridge::BridgeError;
use crate::classify::ClassifyError;
use crate::config::ConfigError;
use crate::document::DocumentError;
use crate::domain::{
    AccessRefusal, CampaignRefusal, DeliveryRefusal, DemandRefusal, EnquiryRefusal, EnterpriseId, EventId,
    FeedbackRefusal, LicenceRefusal, LifeRefusal, Notice, PeriodRefusal, SavedSearchRefusal,
};
use crate::embed::EmbedError;
use crate::eval::{FloorsError, QrelsError, RunError};
use crate::firms::FirmsError;
use crate::index::IndexError;
use crate::ingest::{IngestError, Rejection};
use crate::rank::RankError;
use crate::retrieve::RetrieveError;
use crate::store::StoreError;

/// Why a use case could not be carried out.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A file could not be read at all.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// An embedding could not be made or read.
    #[error(transparent)]
    Embed(#[from] EmbedError),
    /// A classifier could not be made or read.
    #[error(transparent)]
    Classify(#[from] ClassifyError),
    /// Firms with like names could not be learnt or read.
    #[error(transparent)]
    Firms(#[from] FirmsError),
    /// A chart could not be drawn.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// A text to classify cannot be taken.
    #[error(transparent)]
    Refused(#[from] ClassifyRefusal),
    /// A price in question cannot be taken.
    #[error(transparent)]
    Price(#[from] PriceRefusal),
    /// What a firm is said to have done cannot be taken.
    #[error(transparent)]
    Feedback(#[from] FeedbackRefusal),
    /// A step of a listing's life cannot be taken.
    #[error(transparent)]
    Life(#[from] LifeRefusal),
    /// The change feed has not come to this place.
    #[error("there is no place {place} in the feed of changes, which has come to {latest}: begin again from 0")]
    UnknownPlace {
        /// The place asked for.
        place: i64,
        /// The latest there is.
        latest: i64,
    },
    /// Candidates could not be found.
    #[error(transparent)]
    Retrieve(#[from] RetrieveError),
    /// Candidates could not be ranked.
    #[error(transparent)]
    Rank(#[from] RankError),
    /// Judgements could not be read.
    #[error(transparent)]
    Qrels(#[from] QrelsError),
    /// The table of the industry bridge could not be read.
    #[error("industry bridge: {0}")]
    Bridge(#[from] BridgeError),
    /// No row has both sides of a pair.
    #[error("no row of {file} has both IPC symbols and GB/T 4754 codes: give a file with columns ipc and nic")]
    NoPairs {
        /// The file's name.
        file: String,
    },
    /// There is not one invention for each fold.
    #[error("{inventions} inventions cannot be dealt out to {folds} folds: give fewer folds or more pairs")]
    TooFewInventions {
        /// Inventions there are.
        inventions: usize,
        /// Folds asked for.
        folds: usize,
    },
    /// Neither an IPC symbol nor an industry.
    #[error(
        "'{text}' is neither an IPC symbol (such as H01M10/0525, H01M10 or H01M) nor a GB/T 4754 code (such as 3841)"
    )]
    NeitherSymbolNorIndustry {
        /// What was asked for.
        text: String,
    },
    /// A file could not be read or written.
    #[error("cannot read or write {path}: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// No enterprise goes by this name, code or id.
    #[error("no enterprise is called '{text}': import its record first, or give its full name or credit code")]
    UnknownEnterprise {
        /// What was asked for.
        text: String,
    },
    /// Several enterprises go by this name.
    #[error("several enterprises fit '{text}': {}; give a full name or a credit code", names.join(", "))]
    AmbiguousEnterprise {
        /// What was asked for.
        text: String,
        /// Those that fit.
        names: Vec<String>,
    },
    /// No listing has this number.
    #[error("no listing has the number '{text}'")]
    UnknownListing {
        /// What was asked for.
        text: String,
    },
    /// A list is not shown, or not recorded as shown.
    #[error(transparent)]
    Delivery(#[from] DeliveryRefusal),
    /// The enterprise has no event of this name.
    #[error("enterprise {enterprise} has no event '{event}': `duijie feedback show` names those it has")]
    UnknownEvent {
        /// The enterprise.
        enterprise: EnterpriseId,
        /// The event.
        event: EventId,
    },
    /// Nothing is known of the enterprise that could be matched.
    #[error("nothing is known of {name} that could be matched: add its business, products, needs or patents")]
    EmptyProfile {
        /// The enterprise.
        name: String,
    },
    /// There is no finished run of all enterprises as they are.
    #[error(
        "enterprises have not been matched, or have changed since: run `duijie match all` or `duijie match changes`"
    )]
    NotMatched,
    /// What was kept of a match cannot be read.
    #[error("the match kept of enterprise {enterprise} cannot be read: run `duijie match all`")]
    CorruptMatch {
        /// Whose.
        enterprise: String,
    },
    /// A folder is not a judged set.
    #[error("{path} is not a judged set: it has neither enterprises.jsonl.gz nor needs.jsonl.gz")]
    NoQueries {
        /// The folder.
        path: PathBuf,
    },
    /// A judged set has no judgements.
    #[error("the set '{set}' has no qrels.txt: there is nothing to score against")]
    NoJudgements {
        /// The set's name.
        set: String,
    },
    /// A judged set has no such query.
    #[error("the set '{set}' has no query '{query}': give the id of one of its enterprises or needs")]
    UnknownQuery {
        /// The set's name.
        set: String,
        /// What was asked for.
        query: String,
    },
    /// A run in TREC's form cannot be read.
    #[error("cannot score the run {path}: {source}")]
    Run {
        /// The file.
        path: PathBuf,
        /// Why.
        source: RunError,
    },
    /// A file of floors cannot be understood.
    #[error("cannot read the floors of {path}: {source}")]
    Floors {
        /// The file.
        path: PathBuf,
        /// Why.
        source: FloorsError,
    },
    /// Too few judged queries to hold some of them out.
    #[error("the set '{set}' has fewer than {folds} judged queries: ask for fewer folds, or judge more")]
    TooFewQueries {
        /// The set's name.
        set: String,
        /// The parts asked for.
        folds: usize,
    },
    /// A file of configuration cannot be ranked with.
    #[error("cannot rank with the configuration {path}: {source}")]
    Configuration {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ConfigError,
    },
    /// Somebody cannot sign in, or an account cannot be so.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// A licence cannot be taken, or a step of it.
    #[error(transparent)]
    Licence(#[from] LicenceRefusal),
    /// A question or an answer is not taken.
    #[error(transparent)]
    Enquiry(#[from] EnquiryRefusal),
    /// A need is not made public.
    #[error(transparent)]
    Demand(#[from] DemandRefusal),
    /// A campaign is not taken, or a step of it.
    #[error(transparent)]
    Campaign(#[from] CampaignRefusal),
    /// A period cannot be reported on.
    #[error(transparent)]
    Period(#[from] PeriodRefusal),
    /// A search is not kept.
    #[error(transparent)]
    Saved(#[from] SavedSearchRefusal),
    /// An object cannot be taken as it is.
    #[error(transparent)]
    Rows(#[from] RefusedRows),
    /// The caller may not.
    #[error(transparent)]
    Access(#[from] AccessRefusal),
    /// A judged set cannot be made or judged.
    #[error(transparent)]
    JudgedSet(#[from] JudgedSetError),
    /// A configuration cannot be ranked with.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A file of floors names a set that is not there.
    #[error("{floors} names the set '{set}', but {folder} has no folder of that name: check both names")]
    NoSet {
        /// The set's name.
        set: String,
        /// Where it was looked for.
        folder: PathBuf,
        /// The file of floors.
        floors: PathBuf,
    },
    /// A directory that has to be empty is not.
    #[error("{path} is not empty: give a new directory")]
    NotEmpty {
        /// The directory.
        path: PathBuf,
    },
    /// So many documents cannot be generated.
    #[error("cannot generate {asked} listings: give a number from 1 to {most}")]
    GeneratedSize {
        /// How many were asked for.
        asked: u64,
        /// The most there can be.
        most: u64,
    },
    /// Files were read, but no row of them says anything.
    #[error(
        "no row of {files} can be used ({rows} rows left out{}): give patents with a title and a number, enterprises with a name and what they do",
        first.as_ref().map_or_else(String::new, |first| format!("; {first}"))
    )]
    NothingUsable {
        /// The files.
        files: String,
        /// Rows that could not be read, or say nothing.
        rows: u64,
        /// Why the first could not be read, if any could not.
        first: Option<Box<Rejection>>,
    },
    /// A background step stopped without an answer.
    #[error("a background step of '{step}' stopped: run the command again")]
    Stopped {
        /// Which step.
        step: &'static str,
    },
}

impl EngineError {
    /// What speaks for itself: an error of another module.
    fn cause(&self) -> Option<&dyn Notice> {
        Some(match self {
            Self::Store(cause) => cause,
            Self::Index(cause) => cause,
            Self::Ingest(cause) => cause,
            Self::Document(cause) => cause,
            Self::Refused(cause) => cause,
            Self::Price(cause) => cause,
            Self::Feedback(cause) => cause,
            Self::Delivery(cause) => cause,
            Self::Life(cause) => cause,
            Self::Account(cause) => cause,
            Self::Access(cause) => cause,
            Self::Rows(cause) => cause,
            Self::Licence(cause) => cause,
            Self::Enquiry(cause) => cause,
            Self::Demand(cause) => cause,
            Self::Campaign(cause) => cause,
            Self::Period(cause) => cause,
            Self::Saved(cause) => cause,
            Self::Embed(cause) => cause,
            Self::Classify(cause) => cause,
            Self::Firms(cause) => cause,
            Self::Retrieve(cause) => cause,
            Self::Rank(cause) => cause,
            Self::Qrels(cause) => cause,
            Self::JudgedSet(cause) => cause,
            Self::Config(cause) => cause,
            _ => return None,
        })
    }
}

impl Notice for EngineError {
    fn chinese(&self) -> String {
        match self {
            Self::UnknownPlace { place, latest } => {
                format!("变更序列现至 {latest}，没有 {place} 这一处：请从 0 重新获取")
            }
            Self::Bridge(source) => format!("行业对应表：{}", source.chinese()),
            Self::NoPairs { file } => {
                format!("{file} 中没有同时具备 IPC 分类号和国民经济行业代码的行：请提供含 ipc 与 nic 列的文件")
            }
            Self::TooFewInventions { inventions, folds } => {
                format!("{inventions} 件发明不足以分成 {folds} 份：请减少份数或增加实例")
            }
            Self::NeitherSymbolNorIndustry { text } => {
                format!("“{text}”既不是 IPC 分类号（如 H01M10/0525、H01M10、H01M），也不是国民经济行业代码（如 3841）")
            }
            Self::File { path, source } => format!("无法读写文件 {}：{source}", path.display()),
            Self::UnknownEnterprise { text } => {
                format!("没有找到企业“{text}”：请先导入企业信息，或使用企业全称、统一社会信用代码查询")
            }
            Self::AmbiguousEnterprise { text, names } => {
                format!("有多家企业与“{text}”相符：{}；请用全称或统一社会信用代码", names.join("、"))
            }
            Self::UnknownListing { text } => format!("没有编号为“{text}”的许可信息"),
            Self::UnknownEvent { enterprise, event } => {
                format!("企业 {enterprise} 没有编号为“{event}”的事件：可用 duijie feedback show 查看")
            }
            Self::EmptyProfile { name } => {
                format!("“{name}”的信息不足以匹配：请补充经营范围、主要产品、技术需求或自有专利")
            }
            Self::NotMatched => {
                "尚未匹配全部企业，或企业信息此后有变化：请运行 duijie match all 或 duijie match changes".to_owned()
            }
            Self::CorruptMatch { enterprise } => {
                format!("企业 {enterprise} 的匹配结果无法读取：请运行 duijie match all")
            }
            Self::NoQueries { path } => {
                format!("{} 不是评测集：缺少 enterprises.jsonl.gz 或 needs.jsonl.gz", path.display())
            }
            Self::NoJudgements { set } => format!("评测集“{set}”没有 qrels.txt：无法打分"),
            Self::UnknownQuery { set, query } => {
                format!("评测集“{set}”没有查询“{query}”：请给出其中一家企业或一条需求的编号")
            }
            Self::Run { path, source } => format!("无法给排序结果 {} 打分：{}", path.display(), source.chinese()),
            Self::Floors { path, source } => format!("无法读取下限文件 {}：{}", path.display(), source.chinese()),
            Self::TooFewQueries { set, folds } => {
                format!("评测集“{set}”中有判断的查询不足 {folds} 个：请减少份数，或多判断一些查询")
            }
            Self::Configuration { path, source } => format!("配置 {} 不可用：{}", path.display(), source.chinese()),
            Self::NoSet { set, folder, floors } => format!(
                "{} 列出了评测集“{set}”，但 {} 中没有这个目录：请核对两处名称",
                floors.display(),
                folder.display()
            ),
            Self::NotEmpty { path } => format!("目录 {} 不是空的：请换一个新目录", path.display()),
            Self::GeneratedSize { asked, most } => format!("无法生成 {asked} 条许可信息：数量应在 1 至 {most} 之间"),
            Self::NothingUsable { files, rows, first } => {
                let first = first.as_ref().map_or_else(String::new, |first| format!("；{}", first.chinese()));
                format!(
                    "{files} 中没有可用的行（略去 {rows} 行{first}）：专利应有名称和编号，企业应有名称和业务、产品等内容"
                )
            }
            Self::Stopped { step } => format!("后台步骤“{step}”中断：请重新运行"),
            // What speaks for itself; a kind that was forgotten above is told in English.
            _ => self.cause().map_or_else(|| self.to_string(), Notice::chinese),
        }
    }
}
