//! Signed requests to enterprises' own systems (webhooks).
//!
//! In come an address that somebody gave and what is to be said there; out goes one `POST`, signed as the Standard Webhooks
//! specification has it (standardwebhooks.com, version 1), so that receivers check it with a library of theirs. Addresses
//! are anybody's, so nothing is asked of a machine's own net: names are looked up here and private addresses left out, and
//! no redirect is followed.

mod addresses;

#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Response, StatusCode, redirect};
use sha2::Sha256;
use thiserror::Error;
use url::{Host, Url};

/// Longest a receiver may take to be reached, and to answer.
const CONNECTING: Duration = Duration::from_secs(5);
const ANSWERING: Duration = Duration::from_secs(15);
/// Longest address, in bytes.
const LONGEST: usize = 500;
/// What a secret word begins with.
const PREFIX: &str = "whsec_";
/// Bytes of one.
const BYTES: usize = 32;

/// Why a message was not taken, or an address is none. Neither names the message or its secret.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HookError {
    /// Not an address that messages can be sent to.
    #[error("the receiver is to be named as https://host/path, without a user and on the public internet")]
    Address,
    /// The secret is not one that was made here.
    #[error("the secret is not whsec_ and base64")]
    Secret,
    /// No requests can be made at all.
    #[error("requests cannot be made")]
    Client(#[source] reqwest::Error),
    /// It could not be reached, or did not answer in time.
    #[error("the receiver cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    /// It answered, but did not take the message.
    #[error("the receiver answers {status}")]
    Answer {
        /// Its status.
        status: u16,
    },
}

impl HookError {
    /// Whether it would fail again: the address is wrong, or its owner says so.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        match self {
            Self::Address | Self::Secret => true,
            // Not in time, too early, too many: another time.
            Self::Answer { status } => (300..500).contains(status) && !matches!(status, 408 | 425 | 429),
            Self::Unreachable(error) => error.is_builder(),
            Self::Client(_) => false,
        }
    }
}

/// Where messages may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// The public internet, by TLS.
    #[default]
    Public,
    /// Private nets and this machine, too, in the clear if so addressed: for a bureau's own net, and for tests.
    Anywhere,
}

/// What is sent.
#[derive(Debug, Clone, Copy)]
pub struct Parcel<'a> {
    /// Where to.
    pub url: &'a str,
    /// What it is signed with, as [`secret`] writes it.
    pub secret: &'a str,
    /// What names it: the same whenever it is sent again.
    pub name: &'a str,
    /// When, in seconds since 1970-01-01 UTC.
    pub at: i64,
    /// What it says: JSON.
    pub body: &'a str,
}

/// A receiver's address in order.
///
/// # Errors
/// [`HookError::Address`] for what is none, is not `https`, has a user or a fragment, or is of a private net.
pub fn address(text: &str, reach: Reach) -> Result<String, HookError> {
    let url = Url::parse(text.trim()).map_err(|_| HookError::Address)?;
    let public = match url.host() {
        Some(Host::Ipv4(ip)) => addresses::is_public(IpAddr::V4(ip)),
        Some(Host::Ipv6(ip)) => addresses::is_public(IpAddr::V6(ip)),
        // What a name stands for is looked at when it is used.
        Some(Host::Domain(name)) => name.contains('.') && !name.ends_with(".localhost"),
        None => return Err(HookError::Address),
    };
    let reached = match (url.scheme(), reach) {
        ("https", Reach::Public) => public,
        ("https" | "http", Reach::Anywhere) => true,
        _ => false,
    };
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if reached && bare && url.as_str().len() <= LONGEST { Ok(url.into()) } else { Err(HookError::Address) }
}

/// A secret word of 256 random bits, in the form that receivers' libraries take.
#[must_use]
pub fn secret(bits: [u8; BYTES]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(bits))
}

/// What stands in `webhook-signature` for a message of a name and moment.
///
/// # Errors
/// [`HookError::Secret`] for a word that [`secret`] did not write.
pub fn signature(secret: &str, name: &str, at: i64, body: &str) -> Result<String, HookError> {
    let key = secret.strip_prefix(PREFIX).and_then(|key| STANDARD.decode(key).ok());
    let key = key.filter(|key| key.len() == BYTES).ok_or(HookError::Secret)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| HookError::Secret)?;
    mac.update(format!("{name}.{at}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// Brings messages to receivers.
pub struct Courier {
    client: Client,
    reach: Reach,
}

impl Courier {
    /// One that reaches so far.
    ///
    /// # Errors
    /// [`HookError::Client`] where no requests can be made.
    pub fn new(reach: Reach) -> Result<Self, HookError> {
        Self::with_patience(reach, ANSWERING)
    }

    fn with_patience(reach: Reach, patience: Duration) -> Result<Self, HookError> {
        let builder = Client::builder().redirect(redirect::Policy::none()).no_proxy().referer(false);
        let builder = builder.connect_timeout(CONNECTING.min(patience)).timeout(patience);
        let builder = builder.dns_resolver(Arc::new(Lookup(reach))).user_agent("duijie");
        Ok(Self { client: builder.build().map_err(HookError::Client)?, reach })
    }

    /// Brings a message.
    ///
    /// # Errors
    /// [`HookError`]; [`HookError::is_lasting`] says whether it is worth another try.
    pub async fn deliver(&self, parcel: Parcel<'_>) -> Result<(), HookError> {
        let Parcel { url, secret, name, at, body } = parcel;
        // Asked again: the address may have been kept when more was allowed.
        let url = address(url, self.reach)?;
        let request = self.client.post(url).body(body.to_owned());
        let request = request.header("content-type", "application/json").header("webhook-id", name);
        let request = request.header("webhook-timestamp", at.to_string());
        let request = request.header("webhook-signature", signature(secret, name, at, body)?);
        // An address may hold a key of its owner's.
        let answer = request.send().await.map_err(|error| HookError::Unreachable(error.without_url()))?;
        taken(&answer)
    }
}

/// What a receiver answers counts by its status alone; its words are not read.
fn taken(answer: &Response) -> Result<(), HookError> {
    match answer.status() {
        status if status.is_success() => Ok(()),
        status => Err(HookError::Answer { status: StatusCode::as_u16(&status) }),
    }
}

/// Looks names up and leaves out what may not be reached: the address that was looked at is the one that is used.
struct Lookup(Reach);

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let may = |address: &SocketAddr| reach == Reach::Anywhere || addresses::is_public(address.ip());
            let found: Vec<SocketAddr> = found.filter(may).collect();
            if found.is_empty() {
                return Err("no public address".into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
