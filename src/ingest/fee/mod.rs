//! Fees as people write them: payment form (支付方式) and standard (标准) to one [`Fee`].
//!
//! Every word of both texts must be understood, otherwise the fee is refused: a misread fee would bind a holder to
//! terms never offered, since whoever accepts a published fee has the licence (Patent Law, article 51).

mod amount;
mod error;
mod token;
mod vocabulary;

pub(super) use amount::{ONE, number};
pub use error::{FeeError, Needed};
use token::{Token, tokens};

use super::cells::shortened;
use crate::domain::{Fee, Money, Rate, RoyaltyBase};

/// What the payment form asserts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Free,
    Negotiable,
    LumpSum,
    Instalments,
    EachYear,
    Royalty,
    EntryRoyalty,
    Trial,
    Any,
}

/// Reads the fee from payment form and standard; either may be empty, not both.
pub(super) fn parse(form: &str, standard: &str) -> Result<Fee, FeeError> {
    let form_words = tokens(form)?;
    let has_figures = form_words.iter().any(|t| matches!(t, Token::Money(_) | Token::Share(_) | Token::Bare));
    if form.trim().is_empty() || has_figures && standard.trim().is_empty() {
        return fee(&tokens(&format!("{form}{standard}"))?, if form.is_empty() { standard } else { form });
    }
    let asserted = asserted(&form_words).ok_or_else(|| FeeError::Unreadable { text: shortened(form) })?;
    if standard.trim().is_empty() {
        return match asserted {
            Form::Free => Ok(Fee::Free),
            Form::Negotiable => Ok(Fee::Negotiable),
            _ => Err(FeeError::Incomplete { form: shortened(form), needed: Needed::Figure }),
        };
    }
    let words = tokens(standard)?;
    let together: Vec<Token> = form_words.into_iter().chain(words.iter().cloned()).collect();
    let alone = fee(&words, standard);
    let read = match asserted {
        Form::EachYear => fee(&together, standard).or(alone),
        _ => alone.or_else(|error| fee(&together, standard).map_err(|_| error)),
    }?;
    check(asserted, &read, form, standard)?;
    Ok(read)
}

/// Refuses a fee that is not of the form asserted; 面议 fits every form.
fn check(asserted: Form, read: &Fee, form: &str, standard: &str) -> Result<(), FeeError> {
    let needed = match (asserted, read) {
        (Form::Any, _)
        | (_, Fee::Negotiable)
        | (Form::Free, Fee::Free)
        | (Form::LumpSum, Fee::LumpSum { .. })
        | (Form::EachYear, Fee::PerYear { .. })
        | (Form::Instalments, Fee::PerYear { .. } | Fee::Instalments { .. })
        | (Form::Royalty, Fee::Royalty { .. } | Fee::UnitRoyalty { .. })
        | (Form::Trial, Fee::TrialThenPaid { .. }) => return Ok(()),
        (Form::EntryRoyalty, Fee::Royalty { entry, .. } | Fee::UnitRoyalty { entry, .. }) => match *entry {
            Money::ZERO => Needed::EntryFee,
            _ => return Ok(()),
        },
        (Form::Trial, paid) if *paid != Fee::Free => Needed::FreeMonths,
        (Form::Instalments, Fee::LumpSum { .. }) => Needed::Schedule,
        _ => return Err(FeeError::Contradiction { form: shortened(form), standard: shortened(standard) }),
    };
    Err(FeeError::Incomplete { form: shortened(form), needed })
}

/// A sum an enterprise can pay in a year: `10万元/年`, `不超过10万元`.
pub(super) fn budget(text: &str) -> Result<Money, FeeError> {
    let mut words = tokens(text)?;
    words.retain(|token| !matches!(token, Token::AtMost | Token::EachYear | Token::SlashYear));
    match words.as_slice() {
        [Token::Money(amount)] => Ok(*amount),
        words => Err(refusal(words, text)),
    }
}

fn asserted(words: &[Token]) -> Option<Form> {
    let has = |token: Token| words.contains(&token);
    Some(match () {
        () if has(Token::Vague) => return None,
        () if has(Token::Trial) => Form::Trial,
        () if has(Token::Royalty) && (has(Token::Entry) || has(Token::LumpSum)) => Form::EntryRoyalty,
        () if has(Token::Royalty) => Form::Royalty,
        () if has(Token::LumpSum) => Form::LumpSum,
        () if has(Token::EachYear) => Form::EachYear,
        () if has(Token::Instalments) => Form::Instalments,
        () if has(Token::Free) => Form::Free,
        () if has(Token::Negotiable) => Form::Negotiable,
        () if has(Token::Other) => Form::Any,
        () => return None,
    })
}

/// The fee a text states by itself.
fn fee(words: &[Token], text: &str) -> Result<Fee, FeeError> {
    let doubtful = |t: &Token| matches!(t, Token::Vague | Token::AtMost | Token::Bare);
    if words.iter().any(doubtful) {
        return Err(refusal(words, text));
    }
    match trial(words) {
        Some((free_months, paid)) => Ok(Fee::TrialThenPaid { free_months, then: Box::new(fee(paid, text)?) }),
        None => payment(words).unwrap_or_else(|| Err(refusal(words, text))),
    }
}

