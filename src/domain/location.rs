//! Where an enterprise sits and where a licence holds.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::DivisionCode;

/// A place as people write it (`江苏省苏州市工业园区`) and the smallest division recognised in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Location {
    /// The text as given.
    pub text: String,
    /// The smallest division the text names; `None` for places abroad and names we do not know.
    pub division: Option<DivisionCode>,
}

impl Location {
    /// Reads a place: a province by full or short name (`江苏`), then a city and a county inside it; a city alone is
    /// found where only one city has that name.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).take(100).collect();
        let division = text.parse().ok().or_else(|| named(&text).map(|(division, _)| division));
        Self { text, division }
    }

    /// The province, when known.
    #[must_use]
    pub fn province(&self) -> Option<DivisionCode> {
        self.division.map(DivisionCode::province)
    }
}

/// Where licences under a listing hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Territory {
    /// All of China.
    Nationwide,
    /// Only in these divisions.
    Divisions(Vec<DivisionCode>),
    /// Words we cannot place; a person has to read them.
    Other(String),
}

/// Regions people name instead of listing their provinces.
const REGIONS: [(&str, &[u32]); 4] = [
    ("长三角", &[310_000, 320_000, 330_000, 340_000]),
    ("长江三角洲", &[310_000, 320_000, 330_000, 340_000]),
    ("京津冀", &[110_000, 120_000, 130_000]),
    ("粤港澳大湾区", &[440_000, 810_000, 820_000]),
];

impl Territory {
    /// Reads a territory: `全国`, `中国境内`, provinces and cities joined by commas, or a region such as `长三角`.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text: String = text.chars().filter(|c| !c.is_whitespace()).take(200).collect();
        let bare = text.trim_end_matches(['内', '。']);
        if matches!(
            bare,
            "全国"
                | "中国"
                | "中国境"
                | "中华人民共和国"
                | "中华人民共和国境"
                | "全国范围"
                | "中国大陆"
                | "不限"
        ) {
            return Self::Nationwide;
        }
        let mut divisions = Vec::new();
        for part in bare.split(['、', '，', ',', '；', ';', '/', '和', '及']).filter(|part| !part.is_empty()) {
            let region = REGIONS.iter().find_map(|(name, codes)| Some((*codes, part.strip_prefix(name)?)));
            match (region, named(part)) {
                (Some((codes, rest)), _) if says_no_more(rest) => {
                    divisions.extend(codes.iter().filter_map(|c| c.to_string().parse::<DivisionCode>().ok()));
                }
                (None, Some((division, rest))) if says_no_more(rest) => divisions.push(division),
                // Words we do not understand may turn the meaning round: 江苏省以外地区.
                _ => return Self::Other(text),
            }
        }
        if divisions.is_empty() { Self::Other(text) } else { Self::Divisions(divisions) }
    }

    /// Whether an enterprise at `place` may work the licence; `None` when the words or the place cannot be judged.
    #[must_use]
    pub fn covers(&self, place: Option<DivisionCode>) -> Option<bool> {
        match self {
            Self::Nationwide => Some(true),
            Self::Divisions(divisions) => Self::divisions_cover(divisions, place),
            Self::Other(_) => None,
        }
    }

    /// Whether one of these divisions holds `place`; `None` when the place is not known well enough to say.
    #[must_use]
    pub fn divisions_cover(divisions: &[DivisionCode], place: Option<DivisionCode>) -> Option<bool> {
        let place = place?;
        let inside = divisions.iter().any(|d| d.contains(place));
        // A firm known by its province may or may not sit in the city that is meant.
        let perhaps = divisions.iter().any(|d| place.contains(*d));
        (inside || !perhaps).then_some(inside)
    }

    /// As shown on a listing.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Nationwide => "全国".to_owned(),
            Self::Divisions(divisions) => divisions.iter().map(|d| d.full_name()).collect::<Vec<_>>().join("、"),
            Self::Other(text) => text.clone(),
        }
    }
}

/// A division by one of its names.
type Named = (String, DivisionCode);

/// Provinces by full and short name.
static PROVINCES: LazyLock<Vec<Named>> = LazyLock::new(|| {
    let provinces = DivisionCode::all().filter(|d| d.parent().is_none());
    provinces.flat_map(|d| names_of(d.name()).into_iter().map(move |name| (name, d))).collect()
});

/// The divisions right below one, by full and short name.
static BELOW: LazyLock<HashMap<DivisionCode, Vec<Named>>> = LazyLock::new(|| {
    let mut below: HashMap<DivisionCode, Vec<Named>> = HashMap::new();
    for d in DivisionCode::all() {
        if let Some(parent) = d.parent() {
            below.entry(parent).or_default().extend(names_of(d.name()).into_iter().map(|name| (name, d)));
        }
    }
    below
});

