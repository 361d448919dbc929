//! Servers and imports killed at any moment: what was acknowledged is there, and record, index and matrix agree.
//!
//! A few rounds; `DUIJIE_KILLS=50` asks for more.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use duijie::domain::{LicenceState, ListingStatus, Role};
use duijie::engine::{Engine, Party};
use duijie::index::SearchRequest;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::fixtures::{HEADER, Running, command, rows, sample_enterprises, sample_listings, text, today, token_of};

/// One answered request over TCP; `None` where the server died first.
pub(crate) fn post(address: &str, token: &str, path: &str, body: &Value) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let body = body.to_string();
    let head = format!("POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: {token}\r\n");
    let length = body.len();
    write!(stream, "{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    // Cut short, it is no answer.
    Some((status, serde_json::from_str(body).ok()?))
}

/// What clients were told.
#[derive(Default)]
struct Told {
    /// Numbers of licences.
    licences: Vec<i64>,
    /// Versions of the listing that is suspended and resumed.
    version: i64,
}

struct World {
    data: std::path::PathBuf,
    /// Tokens of firms.
    firms: Vec<String>,
    staff: String,
    told: Mutex<Told>,
}

impl World {
    async fn new(directory: &Path) -> Self {
        let data = directory.join("data");
        let engine = Engine::open(data.as_path()).await.unwrap();
        for (file, kind) in [
            ("listings.csv", duijie::engine::ImportKind::Listings),
            ("enterprises.csv", duijie::engine::ImportKind::Enterprises),
        ] {
            engine.import(&crate::fixtures::sample(file), kind, duijie::engine::now(), &|_| ()).await.unwrap();
        }
        let mut firms = Vec::new();
        for firm in sample_enterprises() {
            firms.push(token_of(&engine, Role::Enterprise, &firm.name).await);
        }
        let staff = token_of(&engine, Role::Bureau, "审核员甲").await;
        engine.close().await;
        Self { data, firms, staff, told: Mutex::default() }
    }

