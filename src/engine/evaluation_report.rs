//! Evaluations and comparisons as files: a page for people, JSON for programs.

use std::path::Path;

use serde::Serialize;

use super::hard_zeros::Audit;
use super::{EngineError, Evaluation, RunComparison, models};
use crate::document::{Histogram, Page, Section, Table, page};
use crate::domain::{DivisionCode, Language, TechnologyField};
use crate::eval::{Comparison, Measure, Metrics, Oddities, QueryDifference, Slice, SliceBy};

/// Bins of a histogram of values from 0 to 1.
const BINS: usize = 20;

/// Writes `report.html` and `report.json` of an evaluation into a directory.
///
/// # Errors
/// [`EngineError::NoJudgements`] for an evaluation without figures, [`EngineError::File`] if a file cannot be written.
pub fn write_evaluation_report(of: &Evaluation, language: Language, to: &Path) -> Result<(), EngineError> {
    let metrics = of.metrics.ok_or_else(|| EngineError::NoJudgements { set: of.set.clone() })?;
    let words = Words(language);
    let mut sections = vec![
        Section {
            heading: words.say("概况", "Overview").to_owned(),
            notes: words.overview(of, &metrics),
            ..Section::default()
        },
        Section {
            heading: words.say("各查询指标的平均值", "Means over queries").to_owned(),
            table: Some(words.measures(&metrics)),
            ..Section::default()
        },
        Section {
            heading: words.say("推荐列表的性质", "What the lists are like").to_owned(),
            table: Some(words.lists(&metrics)),
            ..Section::default()
        },
        Section {
            heading: words.say("不得出现的情况（都应为 0）", "What must be 0").to_owned(),
            table: Some(words.zeros(&of.audit)),
            ..Section::default()
        },
        Section {
            heading: words.say("各查询 nDCG@10 的分布", "How nDCG@10 is spread over queries").to_owned(),
            chart: Some(words.spread(of)),
            ..Section::default()
        },
    ];
    sections.extend(SliceBy::ALL.map(|by| words.slices(by, &of.slices)));
    let title = format!("{}：{}", words.say("匹配质量", "Match quality"), of.set);
    write(&Page { title, language, sections }, of, to)
}

/// Writes `report.html` and `report.json` of a comparison into a directory.
///
/// # Errors
/// [`EngineError::File`] if a file cannot be written.
pub fn write_comparison_report(of: &RunComparison, language: Language, to: &Path) -> Result<(), EngineError> {
    let words = Words(language);
    let Comparison { per_query, greatest_gains, greatest_losses, .. } = &of.comparison;
    let spread = Histogram {
        caption: words.say("各查询之差（B − A）", "Differences of queries (B − A)").to_owned(),
        across: format!("{}（B − A）", of.comparison.measure),
        range: (-1.0, 1.0),
        bins: 2 * BINS,
        values: per_query.iter().map(|query| query.difference.clamp(-1.0, 1.0)).collect(),
    };
    let sections = vec![
        Section {
            heading: words.say("结果", "Result").to_owned(),
            notes: words.odd(&[of.oddities_a, of.oddities_b]),
            table: Some(words.comparison(of)),
            chart: Some(spread),
            bars: None,
        },
        words.differences(words.say("提高最多的查询", "Greatest gains"), greatest_gains),
        words.differences(words.say("下降最多的查询", "Greatest losses"), greatest_losses),
    ];
    let title = format!("{}：{}", words.say("两种排序的比较", "Two runs compared"), of.set);
    write(&Page { title, language, sections }, of, to)
}

fn write(report: &Page, values: &impl Serialize, to: &Path) -> Result<(), EngineError> {
    let failed = |error: serde_json::Error| EngineError::File { path: to.join("report.json"), source: error.into() };
    models::write(&to.join("report.html"), page(report)?.as_bytes())?;
    models::write(&to.join("report.json"), serde_json::to_string_pretty(values).map_err(failed)?.as_bytes())
}

