//! `duijie bench campaign`: a plan of the sample, within its limits.

use crate::fixtures::{duijie, sample, text};

#[test]
fn a_campaign_of_the_sample_keeps_its_caps_and_says_how_near_the_optimum_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    for (kind, file) in [("listings", "listings.csv"), ("enterprises", "enterprises.csv")] {
        assert_eq!(duijie(&["import", text(&sample(file)), "--kind", kind, "--data-dir", text(&data)]).code, 0);
    }
    let bench = |most: &str, least: &str, listings: &str| {
        let size = ["--per-enterprise", "3", "--most", most, "--least", least, "--listings", listings];
        let place = ["--today", "2026-11-22", "--data-dir", text(&data), "--json"];
        duijie(&[&["bench", "campaign"], &size[..], &place].concat()).json()
    };
    let plan = bench("2", "0", "1000");
    let number = |name: &str| plan[name].as_f64().unwrap_or_else(|| panic!("{name}: {plan}"));
    assert_eq!((number("enterprises"), number("over_cap")), (51.0, 0.0), "{plan}");
    assert!(number("sent") <= 153.0 && number("sent") > 100.0, "{plan}");
    assert!(number("coverage") * number("listings") * 2.0 >= number("sent"), "at most two each: {plan}");
    assert!(number("gap") < 0.02 && number("value") <= number("unlimited") + 1e-9, "{plan}");
    let open = bench("1000", "0", "1000");
    assert!(open["value"].as_f64() > plan["value"].as_f64(), "a cap that binds costs something: {open}");
    let spread = bench("2", "1", "1000");
    assert!(spread["coverage"].as_f64() > plan["coverage"].as_f64(), "{spread}");
    assert!(spread["value"].as_f64() < plan["value"].as_f64(), "and so does least exposure: {spread}");
    let few = bench("1000", "1", "10");
    assert_eq!((&few["listings"], few["sent"].as_f64() > Some(0.0)), (&10.into(), true), "{few}");
}
