//! Messages to a receiver on loopback.

use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::*;

/// A receiver that answers every request so, or with nothing at all; and what it was sent.
async fn receiver(answer: Option<&'static str>) -> (String, UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (url, (send, requests)) = (format!("http://{}/in", listener.local_addr().unwrap()), unbounded_channel());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (mut request, mut bytes) = (String::new(), [0; 4_096]);
            while !request.ends_with('}') {
                let read = stream.read(&mut bytes).await.unwrap();
                request += std::str::from_utf8(&bytes[..read]).unwrap();
            }
            send.send(request).unwrap();
            match answer {
                Some(answer) => stream.write_all(format!("HTTP/1.1 {answer}\r\n\r\n").as_bytes()).await.unwrap(),
                None => std::future::pending().await,
            }
        }
    });
    (url, requests)
}

fn parcel<'a>(url: &'a str, secret: &'a str) -> Parcel<'a> {
    Parcel { url, secret, name: "c-1-2", at: 1_795_300_000, body: "{\"件\":1}" }
}

#[tokio::test]
async fn a_message_is_signed_as_receivers_check_it() {
    let (url, mut requests) = receiver(Some("204 No Content")).await;
    let word = secret([7; 32]);
    Courier::new(Reach::Anywhere).unwrap().deliver(parcel(&url, &word)).await.unwrap();
    let request = requests.recv().await.unwrap();
    // By python: base64(hmac.new(bytes([7]*32), b'c-1-2.1795300000.{"件":1}', sha256))
    assert!(request.contains("webhook-signature: v1,0gMGU5jnjwz5JLhAlM1ItkjZGOxMe9YkwhdW74iyG3A=\r\n"), "{request}");
    assert!(request.contains("webhook-id: c-1-2\r\n") && request.contains("webhook-timestamp: 1795300000\r\n"));
    assert!(request.starts_with("POST /in HTTP/1.1\r\n") && request.ends_with("{\"件\":1}"), "{request}");
    for wrong in ["key", "whsec_", "whsec_AAAA", "whsec_?"] {
        assert!(matches!(signature(wrong, "n", 1, ""), Err(HookError::Secret)), "{wrong}");
    }
}

#[tokio::test]
async fn what_a_receiver_answers_says_whether_to_try_again() {
    let word = secret([7; 32]);
    for (answer, lasting) in [
        ("500 Oh", Some(false)),
        ("503 Later", Some(false)),
        ("429 Slow", Some(false)),
        ("408 Late", Some(false)),
        ("425 Early", Some(false)),
        ("410 Gone", Some(true)),
        ("404 No", Some(true)),
        ("200 Ok", None),
    ] {
        let (url, _requests) = receiver(Some(answer)).await;
        let outcome = Courier::new(Reach::Anywhere).unwrap().deliver(parcel(&url, &word)).await;
        assert_eq!(outcome.err().map(|error| error.is_lasting()), lasting, "{answer}");
    }
    let (url, _requests) = receiver(None).await;
    let hasty = Courier::with_patience(Reach::Anywhere, Duration::from_millis(200)).unwrap();
    let hung = hasty.deliver(parcel(&url, &word)).await.unwrap_err();
    assert!(matches!(hung, HookError::Unreachable(_)) && !hung.is_lasting());
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_a_private_address_not_asked() {
    let (inside, mut asked) = receiver(Some("200 Ok")).await;
    let answer: &'static str = Box::leak(format!("302 Found\r\nLocation: {inside}").into_boxed_str());
    let (url, mut requests) = receiver(Some(answer)).await;
    let word = secret([7; 32]);
    let redirected = Courier::new(Reach::Anywhere).unwrap().deliver(parcel(&url, &word)).await.unwrap_err();
    assert!(matches!(redirected, HookError::Answer { status: 302 }) && redirected.is_lasting());
    assert!(requests.recv().await.is_some() && asked.try_recv().is_err());

    let public = Courier::new(Reach::Public).unwrap();
    for url in [inside.clone(), inside.replace("http:", "https:"), "https://[::ffff:127.0.0.1]/".to_owned()] {
        assert!(matches!(public.deliver(parcel(&url, &word)).await, Err(HookError::Address)), "{url}");
    }
    // A name that stands for this machine.
    let found = Lookup(Reach::Public).resolve("localhost".parse().unwrap()).await;
    assert!(found.is_err() && Lookup(Reach::Anywhere).resolve("localhost".parse().unwrap()).await.is_ok());
    assert!(asked.try_recv().is_err());
    // By the client itself: it looks names up by nothing else.
    let named = inside.replace("127.0.0.1", "localhost");
    assert!(public.client.post(&named).body("{}").send().await.is_err() && asked.try_recv().is_err());
    let anywhere = Courier::new(Reach::Anywhere).unwrap();
    assert!(anywhere.client.post(&named).body("{}").send().await.is_ok() && asked.recv().await.is_some());
}

#[test]
fn an_address_is_public_and_says_nothing_but_where() {
    let taken = |text: &str| address(text, Reach::Public).is_ok();
    assert!(taken("https://erp.example.cn/hooks?key=1") && taken(" https://8.8.8.8:8443/ "));
    for text in [
        "http://erp.example.cn/",
        "https://u:p@erp.example.cn/",
        "https://erp.example.cn/#x",
        "https://localhost/",
        "https://a.localhost/",
        "https://127.1/",
        "https://0x7f.0.0.1/",
        "https://2130706433/",
        "https://10.0.0.1/",
        "https://[::1]/",
        "file:///etc/passwd",
        "erp.example.cn",
        "",
    ] {
        assert!(!taken(text), "{text}");
    }
    assert!(!taken(&format!("https://a.cn/{}", "x".repeat(500))));
}

proptest! {
    #[test]
    fn whatever_is_given_is_taken_or_refused(text in "(https://)?\\PC{0,40}") {
        if let Ok(url) = address(&text, Reach::Public) {
            prop_assert_eq!(address(&url, Reach::Public).ok(), Some(url.clone()));
        }
    }
}
