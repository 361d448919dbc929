//! A letter that offers listings to an enterprise, as plain text and as a page.

use std::fmt::Write;

use super::text;

/// A listing that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterItem {
    /// The patent's title.
    pub title: String,
    /// What must be known of it, such as holder and fee.
    pub facts: Vec<String>,
    /// Why it suits the enterprise.
    pub reasons: Vec<String>,
    /// Where it can be read.
    pub link: String,
}

/// What a letter says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferLetter {
    /// What it is about.
    pub subject: String,
    /// What stands before the listings; each line is a paragraph.
    pub opening: String,
    /// The listings, best first.
    pub items: Vec<LetterItem>,
    /// Where to say that nothing more is wanted.
    pub opt_out: String,
}

const STYLE: &str = "font-family:sans-serif;line-height:1.6;color:#1a1a1a";
const WHY: &str = "推荐理由：";
const READ: &str = "查看许可条件：";
const OPT_OUT: &str = "不愿再收到此类推荐，请点此退订：";
const KEPT: &str = "点击上述链接时，我们记录打开了哪一件及时间，用于改进推荐和统计成效；退订后不再推送。";

impl OfferLetter {
    /// As plain text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = format!("{}\n\n", text::legal_lines(&self.opening));
        for (number, item) in (1..).zip(&self.items) {
            _ = writeln!(out, "{number}. {}", text::clean(&item.title));
            for fact in &item.facts {
                _ = writeln!(out, "   {}", text::clean(fact));
            }
            for reason in &item.reasons {
                _ = writeln!(out, "   {WHY}{}", text::clean(reason));
            }
            _ = writeln!(out, "   {READ}{}\n", item.link);
        }
        _ = write!(out, "{OPT_OUT}{}\n{KEPT}\n", self.opt_out);
        out
    }

    /// As a page that fetches nothing.
    #[must_use]
    pub fn html(&self) -> String {
        let mut out = format!(
            "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\"/>\n<title>{}</title>\n</head>\n\
             <body style=\"{STYLE}\">\n",
            text::escaped(&self.subject)
        );
        for line in self.opening.lines() {
            _ = writeln!(out, "<p>{}</p>", text::escaped(line));
        }
        out.push_str("<ol>\n");
        for item in &self.items {
            let title = text::escaped(&item.title);
            _ = writeln!(out, "<li>\n<p><a href=\"{}\"><b>{title}</b></a></p>\n<ul>", address(&item.link));
            for fact in &item.facts {
                _ = writeln!(out, "<li>{}</li>", text::escaped(fact));
            }
            for reason in &item.reasons {
                _ = writeln!(out, "<li>{WHY}{}</li>", text::escaped(reason));
            }
            out.push_str("</ul>\n</li>\n");
        }
        _ = writeln!(
            out,
            "</ol>\n<p>{OPT_OUT}<a href=\"{0}\">{0}</a></p>\n<p><small>{KEPT}</small></p>\n</body>\n</html>",
            address(&self.opt_out)
        );
        out
    }
}

/// An address as the value of an attribute in quotation marks.
fn address(link: &str) -> String {
    text::escaped(link).replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> OfferLetter {
        let item = LetterItem {
            title: "一种<b>隔膜</b>\u{202e}".to_owned(),
            facts: vec!["专利权人：样例大学".to_owned()],
            reasons: vec!["与贵单位产品“锂电池 & 隔膜”相关".to_owned()],
            link: "https://site/r/1-2\"x".to_owned(),
        };
        let opening = "样例公司：\n您好。".to_owned();
        OfferLetter { subject: "推荐".to_owned(), opening, items: vec![item], opt_out: "https://site/u/1".to_owned() }
    }

    #[test]
    fn a_letter_says_the_same_as_text_and_as_a_page_and_both_lead_out() {
        let (text, html) = (letter().text(), letter().html());
        for said in ["样例公司：", "您好。", "专利权人：样例大学", "https://site/u/1", "记录打开了哪一件"]
        {
            assert!(text.contains(said) && html.contains(said), "{said}");
        }
        assert!(text.starts_with("样例公司：\n您好。\n\n1. 一种<b>隔膜</b>\n"), "{text}");
    }

    #[test]
    fn whatever_texts_hold_is_escaped_and_nothing_is_fetched() {
        let html = letter().html();
        assert!(html.contains("一种&lt;b&gt;隔膜&lt;/b&gt;") && html.contains("锂电池 &amp; 隔膜"), "{html}");
        assert!(html.contains("href=\"https://site/r/1-2&quot;x\""), "{html}");
        assert!(!html.contains("<img") && !html.contains("<script") && !html.contains('\u{202e}'), "{html}");
        roxmltree::Document::parse(html.trim_start_matches("<!doctype html>")).unwrap();
    }
}