    fn serve(&self) -> (Running, String) {
        let mut serve = command(&["serve", "--listen", "127.0.0.1:0", "--data-dir", text(&self.data)]);
        let mut server = Running(serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
        let mut line = String::new();
        BufReader::new(server.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit_once("http://").unwrap_or_else(|| panic!("no address in '{line}'")).1;
        (server, address.to_owned())
    }

    /// Accepts licence after licence until the server dies.
    fn accept(&self, address: &str, seed: u64) {
        let (listings, mut dice) = (sample_listings(), ChaCha8Rng::seed_from_u64(seed));
        loop {
            let firm = &self.firms[dice.gen_range(0..self.firms.len())];
            let listing = &listings[dice.gen_range(0..listings.len())].id;
            let Some((status, body)) = post(address, firm, "/api/v1/licences", &json!({ "listing": listing })) else {
                return;
            };
            match status {
                201 => self.told.lock().unwrap().licences.push(body["number"].as_i64().unwrap()),
                404 | 409 | 503 => {}
                _ => panic!("{status} {body}"),
            }
        }
    }

    /// Waits until so many licences have been acknowledged, for a minute at most.
    fn wait_for(&self, licences: u64) {
        let begun = Instant::now();
        while (self.told.lock().unwrap().licences.len() as u64) < licences && begun.elapsed() < Duration::from_secs(60)
        {
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Suspends and resumes one listing until the server dies.
    fn step(&self, address: &str) {
        let path = format!("/api/v1/listings/{}/steps", sample_listings()[0].id);
        loop {
            for body in [json!({ "step": "suspend", "reason": "待核实" }), json!({ "step": "resume" })] {
                let Some((status, body)) = post(address, &self.staff, &path, &body) else { return };
                match status {
                    200 => self.told.lock().unwrap().version = body["life"]["version"].as_i64().unwrap(),
                    409 | 503 => {}
                    _ => panic!("{status} {body}"),
                }
            }
        }
    }

    /// What a restart finds.
    async fn check(&self, round: u64) {
        let engine = Engine::open_existing(self.data.as_path()).await.unwrap();
        let trail = engine.check_trail().await.unwrap();
        assert_eq!(trail.broken_at, None, "round {round}");
        let (licences, version) = {
            let told = self.told.lock().unwrap();
            (told.licences.clone(), told.version)
        };
        let kept = engine.licences(&Party::Anyone, 0, 100_000, |_| true).await.unwrap();
        let numbers: Vec<i64> = kept.iter().map(|licence| licence.number).collect();
        assert_eq!(numbers, (1..=numbers.len() as i64).collect::<Vec<_>>(), "numbered without gaps");
        assert!(licences.iter().all(|number| numbers.contains(number)), "an acknowledged licence is lost");
        let mut pairs: Vec<_> =
            kept.iter().map(|licence| (&licence.licensee.enterprise, &licence.listing.id)).collect();
        let all = pairs.len();
        pairs.sort();
        pairs.dedup();
        assert_eq!(pairs.len(), all, "one licence for each firm and listing");
        for licence in &kept {
            assert_eq!(licence.state, LicenceState::Accepted);
            assert_eq!(engine.licence(licence.number).await.unwrap().trail.len(), 1, "with its entry");
        }
        let first = engine.life(sample_listings()[0].id.as_str()).await.unwrap();
        assert!(first.life.version >= version, "an acknowledged step is lost");
        assert_eq!(first.trail.len() as i64, first.life.version);

        let shared = engine.shared_listings(0, 100_000, today()).await.unwrap().listings;
        let on_offer: BTreeSet<String> =
            shared.iter().filter(|shared| shared.listing.is_some()).map(|shared| shared.id.to_string()).collect();
        let found = engine.search(&SearchRequest { limit: 100_000, ..SearchRequest::default() }).await.unwrap();
        let found: BTreeSet<String> = found.hits.into_iter().map(|hit| hit.listing.id.to_string()).collect();
        let ended = |id: &&String| sample_listings().iter().any(|listing| listing.id.as_str() == **id);
        assert_eq!(on_offer.difference(&found).count(), 0, "offered, not found");
        assert_eq!(found.difference(&on_offer).filter(|id| !ended(id)).count(), 0, "found, not offered");
        let id = first.listing.id.to_string();
        assert_eq!(found.contains(&id), first.listing.status == ListingStatus::Published, "index and record differ");
        for firm in sample_enterprises().iter().take(5) {
            let list = engine.recommend(&firm.name, 200, today()).await.unwrap().recommendations;
            let list: Vec<String> = list.iter().map(|shown| shown.recommendation.listing.to_string()).collect();
            assert!(list.iter().all(|id| on_offer.contains(id)), "recommended, not offered");
            let taken = kept.iter().filter(|licence| licence.licensee.enterprise == firm.id);
            assert!(
                taken.clone().all(|licence| !list.contains(&licence.listing.id.to_string())),
                "it has that already"
            );
        }
        engine.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_killed_when_nothing_acknowledged_is_lost() {
    let rounds = std::env::var("DUIJIE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(4);
    let directory = tempfile::tempdir().unwrap();
    let world = World::new(directory.path()).await;
    let mut dice = ChaCha8Rng::seed_from_u64(1);
    for round in 0..rounds {
        let file = directory.path().join(format!("{round}.csv"));
        let from = usize::try_from(round).unwrap() * 300;
        std::fs::write(&file, format!("{HEADER}{}", rows(from, from + 300))).unwrap();
        let (mut server, address) = world.serve();
        let life = Duration::from_millis(dice.gen_range(50..1_500));
        let into_import = Duration::from_millis(dice.gen_range(0..900));
        tokio::task::block_in_place(|| {
            std::thread::scope(|scope| {
                scope.spawn(|| world.accept(&address, round));
                scope.spawn(|| world.step(&address));
                std::thread::sleep(life);
                // On a machine that has much else to do, the server may not have answered anything yet.
                world.wait_for(round + 1);
                let arguments = ["import", text(&file), "--kind", "listings", "--data-dir", text(&world.data)];
                let mut import = command(&arguments);
                let mut import = Running(import.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
                std::thread::sleep(into_import);
                // Either may have ended by itself.
                let _ = import.0.kill();
                let _ = server.0.kill();
                let _ = server.0.wait();
            });
        });
        world.check(round).await;
    }
    let told = world.told.lock().unwrap();
    assert!(told.licences.len() as u64 >= rounds && told.version > 0, "{} licences", told.licences.len());
}
