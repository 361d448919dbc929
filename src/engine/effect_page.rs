//! A period's figures as a report in Chinese: one for page, workbook and document.

use super::EngineError;
use super::campaign_results::FunnelStep;
use super::effect::EffectReport;
use super::effect_slices::SliceOf;
use crate::document::{self, Bars, Page, Section, Table};
use crate::domain::{Date, DivisionCode, HolderKind, Language, LicenceState};

/// What the pilot plan of 2022 expects of a province: holders that offer patents, and licences.
const HOLDERS: u64 = 100;
const LICENCES: u64 = 1_000;
/// Most bars of a chart.
const BARS: usize = 12;

impl EffectReport {
    /// As a page that stands alone.
    ///
    /// # Errors
    /// [`EngineError::Document`] if it cannot be written.
    pub fn html(&self) -> Result<String, EngineError> {
        Ok(document::page(&self.page())?)
    }

    /// As a workbook (XLSX).
    ///
    /// # Errors
    /// As [`Self::html`].
    pub fn workbook(&self) -> Result<Vec<u8>, EngineError> {
        Ok(document::workbook(&self.page())?)
    }

    /// As a document (DOCX) made on a day.
    ///
    /// # Errors
    /// As [`Self::html`].
    pub fn docx(&self, made_on: Date) -> Result<Vec<u8>, EngineError> {
        Ok(document::report_docx(&self.page(), made_on)?)
    }

    fn page(&self) -> Page {
        let whose = self.province.map_or_else(|| "全部省份".to_owned(), DivisionCode::full_name);
        let mut sections = vec![self.catalogue(), self.holders(), self.reach(), self.licences()];
        for (by, heading) in [
            (SliceOf::Province, "按企业所在省份"),
            (SliceOf::Field, "按技术领域"),
            (SliceOf::HolderKind, "按专利权人类型"),
        ] {
            sections.push(self.slice(by, heading));
        }
        sections.extend([self.declines(), self.cases()]);
        // With dots, a day is not broken in two.
        let day = |day: Date| day.to_string().replace('-', ".");
        let title = format!("专利开放许可推送成效报告（{whose}，{} 至 {}）", day(self.from), day(self.to));
        Page { title, language: Language::Chinese, sections }
    }

    fn catalogue(&self) -> Section {
        let rows = self.listings.iter().map(|count| row(count.status.chinese(), &[count.listings]));
        let all = self.listings.iter().map(|count| count.listings).sum();
        section("许可信息", vec!["按出具报告时的状态统计。".to_owned()], &["状态", "件数"], rows, Some(&[all]))
    }

    fn holders(&self) -> Section {
        let name = |kind: Option<HolderKind>| kind.map_or("未知", HolderKind::chinese);
        let rows = self.holders.iter().map(|count| row(name(count.kind), &[count.holders, count.listings]));
        let (holders, listings) =
            self.holders.iter().fold((0, 0), |(holders, all), count| (holders + count.holders, all + count.listings));
        let named = [Some(HolderKind::University), Some(HolderKind::Institute), Some(HolderKind::StateOwned)];
        let pilot: u64 =
            self.holders.iter().filter(|count| named.contains(&count.kind)).map(|count| count.holders).sum();
        let note = format!(
            "有公开许可信息的专利权人。其中高校、科研院所、国有企业 {pilot} 家，试点方案的目标为 {HOLDERS} 家。"
        );
        section("专利权人", vec![note], &["类型", "专利权人", "公开的许可信息"], rows, Some(&[holders, listings]))
    }

    fn reach(&self) -> Section {
        let name = |step: &FunnelStep| match step.step.as_str() {
            "delivered" => "送达",
            "opened" => "打开",
            "saved" => "收藏",
            "enquired" => "咨询",
            "licensed" => "许可",
            _ => "拒绝",
        };
        let rows = self.funnel.iter().map(|step| row(name(step), &[step.enterprises, step.pairs]));
        let note = format!(
            "本期推送 {} 次。“件次”按企业与专利计，同一专利推给同一企业多次只计一次；其后的打开、咨询等计至本期末。",
            self.deliveries
        );
        let bars = self.funnel.iter().map(|step| (name(step).to_owned(), step.pairs)).collect();
        let bars = Some(Bars { caption: "从送达到许可（件次）".to_owned(), bars });
        Section { bars, ..section("推送与反馈", vec![note], &["环节", "企业数", "件次"], rows, None) }
    }

