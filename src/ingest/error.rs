//! Why a file could not be opened at all. A fault of one row is a [`Rejection`](super::Rejection) and stops nothing.

use std::io::ErrorKind;

use thiserror::Error;

use crate::domain::Notice;

/// Why a file could not be read at all.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IngestError {
    /// The file does not exist or may not be read.
    #[error("cannot read {file}: {source}; check the path and the permissions")]
    Unreadable {
        /// The file's name.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file holds nothing.
    #[error("{file} is empty; export it again")]
    Empty {
        /// The file's name.
        file: String,
    },
    /// The name ends in nothing we read.
    #[error("cannot tell the format of {file}: expected a name ending in .xlsx, .csv, .jsonl, .csv.gz or .jsonl.gz")]
    Extension {
        /// The file's name.
        file: String,
    },
    /// The content is of another format than the name says.
    #[error("{file} does not hold what its name says: expected {expected}, found {found}")]
    Content {
        /// The file's name.
        file: String,
        /// The format its name promises.
        expected: Format,
        /// The format its first bytes show.
        found: Format,
    },
    /// No column of the file is one we know.
    #[error("{file} has no column we know; its first row of names must hold columns such as {expected}")]
    NoKnownColumn {
        /// The file's name.
        file: String,
        /// The columns that are needed.
        expected: String,
    },
    /// A column is said to mean something that is no column.
    #[error("'{column}' is mapped to '{target}', which is none of: {names}")]
    UnknownTarget {
        /// The file's column.
        column: String,
        /// What it is said to mean.
        target: String,
        /// What there is.
        names: String,
    },
    /// A column that every row needs is not there.
    #[error("{file} has no column '{column}'; any of these names is accepted: {accepted}")]
    MissingColumn {
        /// The file's name.
        file: String,
        /// The column's usual name.
        column: &'static str,
        /// All names it may have.
        accepted: String,
    },
    /// Unpacked, the workbook would be larger than we are willing to read.
    #[error("{file} unpacks to more than {limit_mib} MiB; split it into several files")]
    TooLarge {
        /// The file's name.
        file: String,
        /// The limit in MiB.
        limit_mib: u64,
    },
    /// The workbook's parts do not fit together.
    #[error(
        "{file} is not a workbook we can read{}; open it in a spreadsheet program and save it as .xlsx again",
        in_brackets(detail, " (", ")")
    )]
    Workbook {
        /// The file's name.
        file: String,
        /// What its reader said.
        detail: Option<String>,
    },
}

fn in_brackets(detail: &Option<String>, open: &str, close: &str) -> String {
    detail.as_ref().map_or_else(String::new, |detail| format!("{open}{detail}{close}"))
}

/// What the bytes of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// A workbook (a ZIP archive).
    Xlsx,
    /// Gzip.
    Gzip,
    /// Text in UTF-8 or GB18030.
    Text,
    /// One JSON object a line.
    JsonLines,
    /// An Office document of before 2007, or an encrypted one.
    OldOffice,
    /// Bytes that are no text.
    Binary,
}

impl Format {
    fn chinese(self) -> &'static str {
        match self {
            Self::Xlsx => "XLSX 工作簿",
            Self::Gzip => "gzip 压缩文件",
            Self::Text => "文本（UTF-8 或 GB18030）",
            Self::JsonLines => "每行一个 JSON 对象",
            Self::OldOffice => "旧版 .xls 或加密文件",
            Self::Binary => "二进制内容",
        }
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Xlsx => "an XLSX workbook",
            Self::Gzip => "a gzip file",
            Self::Text => "text in UTF-8 or GB18030",
            Self::JsonLines => "one JSON object a line",
            Self::OldOffice => "an old .xls or an encrypted file",
            Self::Binary => "bytes that are no text",
        })
    }
}

impl Notice for IngestError {
    fn chinese(&self) -> String {
        match self {
            Self::Unreadable { file, source } => match source.kind() {
                ErrorKind::NotFound => format!("无法读取 {file}：文件不存在，请检查路径"),
                ErrorKind::PermissionDenied => format!("无法读取 {file}：没有权限，请检查文件权限"),
                ErrorKind::IsADirectory => format!("无法读取 {file}：这是一个目录，请指定文件"),
                _ => format!("无法读取 {file}：{source}，请检查路径和权限"),
            },
            Self::Empty { file } => format!("{file} 是空文件，请重新导出"),
            Self::Extension { file } => {
                format!("无法识别 {file} 的格式：文件名应以 .xlsx、.csv、.jsonl、.csv.gz 或 .jsonl.gz 结尾")
            }
            Self::Content { file, expected, found } => {
                format!("{file} 的内容与扩展名不符：应为：{}，实为：{}", expected.chinese(), found.chinese())
            }
            Self::NoKnownColumn { file, expected } => format!("{file} 中没有可识别的列：表头应含{expected}等列"),
            Self::UnknownTarget { column, target, names } => {
                format!("“{column}”对应的“{target}”不是可用的列名，可用的有：{names}")
            }
            Self::MissingColumn { file, column, accepted } => {
                format!("{file} 缺少“{column}”列，可用的列名有：{accepted}")
            }
            Self::TooLarge { file, limit_mib } => format!("{file} 解压后超过 {limit_mib} MiB，请拆分为多个文件"),
            Self::Workbook { file, detail } => {
                let detail = in_brackets(detail, "（", "）");
                format!("{file} 不是可读的工作簿{detail}，请用表格软件打开后另存为 .xlsx")
            }
        }
    }
}
