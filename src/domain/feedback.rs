//! What was shown to a firm, and what it did with it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{DeliveryId, EnterpriseId, EventId, FeedbackRefusal, ListingId};

/// Why a firm declined a listing: the answers industry really gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeclineCode {
    /// 技术尚不成熟.
    TooEarly,
    /// 效益不明.
    BenefitUnclear,
    /// 费用过高.
    TooDear,
    /// 非本企业领域.
    NotOurField,
    /// 已有自己的方案.
    OwnSolution,
    /// 文字过于含糊.
    TooVague,
    /// 其他.
    Other,
}

impl DeclineCode {
    /// All codes.
    pub const ALL: [Self; 7] = [
        Self::TooEarly,
        Self::BenefitUnclear,
        Self::TooDear,
        Self::NotOurField,
        Self::OwnSolution,
        Self::TooVague,
        Self::Other,
    ];

    /// The code as files and the record write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::TooEarly => "too_early",
            Self::BenefitUnclear => "benefit_unclear",
            Self::TooDear => "too_dear",
            Self::NotOurField => "not_our_field",
            Self::OwnSolution => "own_solution",
            Self::TooVague => "too_vague",
            Self::Other => "other",
        }
    }

    /// The code in Chinese.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::TooEarly => "技术尚不成熟",
            Self::BenefitUnclear => "效益不明",
            Self::TooDear => "费用过高",
            Self::NotOurField => "非本企业领域",
            Self::OwnSolution => "已有自己的方案",
            Self::TooVague => "文字过于含糊",
            Self::Other => "其他",
        }
    }

    /// All words, for a message.
    #[must_use]
    pub fn words() -> String {
        Self::ALL.map(Self::word).join(", ")
    }
}

impl FromStr for DeclineCode {
    type Err = FeedbackRefusal;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = text.trim();
        let known = Self::ALL.into_iter().find(|code| code.word() == wanted || code.chinese() == wanted);
        known.ok_or_else(|| FeedbackRefusal::UnknownCode { text: wanted.chars().take(40).collect() })
    }
}

/// What a firm did with a listing it was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedbackKind {
    /// Looked at it (打开).
    Opened,
    /// Kept it (收藏).
    Saved,
    /// Asked about it (咨询).
    Enquired,
    /// Took the licence (许可).
    Licensed,
    /// Does not want it (拒绝).
    Declined(DeclineCode),
}

impl FeedbackKind {
    /// The words of all kinds, a decline without its code.
    pub const WORDS: [&str; 5] = ["opened", "saved", "enquired", "licensed", "declined"];

    /// The kind as files and the record write it; a decline's code stands beside it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Saved => "saved",
            Self::Enquired => "enquired",
            Self::Licensed => "licensed",
            Self::Declined(_) => "declined",
        }
    }

    /// The kind in Chinese.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Opened => "打开",
            Self::Saved => "收藏",
            Self::Enquired => "咨询",
            Self::Licensed => "许可",
            Self::Declined(_) => "拒绝",
        }
    }

    /// Why it was declined.
    #[must_use]
    pub fn decline_code(self) -> Option<DeclineCode> {
        match self {
            Self::Declined(code) => Some(code),
            _ => None,
        }
    }

    /// The kind of these words, English or Chinese.
    ///
    /// # Errors
    /// [`FeedbackRefusal::UnknownKind`], [`FeedbackRefusal::UnknownCode`], [`FeedbackRefusal::NoCode`] for a decline without a
    /// code, [`FeedbackRefusal::CodeWithoutDecline`].
    pub fn read(kind: &str, code: Option<&str>) -> Result<Self, FeedbackRefusal> {
        let kind = match kind.trim() {
            "opened" | "打开" => Self::Opened,
            "saved" | "收藏" => Self::Saved,
            "enquired" | "咨询" => Self::Enquired,
            "licensed" | "许可" => Self::Licensed,
            "declined" | "拒绝" => return Ok(Self::Declined(code.ok_or(FeedbackRefusal::NoCode)?.parse()?)),
            other => return Err(FeedbackRefusal::UnknownKind { text: other.chars().take(40).collect() }),
        };
        if code.is_some() { Err(FeedbackRefusal::CodeWithoutDecline { kind }) } else { Ok(kind) }
    }

    /// All words, for a message.
    #[must_use]
    pub fn words() -> String {
        Self::WORDS.join(", ")
    }
}

