//! Letters by SMTP.
//!
//! In come letters, out they go to a server: over TLS (`smtps://`), by STARTTLS, or in the clear to one on this machine.

use std::time::Duration;

use lettre::message::{Mailbox, header::ContentType};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use thiserror::Error;
use url::{Host, Url};

/// Longest a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a letter cannot be sent, or a server not be used. What it says never names a recipient or a password.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MailError {
    /// The server is not named as one.
    #[error("the mail server is to be named as smtp://user:password@host:port?tls=required or smtps://…")]
    Server,
    /// Letters would go in the clear over a network.
    #[error("letters to another machine go by smtps:// or smtp://…?tls=required: in the clear anyone could read them")]
    Clear,
    /// Not an address.
    #[error("'{what}' is no mail address")]
    Address {
        /// Which of ours: the sender's.
        what: String,
    },
    /// The letter cannot be put into words that a server takes, or its recipient has no address.
    #[error("the letter cannot be written")]
    Letter,
    /// The server does not take it.
    #[error("the mail server does not take the letter")]
    Refused(#[source] lettre::transport::smtp::Error),
}

/// A letter in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Whom to.
    pub to: String,
    /// What about.
    pub subject: String,
    /// What it says.
    pub text: String,
}

/// A server that takes letters.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mailer {
    /// The server of an address such as `smtps://user:password@mail.example.cn`, sending as `from`.
    ///
    /// # Errors
    /// [`MailError::Server`] or [`MailError::Address`] for what is none, [`MailError::Clear`] for a server elsewhere
    /// that would be spoken to without TLS.
    pub fn new(server: &str, from: &str) -> Result<Self, MailError> {
        let from = from.parse().map_err(|_| MailError::Address { what: from.to_owned() })?;
        let address = Url::parse(server).map_err(|_| MailError::Server)?;
        let mut asked = address.query_pairs().filter(|(name, _)| name == "tls").peekable();
        let secure = address.scheme() == "smtps" || asked.peek().is_some() && asked.all(|(_, how)| how == "required");
        if !secure && !is_here(server) {
            return Err(MailError::Clear);
        }
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(server).map_err(|_| MailError::Server)?;
        Ok(Self { transport: builder.timeout(Some(PATIENCE)).build(), from })
    }

    /// Sends a letter.
    ///
    /// # Errors
    /// [`MailError::Letter`] or [`MailError::Refused`].
    pub async fn send(&self, letter: Letter) -> Result<(), MailError> {
        let to: Address = letter.to.parse().map_err(|_| MailError::Letter)?;
        let message = Message::builder().from(self.from.clone()).to(to.into()).subject(letter.subject);
        let message = message.header(ContentType::TEXT_PLAIN).body(letter.text).map_err(|_| MailError::Letter)?;
        self.transport.send(message).await.map_err(MailError::Refused)?;
        Ok(())
    }
}

/// Whether letters can be sent to this; at most 254 characters, as RFC 5321 has it.
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.len() <= 254 && text.parse::<Address>().is_ok()
}

/// Whether a server's address is of this machine: what is sent there passes nobody.
#[must_use]
pub fn is_here(address: &str) -> bool {
    let address = Url::parse(address).ok();
    let domain = |name: &str| name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    match address.as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => domain(name),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_in_the_clear_on_this_machine_only() {
        let from = "对接 <duijie@example.cn>";
        for server in ["smtp://127.0.0.1:2525", "smtp://localhost", "smtp://[::1]:25", "smtps://u:p@mail.example.cn"] {
            assert!(Mailer::new(server, from).is_ok(), "{server}");
        }
        assert!(Mailer::new("smtp://mail.example.cn:587?tls=required", from).is_ok());
        for server in [
            "smtp://mail.example.cn",
            "smtp://127.0.0.1.example.cn",
            "smtp://127.0.0.1@mail.example.cn:25",
            "smtp://mail.example.cn?x@127.0.0.1",
            "smtp://mail.example.cn?notls=required",
            "smtp://mail.example.cn#?tls=required",
            "smtp://mail.example.cn?tls=required&tls=opportunistic",
        ] {
            assert!(matches!(Mailer::new(server, from), Err(MailError::Clear)), "{server}");
        }
        assert!(matches!(Mailer::new("smtps://", from), Err(MailError::Server)));
        assert!(matches!(Mailer::new("smtp://localhost", "nobody"), Err(MailError::Address { .. })));
    }

    #[test]
    fn what_would_add_headers_is_no_address() {
        assert!(is_address("jia@example.cn"));
        for text in ["", "jia", "jia@example.cn\r\nBcc: yi@example.cn", "jia@example.cn, yi@example.cn", "a b@c.cn"] {
            assert!(!is_address(text), "{text}");
        }
    }
}
