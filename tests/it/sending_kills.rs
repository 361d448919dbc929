//! A server killed, or told to pause, while it sends: every enterprise gets its letter, and no more letters come twice than were under way.
//!
//! A few hundred letters; `DUIJIE_LETTERS=10000` asks for more.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use duijie::domain::{
    Account, AccountState, Actor, CampaignBrief, CampaignState, Channel, MessageState, Role, Sending, SendingStep,
};
use duijie::engine::{Engine, ImportKind, moment, now};
use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::fixtures::{Running, command, sample, sample_enterprises, text, token_of};
use crate::kills::post;
use crate::mail_server::{header, mail_server};

/// Letters of a campaign under way at a time.
const UNDER_WAY: usize = 8;
const KILLS: usize = 5;
/// Longest that anything is waited for: messages taken up by a server that died are taken up again after a minute.
const PATIENCE: Duration = Duration::from_secs(400);

fn account(login: &str) -> Account {
    Account {
        login: login.to_owned(),
        role: Role::Bureau,
        state: AccountState::Active,
        name: login.to_owned(),
        enterprise: None,
        province: None,
        created_at: 0,
    }
}

/// Enterprises like those of the sample, each with an address.
fn enterprises(count: usize) -> String {
    let mut lines = "企业名称,经营范围,主要产品,联系邮箱\n".to_owned();
    for (serial, firm) in (0..count).zip(sample_enterprises().iter().cycle()) {
        let products = firm.products.join("、");
        let business = firm.business.replace(['\n', ',', '"'], "，");
        writeln!(lines, "样例第{serial}号公司,{business},{products},firm{serial}@example.cn").unwrap();
    }
    lines
}

/// A campaign by mail that has just been started.
struct Started {
    number: i64,
    /// How many letters it has.
    letters: usize,
    /// What its bureau sends as `Authorization`.
    token: String,
}

/// A record with a campaign by mail to so many enterprises.
async fn started(data: &Path, letters: usize) -> Started {
    let mut engine = Engine::open(data).await.unwrap();
    engine.post_by("smtp://127.0.0.1:1", "对接 <duijie@example.cn>").unwrap();
    engine.known_as("https://duijie.example.cn".to_owned());
    engine.import(&sample("listings.csv"), ImportKind::Listings, now(), &|_| ()).await.unwrap();
    let file = data.join("enterprises.csv");
    std::fs::write(&file, enterprises(letters)).unwrap();
    engine.import(&file, ImportKind::Enterprises, now(), &|_| ()).await.unwrap();
    let brief = json!({ "title": "任务", "limits": { "per_enterprise": 3 } });
    let sending = Sending { channels: vec![Channel::Email], quiet: None, per_minute: 60_000, ..Sending::default() };
    let brief = CampaignBrief { sending, ..serde_json::from_value(brief).unwrap() };
    let (author, chief) = (account("jiayi"), account("yier"));
    for account in [&author, &chief] {
        engine.add_account(account.clone(), None, &Actor::operator("运营员"), now()).await.unwrap();
    }
    let number = engine.draft_campaign(brief, &author, moment()).await.unwrap().campaign.number;
    engine.preview_campaign(number, &author, None, moment()).await.unwrap();
    engine.approve_campaign(number, &chief, None, moment()).await.unwrap();
    engine.steer_campaign(number, SendingStep::Start, (&author, ""), None, moment()).await.unwrap();
    let queued = engine.campaign_progress(number, None, 0, 1).await.unwrap();
    let token = token_of(&engine, Role::Bureau, "值班员").await;
    engine.close().await;
    Started { number, letters: queued.counts.iter().map(|count| count.messages as usize).sum(), token }
}

