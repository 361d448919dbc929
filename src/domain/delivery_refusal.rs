//! Why a list is not shown to a firm, or not recorded as shown.

use thiserror::Error;

use super::{DeliveryId, EnterpriseId, Notice};

/// Why a delivery is not made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DeliveryRefusal {
    /// A list is said to be shown before one that was shown already.
    #[error(
        "the clock says {now}, but enterprise {enterprise} was shown a list at {latest} (seconds since 1970): set the clock right"
    )]
    ClockBackwards {
        /// Whose list.
        enterprise: EnterpriseId,
        /// The moment given.
        now: i64,
        /// When it was last shown a list.
        latest: i64,
    },
    /// The enterprise wants nothing sent.
    #[error(
        "{name} has opted out of being sent recommendations: it still sees them when it signs in and asks for them itself"
    )]
    OptedOut {
        /// The enterprise.
        name: String,
    },
    /// Not an address that an enterprise's own system can take messages at.
    #[error("the receiver is to be named as https://host/path, without a user and on the public internet")]
    Receiver,
    /// A message that the enterprise was not sent, or that did not have the listing.
    #[error("there is no such listing in a message '{delivery}' to this enterprise")]
    Unknown {
        /// The name given.
        delivery: DeliveryId,
    },
}

impl Notice for DeliveryRefusal {
    fn chinese(&self) -> String {
        match self {
            Self::ClockBackwards { enterprise, now, latest } => format!(
                "现在时刻为 {now}，而企业 {enterprise} 在 {latest}（1970 年以来的秒数）已有推送：请校准系统时钟"
            ),
            Self::Receiver => "接收地址应如 https://erp.example.cn/duijie：用 https，不含用户名，且在公网上".to_owned(),
            Self::Unknown { delivery } => format!("发给本企业的消息“{delivery}”中没有这件许可信息"),
            Self::OptedOut { name } => {
                format!("“{name}”已选择不接收推送：企业登录后仍可自行查看推荐，不得向其推送")
            }
        }
    }
}
