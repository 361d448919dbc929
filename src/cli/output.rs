//! What goes to the terminal, and in which form.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use super::notice;
use crate::domain::{DateError, Language};
use crate::engine::{DatabaseError, Fragment, Progress, SearchRefusal};

/// The exit code for arguments that cannot be understood, clap's own.
const WRONG_USAGE: u8 = 2;

/// The form answers take.
pub(super) struct Output {
    json: bool,
    pub(super) language: Language,
    /// Highlights are coloured on a terminal, bracketed elsewhere.
    colour: bool,
}

impl Output {
    pub(super) fn new(json: bool, language: Language) -> Self {
        Self { json, language, colour: std::io::stdout().is_terminal() }
    }

    /// One of two texts, by language.
    pub(super) fn say<'a>(&self, chinese: &'a str, english: &'a str) -> &'a str {
        match self.language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    /// Prints an answer: as JSON, or in the words of `text`.
    pub(super) fn answer<T: Serialize>(&self, answer: &T, text: impl FnOnce() -> String) -> anyhow::Result<()> {
        let text = if self.json { serde_json::to_string_pretty(answer)? } else { text() };
        let mut stdout = std::io::stdout().lock();
        match writeln!(stdout, "{}", text.trim_end()) {
            // The reader has seen enough (`| head`): that is no failure.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            result => Ok(result?),
        }
    }

    /// A message beside the answer.
    pub(super) fn remark(&self, text: &str) {
        if !self.json {
            eprintln!("{text}");
        }
    }

    pub(super) fn failure(&self, error: &anyhow::Error) -> ExitCode {
        let message = notice(error, self.language);
        if self.json {
            eprintln!("{}", serde_json::json!({ "error": message }));
        } else {
            eprintln!("{}{message}", self.say("错误：", "error: "));
        }
        tracing::debug!(?error, "failed");
        if error.is::<SearchRefusal>() || error.is::<DatabaseError>() || error.is::<DateError>() {
            ExitCode::from(WRONG_USAGE)
        } else {
            ExitCode::FAILURE
        }
    }

    /// Fragments as one text.
    pub(super) fn highlighted(&self, fragments: &[Fragment]) -> String {
        let (open, close) = if self.colour { ("\x1b[1;33m", "\x1b[0m") } else { ("【", "】") };
        let show = |f: &Fragment| if f.highlighted { format!("{open}{}{close}", f.text) } else { f.text.clone() };
        fragments.iter().map(show).collect()
    }

    /// A bar for a step that may take a while; nothing is drawn where standard error is no terminal.
    pub(super) fn bar(&self, title: &str) -> Bar {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{prefix} {bar:32} {percent:>3}% {per_sec} {eta}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(title.to_owned());
        Bar(bar)
    }
}

/// A progress bar that vanishes when its step ends.
pub(super) struct Bar(ProgressBar);

impl Bar {
    pub(super) fn show(&self, progress: Progress) {
        self.0.set_length(progress.total);
        self.0.set_position(progress.done);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