    fn licences(&self) -> Section {
        let figures = &self.licences;
        let named = |word: &str| {
            let state = LicenceState::ALL.into_iter().find(|state| state.word() == word);
            state.map_or_else(|| word.to_owned(), |state| state.chinese().to_owned())
        };
        let states = figures.by_state.iter().map(|(word, count)| row(&format!("状态：{}", named(word)), &[*count]));
        let payments = figures.by_payment.iter().map(|(form, count)| row(&format!("支付方式：{form}"), &[*count]));
        let whole = [
            row("达成的许可（已付款及以后）", &[figures.licences]),
            row("取得许可的企业", &[figures.enterprises]),
            row("被许可的专利", &[figures.patents]),
            row("其中许可给两家以上的", &[figures.one_to_many]),
            row("接受时应付的费用合计（元）", &[figures.due_on_acceptance.unsigned_abs() / 100]),
        ];
        let share = |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 };
        let note = format!(
            "本期接受的许可，不论是否因推送而来。达成 {} 项，试点方案的目标为 {LICENCES} 项；一对多的专利占 {:.1}%。",
            figures.licences,
            share(figures.one_to_many, figures.patents)
        );
        section("许可", vec![note], &["项目", "数量"], whole.into_iter().chain(states).chain(payments), None)
    }

    fn slice(&self, by: SliceOf, heading: &str) -> Section {
        let slices = || self.slices.iter().filter(|slice| slice.by == by);
        let rows = slices().map(|slice| row(&slice.name, &[slice.shown, slice.opened, slice.enquired, slice.licensed]));
        let total = slices().fold([0; 4], |[shown, opened, enquired, licensed], slice| {
            [shown + slice.shown, opened + slice.opened, enquired + slice.enquired, licensed + slice.licensed]
        });
        let bars: Vec<(String, u64)> = slices().take(BARS).map(|slice| (slice.name.clone(), slice.shown)).collect();
        let bars = (!bars.is_empty()).then(|| Bars { caption: format!("送达件次，{heading}"), bars });
        Section {
            bars, ..section(heading, Vec::new(), &["", "送达", "打开", "咨询", "许可"], rows, Some(&total))
        }
    }

    fn declines(&self) -> Section {
        let rows = self.declines.iter().map(|count| row(&count.reason, &[count.pairs]));
        let bars: Vec<(String, u64)> = self.declines.iter().map(|count| (count.reason.clone(), count.pairs)).collect();
        let bars = (!bars.is_empty()).then(|| Bars { caption: "拒绝的原因（件次）".to_owned(), bars });
        Section { bars, ..section("拒绝的原因", Vec::new(), &["原因", "件次"], rows, None) }
    }

    fn cases(&self) -> Section {
        let rows = self.cases.iter().map(|case| {
            vec![case.title.clone(), case.holders.join("、"), case.listing.to_string(), case.licences.to_string()]
        });
        let note = "本期取得许可最多的专利。".to_owned();
        section("典型案例", vec![note], &["发明名称", "专利权人", "编号", "许可数"], rows, None)
    }
}

fn row(name: &str, numbers: &[u64]) -> Vec<String> {
    std::iter::once(name.to_owned()).chain(numbers.iter().map(ToString::to_string)).collect()
}

fn section(
    heading: &str,
    mut notes: Vec<String>,
    head: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
    total: Option<&[u64]>,
) -> Section {
    let mut rows: Vec<Vec<String>> = rows.into_iter().collect();
    if rows.is_empty() {
        notes.push("本期没有。".to_owned());
    } else if let Some(total) = total {
        rows.push(row("合计", total));
    }
    let head = head.iter().map(|name| (*name).to_owned()).collect();
    let table = (!rows.is_empty()).then_some(Table { head, rows });
    Section { heading: heading.to_owned(), notes, table, ..Section::default() }
}
