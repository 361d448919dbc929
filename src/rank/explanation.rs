//! The words in which a score is explained.

use super::{Ranked, reason_of};
use crate::domain::{
    Enterprise, Evidence, Explanation, Fee, IpcCode, Listing, Location, ProfilePart, Reason, ReasonKind,
    Recommendation, Score,
};

/// How many terms a reason names.
const NAMED_TERMS: usize = 6;

/// A score below this share of the list's best is called a weak match.
const WEAK: f64 = 0.25;

/// Puts a ranked listing's score into words: one reason for each part, the strongest first; `best` is the first score
/// of its list.
///
/// `evidence` is what `retrieve` gives for the listing; without it the reasons stand with their parts but name no terms.
#[must_use]
pub fn explain(
    ranked: &Ranked,
    evidence: &[Evidence],
    listing: &Listing,
    enterprise: &Enterprise,
    best: Score,
) -> Recommendation {
    let shared_words = strongest(evidence, ReasonKind::Words);
    let mut reasons: Vec<Reason> = ranked
        .parts
        .iter()
        .map(|&(kind, score)| {
            let evidence: Vec<&Evidence> = strongest(evidence, kind);
            let text = match kind {
                ReasonKind::Words => words_text(&evidence),
                ReasonKind::Wording => wording_text(&evidence, &shared_words, listing),
                ReasonKind::OwnPatents => own_patents_text(&evidence),
                ReasonKind::Field => field_text(&evidence, listing),
                ReasonKind::Meaning => meaning_text(enterprise).to_owned(),
                ReasonKind::Fee => fee_text(listing, score),
                ReasonKind::Region => region_text(listing),
            };
            Reason { kind, score, terms: named_terms(&evidence, score), text }
        })
        .collect();
    reasons.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.kind.cmp(&b.kind)));
    let mut remarks = remarks(listing, enterprise);
    if ranked.score.value() < WEAK * best.value() {
        remarks.insert(0, "匹配较弱，仅供参考".to_owned());
    }
    let explanation = Explanation { reasons, remarks };
    Recommendation { listing: ranked.listing.clone(), score: ranked.score, explanation }
}

/// The evidence behind a reason, the strongest first.
fn strongest(evidence: &[Evidence], kind: ReasonKind) -> Vec<&Evidence> {
    let mut of_kind: Vec<&Evidence> = evidence.iter().filter(|e| reason_of(e.kind) == kind).collect();
    of_kind.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.term.cmp(&b.term)));
    of_kind
}

/// The strongest terms with their part of the reason's score.
fn named_terms(evidence: &[&Evidence], score: f64) -> Vec<(String, f64)> {
    let all: f64 = evidence.iter().map(|e| e.weight).sum();
    evidence
        .iter()
        .filter(|e| !e.term.is_empty())
        .take(NAMED_TERMS)
        .map(|e| (e.term.clone(), score * e.weight / all))
        .collect()
}

fn quoted<'a>(terms: impl IntoIterator<Item = &'a str>) -> String {
    terms.into_iter().map(|term| format!("“{term}”")).collect()
}

/// `与主要产品共有“隔膜”“电解液”，与自有专利共有“涂覆”`: terms inside a longer one that is named are passed over.
fn words_text(evidence: &[&Evidence]) -> String {
    let mut named: Vec<&Evidence> = Vec::new();
    for &candidate in evidence {
        let inside = named.iter().any(|known| known.term.contains(&candidate.term));
        if !inside && candidate.term.chars().count() > 1 {
            named.retain(|known| !candidate.term.contains(&known.term));
            named.push(candidate);
        }
        if named.len() == NAMED_TERMS {
            break;
        }
    }
    let groups = ProfilePart::ALL.into_iter().filter_map(|part| {
        let terms: Vec<&str> = named.iter().filter(|e| e.part == Some(part)).map(|e| e.term.as_str()).collect();
        (!terms.is_empty()).then(|| format!("与{}共有{}", part.chinese(), quoted(terms)))
    });
    let groups: Vec<String> = groups.collect();
    if groups.is_empty() { "有共同用词".to_owned() } else { groups.join("，") }
}

/// A stretch without a single character torn off another word: 能电池 is 电池, where that is a word shared.
fn without_torn_edges<'s>(stretch: &'s str, words: &[&Evidence]) -> &'s str {
    let found = words.iter().filter(|word| word.term.chars().count() > 1).filter_map(|word| {
        let start = stretch.find(&word.term)?;
        Some((start, start + word.term.len()))
    });
    let Some((start, end)) = found.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) else { return stretch };
    let torn = |edge: &str| edge.chars().count() == 1;
    let start = if torn(&stretch[..start]) { start } else { 0 };
    let end = if torn(&stretch[end..]) { end } else { stretch.len() };
    &stretch[start..end]
}

/// Characters that a stretch of wording neither begins nor ends with.
const LOOSE: [char; 8] = ['的', '及', '其', '和', '与', '用', '种', '一'];

