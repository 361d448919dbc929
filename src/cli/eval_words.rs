//! What `duijie eval` tells people.

use std::fmt::Write;

use super::output::Output;
use crate::domain::{Beside, Notice, PartGain, ReasonKind};
use crate::engine::{
    Absence, Audit, Evaluation, ExplainedListing, ExplainedQuery, FreshPrice, Limit, LimitResult, ListPolicy,
    ListPrice, Measure, Metrics, Offender, QueryDifference, RevealReport, RunComparison, Source, Standing,
};

/// The line scripts have always read, then the others.
const FIRST: [Measure; 4] = [Measure::NdcgAt10, Measure::RecallAt100, Measure::Mrr, Measure::Map];

pub(super) fn evaluation(evaluation: &Evaluation, output: &Output) -> String {
    let Evaluation { set, listings, queries, rejected, metrics, oddities, audit: found, .. } = evaluation;
    let mut text = format!("{set}  listings {listings}  queries {queries}");
    if *rejected > 0 {
        text.push_str(&format!("  {} {rejected}", output.say("无法读取的行", "rows rejected")));
    }
    match metrics {
        Some(metrics) => figures(&mut text, metrics),
        None => text.push_str(output.say("\n没有 qrels.txt，未打分", "\nno qrels.txt: not scored")),
    }
    _ = write!(text, "\n{}", audit(found, output));
    oddities.told(output.language).iter().for_each(|odd| _ = write!(text, "\n{odd}"));
    text
}

fn figures(text: &mut String, metrics: &Metrics) {
    let line = |measures: Vec<Measure>| {
        let figures = measures.iter().map(|measure| format!("{} {:.4}", measure.label(), metrics.get(*measure)));
        figures.collect::<Vec<_>>().join("  ")
    };
    // Without weights of its own judgements a set's weighted figure is the plain one.
    let same = metrics.get(Measure::IpsNdcgAt10) == metrics.get(Measure::NdcgAt10);
    let shown = |measure: &Measure| !(FIRST.contains(measure) || same && *measure == Measure::IpsNdcgAt10);
    let others = Measure::ALL.into_iter().filter(shown).collect();
    let lists = &metrics.lists;
    _ = write!(text, "\njudged {}  {}\n{}", metrics.queries, line(FIRST.into()), line(others));
    _ = write!(text, "\ncoverage@20 {:.4}  answered {:.4}", lists.catalogue_coverage, lists.enterprise_coverage);
    _ = write!(
        text,
        "  gini@20 {:.4}  diversity@10 {:.4}  novelty@20 {:.4}  calibration@20 {:.4}",
        lists.exposure_gini, lists.diversity, lists.novelty, lists.calibration
    );
}

/// What must be 0 on a line, and below it what is not.
pub(super) fn audit(audit: &Audit, output: &Output) -> String {
    let counts = audit.zeros.named().map(|(name, count)| format!("{name} {count}"));
    let mut text = counts.join("  ");
    for Offender { enterprise, listing, wrong } in &audit.offenders {
        let whose = enterprise.as_ref().map_or_else(String::new, |enterprise| format!("{enterprise}  "));
        _ = write!(text, "\n  {whose}{listing}  {}", output.say(&wrong.chinese(), &wrong.to_string()));
    }
    text
}

pub(super) fn revealed(of: &RevealReport, output: &Output) -> String {
    let RevealReport { set, revealed, queries, comparisons } = of;
    let mut text = format!("{set}  queries {queries}  {} {revealed}", output.say("每个查询已收藏", "saved by each"));
    for comparison in comparisons {
        let ((low, high), name) = (comparison.interval, comparison.measure);
        _ = write!(
            text,
            "\n{name:<10}  {:.4} → {:.4}  {:+.4}  {} {low:+.4} … {high:+.4}  p {:.4}  +{} −{} ={}",
            comparison.a,
            comparison.b,
            comparison.difference,
            output.say("95% 区间", "95 % interval"),
            comparison.p,
            comparison.wins,
            comparison.losses,
            comparison.ties
        );
    }
    text
}

pub(super) fn comparison(of: &RunComparison, output: &Output) -> String {
    let comparison = &of.comparison;
    let (low, high) = comparison.interval;
    let mut text = format!("{}  {}  queries {}\n", of.set, comparison.measure, comparison.queries);
    _ = writeln!(text, "A {}  {:.4}\nB {}  {:.4}", of.name_a, comparison.a, of.name_b, comparison.b);
    _ = writeln!(
        text,
        "B − A  {:+.4}  {} {low:+.4} … {high:+.4}  p {:.4}",
        comparison.difference,
        output.say("95% 区间", "95 % interval"),
        comparison.p
    );
    _ = writeln!(
        text,
        "{} {}  {} {}  {} {}",
        output.say("B 更好", "B better"),
        comparison.wins,
        output.say("更差", "worse"),
        comparison.losses,
        output.say("相同", "same"),
        comparison.ties
    );
    differences(&mut text, output.say("提高最多", "greatest gains"), &comparison.greatest_gains);
    differences(&mut text, output.say("下降最多", "greatest losses"), &comparison.greatest_losses);
    for (name, oddities) in [("A", of.oddities_a), ("B", of.oddities_b)] {
        oddities.told(output.language).iter().for_each(|odd| _ = writeln!(text, "{name}: {odd}"));
    }
    text
}

fn differences(text: &mut String, title: &str, queries: &[QueryDifference]) {
    if !queries.is_empty() {
        _ = writeln!(text, "{title}:");
    }
    for QueryDifference { query, a, b, difference } in queries {
        _ = writeln!(text, "  {difference:+.4}  {a:.4} → {b:.4}  {query}");
    }
}

