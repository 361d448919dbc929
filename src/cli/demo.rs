//! `duijie demo`: the whole way, on the sample.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use clap::Args;
use serde::Serialize;

use super::output::Output;
use super::{import, recommend};
use crate::domain::Date;
use crate::engine::{self, Engine, EngineError, ImportKind, ImportReport, Recommendations};

/// The sample files, in the binary so that the demonstration runs anywhere.
const LISTINGS: (&str, &[u8]) = ("listings.xlsx", include_bytes!("../../data/sample/listings.xlsx"));
const ENTERPRISES: (&str, &[u8]) = ("enterprises.csv", include_bytes!("../../data/sample/enterprises.csv"));
/// Enterprises the demonstration recommends to.
const SHOWN: [&str; 3] = ["样例江北锂电材料有限公司", "样例蜀香食品有限公司", "样例鹏湾医疗器械有限公司"];
/// Where the demonstration keeps its data unless told otherwise.
const DIRECTORY: &str = "duijie-demo";
/// The day of the demonstration: the sample's offers stand on it, whenever it runs.
const TODAY: (i32, u8, u8) = (2026, 11, 22);

#[derive(Args)]
pub(super) struct Arguments {
    /// 演示数据目录，须为空（默认 duijie-demo，每次重新建立）
    #[arg(long = "data-dir", value_name = "目录")]
    directory: Option<PathBuf>,
}

/// What the demonstration did.
#[derive(Serialize)]
struct Demonstration {
    imports: Vec<ImportReport>,
    recommendations: Vec<Recommendations>,
    /// Steps with their milliseconds.
    steps: Vec<(String, f64)>,
    serve: String,
}

pub(super) async fn run(arguments: Arguments, output: &Output) -> anyhow::Result<ExitCode> {
    let directory = match arguments.directory {
        Some(directory) => unused(directory)?,
        None => fresh_directory()?,
    };
    let today = Date::new(TODAY.0, TODAY.1, TODAY.2).context("no such day")?;
    let mut steps = Vec::new();
    let mut timed = |name: &str, since: Instant| steps.push((name.to_owned(), since.elapsed().as_secs_f64() * 1e3));
    let start = Instant::now();
    let engine = Engine::open(&directory).await?;
    timed(output.say("打开存储，装载词典", "open the store, load the dictionaries"), start);
    let mut imports = Vec::new();
    for ((name, bytes), kind, step) in [
        (LISTINGS, ImportKind::Listings, output.say("导入并索引许可信息", "import and index the listings")),
        (ENTERPRISES, ImportKind::Enterprises, output.say("导入企业", "import the enterprises")),
    ] {
        let file = directory.join(name);
        std::fs::write(&file, bytes).with_context(|| file.display().to_string())?;
        let start = Instant::now();
        imports.push(engine.import(&file, kind, engine::now(), &|_| ()).await?);
        timed(step, start);
    }
    let mut recommendations = Vec::new();
    for enterprise in SHOWN {
        let start = Instant::now();
        recommendations.push(engine.recommend(enterprise, 5, today).await?);
        timed(&format!("{}{enterprise}", output.say("推荐：", "recommend to ")), start);
    }
    engine.close().await;
    let serve = format!("duijie serve --data-dir {}", directory.display());
    let demonstration = Demonstration { imports, recommendations, steps, serve };
    output.answer(&demonstration, || told(&demonstration, output))?;
    Ok(ExitCode::SUCCESS)
}

/// A directory that holds nothing: the demonstration writes over no one's files.
fn unused(directory: PathBuf) -> Result<PathBuf, EngineError> {
    match std::fs::read_dir(&directory).is_ok_and(|mut files| files.next().is_some()) {
        true => Err(EngineError::NotEmpty { path: directory }),
        false => Ok(directory),
    }
}

/// The default directory, emptied of what an earlier demonstration left; anything else in its place stays.
fn fresh_directory() -> anyhow::Result<PathBuf> {
    let directory = PathBuf::from(DIRECTORY);
    if directory.join("duijie.sqlite").exists() {
        std::fs::remove_dir_all(&directory).with_context(|| DIRECTORY.to_owned())?;
    }
    Ok(unused(directory)?)
}

fn told(demonstration: &Demonstration, output: &Output) -> String {
    let mut text = String::new();
    for report in &demonstration.imports {
        text.push_str(&import::told(report, output));
    }
    for answer in &demonstration.recommendations {
        _ = writeln!(text, "\n────\n{}", recommend::told(answer, output).trim_end());
    }
    _ = writeln!(text, "\n────\n{}", output.say("用时", "time taken"));
    for (step, milliseconds) in &demonstration.steps {
        _ = writeln!(text, "  {milliseconds:>8.1} ms  {step}");
    }
    let (try_it, then) = (output.say("启动服务：", "serve it:"), output.say("然后打开：", "then open:"));
    _ = writeln!(text, "\n{try_it} cargo run --release -- {}", demonstration.serve.trim_start_matches("duijie "));
    _ = writeln!(text, "{then} http://127.0.0.1:8080/api/v1/search?q=锂离子电池");
    text
}
