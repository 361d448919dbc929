//! Just enough of Rust's grammar to ask a source file who it names and how long its functions are.
//!
//! In comes the text of a file as rustfmt leaves it, out come paths and functions. Comments, strings and items for
//! tests are blanked first, their line breaks kept, so that nothing in them counts.

use std::path::Path;

/// One source file of the crate.
pub(crate) struct Source {
    /// From the crate's root, with `/`.
    pub(crate) path: String,
    /// Comments and strings blanked.
    pub(crate) code: String,
    /// Items for tests blanked too; empty for a file of tests.
    pub(crate) shipped: String,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let code = blanked(text);
        let is_test = path.ends_with("/tests.rs") || path.contains("/tests/");
        let shipped = if is_test { String::new() } else { without_tests(&code) };
        Self { path: path.to_owned(), code, shipped }
    }

    /// Every source file below `src`.
    pub(crate) fn all() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let (mut sources, mut folders) = (Vec::new(), vec![root.join("src")]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                    sources.push(Self::new(&name, &std::fs::read_to_string(&path).unwrap()));
                }
            }
        }
        sources.sort_by(|a, b| a.path.cmp(&b.path));
        sources
    }

    /// The module directly below the crate that the file belongs to; `None` for `lib.rs` and `main.rs`.
    pub(crate) fn module(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        match inside.split_once('/') {
            Some((module, _)) => Some(module),
            None => inside.strip_suffix(".rs").filter(|name| !["lib", "main"].contains(name)),
        }
    }

    /// How many modules the file is below the crate: 1 for `src/index/mod.rs`, 2 for `src/index/query.rs`.
    fn depth(&self) -> usize {
        let parts = self.path.trim_start_matches("src/").split('/').count();
        if self.path.ends_with("/mod.rs") { parts - 1 } else { parts }
    }

    /// The crate's own modules that the file names, through `crate::` or as many `super::` as lead there.
    pub(crate) fn own_modules(&self) -> Vec<String> {
        let mut modules = Vec::new();
        for (path, group) in paths(&self.shipped) {
            let climbed = path.iter().take_while(|&&part| part == "super").count();
            let at = match path[0] {
                "crate" => 1,
                "super" if climbed == self.depth() => climbed,
                _ => continue,
            };
            match path.get(at) {
                Some(module) => modules.push((*module).to_owned()),
                None => modules.extend(group),
            }
        }
        modules.sort();
        modules.dedup();
        modules
    }

    /// Whether the shipped code names an outside crate.
    pub(crate) fn names_crate(&self, name: &str) -> bool {
        let imported = [format!("use {name};"), format!("use {name} as "), format!("extern crate {name}")];
        let in_path =
            paths(&self.shipped).iter().any(|(path, group)| path[0] == name && (path.len() > 1 || !group.is_empty()));
        in_path || imported.iter().any(|form| self.shipped.contains(form))
    }

    /// Lines that ship.
    pub(crate) fn shipped_lines(&self) -> usize {
        self.shipped.trim_end().lines().count()
    }

    /// The functions with a body: name and number of lines.
    pub(crate) fn functions(&self) -> Vec<(String, usize)> {
        functions(&self.shipped)
    }
}

/// The text with comments, strings and characters as blanks.
pub(crate) fn blanked(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out: Vec<char> = chars.clone();
    let mut at = 0;
    while at < chars.len() {
        let end = match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => end_of_line(&chars, at),
            '/' if chars.get(at + 1) == Some(&'*') => end_of_comment(&chars, at),
            '"' => end_of_string(&chars, at),
            'r' if at == 0 || !is_word(chars[at - 1]) || "bc".contains(chars[at - 1]) => end_of_raw(&chars, at),
            '\'' if chars.get(at + 1) == Some(&'\\') => {
                (at + 3..chars.len()).find(|&i| chars[i] == '\'').map_or(chars.len(), |i| i + 1)
            }
            '\'' if chars.get(at + 2) == Some(&'\'') => at + 3,
            _ => at,
        };
        out[at..end].iter_mut().filter(|c| **c != '\n').for_each(|c| *c = ' ');
        at = end.max(at + 1);
    }
    out.into_iter().collect()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn end_of_line(chars: &[char], at: usize) -> usize {
    (at..chars.len()).find(|&i| chars[i] == '\n').unwrap_or(chars.len())
}

