//! The draft of a licence contract (DOCX), made of what was published and accepted.
//!
//! The wording is duijie's own. It says on every page that it is a draft for the parties to check. The same licence gives
//! the same bytes. Sources of what it rests on: Patent Law 2020, articles 50 to 52; Implementing Regulations 2023, article
//! 87; pilot plan 三.3.2.

use docx_rs::{AlignmentType, Header, LineSpacing, Paragraph, Run};

use super::DocumentError;
use super::docx::{self, document, packed, title};
use super::text::legal;
use crate::domain::{Fee, Licence, LicenceTerms, Money, PatentKind, Territory};

/// Sizes in half points.
const HEADING_SIZE: usize = 24;
const SMALL_SIZE: usize = 18;
/// Lines and the room above a heading, in twentieths of a point.
const LINE: i32 = 320;
const ABOVE_HEADING: u32 = 160;
const MARK: &str = "草案 · 须由双方核对后签订";

/// The draft of a licence's contract.
///
/// # Errors
/// [`DocumentError::Contract`] if the library fails.
pub fn contract(licence: &Licence) -> Result<Vec<u8>, DocumentError> {
    let mark = Paragraph::new().add_run(small(MARK)).align(AlignmentType::Center);
    let mut docx = document(licence.accepted_on)
        .header(Header::new().add_paragraph(mark))
        .add_paragraph(title("专利开放许可合同"))
        .add_paragraph(line(format!("编号：{}", number_of(licence))));
    let note =
        "本文由系统按公开的许可条件生成，供双方核对和修改，不是法律意见。空白处请双方填写，与双方意思不符处请改正。";
    docx = docx.add_paragraph(Paragraph::new().add_run(small(note)));
    for (place, (name, clauses)) in sections(licence).into_iter().enumerate() {
        docx = docx.add_paragraph(heading(&format!("第{}条　{name}", COUNT[place])));
        for clause in clauses {
            docx = docx.add_paragraph(line(clause));
        }
    }
    for signature in signatures(licence) {
        docx = docx.add_paragraph(line(signature));
    }
    packed(docx).map_err(|source| DocumentError::Contract { source })
}

const COUNT: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];

fn number_of(licence: &Licence) -> String {
    format!("对接许可〔{}〕{}号", licence.accepted_on.year(), licence.number)
}

