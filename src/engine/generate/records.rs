//! Listings and enterprises as rows that an import takes.
//!
//! A listing has the title, claim, symbols, holders and place of one patent, its abstract from that one and another of
//! the same subclass, and made-up numbers, dates and terms. An enterprise has place, business and needs of one firm,
//! products and patents of another that says about as much. Firms' names are marked, and patent numbers count down from one
//! that was never given.
//!
//! Texts stay readable, so they repeat themselves less than real ones: an abstract of two halves has more distinct words,
//! and the mark in its name adds two to a firm's. The report says how many; where postings are counted, words are the
//! form to take.

use rand::Rng;
use rand::seq::{SliceRandom, index};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::sources::{Sources, words};
use super::{LISTING_STREAM, MOST_RECORDS, PROFILE_STREAM, Work};
use crate::analysis::Analyzer;
use crate::domain::{ApplicationNumber, Enterprise, EnterpriseScale, Listing, OwnPatent, Patent, PatentKind};
use crate::engine::EngineError;
use crate::profile::{Readers, profile_of};

/// Rows of each kind that are measured: their words have to be found anew.
const MEASURED: u64 = 10_000;
/// How far apart two texts that are joined stand, in order of subclass and length.
const NEIGHBOURS: usize = 64;
/// Own patents of a firm made of patents alone.
const OWN_PATENTS: usize = 3;

/// Forms of payment with their share: of the licences registered in 2023 (CNIPA), 54 % were free, 39 % at a fixed fee and
/// 7 % for a royalty; some of those are left open here. `#` stands for an amount, `%` for a rate.
const FEES: [(u32, &str, &str); 8] = [
    (52, "免费", "免费"),
    (19, "一次总付", "#万元"),
    (14, "分期支付", "每年#万元"),
    (4, "分期支付", "首期#万元，其后每年#万元"),
    (4, "提成支付", "销售额的%"),
    (3, "入门费+提成", "入门费#万元+销售额%"),
    (2, "先试用后付费", "首年免费，之后每年#万元"),
    (2, "面议", "面议"),
];
const TEN_THOUSANDS: [&str; 9] = ["0.5", "1", "2", "3", "5", "8", "10", "20", "50"];
const RATES: [&str; 5] = ["1%", "2%", "3%", "5%", "8%"];
/// Most offers hold everywhere, as most real ones do.
const TERRITORIES: [(u32, &str); 8] = [
    (76, "全国"),
    (4, "江苏省"),
    (4, "广东省"),
    (4, "浙江省、上海市"),
    (4, "长三角"),
    (3, "京津冀"),
    (3, "粤港澳大湾区"),
    (2, "湖北省武汉市"),
];
const PERIODS: [&str; 5] = ["1年", "2年", "3年", "36个月", "5年"];
const HOLDER: &str = "权利人（生成）";
const CONTACT: &str = "生成数据，无联系人";

/// Writes all listings and enterprises.
pub(super) fn write(analyzer: &Analyzer, sources: &mut Sources, work: &mut Work<'_>) -> Result<(), EngineError> {
    let partners = Partners::new(sources.patents.len(), |place| {
        let patent = &sources.patents[place].patent;
        (patent.ipc.first().map_or("", |symbol| symbol.subclass()), patent.abstract_text.len())
    });
    let mut random = work.random(LISTING_STREAM);
    for number in 0..work.request.listings {
        let (one, other) = partners.pair(&mut random);
        let (one, other) = (&sources.patents[one], &sources.patents[other].patent);
        let row = listing_row(number, one, other, &mut random);
        if number < MEASURED {
            let text = Patent { abstract_text: row.abstract_text.clone(), ..one.patent.clone() };
            let words = words(analyzer, &text);
            let words: Vec<u32> = words.iter().map(|word| sources.vocabulary.number(word)).collect();
            work.measure.document(&words);
        }
        work.listings.line(&json(&row))?;
        work.tell(number + 1);
    }
    let firms = Partners::new(sources.enterprises.len(), |place| ("", sources.profiles[place].len()));
    let mut random = work.random(PROFILE_STREAM);
    for number in 0..work.request.profiles {
        let firm = match sources.enterprises.is_empty() {
            true => firm_of_patents(number, &sources.patents, &mut random),
            false => {
                let (one, other) = firms.pair(&mut random);
                firm_of_two(number, &sources.enterprises[one], &sources.enterprises[other])
            }
        };
        if number < MEASURED {
            work.measure.profile(profile_of(analyzer, Readers::default(), &firm).words.len());
        }
        work.profiles.line(&json(&EnterpriseRow::from(&firm)))?;
        work.tell(work.request.listings + number + 1);
    }
    Ok(())
}

fn json(row: &impl Serialize) -> String {
    // Rows hold texts and lists of texts: nothing that could fail.
    serde_json::to_string(row).unwrap_or_default()
}

/// Whose text is joined with whose: rows that stand near each other in order of class and length. Joined with just any
/// other, texts would lose their topic, and long and short ones would come out all of middle length.
struct Partners(Vec<usize>);