fn end_of_comment(chars: &[char], start: usize) -> usize {
    let (mut depth, mut at) = (0, start);
    while at + 1 < chars.len() {
        match (chars[at], chars[at + 1]) {
            ('/', '*') => (depth, at) = (depth + 1, at + 2),
            ('*', '/') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    chars.len()
}

fn end_of_string(chars: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

/// The end of a raw string; `start` itself where none begins.
fn end_of_raw(chars: &[char], start: usize) -> usize {
    let hashes = chars[start + 1..].iter().take_while(|&&c| c == '#').count();
    if chars.get(start + 1 + hashes) != Some(&'"') {
        return start;
    }
    let closes = |at: usize| chars[at] == '"' && chars[at + 1..].iter().take_while(|&&c| c == '#').count() >= hashes;
    (start + 2 + hashes..chars.len()).find(|&at| closes(at)).map_or(chars.len(), |at| at + 1 + hashes)
}

/// Blanks every item under `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut out = code.to_owned();
    while let Some(start) = out.find(MARK) {
        let body = start + MARK.len();
        let end = out[body..].find(['{', ';']).map_or(out.len(), |found| match out.as_bytes()[body + found] {
            b'{' => end_of_block(&out, body + found),
            _ => body + found + 1,
        });
        let blank: String = out[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        out.replace_range(start..end, &blank);
    }
    out
}

/// The byte behind the brace that closes the one at `open`.
fn end_of_block(code: &str, open: usize) -> usize {
    let mut depth = 0_i32;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        depth += i32::from(byte == b'{') - i32::from(byte == b'}');
        if depth == 0 {
            return at + 1;
        }
    }
    code.len()
}

/// Every path, in its parts, with the first names of the group it ends in (`a::{b::c, d}` gives `b`, `d`).
fn paths(code: &str) -> Vec<(Vec<&str>, Vec<String>)> {
    let word = |from: usize| code[from..].find(|c| !is_word(c)).map_or(code.len(), |length| from + length);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(step) = code[at..].find(is_word) {
        at += step;
        let mut parts = vec![&code[at..word(at)]];
        at = word(at);
        while code[at..].starts_with("::") && code[at + 2..].starts_with(is_word) {
            parts.push(&code[at + 2..word(at + 2)]);
            at = word(at + 2);
        }
        let group =
            if code[at..].starts_with("::{") { group(&code[at + 3..end_of_block(code, at + 2) - 1]) } else { vec![] };
        found.push((parts, group));
    }
    found
}

fn group(inside: &str) -> Vec<String> {
    let mut depth = 0;
    let top: String = inside
        .chars()
        .filter(|&c| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            depth == 0
        })
        .collect();
    let first = |name: &str| name.trim().chars().take_while(|&c| is_word(c)).collect::<String>();
    top.split(',').map(first).filter(|name| !name.is_empty()).collect()
}

fn functions(code: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        if code[..at].ends_with(is_word) {
            continue;
        }
        let name: String = code[at + 3..].chars().take_while(|&c| is_word(c)).collect();
        let mut depth = 0_i32;
        let body = code[at..].char_indices().find(|&(_, c)| {
            depth += i32::from("([".contains(c)) - i32::from(")]".contains(c));
            depth == 0 && (c == '{' || c == ';')
        });
        if let (false, Some((offset, '{'))) = (name.is_empty(), body) {
            found.push((name, code[at..end_of_block(code, at + offset)].lines().count()));
        }
    }
    found
}
