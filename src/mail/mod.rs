//! Letters by SMTP.
//!
//! In come letters, out they go to a server: over TLS (`smtps://`), by STARTTLS, or in the clear to one on this machine.

use std::error::Error as _;
use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use thiserror::Error;
use url::{Host, Url};

/// Longest a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longest a letter may take on its way to a server.
const WAY: Duration = Duration::from_secs(45);

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
    /// The server did not answer in time.
    #[error("the mail server has not taken the letter within {} seconds", WAY.as_secs())]
    Late,
}

/// What a failure says of the next try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hope {
    /// The address reaches nobody.
    NoSuchAddress,
    /// The letter would be refused again.
    None,
    /// It may be taken another time.
    Later,
}

impl MailError {
    /// What a failure says of the next try. What a server says of whoever sends, and not of the letter, may change.
    #[must_use]
    pub fn hope(&self) -> Hope {
        match self {
            Self::Letter => Hope::None,
            Self::Refused(error) if error.is_permanent() => {
                let said = error.source().map(ToString::to_string).unwrap_or_default();
                hope_of(&error.status().map(|code| code.to_string()).unwrap_or_default(), &said)
            }
            _ => Hope::Later,
        }
    }
}

/// What a lasting refusal says, by its code (RFC 5321, 4.2.3) and the enhanced one its text begins with (RFC 3463).
fn hope_of(code: &str, said: &str) -> Hope {
    match code {
        // The address is fine, or would be, but for a policy against whoever sends.
        "550" | "551" | "553" if said.starts_with("5.7.") => Hope::None,
        "550" | "551" | "553" | "556" => Hope::NoSuchAddress,
        // Signing in, or what the server can do.
        "500" | "501" | "502" | "503" | "504" | "521" | "530" | "534" | "535" | "538" => Hope::Later,
        _ => Hope::None,
    }
}

/// A letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    /// Whom to.
    pub to: String,
    /// What about.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// The same as a page, for those who can show one.
    pub html: Option<String>,
    /// What names it, before the `@`: a letter sent again under its name is the same letter.
    pub name: Option<String>,
    /// Where a mail program opts out by one request (RFC 8058).
    pub opt_out: Option<String>,
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
        let mut message = Message::builder().from(self.from.clone()).to(to.into()).subject(letter.subject);
        if let Some(name) = letter.name {
            message = message.message_id(Some(format!("<{name}@{}>", self.from.email.domain())));
        }
        if let Some(address) = letter.opt_out {
            message = message.raw_header(header("List-Unsubscribe", format!("<{address}>"))?);
            message = message.raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned())?);
        }
        let message = match letter.html {
            Some(html) => message.multipart(MultiPart::alternative_plain_html(letter.text, html)),
            None => message.header(ContentType::TEXT_PLAIN).body(letter.text),
        };
        let sending = self.transport.send(message.map_err(|_| MailError::Letter)?);
        tokio::time::timeout(WAY, sending).await.map_err(|_| MailError::Late)?.map_err(MailError::Refused)?;
        Ok(())
    }
}

fn header(name: &str, value: String) -> Result<HeaderValue, MailError> {
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|_| MailError::Letter)?;
    Ok(HeaderValue::new(name, value))
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
    fn a_refusal_speaks_of_the_address_the_letter_or_the_sender() {
        for (code, said, hope) in [
            ("550", "5.1.1 no such user", Hope::NoSuchAddress),
            ("550", "mailbox unavailable", Hope::NoSuchAddress),
            ("550", "5.7.1 blocked", Hope::None),
            ("552", "too large", Hope::None),
            ("554", "transaction failed", Hope::None),
            ("535", "5.7.8 sign in", Hope::Later),
            ("530", "sign in first", Hope::Later),
        ] {
            assert_eq!(hope_of(code, said), hope, "{code} {said}");
        }
    }

    #[test]
    fn what_would_add_headers_is_no_address() {
        assert!(is_address("jia@example.cn"));
        for text in ["", "jia", "jia@example.cn\r\nBcc: yi@example.cn", "jia@example.cn, yi@example.cn", "a b@c.cn"] {
            assert!(!is_address(text), "{text}");
        }
    }
}
