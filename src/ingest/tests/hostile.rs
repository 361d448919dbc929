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