pub(super) fn prices(prices: &[ListPrice]) -> String {
    let mut text = String::from(
        "fold  variety  balance  nDCG@10  class-P@20  recall@100  diversity@10  coverage@20  gini@20  moved@20  folded@20\n",
    );
    for ListPrice { policy, metrics, moved, folded } in prices {
        let ListPolicy { fold, variety, balance } = policy;
        let (ndcg, class) = (metrics.get(Measure::NdcgAt10), metrics.get(Measure::ClassPrecisionAt20));
        let (recall, lists) = (metrics.get(Measure::RecallAt100), &metrics.lists);
        let (diversity, coverage, gini) = (lists.diversity, lists.catalogue_coverage, lists.exposure_gini);
        _ = writeln!(
            text,
            "{fold:<4}  {variety:<7}  {balance:<7}  {ndcg:.4}   {class:.4}      {recall:.4}      {diversity:.4}        \
             {coverage:.4}       {gini:.4}   {moved:>5.2}     {folded:>5.2}"
        );
    }
    text
}

/// The first line is that of no rule.
pub(super) fn fresh_prices(prices: &[FreshPrice]) -> String {
    let mut text = String::from("near  fresh  shown  nDCG@10  coverage@20  gini@20\n");
    for FreshPrice { near, fresh, shown, metrics } in prices {
        let near = near.map_or_else(|| "-".to_owned(), |near| near.to_string());
        let (ndcg, lists) = (metrics.get(Measure::NdcgAt10), &metrics.lists);
        let (coverage, gini) = (lists.catalogue_coverage, lists.exposure_gini);
        _ = writeln!(text, "{near:<4}  {fresh:>5}  {shown:>5}  {ndcg:.4}   {coverage:.4}       {gini:.4}");
    }
    text
}

pub(super) fn gate(results: &[LimitResult], output: &Output) -> String {
    let mut text = String::new();
    for LimitResult { set, figure, value, limit, holds } in results {
        let (verdict, limit) = match (limit, holds) {
            (Limit::Least(floor), true) => (output.say("不低于下限", "reaches its floor"), floor),
            (Limit::Least(floor), false) => (output.say("低于下限", "is below its floor"), floor),
            (Limit::Most(ceiling), true) => (output.say("不高于上限", "keeps to its ceiling"), ceiling),
            (Limit::Most(ceiling), false) => (output.say("高于上限", "is above its ceiling"), ceiling),
        };
        _ = writeln!(text, "{set} {figure} {value:.4} {verdict} {limit}");
    }
    text
}

pub(super) fn explained(of: &ExplainedQuery, output: &Output) -> String {
    let mut text = format!("{}  {} {}\n", of.set, of.query.id, of.query.name);
    of.list.iter().for_each(|listing| explained_listing(&mut text, listing, output));
    if !of.missing.is_empty() {
        _ = writeln!(text, "\n{}:", output.say("没有列出的相关许可信息", "relevant listings not in the list"));
    }
    of.missing.iter().for_each(|listing| explained_listing(&mut text, listing, output));
    text
}

/// What a source of candidates is called.
fn source(kind: ReasonKind, output: &Output) -> &str {
    match kind {
        ReasonKind::Words => output.say("用词", "words"),
        ReasonKind::Wording => output.say("字面", "wording"),
        ReasonKind::OwnPatents => output.say("自有专利分类", "own patents' classes"),
        ReasonKind::Field => output.say("技术领域", "field"),
        ReasonKind::Meaning => output.say("含义", "meaning"),
        ReasonKind::Fee => output.say("费用", "fee"),
        ReasonKind::Region => output.say("地区", "region"),
    }
}

fn explained_listing(text: &mut String, of: &ExplainedListing, output: &Output) {
    let grade = of.grade.map_or_else(|| "–".to_owned(), |grade| grade.to_string());
    let head = format!("{}  {}  {} {grade}", of.listing, of.title, output.say("等级", "grade"));
    match &of.standing {
        Standing::Ranked { rank, score, explanation, sources } => {
            _ = writeln!(text, "{rank:>5}. {head}  [{:.2}]", score.value());
            let places: Vec<String> =
                sources.iter().map(|Source { kind, rank }| format!("{} {rank}", source(*kind, output))).collect();
            _ = writeln!(
                text,
                "       {}  {}",
                output.say("单看各来源的名次", "rank by each source alone"),
                places.join("，")
            );
            for reason in &explanation.reasons {
                _ = writeln!(text, "       {:+.2}  {}", reason.score, reason.text);
            }
        }
        Standing::Absent { absence } => {
            let why = match absence {
                Absence::NotInTheSet => output.say("评测集中没有", "not in the set"),
                Absence::NotOnOffer => output.say("不能推荐给这家企业", "may not be shown to this enterprise"),
                Absence::NothingShared => output.say("没有任何共同之处", "nothing speaks for it"),
            };
            _ = writeln!(text, "    –. {head}  {why}");
        }
    }
}

pub(super) fn part_gains(gains: &[PartGain], output: &Output) -> String {
    let mut text = String::new();
    for gain in gains {
        let PartGain { part, beside, set, enterprises, without, with, least, most } = gain;
        let beside = match beside {
            Beside::Name => output.say("只有名称时", "beside the name"),
            Beside::Rest => output.say("其余俱全时", "beside the rest"),
        };
        _ = writeln!(
            text,
            "{set}  {}  {beside}  n {enterprises}  nDCG@10 {without:.4} → {with:.4}  {:+.4} [{least:+.4}, {most:+.4}]",
            part.chinese(),
            with - without
        );
    }
    text
}
