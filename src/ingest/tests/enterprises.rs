use super::*;
use crate::domain::EnterpriseScale;

const HEADER: &str =
    "企业名称,统一社会信用代码,所在地,行业代码,所属行业,经营范围,主要产品,技术需求,自有专利,企业规模,资质,许可费预算";

fn read(name: &str, bytes: impl AsRef<[u8]>) -> Vec<Row<crate::domain::Enterprise>> {
    let fixture = Fixture::new();
    open_enterprises(&fixture.write(name, bytes)).unwrap().collect()
}

#[test]
fn an_enterprise_is_read_with_everything_the_form_holds() {
    let row = "样例电池有限公司,91440300192317458F,江苏省苏州市,C3841,电气机械,锂电池,隔膜、电解液,降低内阻,\
        一种隔膜|H01M10/0525 H01M4/36|201710117081.7；另一种|G10L15/00,中型企业,高新技术企业；专精特新,10万元/年";
    let rows = read("a.csv", format!("{HEADER}\n{row}\n"));
    assert!(rows[0].warnings.is_empty(), "{:?}", rows[0].warnings);
    let firm = rows[0].outcome.as_ref().unwrap();
    assert_eq!(firm.id.as_str(), "91440300192317458F");
    assert_eq!(firm.products, ["隔膜", "电解液"]);
    assert_eq!(firm.industry_code.as_ref().unwrap().as_str(), "3841");
    assert_eq!((firm.own_patents.len(), firm.own_patents[0].ipc.len()), (2, 2));
    assert_eq!(firm.own_patents[0].application_number.as_ref().unwrap().as_str(), "201710117081.7");
    assert_eq!((firm.scale, firm.budget_per_year.map(Money::fen)), (Some(EnterpriseScale::Medium), Some(10_000_000)));
    assert_eq!(firm.location.as_ref().unwrap().division.unwrap().to_string(), "320500");
}

#[test]
fn a_wrong_credit_code_refuses_the_row_and_an_unknown_class_does_not() {
    let rows = read("a.csv", "企业名称,统一社会信用代码,行业代码\n甲公司,91330100799655058C,\n乙公司,,3629\n");
    assert_eq!(rows[0].outcome.as_ref().unwrap_err()[0].reason.code(), "bad_credit_code");
    assert!(rows[1].outcome.is_ok());
    assert_eq!(rows[1].warnings[0].reason.code(), "bad_industry_code");
}

#[test]
fn words_of_several_columns_are_collected_and_places_joined() {
    let rows = read(
        "a.csv",
        "full_name,sw_l3,sw_l2,sw_l1,sina_industry,concepts,province_inferred,city_inferred,stock_code\n\
        甲公司,面板,光学光电子,电子,家电行业,锂电池|储能,广东省,惠州市,1\n",
    );
    let firm = rows[0].outcome.as_ref().unwrap();
    assert_eq!(firm.industries, ["电子", "光学光电子", "面板", "家电行业"]);
    assert_eq!(firm.concepts, ["锂电池", "储能"]);
    assert_eq!(firm.location.as_ref().unwrap().text, "广东省惠州市");
}

#[test]
fn a_query_goes_by_its_id_and_needs_no_name() {
    let fixture = Fixture::new();
    let lines = [
        r#"{"id":"N00000","need":"降低内阻；提高寿命"}"#,
        r#"{"id":"E00001","own_patents":[{"title":"甲","ipc":["B07B13/04","坏"]}]}"#,
        r#"{"name":"无编号"}"#,
    ];
    let rows: Vec<_> = open_queries(&fixture.write("a.jsonl", lines.join("\n"))).unwrap().collect();
    let need = rows[0].outcome.as_ref().unwrap();
    assert_eq!((need.id.as_str(), need.needs[0].0.as_str()), ("N00000", "降低内阻；提高寿命"));
    assert_eq!(rows[1].outcome.as_ref().unwrap().own_patents[0].ipc.len(), 1);
    assert_eq!(rows[1].warnings[0].reason.code(), "bad_ipc");
    assert_eq!(rows[2].outcome.as_ref().unwrap_err()[0].reason.code(), "missing_value");
}
