use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_bytes_panic_any_reader(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0_usize..4000) {
        let fixture = Fixture::new();
        let mut damaged = format!("{HEADER}\n{GOOD}\n{OTHER}\n").into_bytes();
        let at = at % damaged.len();
        damaged.splice(at..at, bytes.iter().copied());
        for (name, content) in [("a.csv", &damaged), ("b.csv", &bytes), ("a.jsonl", &damaged), ("c.xlsx", &bytes)] {
            if let Ok(records) = open_listings(&fixture.write(name, content)) {
                prop_assert!(records.count() < 1000);
            }
        }
        let mut packed = gzip(&damaged);
        let at = at % packed.len();
        packed[at] ^= 0x55;
        if let Ok(records) = open_listings(&fixture.write("a.csv.gz", packed)) {
            prop_assert!(records.count() < 1000);
        }
    }

    #[test]
    fn no_json_panics_a_row(value in json(), key in "专利号|ipc|许可使用费标准|own_patents|title|申请日|地址") {
        let fixture = Fixture::new();
        let line = serde_json::json!({ key: value, "name": "甲" }).to_string();
        let path = fixture.write("a.jsonl", line);
        if let Ok(records) = open_listings(&path) {
            prop_assert_eq!(records.count(), 1);
        }
        prop_assert_eq!(open_enterprises(&path).unwrap().count(), 1);
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        "\\PC{0,20}".prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::Array),
            prop::collection::hash_map("title|ipc|app_no|x", inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

#[test]
fn two_stray_quotation_marks_cost_their_rows_and_not_those_between() {
    let fixture = Fixture::new();
    let mut lines = vec!["title,pub_no,abstract".to_owned()];
    lines.extend((0..9).map(|n| format!("隔膜,CN10999675{n}A,摘要")));
    lines[2] = "隔膜,CN109996751A,\"摘要".to_owned();
    lines[7] = "隔膜,CN109996756A,\"摘要".to_owned();
    let rows: Vec<_> = open_patents(&fixture.write("a.csv", lines.join("\n"))).unwrap().collect();
    let (taken, refused) = told(&rows);
    assert_eq!(taken.len(), 7, "{refused:?}");
    assert_eq!(
        refused.iter().map(|(row, _, code)| (*row, *code)).collect::<Vec<_>>(),
        [(3, "open_quote"), (8, "open_quote")]
    );
}
