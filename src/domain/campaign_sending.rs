//! How a campaign is sent: by which channels, when, how fast, in what words.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::CampaignRefusal;

/// China keeps one time, eight hours ahead of UTC, all year.
const CHINA: i64 = 8 * 3_600;
const DAY: i64 = 86_400;
/// Longest subject, in characters with its fields as they are written.
const LONGEST_SUBJECT: usize = 100;
/// Longest opening.
const LONGEST_OPENING: usize = 1_000;
/// Most messages a minute.
const MOST_PER_MINUTE: u32 = 60_000;

/// A way to an enterprise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CampaignChannel)]
pub enum Channel {
    /// Its inbox here (站内信).
    Inbox,
    /// A letter to its mail address (邮件).
    Email,
    /// A signed request to its own system (接口通知).
    Webhook,
    /// The list of those whom staff call (电话名单).
    Phone,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Inbox, Self::Email, Self::Webhook, Self::Phone];

    /// The word used in SQL and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Email => "email",
            Self::Webhook => "webhook",
            Self::Phone => "phone",
        }
    }

    /// Whether what goes this way leaves this program, and may have to be tried again.
    #[must_use]
    pub fn leaves(self) -> bool {
        matches!(self, Self::Email | Self::Webhook)
    }
}

/// Hours of the day, in China, in which nobody is bothered: from one, up to another; over midnight if that is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    /// The first of them.
    #[schema(maximum = 23)]
    pub from: u32,
    /// The hour they end at.
    #[schema(maximum = 23)]
    pub to: u32,
}

impl QuietHours {
    /// Whether a moment, in seconds since 1970-01-01 UTC, is within them. From an hour to the same is never.
    #[must_use]
    pub fn covers(self, now: i64) -> bool {
        let hour = (now + CHINA).rem_euclid(DAY) / 3_600;
        let (from, to) = (i64::from(self.from), i64::from(self.to));
        if from <= to { (from..to).contains(&hour) } else { hour >= from || hour < to }
    }
}

/// What a field of a message stands for.
#[derive(Debug, Clone, Copy)]
pub struct MessageFields<'a> {
    /// `{企业}`: the enterprise's name.
    pub enterprise: &'a str,
    /// `{件数}`: how many listings it is sent.
    pub listings: usize,
    /// `{任务}`: what staff call the campaign.
    pub campaign: &'a str,
}

impl MessageFields<'_> {
    /// The fields there are.
    pub const NAMES: [&'static str; 3] = ["企业", "件数", "任务"];

    fn value(&self, name: &str) -> Option<String> {
        match name {
            "企业" => Some(self.enterprise.to_owned()),
            "件数" => Some(self.listings.to_string()),
            "任务" => Some(self.campaign.to_owned()),
            _ => None,
        }
    }

    /// A text with its fields filled in. Braces that hold none stand as they are: a checked text has none.
    #[must_use]
    pub fn filled(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once('{') {
            filled.push_str(before);
            match behind.split_once('}').and_then(|(name, rest)| Some((self.value(name.trim())?, rest))) {
                Some((value, behind)) => {
                    filled.push_str(&value);
                    rest = behind;
                }
                None => {
                    filled.push('{');
                    rest = behind;
                }
            }
        }
        filled + rest
    }
}

/// The words around the listings that a message offers. Fields in braces are filled in: `{企业}`, `{件数}`, `{任务}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageTemplate {
    /// What it is about: one line.
    #[schema(min_length = 1, max_length = 100)]
    pub subject: String,
    /// What stands before the listings.
    #[schema(max_length = 1000)]
    pub opening: String,
}

impl Default for MessageTemplate {
    fn default() -> Self {
        Self {
            subject: "为贵单位推荐{件数}件开放许可专利".to_owned(),
            opening: "{企业}：\n根据贵单位的业务，以下开放许可专利可能对您有用。按公布的条件付费即可实施，无需谈判。"
                .to_owned(),
        }
    }
}

/// How a campaign is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = CampaignSending)]
pub struct Sending {
    /// By which channels: an enterprise is sent one message by each of these that reaches it.
    pub channels: Vec<Channel>,
    /// Not before this moment, in seconds since 1970-01-01 UTC.
    pub not_before: Option<i64>,
    /// When nothing is sent.
    pub quiet: Option<QuietHours>,
    /// Most messages a minute that leave this program, for the sake of the mail server.
    #[schema(minimum = 1, maximum = 60_000)]
    pub per_minute: u32,
    /// In what words.
    pub message: MessageTemplate,
}

impl Default for Sending {
    /// To the inbox, and no letter at night.
    fn default() -> Self {
        Self {
            channels: vec![Channel::Inbox],
            not_before: None,
            quiet: Some(QuietHours { from: 20, to: 8 }),
            per_minute: 600,
            message: MessageTemplate::default(),
        }
    }
}

impl Sending {
    /// Whether anything may be sent at a moment.
    #[must_use]
    pub fn is_open(&self, now: i64) -> bool {
        self.not_before.is_none_or(|first| first <= now) && !self.quiet.is_some_and(|quiet| quiet.covers(now))
    }