impl Partners {
    fn new<'a>(rows: usize, order: impl Fn(usize) -> (&'a str, usize)) -> Self {
        let mut places: Vec<usize> = (0..rows).collect();
        places.sort_by_key(|&place| order(place));
        Self(places)
    }

    /// Two different rows, as long as there are two.
    fn pair(&self, random: &mut ChaCha8Rng) -> (usize, usize) {
        let one = random.gen_range(0..self.0.len());
        let first = one.saturating_sub(NEIGHBOURS);
        let last = (one + NEIGHBOURS).min(self.0.len() - 1);
        let other = random.gen_range(first..=last);
        let other = if other == one { if one < last { one + 1 } else { first } } else { other };
        (self.0[one], self.0[other])
    }
}

/// The beginning of one text and the end of another; one of them alone where the other is empty.
fn joined(one: &str, other: &str) -> String {
    if one.is_empty() || other.is_empty() {
        return one.to_owned();
    }
    format!("{}{}", &one[..middle(one)], &other[middle(other)..])
}

/// Where a text is cut: behind the sign nearest to its middle, else in its middle.
fn middle(text: &str) -> usize {
    let half = text.len() / 2;
    let signs = text.char_indices().filter(|(_, c)| matches!(c, '。' | '；' | '，' | ',' | ';' | '、'));
    let behind = signs.map(|(at, c)| at + c.len_utf8()).filter(|end| *end < text.len());
    behind.min_by_key(|end| end.abs_diff(half)).unwrap_or_else(|| text.floor_char_boundary(half))
}

/// A row of `listings.jsonl`.
#[derive(Serialize)]
struct ListingRow<'a> {
    #[serde(rename = "专利号")]
    number: String,
    #[serde(rename = "发明名称")]
    title: &'a str,
    #[serde(rename = "专利类型")]
    kind: &'static str,
    #[serde(rename = "专利权人")]
    holders: Vec<&'a str>,
    #[serde(rename = "专利权人类型", skip_serializing_if = "Option::is_none")]
    holder_kind: Option<&'static str>,
    #[serde(rename = "IPC分类号")]
    ipc: Vec<&'a str>,
    #[serde(rename = "摘要", skip_serializing_if = "str::is_empty")]
    abstract_text: String,
    #[serde(rename = "主权利要求", skip_serializing_if = "str::is_empty")]
    claim: &'a str,
    #[serde(rename = "申请日")]
    filed_on: String,
    #[serde(rename = "授权公告日")]
    granted_on: String,
    #[serde(rename = "许可使用费支付方式")]
    fee_form: &'static str,
    #[serde(rename = "许可使用费标准")]
    fee: String,
    #[serde(rename = "单次许可期限")]
    period: &'static str,
    #[serde(rename = "许可期限届满日")]
    ends_on: String,
    #[serde(rename = "许可地域范围")]
    territory: &'static str,
    #[serde(rename = "专利权人所在地", skip_serializing_if = "Option::is_none")]
    place: Option<&'a str>,
    #[serde(rename = "联系方式")]
    contact: &'static str,
    #[serde(rename = "公告日期")]
    announced_on: String,
}

fn listing_row<'a>(number: u64, one: &'a Listing, other: &Patent, random: &mut ChaCha8Rng) -> ListingRow<'a> {
    let patent = &one.patent;
    let kind = patent.kind.unwrap_or(PatentKind::Invention);
    let (digit, oldest) = match kind {
        PatentKind::Invention => (1, 2014),
        PatentKind::UtilityModel => (2, 2019),
        PatentKind::Design => (3, 2016),
    };
    let filed = random.gen_range(oldest..=2022);
    let granted = filed + random.gen_range(1..=3);
    // The serial alone tells listings apart.
    let serial = ApplicationNumber::from_body(&format!("{filed}{digit}{:07}", MOST_RECORDS - 1 - number));
    let mut day = |year: i32, last_month: u32| {
        format!("{year}-{:02}-{:02}", random.gen_range(1..=last_month), random.gen_range(1..=28))
    };
    let (filed_on, granted_on, announced_on, ends_on) =
        (day(filed, 12), day(granted, 12), day(2026, 10), day(2029 + (number % 5) as i32, 12));
    let (fee_form, fee) = fee(random);
    let holders: Vec<&str> = patent.holders.iter().map(String::as_str).collect();
    ListingRow {
        number: serial.map_or_else(String::new, |number| format!("ZL{number}")),
        title: &patent.title,
        kind: kind.chinese(),
        holders: if holders.is_empty() { vec![HOLDER] } else { holders },
        holder_kind: one.holder_kind.map(|kind| kind.chinese()),
        ipc: patent.ipc.iter().map(|symbol| symbol.as_str()).collect(),
        abstract_text: joined(&patent.abstract_text, &other.abstract_text),
        claim: &patent.claim,
        filed_on,
        granted_on,
        fee_form,
        fee,
        period: PERIODS.choose(random).copied().unwrap_or_default(),
        ends_on,
        territory: weighted(&TERRITORIES, |(share, _)| *share, random).1,
        place: patent.location.as_ref().map(|place| place.text.as_str()),
        contact: CONTACT,
        announced_on,
    }
}