/// A report's texts in one language.
struct Words(Language);

impl Words {
    fn say<'a>(&self, chinese: &'a str, english: &'a str) -> &'a str {
        match self.0 {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    fn head(&self, names: &[(&str, &str)]) -> Vec<String> {
        names.iter().map(|(chinese, english)| self.say(chinese, english).to_owned()).collect()
    }

    fn overview(&self, of: &Evaluation, metrics: &Metrics) -> Vec<String> {
        let counts = [
            (self.say("许可信息", "listings"), of.listings),
            (self.say("查询", "queries"), of.queries),
            (self.say("有相关结果可找的查询", "judged queries"), metrics.queries),
            (self.say("无法读取的行", "rows rejected"), of.rejected),
        ];
        let counts: Vec<String> = counts.iter().map(|(name, count)| format!("{name} {count}")).collect();
        let mut notes = vec![counts.join(self.say("，", ", "))];
        notes.extend(self.odd(&[of.oddities]));
        notes
    }

    fn odd(&self, oddities: &[Oddities]) -> Vec<String> {
        oddities.iter().flat_map(|oddities| oddities.told(self.0)).collect()
    }

    fn measures(&self, metrics: &Metrics) -> Table {
        let row = |measure: Measure| vec![measure.label().to_owned(), format!("{:.4}", metrics.get(measure))];
        let head = self.head(&[("指标", "measure"), ("平均值", "mean")]);
        Table { head, rows: Measure::ALL.map(row).into() }
    }

    fn lists(&self, metrics: &Metrics) -> Table {
        let lists = &metrics.lists;
        let rows = [
            ("在前 20 条中出现过的许可信息所占比例", "share of listings in some first 20", lists.catalogue_coverage),
            ("有推荐结果的查询所占比例", "share of judged queries with any list", lists.enterprise_coverage),
            ("前 20 条曝光的基尼系数（0 均匀，1 集中）", "Gini of places in first 20 (0 even)", lists.exposure_gini),
            ("前 10 条的多样性（IPC 小类，1 − Jaccard）", "diversity of first 10 (1 − Jaccard)", lists.diversity),
            ("前 20 条的新颖性（比特）", "novelty of first 20 (bits)", lists.novelty),
            (
                "前 20 条的领域分布与相关许可信息的接近程度（1 相同，0 全异）",
                "calibration of first 20 (1 − total variation)",
                lists.calibration,
            ),
        ];
        let row = |(chinese, english, value): (&str, &str, f64)| {
            vec![self.say(chinese, english).into(), format!("{value:.4}")]
        };
        Table { head: self.head(&[("性质", "figure"), ("值", "value")]), rows: rows.map(row).into() }
    }

    fn zeros(&self, audit: &Audit) -> Table {
        let said = |name: &str| match name {
            "ineligible-served" => self.say("不得推荐给该企业的", "listings that may not be shown to that enterprise"),
            "over-cap" => self.say("超过展示上限的", "places beyond the most a listing may be shown"),
            "already-licensed" => self.say("该企业已获许可的", "listings that the enterprise has a licence of"),
            _ => self.say("同一列表中重复的", "listings that stand twice in a list"),
        };
        let row = |(name, count): (&str, usize)| vec![said(name).to_owned(), count.to_string()];
        Table {
            head: self.head(&[("情况", "what"), ("次数", "places")]), rows: audit.zeros.named().map(row).into()
        }
    }

    fn spread(&self, of: &Evaluation) -> Histogram {
        Histogram {
            caption: self.say("各查询的 nDCG@10", "nDCG@10 of queries").to_owned(),
            across: "nDCG@10".to_owned(),
            range: (0.0, 1.0),
            bins: BINS,
            // A sum of gains that comes out a hair beyond the best is the best.
            values: of.per_query.iter().map(|query| query.figures.get(Measure::NdcgAt10).clamp(0.0, 1.0)).collect(),
        }
    }

    fn slices(&self, by: SliceBy, slices: &[Slice]) -> Section {
        let heading = match by {
            SliceBy::Start => self.say("按有无自有专利", "By cold or warm start"),
            SliceBy::OwnPatents => self.say("按自有专利件数", "By number of own patents"),
            SliceBy::Text => self.say("按画像文字的字数", "By characters of the profile's text"),
            SliceBy::Region => self.say("按企业所在省份", "By province"),
            SliceBy::Field => self.say("按相关许可信息的主要技术领域", "By main field of the relevant listings"),
        };
        let mut head = self.head(&[("部分", "part"), ("查询", "queries")]);
        head.extend(Measure::ALL.map(|measure| measure.label().to_owned()));
        let row = |slice: &Slice| {
            let mut row = vec![self.part(slice), slice.queries.to_string()];
            row.extend(Measure::ALL.map(|measure| format!("{:.4}", slice.figures.get(measure))));
            row
        };
        let rows = slices.iter().filter(|slice| slice.by == by).map(row).collect();
        Section { heading: heading.to_owned(), table: Some(Table { head, rows }), ..Section::default() }
    }

    /// The name of a part for people: fields by number and name.
    fn part(&self, slice: &Slice) -> String {
        let field = |part: &str| TechnologyField::from_number(part.parse().ok()?);
        match (slice.by, slice.part.as_str()) {
            (_, "unknown") => self.say("未知", "unknown").to_owned(),
            (SliceBy::Start, "cold") => self.say("无自有专利", "cold: no own patents").to_owned(),
            (SliceBy::Start, "warm") => self.say("有自有专利", "warm: some own patents").to_owned(),
            (SliceBy::Region, part) => {
                part.parse().map_or(part.to_owned(), |province: DivisionCode| province.name().to_owned())
            }
            (SliceBy::Field, part) => field(part).map_or(part.to_owned(), |field| format!("{part} {field}")),
            (_, part) => part.to_owned(),
        }
    }

    fn comparison(&self, of: &RunComparison) -> Table {
        let Comparison { measure, queries, a, b, difference, interval: (low, high), p, .. } = &of.comparison;
        let Comparison { rounds, seed, wins, losses, ties, .. } = &of.comparison;
        let rows = [
            (self.say("指标", "measure"), (*measure).to_owned()),
            (self.say("查询", "queries"), queries.to_string()),
            (self.say("A 的平均值", "mean of A"), format!("{a:.4}（{}）", of.name_a)),
            (self.say("B 的平均值", "mean of B"), format!("{b:.4}（{}）", of.name_b)),
            (self.say("差（B − A）", "difference (B − A)"), format!("{difference:+.4}")),
            (self.say("差的 95% 区间（自助法）", "its 95 % interval (bootstrap)"), format!("{low:+.4} … {high:+.4}")),
            (self.say("p（随机化检验，双侧）", "p (randomisation, two-sided)"), format!("{p:.4}")),
            (self.say("B 更好 / 更差 / 相同", "B better / worse / same"), format!("{wins} / {losses} / {ties}")),
            (self.say("抽样次数，随机种子", "rounds, seed"), format!("{rounds}, {seed}")),
        ];
        let row = |(name, value): (&str, String)| vec![name.to_owned(), value];
        Table { head: self.head(&[("项目", "item"), ("值", "value")]), rows: rows.map(row).into() }
    }

    fn differences(&self, heading: &str, queries: &[QueryDifference]) -> Section {
        let row = |query: &QueryDifference| {
            let values = [format!("{:.4}", query.a), format!("{:.4}", query.b), format!("{:+.4}", query.difference)];
            [query.query.clone()].into_iter().chain(values).collect()
        };
        let head = self.head(&[("查询", "query"), ("A", "A"), ("B", "B"), ("差", "difference")]);
        let table = Some(Table { head, rows: queries.iter().map(row).collect() });
        Section { heading: heading.to_owned(), table, ..Section::default() }
    }
}
