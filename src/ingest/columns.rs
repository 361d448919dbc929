//! Which field of ours a column of a file is, by its name. A name we do not know is reported, never guessed.

use std::collections::{BTreeMap, HashMap};

use unicode_normalization::UnicodeNormalization;

use super::IngestError;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Id,
    Key,
    Label,
    ApplicationNumber,
    PublicationNumber,
    Title,
    Kind,
    Holders,
    HolderKind,
    IpcMain,
    Ipc,
    IpcSubclass,
    Abstract,
    Claim,
    FiledOn,
    PublishedOn,
    FeeForm,
    FeeStandard,
    LumpSum,
    Period,
    EndsOn,
    Territory,
    Place,
    Contact,
    AnnouncedOn,
    Name,
    CreditCode,
    Business,
    Products,
    Industries,
    IndustryCode,
    Concepts,
    Tags,
    Needs,
    OwnPatents,
    Scale,
    Budget,
    Email,
    Phone,
    Province,
    City,
    DivisionCode,
    Family,
    Pattern,
    Exclusions,
    ClassCode,
    ClassText,
    EventId,
    Delivery,
    Listing,
    Feedback,
    DeclineCode,
    HappenedAt,
    Year,
    Contracts,
    FixedMean,
    RoyaltyMean,
    RoyaltyBase,
    Source,
}

/// The columns a kind of file may have.
#[derive(Debug, Clone)]
pub(super) struct Schema {
    /// Names by field; the first name is the usual one.
    pub(super) aliases: &'static [&'static [(Field, &'static [&'static str])]],
    /// Names we know and have no use for.
    pub(super) not_kept: &'static [&'static str],
    /// Of each group one column must be there.
    pub(super) required: &'static [&'static [Field]],
    /// What the columns of this one file mean that no table knows.
    pub(super) mapping: Mapping,
}

/// What columns of a file mean, said by a person: a column's name and the name it should have had.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping(BTreeMap<String, String>);

impl Mapping {
    /// Every column means what it is called.
    pub(super) const NONE: Self = Self(BTreeMap::new());

    /// Adds that the column `column` means what `ours` does. Names are compared without width, case, blanks and notes.
    pub fn add(&mut self, column: &str, ours: &str) {
        self.0.insert(fold_name(column).0, fold_name(ours).0);
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What it says, in one text; the same for the same meaning.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.iter().map(|(column, ours)| format!("{column}={ours}")).collect::<Vec<_>>().join("\n")
    }
}

/// A field, and how far down its list of names the name stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) field: Field,
    pub(super) rank: usize,
}

impl Schema {
    fn names(&self) -> impl Iterator<Item = &(Field, &'static [&'static str])> {
        self.aliases.iter().flat_map(|table| table.iter())
    }

    /// The usual name of a field.
    pub(super) fn usual_name(&self, field: Field) -> &'static str {
        self.names().find(|(f, _)| *f == field).and_then(|(_, names)| names.first()).copied().unwrap_or_default()
    }

    fn known(&self, folded: &str) -> Option<Known> {
        let folded = self.mapping.0.get(folded).map_or(folded, String::as_str);
        self.names().find_map(|(field, names)| {
            names.iter().position(|name| *name == folded).map(|rank| Known { field: *field, rank })
        })
    }

    /// How many of these names are known.
    pub(super) fn count_known<'a>(&self, names: impl Iterator<Item = &'a str>) -> usize {
        names.filter(|name| self.known(&fold_name(name).0).is_some()).count()
    }

    /// The same for a file whose columns are mapped.
    ///
    /// # Errors
    /// [`IngestError::UnknownTarget`] for a column mapped to a name that means nothing either.
    pub(super) fn mapped(&self, mapping: &Mapping) -> Result<Self, IngestError> {
        let unknown = mapping.0.iter().find(|(_, ours)| self.known(ours).is_none());
        if let Some((column, target)) = unknown {
            let names = self.names().filter_map(|(_, names)| names.first().copied()).collect::<Vec<_>>().join("、");
            return Err(IngestError::UnknownTarget { column: column.clone(), target: target.clone(), names });
        }
        Ok(Self { mapping: mapping.clone(), ..self.clone() })
    }

    /// The columns no file may lack, for a message.
    pub(super) fn expected(&self) -> String {
        let names: Vec<_> = self.required.iter().map(|group| self.usual_name(group[0])).collect();
        names.join("、")
    }
}