/// Why words that make no fee make none.
fn refusal(words: &[Token], text: &str) -> FeeError {
    let text = shortened(text);
    let has = |token: Token| words.contains(&token);
    match words {
        _ if has(Token::Vague) || has(Token::AtMost) => FeeError::NotOneFigure { text },
        _ if has(Token::Bare) => FeeError::NoUnit { text },
        words
            if words.iter().any(|t| matches!(t, Token::Share(_)))
                && !words.iter().any(|t| matches!(t, Token::Base(_))) =>
        {
            FeeError::NoBase { text }
        }
        _ => FeeError::Unreadable { text },
    }
}

/// The months of free use a text starts with, and what follows them.
fn trial(words: &[Token]) -> Option<(u16, &[Token])> {
    let leads =
        |t: &Token| matches!(t, Token::Within | Token::Trial | Token::Free | Token::Months(_) | Token::FirstYear);
    let end = words.iter().position(|t| !leads(t))?;
    let (lead, paid) = words.split_at(end);
    let months: Vec<u16> = lead
        .iter()
        .filter_map(|t| match t {
            Token::Months(months) => Some(*months),
            Token::FirstYear => Some(12),
            _ => None,
        })
        .collect();
    let is_free = lead.iter().any(|t| matches!(t, Token::Free | Token::Trial));
    let &[months] = months.as_slice() else { return None };
    (is_free && months > 0).then_some((months, paid.strip_prefix(&[Token::Then]).unwrap_or(paid)))
}

/// A payment that does not begin with free use; `None` when the words fit no form.
fn payment(words: &[Token]) -> Option<Result<Fee, FeeError>> {
    let fee = match words {
        [Token::Free] => Fee::Free,
        [Token::Negotiable] => Fee::Negotiable,
        [Token::Money(Money::ZERO)] => Fee::Free,
        [Token::Money(amount)] => Fee::LumpSum { amount: *amount },
        [Token::LumpSum, Token::Money(amount)] | [Token::Money(amount), Token::LumpSum] => {
            Fee::LumpSum { amount: *amount }
        }
        _ => return instalments(words).map(Ok).or_else(|| royalty(words)),
    };
    Some(Ok(fee))
}

fn instalments(words: &[Token]) -> Option<Fee> {
    let words: Vec<Token> = words.iter().filter(|t| !matches!(t, Token::Then | Token::Instalments)).cloned().collect();
    let equal = |amount: &Money, count: u16| {
        let following = count.checked_sub(1)?;
        Some(Fee::Instalments { first: *amount, following: *amount, count: Some(following) })
    };
    match words.as_slice() {
        [Token::EachYear, Token::Money(amount)]
        | [Token::Money(amount), Token::SlashYear | Token::EachYear]
        | [Token::EachYear, Token::Money(amount), Token::SlashYear] => Some(Fee::PerYear { amount: *amount }),
        [Token::Count(count), Token::EachInstalment, Token::Money(amount)]
        | [Token::Count(count), Token::Money(amount), Token::EachInstalment] => equal(amount, *count),
        [Token::Months(months), Token::EachYear, Token::Money(amount)] if months % 12 == 0 => {
            equal(amount, months / 12)
        }
        [Token::First | Token::FirstYear, Token::Money(first), rest @ ..] => {
            let (following, count) = match rest {
                [Token::EachYear, Token::Money(following)] | [Token::Money(following), Token::SlashYear] => {
                    (following, None)
                }
                [Token::Count(count), Token::EachInstalment, Token::Money(following)]
                | [Token::Count(count), Token::Money(following), Token::EachInstalment] => (following, Some(*count)),
                _ => return None,
            };
            Some(Fee::Instalments { first: *first, following: *following, count })
        }
        _ => None,
    }
}

/// A share or an amount by the piece, perhaps after an entry fee.
fn royalty(words: &[Token]) -> Option<Result<Fee, FeeError>> {
    let (entry, rest) = match words {
        [Token::Entry | Token::LumpSum, Token::Money(entry), rest @ ..]
        | [Token::Money(entry), Token::Entry, rest @ ..] => (*entry, rest),
        [Token::Money(entry), rest @ ..] if !matches!(rest, [Token::PerUnit(_) | Token::SlashYear, ..]) => {
            (*entry, rest)
        }
        rest => (Money::ZERO, rest),
    };
    let rest = rest.strip_prefix(&[Token::EachYear]).unwrap_or(rest);
    let rest: Vec<&Token> = rest.iter().filter(|t| **t != Token::Royalty).collect();
    match rest[..] {
        [Token::Base(base), Token::Share(share)] | [Token::Share(share), Token::Base(base)] => {
            Some(royalty_of(entry, *share, *base))
        }
        [Token::PerUnit(unit), Token::Money(per_unit)] | [Token::Money(per_unit), Token::PerUnit(unit)] => {
            Some(Ok(Fee::UnitRoyalty { entry, per_unit: *per_unit, unit: (*unit).to_owned() }))
        }
        _ => None,
    }
}

fn royalty_of(entry: Money, share: u32, base: RoyaltyBase) -> Result<Fee, FeeError> {
    let rate = Rate::from_basis_points(u16::try_from(share).unwrap_or(u16::MAX))?;
    Ok(Fee::Royalty { entry, rate, base })
}

#[cfg(test)]
mod tests;
