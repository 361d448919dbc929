//! What is wrong with a row: where, and why, in words a person can act on.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};
use thiserror::Error;

use super::fee::FeeError;
use crate::domain::{
    ApplicationNumberError, CreditCodeError, Date, DateError, DivisionError, EmailAddressError, FeedbackRefusal,
    IndustryCodeError, IpcError, IpcPatternError, ListingIdError, Notice, PatentKind, PublicationNumberError,
};

/// A value that could not be taken: the place it stands and the reason.
///
/// As an outcome it means the row was refused; as a warning, that the row was taken without this value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The file's name.
    pub file: String,
    /// The row as a spreadsheet numbers it (the header is row 1), the line for JSON lines.
    pub row: Option<u64>,
    /// The column's name in the file, or its usual name when the file has none.
    pub column: Option<String>,
    /// What is wrong.
    pub reason: Reason,
}

/// Why a value or a row could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Reason {
    /// A value that every row needs is not given.
    #[error("nothing is given; fill it in")]
    Missing,
    /// Not an application number.
    #[error(transparent)]
    ApplicationNumber(#[from] ApplicationNumberError),
    /// What a firm is said to have done cannot be taken.
    #[error(transparent)]
    Feedback(#[from] FeedbackRefusal),
    /// A spreadsheet has turned a patent number into a number and lost digits or the check character.
    #[error(
        "'{text}' is a patent number that a spreadsheet turned into a figure; format the column as text and retype it"
    )]
    NumberAsFigure {
        /// The figure.
        text: String,
    },
    /// Not a publication number.
    #[error(transparent)]
    PublicationNumber(#[from] PublicationNumberError),
    /// Not a name for a listing.
    #[error(transparent)]
    ListingId(#[from] ListingIdError),
    /// Not a credit code.
    #[error(transparent)]
    CreditCode(#[from] CreditCodeError),
    /// An e-mail address that is none.
    #[error(transparent)]
    Email(#[from] EmailAddressError),
    /// Not an IPC symbol.
    #[error(transparent)]
    Ipc(#[from] IpcError),
    /// Not a part of the IPC.
    #[error(transparent)]
    IpcPattern(#[from] IpcPatternError),
    /// Not a class of GB/T 4754-2017.
    #[error(transparent)]
    IndustryCode(#[from] IndustryCodeError),
    /// Not the code of a division.
    #[error(transparent)]
    Division(#[from] DivisionError),
    /// Not a date.
    #[error(transparent)]
    Date(#[from] DateError),
    /// The filing date is later than the publication date.
    #[error("filing date {filed} is later than publication date {published}; check both")]
    DateOrder {
        /// 申请日.
        filed: Date,
        /// 公告日.
        published: Date,
    },
    /// Not a fee.
    #[error(transparent)]
    Fee(#[from] FeeError),
    /// Not a share.
    #[error("'{text}' is no share: expected a form such as 4.5%, from 0 to 100 per cent")]
    Share {
        /// The text as given, shortened.
        text: String,
    },
    /// Not a whole number there can be.
    #[error("'{text}' is no whole number from {least} to {most}")]
    Whole {
        /// The text as given, shortened.
        text: String,
        /// The least there can be.
        least: u32,
        /// The most there can be.
        most: u32,
    },
    /// Not a length of time.
    #[error("'{text}' is not a licence period: expected a form such as 3年 or 36个月")]
    Period {
        /// The text as given, shortened.
        text: String,
    },
    /// Not one of the words the form offers.
    #[error("'{text}' is not one of the words known here: {expected}")]
    Word {
        /// The text as given, shortened.
        text: String,
        /// The words there are.
        expected: &'static str,
    },
    /// The stated kind of patent is not the one its number shows.
    #[error("the kind is given as {}, but number {number} is of kind {}", stated.chinese(), shown.chinese())]
    KindDisagrees {
        /// The kind in the column.
        stated: PatentKind,
        /// The kind in the number.
        shown: PatentKind,
        /// The number.
        number: String,
    },
    /// Bytes that are no characters in the file's encoding.
    #[error("the text is damaged: it is not {encoding}; save the file as UTF-8")]
    Encoding {
        /// The file's encoding.
        encoding: &'static str,
    },
    /// A formula without a stored value.
    #[error("the cell holds a formula without a value; paste it as a value")]
    Formula,
    /// A spreadsheet's error value.
    #[error("the cell holds the error value {text}; correct it")]
    ErrorCell {
        /// `#N/A` and the like.
        text: String,
    },
    /// One cell is too long.
    #[error("the cell is longer than {limit} characters")]
    CellTooLarge {
        /// The limit in characters.
        limit: usize,
    },
    /// One row is too long.
    #[error("the row is longer than {limit} bytes")]
    RowTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// A quotation mark is opened and never closed.
    #[error("a quotation mark is opened and never closed")]
    OpenQuote,
    /// The row has more or fewer fields than the header.
    #[error("the row has {found} fields, the header has {expected}")]
    FieldCount {
        /// Fields in the row.
        found: usize,
        /// Columns in the header.
        expected: usize,
    },
    /// The line is not a JSON object.
    #[error("the line is not a JSON object: {detail}")]
    Json {
        /// What the parser said.
        detail: String,
    },
    /// The value is of a shape this column cannot have, such as an object in place of a text.
    #[error("the value is of the wrong JSON type; expected text")]
    JsonType,
    /// The file ends too early or is damaged; nothing after this place was read.
    #[error("the file breaks off here or is damaged, nothing behind it was read; copy it again")]
    Truncated,
    /// The file could not be read further.
    #[error("reading stopped here: {detail}")]
    Interrupted {
        /// What the system or the workbook reader said.
        detail: String,
    },
}

impl Reason {
    /// A stable word for counting rejections by reason.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing_value",
            Self::ApplicationNumber(_) => "bad_application_number",
            Self::Feedback(refusal) => refusal.code(),
            Self::NumberAsFigure { .. } => "number_as_figure",
            Self::PublicationNumber(_) => "bad_publication_number",
            Self::ListingId(_) => "bad_listing_id",
            Self::CreditCode(_) => "bad_credit_code",
            Self::Email(_) => "bad_email",
            Self::Ipc(_) => "bad_ipc",
            Self::IpcPattern(_) => "bad_ipc_pattern",
            Self::IndustryCode(_) => "bad_industry_code",
            Self::Division(_) => "bad_division_code",
            Self::Date(_) => "bad_date",
            Self::DateOrder { .. } => "date_order",
            Self::Fee(_) => "bad_fee",
            Self::Share { .. } => "bad_share",
            Self::Whole { .. } => "bad_number",
            Self::Period { .. } => "bad_period",
            Self::Word { .. } => "unknown_word",
            Self::KindDisagrees { .. } => "kind_disagrees",
            Self::Encoding { .. } => "bad_encoding",
            Self::Formula => "formula_without_value",
            Self::ErrorCell { .. } => "error_cell",
            Self::CellTooLarge { .. } => "cell_too_large",
            Self::RowTooLarge { .. } => "row_too_large",
            Self::OpenQuote => "open_quote",
            Self::FieldCount { .. } => "wrong_field_count",
            Self::Json { .. } => "bad_json",
            Self::JsonType => "wrong_json_type",
            Self::Truncated => "truncated_file",
            Self::Interrupted { .. } => "interrupted",
        }
    }
}

impl Notice for Reason {
    fn chinese(&self) -> String {
        match self {
            Self::Missing => "没有填写，请补充".to_owned(),
            Self::ApplicationNumber(error) => error.chinese(),
            Self::Feedback(refusal) => refusal.chinese(),
            Self::NumberAsFigure { text } => {
                format!("专利号被表格软件改成了数值“{text}”，请将该列设为文本格式后重新填写")
            }
            Self::PublicationNumber(error) => error.chinese(),
            Self::ListingId(error) => error.chinese(),
            Self::CreditCode(error) => error.chinese(),
            Self::Email(error) => error.chinese(),
            Self::Ipc(error) => error.chinese(),
            Self::IpcPattern(error) => error.chinese(),
            Self::IndustryCode(error) => error.chinese(),
            Self::Division(error) => error.chinese(),
            Self::Date(error) => error.chinese(),
            Self::DateOrder { filed, published } => format!("申请日 {filed} 晚于公告日 {published}，请核对"),
            Self::Fee(error) => error.chinese(),
            Self::Share { text } => format!("“{text}”不是比例：应如 4.5%，在 0 至 100% 之间"),
            Self::Whole { text, least, most } => format!("“{text}”应为 {least} 至 {most} 的整数"),
            Self::Period { text } => format!("“{text}”不是许可期限：应如 3年 或 36个月"),
            Self::Word { text, expected } => format!("“{text}”不是可识别的选项：{expected}"),
            Self::KindDisagrees { stated, shown, number } => {
                format!("所填类型为{}，但号码 {number} 属于{}，请核对", stated.chinese(), shown.chinese())
            }
            Self::Encoding { encoding } => format!("文字已损坏，不是有效的 {encoding} 编码，请另存为 UTF-8"),
            Self::Formula => "单元格是没有计算结果的公式，请粘贴为数值".to_owned(),
            Self::ErrorCell { text } => format!("单元格是错误值 {text}，请更正"),
            Self::CellTooLarge { limit } => format!("单元格超过 {limit} 个字符"),
            Self::RowTooLarge { limit } => format!("该行超过 {limit} 字节"),
            Self::OpenQuote => "引号没有闭合".to_owned(),
            Self::FieldCount { found, expected } => format!("该行有 {found} 列，表头有 {expected} 列"),
            Self::Json { detail } => format!("该行不是 JSON 对象：{detail}"),
            Self::JsonType => "JSON 值的类型不对，应为文字".to_owned(),
            Self::Truncated => "文件在此中断或已损坏，其后内容未读取，请重新复制文件".to_owned(),
            Self::Interrupted { detail } => format!("读取在此中断：{detail}"),
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(row) = self.row {
            write!(f, " row {row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column '{column}'")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl Notice for Rejection {
    fn chinese(&self) -> String {
        let row = self.row.map_or_else(String::new, |row| format!(" 第{row}行"));
        let column = self.column.as_ref().map_or_else(String::new, |column| format!("“{column}”"));
        format!("{}{row}{column}：{}", self.file, self.reason.chinese())
    }
}

/// Flat: `file`, `row`, `column`, `code` and `message` (the reason in Chinese).
impl Serialize for Rejection {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut flat = serializer.serialize_struct("Rejection", 5)?;
        flat.serialize_field("file", &self.file)?;
        flat.serialize_field("row", &self.row)?;
        flat.serialize_field("column", &self.column)?;
        flat.serialize_field("code", self.reason.code())?;
        flat.serialize_field("message", &self.reason.chinese())?;
        flat.end()
    }
}
