//! Why what a firm is said to have done cannot be taken.

use thiserror::Error;

use super::{DeclineCode, DeliveryId, EventId, FeedbackKind, ListingId, Notice};

/// Why an event cannot be taken. Nothing is changed by one that is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FeedbackRefusal {
    /// Not a name for a delivery or an event.
    #[error("'{text}' cannot name a delivery or an event: expected 1 to 64 characters without blanks")]
    Name {
        /// The text as given, shortened.
        text: String,
    },
    /// Not one of the things a firm can do.
    #[error("'{text}' is nothing a firm can do with a listing: expected one of {}", FeedbackKind::words())]
    UnknownKind {
        /// The text as given, shortened.
        text: String,
    },
    /// A decline without its reason.
    #[error("a decline needs its code: one of {}", DeclineCode::words())]
    NoCode,
    /// Not one of the reasons.
    #[error("'{text}' is no reason to decline: expected one of {}", DeclineCode::words())]
    UnknownCode {
        /// The text as given, shortened.
        text: String,
    },
    /// A decline code where nothing was declined.
    #[error("a decline code stands beside '{kind}': leave it out, or say 'declined'")]
    CodeWithoutDecline {
        /// What was done.
        kind: FeedbackKind,
    },
    /// Not a moment.
    #[error("'{text}' is no moment: expected a form such as 2026-11-22T09:30:00+08:00, or seconds since 1970")]
    Moment {
        /// The text as given, shortened.
        text: String,
    },
    /// No such delivery was recorded.
    #[error("no delivery is called '{delivery}': record it first, or correct its name")]
    UnknownDelivery {
        /// Its name.
        delivery: DeliveryId,
    },
    /// The delivery did not show the listing.
    #[error("delivery '{delivery}' did not show listing {listing}: check both")]
    NotDelivered {
        /// The delivery.
        delivery: DeliveryId,
        /// The listing.
        listing: ListingId,
    },
    /// It is said to have happened before the listing was shown.
    #[error("event '{event}' is dated {seconds} s before its delivery: check the sender's clock")]
    BeforeDelivery {
        /// The event.
        event: EventId,
        /// How long before, in seconds.
        seconds: i64,
    },
    /// It is said to have happened later than now.
    #[error("event '{event}' is dated {seconds} s from now: check the sender's clock, then send it again")]
    AfterNow {
        /// The event.
        event: EventId,
        /// How long from now, in seconds.
        seconds: i64,
    },
    /// An event of this name says something else.
    #[error("event '{event}' is known and says something else: give every event a name of its own")]
    Contradiction {
        /// The event.
        event: EventId,
    },
}

impl FeedbackRefusal {
    /// A stable word for counting refusals by reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Name { .. } => "bad_name",
            Self::UnknownKind { .. } => "unknown_kind",
            Self::NoCode => "decline_without_code",
            Self::UnknownCode { .. } => "unknown_decline_code",
            Self::CodeWithoutDecline { .. } => "code_without_decline",
            Self::Moment { .. } => "bad_moment",
            Self::UnknownDelivery { .. } => "unknown_delivery",
            Self::NotDelivered { .. } => "not_delivered",
            Self::BeforeDelivery { .. } => "before_delivery",
            Self::AfterNow { .. } => "after_now",
            Self::Contradiction { .. } => "contradiction",
        }
    }
}

impl Notice for FeedbackRefusal {
    fn chinese(&self) -> String {
        match self {
            Self::Name { text } => format!("“{text}”不能作为推送或事件编号：应为 1 至 64 个不含空格的字符"),
            Self::UnknownKind { text } => format!("“{text}”不是可识别的行为：应为 {} 之一", FeedbackKind::words()),
            Self::NoCode => format!("拒绝须注明原因：{} 之一", DeclineCode::words()),
            Self::UnknownCode { text } => format!("“{text}”不是可识别的拒绝原因：应为 {} 之一", DeclineCode::words()),
            Self::CodeWithoutDecline { kind } => format!("行为是“{kind}”却填了拒绝原因：请删去，或改为 declined"),
            Self::Moment { text } => {
                format!("“{text}”不是时刻：应如 2026-11-22T09:30:00+08:00，或 1970 年以来的秒数")
            }
            Self::UnknownDelivery { delivery } => format!("没有编号为“{delivery}”的推送：请先记录推送，或更正编号"),
            Self::NotDelivered { delivery, listing } => {
                format!("推送“{delivery}”中没有许可信息 {listing}：请核对两者")
            }
            Self::BeforeDelivery { event, seconds } => {
                format!("事件“{event}”的时间早于推送 {seconds} 秒：请检查发送方的时钟")
            }
            Self::AfterNow { event, seconds } => {
                format!("事件“{event}”的时间晚于现在 {seconds} 秒：请检查发送方的时钟后重新发送")
            }
            Self::Contradiction { event } => format!("编号为“{event}”的事件已有不同内容：每个事件须有自己的编号"),
        }
    }
}