    /// It in order: channels named once, texts without blanks around them.
    pub(super) fn checked(mut self) -> Result<Self, CampaignRefusal> {
        self.channels.sort_unstable();
        self.channels.dedup();
        within("sending.channels", self.channels.len() as u64, 1, Channel::ALL.len() as u64)?;
        within("sending.per_minute", self.per_minute.into(), 1, MOST_PER_MINUTE.into())?;
        if let Some(QuietHours { from, to }) = self.quiet {
            within("sending.quiet.from", from.into(), 0, 23)?;
            within("sending.quiet.to", to.into(), 0, 23)?;
        }
        let MessageTemplate { subject, opening } = &mut self.message;
        *subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
        *opening = opening.trim().to_owned();
        within("sending.message.subject", subject.chars().count() as u64, 1, LONGEST_SUBJECT as u64)?;
        within("sending.message.opening", opening.chars().count() as u64, 0, LONGEST_OPENING as u64)?;
        fields("sending.message.subject", subject)?;
        fields("sending.message.opening", opening)?;
        Ok(self)
    }
}

/// Refuses braces that hold no known field.
fn fields(member: &'static str, text: &str) -> Result<(), CampaignRefusal> {
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let unknown = |name: &str| CampaignRefusal::UnknownField { member, name: name.chars().take(20).collect() };
        let behind = rest[at..].strip_prefix('{').ok_or_else(|| unknown("}"))?;
        let (name, behind) = behind.split_once('}').ok_or_else(|| unknown(behind))?;
        if !MessageFields::NAMES.contains(&name.trim()) {
            return Err(unknown(name));
        }
        rest = behind;
    }
    Ok(())
}

pub(super) fn within(member: &'static str, value: u64, least: u64, most: u64) -> Result<(), CampaignRefusal> {
    if (least..=most).contains(&value) { Ok(()) } else { Err(CampaignRefusal::Range { member, least, most }) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nobody_is_bothered_at_night() {
        let night = QuietHours { from: 20, to: 8 };
        // 2022-05-10 in China: midnight is 16:00 UTC of the day before.
        let midnight = 1_652_112_000;
        for (hour, quiet) in [(0, true), (7, true), (8, false), (19, false), (20, true), (23, true)] {
            assert_eq!(night.covers(midnight + hour * 3_600), quiet, "{hour}");
            assert_eq!(night.covers(midnight + hour * 3_600 + 3_599), quiet, "{hour}:59:59");
        }
        let noon = QuietHours { from: 12, to: 14 };
        assert!(noon.covers(midnight + 12 * 3_600) && !noon.covers(midnight + 14 * 3_600));
        assert!((0..24).all(|hour| !QuietHours { from: 9, to: 9 }.covers(midnight + hour * 3_600)));
        let sending = Sending { not_before: Some(midnight + 10 * 3_600), ..Sending::default() };
        assert!(!sending.is_open(midnight + 9 * 3_600) && sending.is_open(midnight + 10 * 3_600));
    }

    #[test]
    fn a_template_with_an_unknown_field_is_refused_by_its_name() {
        let refused = |subject: &str| {
            let message = MessageTemplate { subject: subject.to_owned(), ..MessageTemplate::default() };
            Sending { message, ..Sending::default() }.checked()
        };
        assert!(refused("为{企业}推荐{ 件数 }件（{任务}）").is_ok());
        for (subject, named) in [("{联系人}您好", "联系人"), ("{企业", "企业"), ("企业}", "}"), ("{{企业}}", "{企业")]
        {
            let expected = CampaignRefusal::UnknownField { member: "sending.message.subject", name: named.to_owned() };
            assert_eq!(refused(subject), Err(expected), "{subject}");
        }
        assert!(matches!(refused("\r\n"), Err(CampaignRefusal::Range { .. })));
        assert_eq!(refused("一\r\nBcc: jia@example.cn").unwrap().message.subject, "一 Bcc: jia@example.cn");
    }

    proptest! {
        #[test]
        fn a_checked_text_has_every_field_filled_in_and_values_are_not_read_again(
            parts in prop::collection::vec(prop::sample::select(vec!["甲", "{企业}", "{件数}", " ", "{任务}"]), 1..9)
        ) {
            let message = MessageTemplate { subject: format!("x{}", parts.concat()), opening: String::new() };
            let subject = Sending { message, ..Sending::default() }.checked().unwrap().message.subject;
            let filled = MessageFields { enterprise: "{件数}公司", listings: 3, campaign: "任" }.filled(&subject);
            prop_assert_eq!(filled.matches("{件数}公司").count(), subject.matches("{企业}").count());
            prop_assert_eq!(filled.matches('{').count(), subject.matches("{企业}").count());
        }

        #[test]
        fn any_text_is_taken_or_refused(text in "[{}企业件数 ]{0,30}") {
            if fields("x", &text).is_ok() {
                let filled = MessageFields { enterprise: "甲", listings: 3, campaign: "任" }.filled(&text);
                prop_assert!(!filled.contains(['{', '}']), "{}", filled);
            }
        }
    }
}