fn serve(data: &Path, server: &str) -> (Running, String) {
    let from = "对接 <duijie@example.cn>";
    let site = "https://duijie.example.cn";
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--mail-from", from, "--public-url", site, "--data-dir"];
    let mut serve = command(&[&arguments[..], &[text(data)]].concat());
    let serve = serve.env("DUIJIE_SMTP", server).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut running = Running(serve.spawn().unwrap());
    let mut line = String::new();
    BufReader::new(running.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().rsplit_once("http://").unwrap_or_else(|| panic!("no address in '{line}'")).1.to_owned();
    (running, address)
}

/// Receives letters until there are so many.
async fn receive(letters: &mut UnboundedReceiver<String>, mailbox: &mut Vec<String>, until: usize) {
    let begun = Instant::now();
    while mailbox.len() < until {
        assert!(begun.elapsed() < PATIENCE, "{} of {until} letters", mailbox.len());
        if let Ok(Some(letter)) = tokio::time::timeout(Duration::from_secs(1), letters.recv()).await {
            mailbox.push(letter);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_firm_is_left_without_its_letter_whenever_the_server_is_killed() {
    let wanted = std::env::var("DUIJIE_LETTERS").ok().and_then(|text| text.parse().ok()).unwrap_or(300);
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let Started { number, letters: all, .. } = started(&data, wanted).await;
    assert!(all * 10 > wanted * 9, "{all} of {wanted} enterprises are sent something");
    let (server, mut letters) = mail_server().await;
    let (server, mut mailbox) = (format!("smtp://{server}"), Vec::new());
    for kill in 1..=KILLS {
        let (mut running, _) = serve(&data, &server);
        receive(&mut letters, &mut mailbox, all * kill / (KILLS + 1)).await;
        running.0.kill().unwrap();
        running.0.wait().unwrap();
    }
    let (last, _) = serve(&data, &server);
    let engine = Engine::open_existing(data.as_path()).await.unwrap();
    let begun = Instant::now();
    while engine.campaign(number).await.unwrap().campaign.state != CampaignState::Done {
        assert!(begun.elapsed() < PATIENCE, "{:?}", engine.campaign_progress(number, None, 0, 1).await);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let counts = engine.campaign_progress(number, None, 0, 1).await.unwrap().counts;
    assert_eq!(
        counts.iter().map(|count| (count.state, count.messages)).collect::<Vec<_>>(),
        [(MessageState::Sent, all as i64)]
    );
    drop(last);
    engine.close().await;
    while let Ok(letter) = letters.try_recv() {
        mailbox.push(letter);
    }

    let mut by_firm: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for letter in &mailbox {
        by_firm.entry(header(letter, "To")).or_default().push(header(letter, "Message-ID"));
    }
    assert_eq!(by_firm.len(), all, "a firm has no letter");
    let repeats = mailbox.len() - all;
    assert!(repeats <= KILLS * UNDER_WAY, "{repeats} letters came twice");
    assert!(by_firm.values().all(|names| names.iter().all(|name| *name == names[0])), "twice under two names");
    println!("{all} firms, {} letters, {repeats} of them repeats after {KILLS} kills", mailbox.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn when_a_pause_is_answered_only_what_is_under_way_arrives() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let campaign = started(&data, 500).await;
    let (server, mut letters) = mail_server().await;
    let (_running, address) = serve(&data, &format!("smtp://{server}"));
    let mut mailbox = Vec::new();
    receive(&mut letters, &mut mailbox, 50).await;
    let path = format!("/api/v1/campaigns/{}/steps", campaign.number);
    let step = |step: &str| {
        tokio::task::block_in_place(|| post(&address, &campaign.token, &path, &json!({ "step": step }))).unwrap()
    };
    let (status, paused) = step("pause");
    assert_eq!((status, &paused["state"]), (200, &json!("paused")), "{paused}");
    while let Ok(letter) = letters.try_recv() {
        mailbox.push(letter);
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut later = 0;
    while letters.try_recv().is_ok() {
        later += 1;
    }
    assert!(later <= UNDER_WAY && mailbox.len() + later < campaign.letters, "{later} after {}", mailbox.len());
    assert_eq!(step("resume").0, 200);
    let already = mailbox.len() + later;
    receive(&mut letters, &mut mailbox, campaign.letters - later).await;
    assert!(letters.try_recv().is_err(), "{already} before, {} in all", campaign.letters);
}
