//! What every chart promises: legal XML, text escaped, the same bytes again, an error instead of nonsense.

use proptest::prelude::*;

use super::*;
use crate::domain::{Language, Notice};

fn class(code: &str, name: Option<&str>) -> Class {
    Class { code: code.to_owned(), name: name.map(str::to_owned) }
}

fn cell(truth: &str, said: &str, rows: usize) -> ConfusionCell {
    ConfusionCell { truth: truth.to_owned(), said: said.to_owned(), rows }
}

fn matrix(classes: usize) -> ConfusionMatrix {
    let code = |place: usize| format!("K{place}");
    let mut cells = Vec::new();
    for place in 0..classes {
        cells.push(cell(&code(place), &code(place), 10 * (place + 1)));
        cells.push(cell(&code(place), &code((place + 1) % classes), 3));
    }
    ConfusionMatrix {
        caption: "混淆矩阵".to_owned(),
        classes: (0..classes).map(|place| class(&code(place), Some("名称"))).collect(),
        cells,
    }
}

fn bin(rows: usize, confidence: f64, accuracy: f64) -> ReliabilityBin {
    ReliabilityBin { rows, confidence, accuracy }
}

fn reliability(bins: Vec<ReliabilityBin>) -> Reliability {
    Reliability { caption: "可靠性".to_owned(), bins }
}

fn point(threshold: f64, coverage: f64, accuracy: f64) -> CoveragePoint {
    CoveragePoint { threshold, coverage, accuracy }
}

fn curve(points: Vec<CoveragePoint>, chosen: Option<CoveragePoint>) -> Coverage {
    Coverage { caption: "覆盖率".to_owned(), points, chosen }
}

/// The texts of an image, which must be legal XML with role, title and description, and hold no number that is none.
fn texts(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap_or_else(|error| panic!("{error}: {svg}"));
    let root = document.root_element();
    assert_eq!((root.tag_name().name(), root.attribute("role")), ("svg", Some("img")));
    let first: Vec<_> = root.children().filter(|node| node.is_element()).map(|node| node.tag_name().name()).collect();
    assert_eq!(first[..2], ["title", "desc"]);
    for node in document.descendants() {
        for attribute in node.attributes() {
            let value = attribute.value();
            assert!(!["NaN", "inf"].iter().any(|word| value.contains(word)), "{}={value}", attribute.name());
        }
    }
    let elements = document.descendants().filter(|node| node.is_element() && node.tag_name().name() != "svg");
    elements.filter_map(|node| Some(node.text()?.trim().to_owned())).filter(|text| !text.is_empty()).collect()
}

fn has(texts: &[String], wanted: &str) -> bool {
    texts.iter().any(|text| text.contains(wanted))
}

fn all_charts() -> [String; 3] {
    [
        confusion_matrix(&matrix(35)).unwrap(),
        reliability_diagram(&reliability(vec![bin(4, 0.2, 0.5), bin(6, 0.9, 0.5)])).unwrap(),
        coverage_curve(&curve(vec![point(0.0, 1.0, 0.7), point(0.5, 0.6, 0.9)], Some(point(0.4, 0.7, 0.8)))).unwrap(),
    ]
}

#[test]
fn every_chart_is_legal_xml_with_its_caption_as_title() {
    for (svg, caption) in all_charts().iter().zip(["混淆矩阵", "可靠性", "覆盖率"]) {
        assert_eq!(texts(svg)[0], caption);
    }
}

#[test]
fn the_same_figures_give_the_same_bytes() {
    assert_eq!(all_charts(), all_charts());
    let mut turned = matrix(70);
    let svg = confusion_matrix(&turned).unwrap();
    turned.cells.reverse();
    assert_eq!(confusion_matrix(&turned).unwrap(), svg, "the order of cells says nothing");
}

#[test]
fn markup_in_labels_and_captions_is_text() {
    let nasty = "<script>\"a\"&'b'</script>\0\u{202e}";
    let mut given = matrix(2);
    given.caption = nasty.to_owned();
    given.classes = vec![class("<A&B>", Some(nasty)), class("\"'", None)];
    given.cells = vec![cell("<A&B>", "\"'", 2), cell("\"'", "\"'", 1)];
    let svg = confusion_matrix(&given).unwrap();
    assert!(!svg.contains("<script"));
    let texts = texts(&svg);
    assert_eq!(texts[0], "<script>\"a\"&'b'</script>");
    assert!(has(&texts, "<A&B> <script>"), "{texts:?}");
    assert!(texts.contains(&"\"'".to_owned()));
}

#[test]
fn cells_hold_the_percentage_of_their_row() {
    let mut given = matrix(2);
    given.cells = vec![cell("K0", "K0", 3), cell("K0", "K1", 1), cell("K1", "K1", 2), cell("K1", "K1", 2)];
    let texts = texts(&confusion_matrix(&given).unwrap());
    for wanted in ["75", "25", "100", "75.0%", "100.0%", "4"] {
        assert!(texts.iter().any(|text| text == wanted), "{wanted} in {texts:?}");
    }
    assert!(has(&texts, "准确率 87.5%"));
    assert!(has(&texts, "K0 名称 判为 K1 名称：1 行"));
}

