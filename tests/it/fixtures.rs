//! What several test modules need: the sample, catalogues made of it, the command, and numbers for made-up patents.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use duijie::domain::{
    Account, AccountState, Actor, ApplicationNumber, Date, Enterprise, HolderKey, Listing, Moment, Permission, Role,
};
use duijie::engine::{self, Engine, ImportKind, ImportReport};
use duijie::http::Settings;
use duijie::index::{Filters, SearchRequest};
use duijie::ingest;
use serde_json::Value;
use tempfile::TempDir;

/// A day on which the sample's offers stand.
pub(crate) fn today() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

/// Seconds since 1970, early on that day in China.
pub(crate) const NOW: i64 = 1_795_300_000;

/// How a server is run on that day.
pub(crate) fn settings() -> Settings {
    Settings::local(|| Moment { today: today(), now: NOW })
}

/// What an account of a role, made for it, sends as `Authorization`.
pub(crate) async fn token_of(engine: &Engine, role: Role, name: &str) -> String {
    let account = Account {
        login: format!("{role}-{}", HolderKey::of(name).unwrap().get()),
        role,
        state: AccountState::Active,
        name: name.to_owned(),
        enterprise: match role {
            Role::Enterprise => Some(engine.enterprise(name).await.unwrap().id),
            _ => None,
        },
        province: None,
        created_at: 0,
    };
    let account = engine.add_account(account, None, &Actor::operator("运营员"), NOW).await.unwrap();
    let scopes = Permission::ALL.into_iter().filter(|permission| role.may(*permission)).collect();
    let given = engine.give_token(&account, "测试", scopes, 30, NOW).await.unwrap();
    format!("Bearer {}", given.token)
}

/// A file of the sample.
pub(crate) fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample").join(name)
}

/// The sample's listings, as read.
pub(crate) fn sample_listings() -> Vec<Listing> {
    ingest::open_listings(&sample("listings.csv")).unwrap().map(|row| row.outcome.unwrap()).collect()
}

/// The sample's enterprises, as read.
pub(crate) fn sample_enterprises() -> Vec<Enterprise> {
    ingest::open_enterprises(&sample("enterprises.csv")).unwrap().map(|row| row.outcome.unwrap()).collect()
}

/// An engine over a directory of its own, which goes when this does.
pub(crate) struct Catalogue {
    pub(crate) engine: Engine,
    pub(crate) directory: TempDir,
}

impl Catalogue {
    pub(crate) async fn empty() -> Self {
        let directory = tempfile::tempdir().unwrap();
        Self { engine: Engine::open(directory.path()).await.unwrap(), directory }
    }

    /// All of the sample.
    pub(crate) async fn of_the_sample() -> Self {
        let this = Self::empty().await;
        this.import(&sample("listings.csv"), ImportKind::Listings).await;
        this.import(&sample("enterprises.csv"), ImportKind::Enterprises).await;
        this
    }

    pub(crate) async fn import(&self, path: &Path, kind: ImportKind) -> ImportReport {
        self.engine.import(path, kind, engine::now(), &|_| ()).await.unwrap()
    }

    /// Everything that is published, by id.
    pub(crate) async fn listings(&self) -> Vec<Listing> {
        let request = SearchRequest { limit: 100_000, ..SearchRequest::default() };
        let found = self.engine.search(&request).await.unwrap();
        let mut listings: Vec<Listing> = found.hits.into_iter().map(|hit| hit.listing).collect();
        listings.sort_by(|a, b| a.id.cmp(&b.id));
        listings
    }

    /// The ids found for a text, best first.
    pub(crate) async fn search(&self, text: &str) -> Vec<String> {
        let filters = Filters::default();
        let request = SearchRequest { text: text.to_owned(), filters, offset: 0, limit: 1_000 };
        let found = self.engine.search(&request).await.unwrap();
        assert_eq!(found.total, found.hits.len(), "'{text}'");
        found.hits.into_iter().map(|hit| hit.listing.id.to_string()).collect()
    }
}

/// What a command said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in {}{}", self.out, self.err))
    }

    /// The one report of an import.
    pub(crate) fn report(&self) -> Value {
        let mut reports = self.json();
        assert_eq!(reports.as_array().unwrap().len(), 1, "{reports}");
        reports[0].take()
    }
}

/// The real command, not started yet.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duijie"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .env_remove("RUST_LOG")
        .env_remove("DUIJIE_DATABASE")
        .env("RUST_BACKTRACE", "0");
    command
}

/// Runs the real command to its end.
pub(crate) fn duijie(arguments: &[&str]) -> Said {
    let output = command(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let said = Said {
        code: output.status.code().expect("ended by itself"),
        out: text(output.stdout),
        err: text(output.stderr),
    };
    assert!(!said.err.contains("panicked"), "{}", said.err);
    said
}

/// A process that ends with the test, however the test ends.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A temporary directory's path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The patent number of a made-up serial, with its right check character.
pub(crate) fn number(serial: usize) -> ApplicationNumber {
    ApplicationNumber::from_body(&format!("20221{serial:07}")).unwrap()
}

/// The columns of [`rows`].
pub(crate) const HEADER: &str = "专利号,发明名称,专利权人,许可使用费标准,单次许可期限,联系方式\n";

/// Valid listings with serials `from..to`, as lines of CSV.
pub(crate) fn rows(from: usize, to: usize) -> String {
    let mut lines = String::new();
    for serial in from..to {
        writeln!(lines, "{},第{serial}号电机端盖的密封结构,样例大学,每年2万元,3年,电话", number(serial)).unwrap();
    }
    lines
}