/// One column of a file.
#[derive(Debug)]
struct Column {
    name: String,
    known: Option<Known>,
    note: Option<String>,
    reported: bool,
}

/// The columns of one file, in the order they were met.
#[derive(Debug)]
pub(super) struct Columns {
    schema: Schema,
    columns: Vec<Column>,
    by_name: HashMap<String, usize>,
}

/// More names than this in one file are not kept apart: no form has as many.
const MOST_COLUMNS: usize = 4096;

impl Columns {
    pub(super) fn new(schema: &Schema) -> Self {
        Self { schema: schema.clone(), columns: Vec::new(), by_name: HashMap::new() }
    }

    /// Adds the next column of a header.
    pub(super) fn push(&mut self, name: &str) -> usize {
        let (folded, note) = fold_name(name);
        let known = self.schema.known(&folded);
        let reported = known.is_none() && !folded.is_empty() && !self.schema.not_kept.contains(&folded.as_str());
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        self.columns.push(Column { name: name.chars().take(60).collect(), known, note, reported });
        self.columns.len() - 1
    }

    /// The column of a JSON key, added when it is new; `None` once there are too many.
    pub(super) fn of_key(&mut self, key: &str) -> Option<usize> {
        if let Some(&column) = self.by_name.get(key) {
            return Some(column);
        }
        if self.columns.len() >= MOST_COLUMNS {
            return None;
        }
        let column = self.push(key);
        self.by_name.insert(key.to_owned(), column);
        Some(column)
    }

    pub(super) fn len(&self) -> usize {
        self.columns.len()
    }

    pub(super) fn name(&self, column: usize) -> Option<String> {
        self.columns.get(column).map(|c| c.name.clone())
    }

    pub(super) fn known(&self, column: usize) -> Option<Known> {
        self.columns.get(column)?.known
    }

    /// The unit or remark in brackets behind the name: `万元` of `许可使用费标准(万元)`.
    pub(super) fn note(&self, column: usize) -> Option<&str> {
        self.columns.get(column)?.note.as_deref()
    }

    /// The name the file uses for a field, else the usual one.
    pub(super) fn name_of(&self, field: Field) -> String {
        let here = self.columns.iter().find(|c| c.known.is_some_and(|known| known.field == field));
        here.map_or_else(|| self.schema.usual_name(field).to_owned(), |column| column.name.clone())
    }

    pub(super) fn unknown(&self) -> Vec<String> {
        self.columns.iter().filter(|c| c.reported).map(|c| c.name.clone()).collect()
    }

    pub(super) fn any_known(&self) -> bool {
        self.columns.iter().any(|c| c.known.is_some())
    }

    /// Checks that a header has what every row needs.
    pub(super) fn check_required(&self, file: &str) -> Result<(), IngestError> {
        if !self.any_known() {
            return Err(IngestError::NoKnownColumn { file: file.to_owned(), expected: self.schema.expected() });
        }
        let has = |field: &Field| self.columns.iter().any(|c| c.known.is_some_and(|known| known.field == *field));
        match self.schema.required.iter().find(|group| !group.iter().any(has)) {
            None => Ok(()),
            Some(group) => {
                let names = self.schema.names().filter(|(field, _)| group.contains(field));
                let accepted: Vec<_> = names.flat_map(|(_, names)| names.iter().copied()).collect();
                Err(IngestError::MissingColumn {
                    file: file.to_owned(),
                    column: self.schema.usual_name(group[0]),
                    accepted: accepted.join("、"),
                })
            }
        }
    }
}

