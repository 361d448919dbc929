//! Text analysis: how many bytes a second become words, and character pairs.
//!
//! `cargo bench --bench analysis`
//!
//! Every listing, need and query passes here once, and indexing does little else. Three sizes, for what people give: a
//! title, an abstract, an abstract with its claim. The texts are invented; what a size costs for each byte must not
//! grow with the size.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use duijie::analysis::Analyzer;

/// Sentences in the manner of abstracts, with what makes folding work: full-width signs, Latin letters, figures.
const SENTENCES: [&str; 24] = [
    "本发明公开了一种电机端盖的迷宫式密封结构，属于电机技术领域。",
    "所述端盖内侧设有环形凹槽，凹槽内嵌有氟橡胶密封圈。",
    "该结构能够降低轴承室的进水风险，并延长润滑脂的使用寿命。",
    "将磷酸铁锂前驱体与葡萄糖混合，在７００℃氮气气氛下烧结６小时，得到碳包覆正极材料。",
    "所得材料在1C倍率下循环500次后容量保持率为93.6%。",
    "一种基于卷积神经网络的表面缺陷检测方法，包括图像采集、特征提取和分类三个步骤。",
    "图像采集单元采用CMOS线阵相机，光源为条形LED。",
    "特征提取网络由五个残差模块组成，每个模块后接批归一化层。",
    "本实用新型涉及一种可折叠的温室遮阳装置，包括支架、卷膜器和驱动电机。",
    "卷膜器通过链条与驱动电机传动连接，链条上设有张紧轮。",
    "一种含有黄芪多糖的口服液及其制备方法，按重量份计包括黄芪提取物20份、蜂蜜10份和纯化水70份。",
    "所述提取采用超声辅助水提法，料液比为1∶12，超声功率为300W。",
    "该高炉煤气余热回收系统包括换热器、蒸汽发生器以及与之相连的汽轮机。",
    "换热器的管程与壳程之间设有挡板，使烟气流程延长，换热效率提高。",
    "本发明提供了一种石墨烯改性环氧树脂防腐涂料，涂层的耐盐雾时间超过1000h。",
    "先将氧化石墨烯分散于无水乙醇中，再加入硅烷偶联剂KH-550进行表面改性。",
    "一种用于无人机的双频宽波束微带贴片天线，上层贴片四角切槽以实现高频谐振。",
    "所述馈电网络采用威尔金森功分器，端口隔离度优于25dB。",
    "该生物滤池以火山岩为填料，填料表面附着硝化细菌和反硝化细菌。",
    "进水氨氮浓度为40mg/L时，出水氨氮浓度低于5mg/L，满足排放标准的要求。",
    "一种數控機床主軸的熱誤差補償方法，採用多元線性回歸建立溫度與位移的關係。",
    "溫度傳感器佈置在主軸前軸承、後軸承以及箱體處，採樣週期爲1s。",
    "本发明还公开了上述催化剂在甲醇重整制氢中的应用，反应温度为250℃。",
    "所述载体为介孔二氧化硅SBA-15，活性组分为铜和锌，质量比为3:1。",
];

/// A text of so many sentences, starting at another one for each text, so that no two are the same.
fn text(first: usize, sentences: usize) -> String {
    SENTENCES.iter().cycle().skip(first).take(sentences).copied().collect()
}

/// Budgets, on one core of a shared machine: words 12 MB/s, pairs 35 MB/s at every size (measured: 30 and 85). A run that
/// falls below is a fault: at 12 MB/s a million abstracts of 600 bytes take 50 seconds on one core.
fn analysis(criterion: &mut Criterion) {
    let analyzer = Analyzer::new();
    for stream in ["words", "pairs"] {
        let mut group = criterion.benchmark_group(stream);
        for sentences in [1, 6, 24] {
            let texts: Vec<String> = (0..SENTENCES.len()).map(|first| text(first, sentences)).collect();
            let bytes: usize = texts.iter().map(String::len).sum();
            group.throughput(Throughput::Bytes(bytes as u64));
            group.bench_with_input(BenchmarkId::from_parameter(bytes / texts.len()), &texts, |bencher, texts| {
                bencher.iter(|| {
                    let mut terms = 0_usize;
                    for text in texts {
                        match stream {
                            "words" => analyzer.visit_words(black_box(text), |term| terms += term.text.len()),
                            _ => analyzer.visit_bigrams(black_box(text), |term| terms += term.text.len()),
                        }
                    }
                    terms
                });
            });
        }
        group.finish();
    }
}

criterion_group!(benches, analysis);
criterion_main!(benches);