fn sections(licence: &Licence) -> [(&'static str, Vec<String>); 10] {
    [
        ("当事人", parties(licence)),
        ("许可的专利", patent(licence)),
        ("许可的方式、地域和期限", extent(licence)),
        ("许可使用费及支付", payment(licence)),
        ("许可方的保证与协助", undertakings()),
        ("后续改进", improvements()),
        ("保密", confidentiality()),
        ("违约责任", liability()),
        ("争议的解决", disputes()),
        ("备案、生效及其他", closing(licence)),
    ]
}

fn parties(licence: &Licence) -> Vec<String> {
    let terms = licence.listing.terms.as_ref();
    let contact = terms.and_then(|terms| terms.contact.as_deref()).unwrap_or(BLANK);
    let licensee = &licence.licensee;
    let code = licensee.credit_code.as_ref().map_or(BLANK, |code| code.as_str());
    let seat = licensee.location.as_ref().map_or(BLANK, |location| location.text.as_str());
    vec![
        format!("许可方（专利权人）：{}", licence.listing.patent.holders.join("、")),
        format!("联系方式：{contact}"),
        format!("被许可方：{}", licensee.name),
        format!("统一社会信用代码：{code}"),
        format!("住所：{seat}"),
    ]
}

const BLANK: &str = "＿＿＿＿＿＿＿＿";

fn patent(licence: &Licence) -> Vec<String> {
    let patent = &licence.listing.patent;
    let number = patent.application_number.as_ref().map_or_else(|| BLANK.to_owned(), |number| format!("ZL {number}"));
    let kind = patent.kind.map_or(BLANK, PatentKind::chinese);
    let day = |day: Option<crate::domain::Date>| day.map_or_else(|| BLANK.to_owned(), |day| day.to_string());
    vec![
        format!("专利名称：{}", patent.title),
        format!("专利号：{number}　　专利类型：{kind}"),
        format!("申请日：{}　　专利权期限届满日：{}", day(patent.filed_on), day(patent.expires_on())),
    ]
}

fn extent(licence: &Licence) -> Vec<String> {
    let territory = match licence.listing.terms.as_ref().map(|terms| &terms.territory) {
        Some(Territory::Divisions(divisions)) => {
            divisions.iter().map(|division| division.full_name()).collect::<Vec<_>>().join("、")
        }
        Some(Territory::Other(words)) => words.clone(),
        Some(Territory::Nationwide) | None => "中华人民共和国境内（不含港澳台地区）".to_owned(),
    };
    let until = licence.ends_on.map_or_else(|| format!("{BLANK}止"), |last| format!("{last}止"));
    vec![
        "许可方式为普通许可，依专利开放许可声明取得。许可方可以在同一地域许可他人实施，也可以自行实施；本合同不是独占许可或排他许可。".into(),
        format!("实施地域：{territory}。"),
        format!("许可期限：自{}起至{until}。专利权先行终止的，至专利权终止之日止。", licence.accepted_on),
        "被许可方可以制造、使用、许诺销售、销售、进口专利产品，专利为方法的，可以使用该方法及使用、许诺销售、销售、进口依该方法直接获得的产品。未经许可方书面同意，不得转让本许可，也不得再许可他人实施。".into(),
    ]
}

fn payment(licence: &Licence) -> Vec<String> {
    let Some(LicenceTerms { fee, .. }) = licence.listing.terms.as_ref() else { return Vec::new() };
    let (words, form) = (fee.describe(), fee.form());
    let form = if words.starts_with(form) { String::new() } else { format!("（{form}）") };
    let mut clauses = vec![format!("按公开的标准，许可使用费为：{words}{form}。")];
    match licence.due_on_acceptance() {
        Money::ZERO => clauses.push("接受许可时无须付款。".to_owned()),
        due => clauses.push(format!(
            "被许可方应自书面通知许可方之日起三十日内支付{due}；付清之日起可以实施专利。收款账户：{BLANK}。"
        )),
    }
    clauses.extend(later_payment(fee));
    clauses.push("许可方收款后应出具合法票据。税费由双方依法各自承担。".to_owned());
    clauses
}

/// What is paid later, and how it is known how much.
fn later_payment(fee: &Fee) -> Option<String> {
    match fee {
        Fee::Free | Fee::Negotiable | Fee::LumpSum { .. } => None,
        Fee::PerYear { .. } => Some("以后各年的使用费于每一许可年度开始后三十日内支付。".to_owned()),
        Fee::Instalments { .. } => Some("以后各期使用费于每一期开始后三十日内支付。".to_owned()),
        Fee::Royalty { .. } | Fee::UnitRoyalty { .. } => Some(
            "提成按半年结算：被许可方于每年一月、七月的最后一日前，向许可方提交上一半年的产量、销售额及计算依据并付款；许可方可以在合理通知后委托双方认可的会计师事务所查阅有关账目，每年至多一次。"
                .to_owned(),
        ),
        Fee::TrialThenPaid { free_months, then } => Some(format!(
            "前{free_months}个月免费试用；期满后继续实施的，按“{}”支付，首次付款应于试用期满后三十日内完成。期满前书面通知不再继续的，本合同终止，互不追究。",
            then.describe()
        )),
    }
}

fn undertakings() -> Vec<String> {
    vec![
        "许可方保证：是专利登记簿记载的专利权人；专利有效，许可期限内按时缴纳年费；没有正在生效的独占许可或排他许可；专利已出质的，质权人已同意本许可。".into(),
        "许可方应自收款（免费的，自本合同成立）之日起三十日内提供实施专利所需的公开文献及双方约定的技术资料。需要技术指导、培训等服务的，双方另行约定。".into(),
        "专利被宣告无效的，被许可方可以停止支付尚未到期的使用费；已经履行部分依法律规定处理。".into(),
    ]
}

fn improvements() -> Vec<String> {
    vec![
        "任何一方在实施中对专利技术所作的改进归改进方所有，改进方可以就其申请专利。另一方希望使用的，双方另行协商，同等条件下享有优先取得普通许可的权利。".into(),
    ]
}

fn confidentiality() -> Vec<String> {
    vec![
        "双方对在订立和履行本合同中知悉的对方未公开的技术信息和经营信息负有保密义务，本合同终止后三年内仍然有效。已经公开的信息、依法应当披露的信息除外。".into(),
    ]
}

fn liability() -> Vec<String> {
    vec![
        "被许可方逾期付款的，按逾期金额每日万分之二支付违约金；经书面催告后三十日内仍未支付的，许可方可以解除合同。"
            .into(),
        "许可方违反第五条的保证，致使被许可方不能实施专利的，应退还相应期间的使用费并赔偿由此造成的直接损失。".into(),
        "被许可方超出约定的地域或期限实施，或者擅自许可他人实施的，应停止该行为并赔偿由此造成的损失。".into(),
    ]
}

fn disputes() -> Vec<String> {
    vec![
        "因实施本许可发生纠纷的，由双方协商解决；不愿协商或者协商不成的，可以请求专利行政部门进行调解，也可以向人民法院起诉（专利法第五十二条）。".into(),
    ]
}

fn closing(licence: &Licence) -> Vec<String> {
    vec![
        format!(
            "被许可方已于{}以书面方式通知许可方接受公开的许可条件；依法支付使用费后即获得许可（专利法第五十一条）。",
            licence.accepted_on
        ),
        "双方应凭能够证明达成许可的书面文件向专利行政部门备案（专利法实施细则第八十七条）。".into(),
        "专利开放许可声明被撤回的，不影响本许可的效力（专利法第五十条）。专利权转让的，许可方应将本许可告知受让人。"
            .into(),
        "双方可以就本合同未尽事宜书面约定，但不得约定为独占许可或排他许可。本合同一式＿＿份，双方各执＿＿份。".into(),
    ]
}

fn signatures(licence: &Licence) -> [String; 4] {
    [
        String::new(),
        format!("许可方：{}（签章）", licence.listing.patent.holders.join("、")),
        format!("被许可方：{}（签章）", licence.licensee.name),
        "签订日期：＿＿＿＿年＿＿月＿＿日　　　　签订地点：＿＿＿＿＿＿".to_owned(),
    ]
}

fn heading(text: &str) -> Paragraph {
    let run = docx::heading(text, HEADING_SIZE);
    Paragraph::new().add_run(run).keep_next(true).line_spacing(LineSpacing::new().before(ABOVE_HEADING).line(LINE))
}

fn line(text: String) -> Paragraph {
    Paragraph::new().add_run(Run::new().add_text(legal(&text))).line_spacing(LineSpacing::new().line(LINE))
}

fn small(text: &str) -> Run {
    Run::new().add_text(text).size(SMALL_SIZE).color("808080")
}

#[cfg(test)]
#[path = "contract_tests.rs"]
mod tests;
