//! Why a list is not shown to a firm, or not recorded as shown.

use thiserror::Error;

use super::{EnterpriseId, Notice};

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
}

impl Notice for DeliveryRefusal {
    fn chinese(&self) -> String {
        match self {
            Self::ClockBackwards { enterprise, now, latest } => format!(
                "现在时刻为 {now}，而企业 {enterprise} 在 {latest}（1970 年以来的秒数）已有推送：请校准系统时钟"
            ),
            Self::OptedOut { name } => {
                format!("“{name}”已选择不接收推送：企业登录后仍可自行查看推荐，不得向其推送")
            }
        }
    }
}