/// One of a few, by their shares.
fn weighted<'a, T>(all: &'a [T], share: impl Fn(&T) -> u32, random: &mut ChaCha8Rng) -> &'a T {
    let mut left = random.gen_range(0..all.iter().map(&share).sum());
    let drawn = all.iter().find(|one| {
        let here = left < share(one);
        left = left.saturating_sub(share(one));
        here
    });
    drawn.unwrap_or(&all[0])
}

/// A form of payment and its standard.
fn fee(random: &mut ChaCha8Rng) -> (&'static str, String) {
    let (_, form, pattern) = weighted(&FEES, |(share, ..)| *share, random);
    let mut standard = String::new();
    for c in pattern.chars() {
        match c {
            '#' => standard.push_str(TEN_THOUSANDS.choose(random).copied().unwrap_or_default()),
            '%' => standard.push_str(RATES.choose(random).copied().unwrap_or_default()),
            c => standard.push(c),
        }
    }
    (form, standard)
}

/// A name no other firm has, and no real one.
fn marked(name: &str, number: u64) -> String {
    format!("{name}（生成{number}）")
}

/// What one firm says of itself, and what another makes and has patented. The text names its firm: there the new name
/// stands, as a real firm's own would.
fn firm_of_two(number: u64, one: &Enterprise, other: &Enterprise) -> Enterprise {
    let name = marked(&one.name, number);
    Enterprise {
        business: one.business.replace(&one.name, &name),
        products: other.products.clone(),
        own_patents: other.own_patents.clone(),
        name,
        credit_code: None,
        ..one.clone()
    }
}

/// A firm known by patents alone.
fn firm_of_patents(number: u64, patents: &[Listing], random: &mut ChaCha8Rng) -> Enterprise {
    let own = index::sample(random, patents.len(), OWN_PATENTS.min(patents.len())).into_iter().map(|place| {
        let patent = &patents[place].patent;
        OwnPatent { title: patent.title.clone(), ipc: patent.ipc.clone(), application_number: None }
    });
    let own_patents = own.filter(|patent| !patent.title.is_empty()).collect();
    Enterprise { own_patents, ..Enterprise::named(&marked("样例企业", number), None) }
}

/// A row of `enterprises.jsonl`.
#[derive(Serialize)]
struct EnterpriseRow<'a> {
    #[serde(rename = "企业名称")]
    name: &'a str,
    #[serde(rename = "所在地", skip_serializing_if = "Option::is_none")]
    place: Option<&'a str>,
    #[serde(rename = "行业代码", skip_serializing_if = "Option::is_none")]
    industry_code: Option<&'a str>,
    #[serde(rename = "所属行业", skip_serializing_if = "<[_]>::is_empty")]
    industries: &'a [String],
    #[serde(rename = "经营范围", skip_serializing_if = "str::is_empty")]
    business: &'a str,
    #[serde(rename = "主要产品", skip_serializing_if = "<[_]>::is_empty")]
    products: &'a [String],
    #[serde(rename = "概念", skip_serializing_if = "<[_]>::is_empty")]
    concepts: &'a [String],
    #[serde(rename = "资质", skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
    #[serde(rename = "技术需求", skip_serializing_if = "Vec::is_empty")]
    needs: Vec<&'a str>,
    #[serde(rename = "自有专利", skip_serializing_if = "Vec::is_empty")]
    own_patents: Vec<OwnPatentEntry<'a>>,
    #[serde(rename = "企业规模", skip_serializing_if = "Option::is_none")]
    scale: Option<&'static str>,
    #[serde(rename = "许可费预算", skip_serializing_if = "Option::is_none")]
    budget: Option<String>,
}

/// An own patent, without its number: that is another firm's.
#[derive(Serialize)]
struct OwnPatentEntry<'a> {
    title: &'a str,
    ipc: Vec<&'a str>,
}

impl<'a> From<&'a Enterprise> for EnterpriseRow<'a> {
    fn from(firm: &'a Enterprise) -> Self {
        let entry = |patent: &'a OwnPatent| OwnPatentEntry {
            title: &patent.title,
            ipc: patent.ipc.iter().map(|symbol| symbol.as_str()).collect(),
        };
        Self {
            name: &firm.name,
            place: firm.location.as_ref().map(|place| place.text.as_str()),
            industry_code: firm.industry_code.as_ref().map(|code| code.as_str()),
            industries: &firm.industries,
            business: &firm.business,
            products: &firm.products,
            concepts: &firm.concepts,
            tags: &firm.tags,
            needs: firm.needs.iter().map(|need| need.0.as_str()).collect(),
            own_patents: firm.own_patents.iter().filter(|patent| !patent.title.is_empty()).map(entry).collect(),
            scale: firm.scale.map(EnterpriseScale::chinese),
            budget: firm.budget_per_year.map(|amount| format!("{amount}/年")),
        }
    }
}
