//! The real server, over TCP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::fixtures::{HEADER, Running, command, duijie, number, rows, text};

/// One request over TCP; the body of the answer as JSON.
fn ask(address: &str, path: &str) -> Value {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}

#[cfg(unix)]
#[test]
fn the_server_shows_what_another_process_imports_and_ends_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("a.csv"));
    let import = |from, to| {
        std::fs::write(&file, format!("{HEADER}{}", rows(from, to))).unwrap();
        assert_eq!(duijie(&["import", text(&file), "--kind", "listings", "--data-dir", text(&data)]).code, 0);
    };
    import(0, 3);
    let mut serve = command(&["serve", "--listen", "127.0.0.1:0", "--data-dir", text(&data)]);
    let mut server = Running(serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(server.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().rsplit_once("http://").unwrap_or_else(|| panic!("no address in '{line}'")).1.to_owned();
    assert_eq!(ask(&address, "/healthz")["listings"], 3);
    let wanted = format!("/api/v1/search?q={}", number(3).as_str());
    assert_eq!(ask(&address, &wanted)["total"], 0);

    import(3, 4);
    let since = Instant::now();
    while ask(&address, &wanted)["total"] != 1 {
        assert!(since.elapsed() < Duration::from_secs(10), "the server does not see what was imported");
        std::thread::sleep(Duration::from_millis(100));
    }
    let told = Command::new("kill").args(["-TERM", &server.0.id().to_string()]).status().unwrap();
    assert!(told.success());
    assert_eq!(server.0.wait().unwrap().code(), Some(0));
}

/// One line of the log, one object, with the request's name and nothing of whom it was about.
#[test]
fn a_log_for_programs_is_an_object_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("a.csv");
    std::fs::write(&file, format!("{HEADER}{}", rows(0, 1))).unwrap();
    assert_eq!(duijie(&["import", text(&file), "--kind", "listings", "--data-dir", text(&data)]).code, 0);
    let mut serve = command(&["--log", "json", "serve", "--listen", "127.0.0.1:0", "--data-dir", text(&data)]);
    let serve = serve.env("RUST_LOG", "duijie=info").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut server = Running(serve.spawn().unwrap());
    let mut line = String::new();
    BufReader::new(server.0.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().rsplit_once("http://").unwrap_or_else(|| panic!("no address in '{line}'")).1.to_owned();
    ask(&address, "/api/v1/search?q=%E9%9A%94%E8%86%9C");
    server.0.kill().unwrap();
    let mut log = String::new();
    server.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    let entries: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answered = entries.iter().find(|entry| entry["span"]["route"] == "/api/v1/search").unwrap();
    assert_eq!((&answered["fields"]["status"], &answered["level"]), (&200.into(), &"INFO".into()), "{answered}");
    assert!(answered["span"]["id"].as_str().is_some_and(|id| id.len() == 16), "{answered}");
    assert!(!log.contains("%E9%9A%94") && !log.contains("隔膜"), "what was asked for is not in it");
}