impl fmt::Display for FeedbackKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What was shown to a firm at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its name.
    pub id: DeliveryId,
    /// To whom.
    pub enterprise: EnterpriseId,
    /// When, in seconds since 1970-01-01 UTC.
    pub at: i64,
    /// What was shown, the first place first, each listing once.
    pub listings: Vec<ListingId>,
}

/// One thing a firm did with one listing of one delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackEvent {
    /// Its name, given by the sender.
    pub id: EventId,
    /// The delivery that showed the listing.
    pub delivery: DeliveryId,
    /// The listing.
    pub listing: ListingId,
    /// What was done.
    pub kind: FeedbackKind,
    /// When, in seconds since 1970-01-01 UTC.
    pub at: i64,
}

impl FeedbackEvent {
    /// Whether the event can have happened, given its delivery if there is one, at the moment `now` (seconds since 1970).
    ///
    /// # Errors
    /// [`FeedbackRefusal::UnknownDelivery`], [`FeedbackRefusal::NotDelivered`], [`FeedbackRefusal::BeforeDelivery`] or
    /// [`FeedbackRefusal::AfterNow`], whichever holds first.
    pub fn check(&self, delivery: Option<&Delivery>, now: i64) -> Result<(), FeedbackRefusal> {
        let Some(delivery) = delivery else {
            return Err(FeedbackRefusal::UnknownDelivery { delivery: self.delivery.clone() });
        };
        if !delivery.listings.contains(&self.listing) {
            return Err(FeedbackRefusal::NotDelivered {
                delivery: self.delivery.clone(),
                listing: self.listing.clone(),
            });
        }
        if self.at < delivery.at {
            let seconds = delivery.at.saturating_sub(self.at);
            return Err(FeedbackRefusal::BeforeDelivery { event: self.id.clone(), seconds });
        }
        if self.at > now {
            return Err(FeedbackRefusal::AfterNow { event: self.id.clone(), seconds: self.at.saturating_sub(now) });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(listing: &str, at: i64) -> FeedbackEvent {
        let (id, delivery) = ("e1".parse().unwrap(), "d1".parse().unwrap());
        FeedbackEvent { id, delivery, listing: listing.parse().unwrap(), kind: FeedbackKind::Opened, at }
    }

    fn delivery() -> Delivery {
        let listings = vec!["a".parse().unwrap(), "b".parse().unwrap()];
        Delivery { id: "d1".parse().unwrap(), enterprise: EnterpriseId::from_known("f"), at: 100, listings }
    }

    #[test]
    fn an_event_needs_a_delivery_that_showed_its_listing_and_a_time_between_that_and_now() {
        let told = |event: FeedbackEvent, delivery: Option<&Delivery>| event.check(delivery, 200).map_err(|r| r.code());
        assert_eq!(told(event("a", 150), Some(&delivery())), Ok(()));
        assert_eq!(told(event("b", 100), Some(&delivery())), Ok(()), "the moment of the delivery counts");
        assert_eq!(told(event("b", 200), Some(&delivery())), Ok(()), "now counts");
        assert_eq!(told(event("a", 150), None), Err("unknown_delivery"));
        assert_eq!(told(event("c", 150), Some(&delivery())), Err("not_delivered"));
        assert_eq!(told(event("a", 99), Some(&delivery())), Err("before_delivery"));
        assert_eq!(told(event("a", 201), Some(&delivery())), Err("after_now"));
        assert_eq!(told(event("a", i64::MIN), Some(&delivery())), Err("before_delivery"));
    }

    #[test]
    fn a_decline_has_a_code_and_nothing_else_has() {
        let code = |kind, code| FeedbackKind::read(kind, code).map_err(|refusal| refusal.code());
        assert_eq!(code("declined", Some("too_dear")), Ok(FeedbackKind::Declined(DeclineCode::TooDear)));
        assert_eq!(code("拒绝", Some("费用过高")), Ok(FeedbackKind::Declined(DeclineCode::TooDear)));
        assert_eq!(code("saved", None), Ok(FeedbackKind::Saved));
        assert_eq!(code("declined", None), Err("decline_without_code"));
        assert_eq!(code("declined", Some("ugly")), Err("unknown_decline_code"));
        assert_eq!(code("opened", Some("too_dear")), Err("code_without_decline"));
        assert_eq!(code("liked", None), Err("unknown_kind"));
    }

    #[test]
    fn a_name_is_one_word() {
        assert!("".parse::<EventId>().is_err() && "a b".parse::<DeliveryId>().is_err());
        assert!("x".repeat(65).parse::<EventId>().is_err());
        assert_eq!("d-1".parse::<DeliveryId>().unwrap().as_str(), "d-1");
    }
}