/// The longest stretches of the listing's title that the profile's character pairs cover.
fn wording_text(evidence: &[&Evidence], words: &[&Evidence], listing: &Listing) -> String {
    let title: Vec<char> = listing.patent.title.to_lowercase().chars().collect();
    let shared = |at: usize| {
        let pair: String = title[at..at + 2].iter().collect();
        evidence.iter().any(|e| e.term == pair)
    };
    let mut stretches: Vec<String> = Vec::new();
    let mut start = 0;
    for at in 0..title.len() {
        if at + 1 == title.len() || !shared(at) {
            if at > start {
                stretches.push(title[start..=at].iter().collect());
            }
            start = at + 1;
        }
    }
    let mut stretches: Vec<&str> = stretches
        .iter()
        .map(|s| without_torn_edges(s.trim_matches(LOOSE), words))
        .filter(|s| s.chars().count() > 1)
        .collect();
    stretches.sort_by_key(|stretch| (std::cmp::Reverse(stretch.chars().count()), *stretch));
    stretches.dedup();
    match stretches.as_slice() {
        [] => "摘要或权利要求的字面与企业画像相近".to_owned(),
        some => format!("标题中{}与企业画像字面一致", quoted(some.iter().take(3).copied())),
    }
}

/// The finest classes shared with own patents, with the title of the subclass.
fn own_patents_text(evidence: &[&Evidence]) -> String {
    let finest: Vec<&str> = {
        let mut symbols: Vec<&str> = evidence.iter().map(|e| e.term.as_str()).collect();
        symbols.sort_by_key(|symbol| std::cmp::Reverse(symbol.len()));
        // H01M covers H01M10 and that H01M10/05; H01M10/05 is no part of H01M10/0525, nor A23B1 of A23B10.
        let covers = |long: &str, short: &str| {
            let rest = long.strip_prefix(short).filter(|rest| !rest.is_empty() && !short.contains('/'));
            rest.is_some_and(|rest| short.len() <= 4 || rest.starts_with('/'))
        };
        let all = symbols.clone();
        symbols.retain(|symbol| !all.iter().any(|longer| covers(longer, symbol)));
        symbols
    };
    let title = finest.first().and_then(|symbol| IpcCode::title(symbol.get(..4).unwrap_or(symbol)));
    let title = title.map_or_else(String::new, |title| format!("（{}）", shortened(title)));
    let own = evidence.iter().any(|e| e.part != Some(ProfilePart::Feedback));
    let whose = if own { "自有" } else { "感兴趣的" };
    format!("与企业{whose}专利同属 {}{title}", finest.into_iter().take(3).collect::<Vec<_>>().join("、"))
}

/// The field of the listing and the subclass that brought it.
fn field_text(evidence: &[&Evidence], listing: &Listing) -> String {
    let field = listing.patent.field().map_or_else(String::new, |field| format!("“{}”", field.name()));
    let Some(strongest) = evidence.first() else { return format!("属企业所在技术领域{field}") };
    let title = IpcCode::title(&strongest.term).map_or_else(String::new, |title| format!("（{}）", shortened(title)));
    format!("企业画像及与之相近的专利指向 {}{title}，本专利同属该小类，技术领域{field}", strongest.term)
}

/// What the title is near to: the profile's meaning is made of own patents and of what the enterprise says it does.
fn meaning_text(enterprise: &Enterprise) -> &'static str {
    let described = !enterprise.business.is_empty() || !enterprise.products.is_empty();
    match (enterprise.own_patents.is_empty(), described) {
        (false, true) => "含义与企业自有专利及业务相近（不限于相同用词）",
        (false, false) => "含义与企业自有专利相近（不限于相同用词）",
        (true, true) => "含义与企业业务相近（不限于相同用词）",
        (true, false) => "含义与企业名称及所属行业相近（不限于相同用词）",
    }
}

/// The first clause of a class title.
fn shortened(title: &str) -> String {
    title.split(['；', ';']).next().unwrap_or(title).chars().take(24).collect()
}

/// The budget itself is not told: reasons are shown to others than the enterprise.
fn fee_text(listing: &Listing, score: f64) -> String {
    let fee = listing.terms.as_ref().map_or_else(String::new, |terms| terms.fee.describe());
    let verdict = if score >= 0.0 { "在每年预算之内" } else { "高于每年预算" };
    format!("许可费：{fee}，{verdict}")
}

fn region_text(listing: &Listing) -> String {
    let province = listing.patent.location.as_ref().and_then(Location::province).map_or("", |province| province.name());
    format!("专利权人同在{province}")
}

/// What the enterprise should know besides the reasons.
fn remarks(listing: &Listing, enterprise: &Enterprise) -> Vec<String> {
    let Some(terms) = &listing.terms else {
        return vec!["未公布开放许可条件，使用前须与专利权人联系".to_owned()];
    };
    let mut remarks = Vec::new();
    if terms.fee == Fee::Negotiable {
        remarks.push("许可费面议".to_owned());
    }
    let place = enterprise.location.as_ref().and_then(|location| location.division);
    if terms.territory.covers(place).is_none() {
        remarks.push(format!("许可地域为“{}”，请核对是否包括企业所在地", terms.territory.describe()));
    }
    remarks
}