#[test]
fn of_more_than_sixty_classes_the_largest_are_shown_and_the_rest_is_said() {
    let texts = texts(&confusion_matrix(&matrix(700)).unwrap());
    assert!(has(&texts, "只画出行数最多的 60 类；判为其余 640 类的合为“其他”一列"), "{texts:?}");
    assert!(texts.contains(&"K699 名称".to_owned()) && texts.contains(&"K640 名称".to_owned()));
    assert!(!texts.contains(&"K639 名称".to_owned()));
    assert!(has(&texts, "共 2455600 行，700 类"), "the sums are of all classes");
    assert!(!has(&super::tests::texts(&confusion_matrix(&matrix(60)).unwrap()), "只画出"));
}

#[test]
fn a_class_without_rows_has_an_empty_row() {
    let mut given = matrix(3);
    given.cells.retain(|cell| cell.truth != "K1");
    assert!(texts(&confusion_matrix(&given).unwrap()).contains(&"—".to_owned()));
}

#[test]
fn a_matrix_whose_cells_and_classes_disagree_is_refused() {
    let mut given = matrix(2);
    given.cells.push(cell("K0", "K9", 1));
    assert_eq!(confusion_matrix(&given).unwrap_err().chinese(), "类别“K9”有计数但不在类别表中：请将其加入矩阵的类别");
    let mut given = matrix(2);
    given.classes.push(class("K1", None));
    assert!(matches!(confusion_matrix(&given), Err(DocumentError::RepeatedClass { code }) if code == "K1"));
}

#[test]
fn nothing_to_draw_is_an_error_that_names_the_chart() {
    let mut given = matrix(2);
    given.cells.iter_mut().for_each(|cell| cell.rows = 0);
    let empty = [
        confusion_matrix(&ConfusionMatrix { caption: "空".to_owned(), ..Default::default() }),
        confusion_matrix(&given),
        reliability_diagram(&reliability(vec![])),
        reliability_diagram(&reliability(vec![bin(0, f64::NAN, f64::NAN)])),
        coverage_curve(&curve(vec![], Some(point(0.5, 0.5, 0.5)))),
        coverage_curve(&curve(vec![point(1.0, 0.0, f64::NAN)], None)),
    ];
    for error in empty.into_iter().map(Result::unwrap_err) {
        assert!(matches!(error, DocumentError::Empty { .. }), "{error}");
        assert!(error.chinese().contains("没有可画的数据"));
    }
}

#[test]
fn what_is_no_share_is_refused_with_its_place() {
    for wrong in [f64::NAN, f64::INFINITY, -0.1, 1.1] {
        let bins = vec![bin(0, wrong, wrong), bin(1, 0.5, wrong)];
        let error = reliability_diagram(&reliability(bins)).unwrap_err();
        assert!(matches!(error, DocumentError::NotAShare { figure: Figure::Accuracy, number: 2, .. }), "{error}");
        assert!(coverage_curve(&curve(vec![point(wrong, 1.0, 0.5)], None)).is_err());
        assert!(coverage_curve(&curve(vec![point(0.0, 1.0, 0.5)], Some(point(0.5, wrong, 0.5)))).is_err());
    }
    assert!(reliability_diagram(&reliability(vec![bin(1, 1.000_000_000_2, 1.0)])).is_ok(), "a sum a hair too large");
}

#[test]
fn the_calibration_error_weighs_bins_by_their_rows() {
    let svg = reliability_diagram(&reliability(vec![bin(1, 0.2, 0.5), bin(0, 9.0, 9.0), bin(3, 0.9, 0.8)])).unwrap();
    // (1 · 0.3 + 3 · 0.1) / 4
    assert!(has(&texts(&svg), "ECE）0.1500，共 4 行，3 个等宽区间"), "{svg}");
}

#[test]
fn the_chosen_threshold_is_marked_with_what_it_gives() {
    let svg = &all_charts()[2];
    assert!(texts(svg).contains(&"阈值 0.40：覆盖率 70.0%，准确率 80.0%".to_owned()), "{svg}");
}