/// Cities by full and short name, where only one has that name.
static CITIES: LazyLock<Vec<Named>> = LazyLock::new(|| {
    let mut cities: HashMap<&str, Option<DivisionCode>> = HashMap::new();
    for (name, d) in PROVINCES.iter().filter_map(|(_, province)| BELOW.get(province)).flatten() {
        cities.entry(name).and_modify(|seen| *seen = seen.filter(|s| s == d)).or_insert(Some(*d));
    }
    cities.into_iter().filter_map(|(name, d)| Some((name.to_owned(), d?))).collect()
});

/// The division with the longest name that a text starts with.
fn longest_prefix<'a>(names: &'a [Named], text: &str) -> Option<&'a Named> {
    names.iter().filter(|(name, _)| text.starts_with(name.as_str())).max_by_key(|(name, _)| name.len())
}

/// The full name and the short one people use.
fn names_of(full: &str) -> Vec<String> {
    const ENDINGS: [&str; 8] =
        ["维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "自治州", "省", "市"];
    let short = ENDINGS.iter().find_map(|ending| full.strip_suffix(ending)).filter(|short| short.chars().count() >= 2);
    std::iter::once(full.to_owned()).chain(short.map(str::to_owned)).collect()
}

/// The smallest division named at the start of a text, and what stands behind its name.
fn named(text: &str) -> Option<(DivisionCode, &str)> {
    let city = longest_prefix(&CITIES, text);
    let Some((name, province)) = longest_prefix(&PROVINCES, text) else {
        return city.map(|(name, city)| (*city, &text[name.len()..]));
    };
    // 吉林市 is a city of 吉林省: the longer name is meant.
    if let Some((longer, city)) = city.filter(|(city, _)| city.len() > name.len()) {
        return Some((*city, &text[longer.len()..]));
    }
    let mut rest = text[name.len()..].trim_start_matches(['省', '市', '-', '·', '/']);
    let mut found = *province;
    while let Some((name, inner)) = BELOW.get(&found).and_then(|names| longest_prefix(names, rest)) {
        found = *inner;
        rest = &rest[name.len()..];
    }
    Some((found, rest))
}

/// Whether what stands behind a division's name leaves its meaning as it is.
fn says_no_more(rest: &str) -> bool {
    matches!(rest, "" | "境" | "境内" | "内" | "全境" | "全省" | "全市" | "范围" | "范围内" | "区域" | "地区")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Option<String> {
        Location::parse(text).division.map(DivisionCode::full_name)
    }

    #[test]
    fn places_are_found_in_the_ways_people_write_them() {
        for (text, found) in [
            ("江苏省苏州市", "江苏省苏州市"),
            ("江苏苏州", "江苏省苏州市"),
            ("苏州市", "江苏省苏州市"),
            ("北京市海淀区中关村", "北京市海淀区"),
            ("广西", "广西壮族自治区"),
            ("湖北省 仙桃市", "湖北省仙桃市"),
            ("内蒙古自治区包头市", "内蒙古自治区包头市"),
            ("320500", "江苏省苏州市"),
            ("吉林市", "吉林省吉林市"),
            ("吉林省长春市", "吉林省长春市"),
        ] {
            assert_eq!(place(text).as_deref(), Some(found), "{text}");
        }
        assert_eq!(place("境外"), None);
    }

    #[test]
    fn a_territory_covers_what_lies_inside_it() {
        let suzhou = Location::parse("苏州").division;
        assert_eq!(Territory::parse("全国").covers(suzhou), Some(true));
        assert_eq!(Territory::parse("中国境内"), Territory::Nationwide);
        assert_eq!(Territory::parse("江苏省、浙江省").covers(suzhou), Some(true));
        assert_eq!(Territory::parse("广东省内").covers(suzhou), Some(false));
        assert_eq!(Territory::parse("长三角").covers(suzhou), Some(true));
        assert_eq!(Territory::parse("江苏省").covers(None), None);
        assert_eq!(Territory::parse("江苏省以外地区"), Territory::Other("江苏省以外地区".into()));
        assert_eq!(Territory::parse("江苏省境内").covers(suzhou), Some(true));
        let province_only = Location::parse("江苏省").division;
        assert_eq!(Territory::parse("江苏省苏州市").covers(province_only), None, "the firm may sit in that city");
        assert_eq!(Territory::parse("广东省深圳市").covers(province_only), Some(false));
        assert_eq!(Territory::parse("见公告"), Territory::Other("见公告".into()));
    }
}
