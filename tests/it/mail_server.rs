//! A mail server on loopback that takes letters, or does not.

use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// A server that hands on every letter it takes. What an address begins with says what becomes of it: `nobody` is not
/// known, `blocked` is refused, `full` has no room today, at `drop` the line goes dead.
pub(crate) async fn mail_server() -> (SocketAddr, UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, (send, letters)) = (listener.local_addr().unwrap(), unbounded_channel());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A client that dies in the middle is no fault of the server's.
            tokio::spawn(talk(stream, send.clone()));
        }
    });
    (address, letters)
}

async fn talk(stream: TcpStream, letters: UnboundedSender<String>) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let (mut letter, mut in_letter) = (String::new(), false);
    write.write_all(b"220 sample\r\n").await.ok()?;
    while let Ok(Some(line)) = lines.next_line().await {
        if in_letter && line != "." {
            letter += &format!("{line}\n");
            continue;
        }
        if in_letter {
            in_letter = false;
            letters.send(std::mem::take(&mut letter)).ok()?;
        }
        let answer = match line.get(..4) {
            Some("RCPT") if line.contains("<nobody") => "550 5.1.1 no such user\r\n",
            Some("RCPT") if line.contains("<blocked") => "550 5.7.1 not from you\r\n",
            Some("RCPT") if line.contains("<full") => "452 4.2.2 mailbox full\r\n",
            Some("RCPT") if line.contains("<drop") => return None,
            Some("DATA") => {
                in_letter = true;
                "354 go on\r\n"
            }
            Some("QUIT") => "221 bye\r\n",
            _ => "250 ok\r\n",
        };
        write.write_all(answer.as_bytes()).await.ok()?;
    }
    None
}

/// A header of a letter, unfolded.
pub(crate) fn header<'letter>(letter: &'letter str, name: &str) -> &'letter str {
    let line = letter.lines().find(|line| line.starts_with(&format!("{name}: ")));
    line.unwrap_or_else(|| panic!("no {name} in {letter}")).split_once(": ").unwrap().1
}

/// The first part of a letter of several, decoded.
pub(crate) fn first_part(letter: &str) -> String {
    let (_, parts) = letter.split_once("Content-Type: text/plain").unwrap();
    let (head, body) = parts.split_once("\n\n").unwrap();
    let body = body.split("\n--").next().unwrap();
    if head.contains("base64") { decoded(body) } else { unquoted(body) }
}

/// RFC 2045, 6.7.
fn unquoted(text: &str) -> String {
    let joined = text.replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), joined.bytes());
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| (byte.unwrap() as char).to_digit(16).unwrap() as u8;
        bytes.push(if byte == b'=' { digit(rest.next()) << 4 | digit(rest.next()) } else { byte });
    }
    String::from_utf8(bytes).unwrap()
}

pub(crate) fn decoded(base64: &str) -> String {
    let digit =
        |byte| b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".iter().position(|d| *d == byte);
    let digits: Vec<usize> = base64.bytes().filter_map(digit).collect();
    let bytes = digits.chunks(4).flat_map(|four| {
        let bits = four.iter().fold(0, |bits, digit| bits << 6 | digit) << (6 * (4 - four.len()));
        [bits >> 16, bits >> 8, bits].map(|byte| u8::try_from(byte & 255).unwrap()).into_iter().take(four.len() - 1)
    });
    String::from_utf8(bytes.collect()).unwrap().replace("\r\n", "\n")
}