fn any_matrix() -> impl Strategy<Value = ConfusionMatrix> {
    let classes = proptest::collection::vec((any::<String>(), proptest::option::of(any::<String>())), 0..90);
    (any::<String>(), classes, proptest::collection::vec((0..90usize, 0..90usize, any::<usize>()), 0..90)).prop_map(
        |(caption, classes, cells)| {
            let code = |place: usize| classes.get(place).map_or("?".to_owned(), |(code, _)| format!("{code}{place}"));
            let within = |place: usize| if classes.is_empty() { 0 } else { place % classes.len() };
            ConfusionMatrix {
                caption,
                classes: (0..classes.len()).map(|place| class(&code(place), classes[place].1.as_deref())).collect(),
                cells: cells.iter().map(|(a, b, rows)| cell(&code(within(*a)), &code(within(*b)), *rows)).collect(),
            }
        },
    )
}

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![9 => 0.0..=1.0, 1 => any::<f64>(), 1 => Just(0.0), 1 => Just(1.0)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_matrix_is_drawn_or_refused(given in any_matrix()) {
        if let Ok(svg) = confusion_matrix(&given) {
            texts(&svg);
        }
    }

    #[test]
    fn any_bins_are_drawn_or_refused(
        caption in any::<String>(),
        bins in proptest::collection::vec((any::<usize>(), any_number(), any_number()), 0..40),
    ) {
        let bins = bins.into_iter().map(|(rows, confidence, accuracy)| bin(rows, confidence, accuracy)).collect();
        if let Ok(svg) = reliability_diagram(&Reliability { caption, bins }) {
            texts(&svg);
        }
    }

    #[test]
    fn any_points_are_drawn_or_refused(
        points in proptest::collection::vec((any_number(), any_number(), any_number()), 0..90),
        chosen in proptest::option::of((any_number(), any_number(), any_number())),
    ) {
        let given = |(threshold, coverage, accuracy)| point(threshold, coverage, accuracy);
        if let Ok(svg) = coverage_curve(&curve(points.into_iter().map(given).collect(), chosen.map(given))) {
            texts(&svg);
        }
    }
}

fn spread(values: &[f64]) -> Histogram {
    let (caption, across) = ("分布<&>".to_owned(), "<值&>".to_owned());
    Histogram { caption, across, range: (-1.0, 1.0), bins: 4, values: values.to_vec() }
}

#[test]
fn a_value_on_a_border_counts_for_the_upper_bin_and_the_greatest_for_the_last() {
    let svg = histogram(&spread(&[-1.0, -0.5, 0.0, 0.1, 1.0]), Language::English).unwrap();
    let wanted = "-1.00–-0.50: 1; -0.50–0.00: 1; 0.00–0.50: 2; 0.50–1.00: 1";
    assert!(has(&texts(&svg), wanted), "{svg}");
    assert!(svg.contains("lang=\"en\"") && has(&texts(&svg), "5 values, mean -0.0800, 4 bins of equal width."));
    let chinese = histogram(&spread(&[0.0]), Language::Chinese).unwrap();
    assert!(chinese.contains("lang=\"zh-CN\"") && has(&texts(&chinese), "分布<&>"), "{chinese}");
}

#[test]
fn a_histogram_of_nothing_or_of_what_lies_outside_is_refused() {
    assert!(matches!(histogram(&spread(&[]), Language::Chinese), Err(DocumentError::Empty { .. })));
    let none = Histogram { bins: 0, ..spread(&[0.0]) };
    assert!(matches!(histogram(&none, Language::Chinese), Err(DocumentError::Empty { .. })));
    for value in [1.01, -2.0, f64::NAN, f64::INFINITY] {
        let error = histogram(&spread(&[0.0, value]), Language::Chinese).unwrap_err();
        assert!(error.to_string().contains(&value.to_string()) && error.chinese().contains("分布"), "{error}");
    }
}

#[test]
fn a_page_is_well_formed_and_takes_markup_for_text() {
    let markup = "<script>alert('x')</script>&\"";
    let section = Section {
        heading: markup.to_owned(),
        notes: vec![markup.to_owned()],
        table: Some(Table {
            head: vec![markup.to_owned(), "值".to_owned()],
            rows: vec![vec![markup.to_owned(), "1".to_owned()]],
        }),
        chart: Some(spread(&[0.5])),
        bars: Some(Bars { caption: markup.to_owned(), bars: vec![(markup.to_owned(), 3)] }),
    };
    let given = Page { title: markup.to_owned(), language: Language::English, sections: vec![section] };
    let html = page(&given).unwrap();
    let body = html.strip_prefix("<!doctype html>\n").unwrap();
    let document = roxmltree::Document::parse(body).unwrap_or_else(|error| panic!("{error}: {html}"));
    let named = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!((named("script"), named("h1"), named("table"), named("tr"), named("td")), (0, 1, 1, 2, 1));
    let told = "title, heading, second heading, note, two cells; of the bars title, description, caption, name";
    assert_eq!(html.matches("alert").count(), 10, "{told}");
    assert!(document.root_element().attribute("lang") == Some("en") && html.contains("default-src 'none'"));
    for fetched in ["http://", "https://"] {
        let others = html.replace("http://www.w3.org/2000/svg", "");
        assert!(!others.contains(fetched), "a page fetches nothing");
    }
    assert_eq!(page(&given).unwrap(), html, "the same page gives the same bytes");
}