/// A column name without width, case, blanks, asterisks and bracketed notes; and the first note.
pub(super) fn fold_name(name: &str) -> (String, Option<String>) {
    let (mut folded, mut note, mut depth) = (String::new(), None::<String>, 0_usize);
    for c in name.nfkc().take(400).flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()) {
        match c {
            '(' | '[' | '【' | '〔' => {
                depth += 1;
                note.get_or_insert_default();
            }
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            '*' | ':' | '\u{feff}' | '\u{200b}' => {}
            c if depth > 0 => note.get_or_insert_default().push(c),
            c => folded.push(c),
        }
    }
    (folded, note.map(|note| note.trim_start_matches("单位").to_owned()).filter(|note| !note.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::super::aliases::{
        CLASS_NOTES, ENTERPRISES, FEEDBACK, INDUSTRY_FEES, INDUSTRY_PAIRS, INDUSTRY_RULES, LISTINGS, PATENTS, QUERIES,
        TEXTS,
    };
    use super::*;

    #[test]
    fn a_name_is_known_in_any_width_case_and_with_notes() {
        for (name, field) in [
            ("许可期限届满日(YYYY年M月D日)", Field::EndsOn),
            (" 专 利 号 *", Field::ApplicationNumber),
            ("ＺＬＢＨ", Field::ApplicationNumber),
            ("许可使用费标准（单位：万元）", Field::FeeStandard),
            ("\u{feff}IPC分类号", Field::Ipc),
        ] {
            assert_eq!(LISTINGS.known(&fold_name(name).0).map(|k| k.field), Some(field), "{name}");
        }
        assert_eq!(fold_name("许可使用费标准（单位：万元）").1.as_deref(), Some("万元"));
    }

    #[test]
    fn a_name_stands_for_one_field_only() {
        let ours = [&LISTINGS, &PATENTS, &ENTERPRISES, &QUERIES, &TEXTS];
        for schema in
            ours.into_iter().chain([&INDUSTRY_PAIRS, &INDUSTRY_RULES, &CLASS_NOTES, &FEEDBACK, &INDUSTRY_FEES])
        {
            let mut seen = std::collections::HashSet::new();
            for name in schema.names().flat_map(|(_, names)| names.iter()) {
                assert!(seen.insert(*name), "{name} is listed twice");
                assert_eq!(fold_name(name).0, *name, "{name} is not written as folding leaves it");
            }
        }
    }

    #[test]
    fn every_column_of_the_platforms_is_known() {
        let names = "ipc penterClassName applicant price openEndStr createDateStr patent_sn type_name patent_user \
            apply_user suggest_price license_time license_scope create_time zlh fbzllx zlqr tjzlx yczff_ycxqefy \
            xkfybz xkqxjmr appNumber type assigneeList licenseFee licenseTimeEnd licenseArea 专利类型 专利号 专利权人 \
            许可范围 许可期限届满日(YYYY年M月D日) 许可使用费 许可使用费支付方式 交易中心联系人 RIGHTTYPE XKSYFBZSM \
            XKSMJMRQ1 XKDYFW_NOTE DCXKQX ZLBH ZLLX_NOTE ZLQR zlnum spare1 cydw zlqrxz zlfzffs spare2 createtime \
            zlxkCode zlxxUser zlxxUsertype xkfyJson zlxkDate zlxkArea patentNum company createTime patent_number \
            patentee patent_type license_period license_fee 许可费用 许可地域范围 公告时间 许可费支付方式 许可费标准 \
            生效日 许可期限 单次许可期限";
        for name in names.split_whitespace() {
            assert!(LISTINGS.known(&fold_name(name).0).is_some(), "{name}");
        }
    }

    #[test]
    fn a_missing_column_is_named_with_its_other_names() {
        let mut columns = Columns::new(&LISTINGS);
        for name in ["专利号", "发明名称", "许可使用费标准"] {
            columns.push(name);
        }
        let error = columns.check_required("a.csv").unwrap_err();
        assert!(
            matches!(&error, IngestError::MissingColumn { column: "专利权人", accepted, .. } if accepted.contains("patentee"))
        );
    }

    #[test]
    fn unknown_columns_are_reported_and_unused_ones_are_not() {
        let mut columns = Columns::new(&ENTERPRISES);
        for name in ["企业名称", "stock_code", "星座", ""] {
            columns.push(name);
        }
        assert_eq!(columns.unknown(), ["星座"]);
    }
}
