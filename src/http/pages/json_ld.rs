//! A listing as linked data (JSON-LD, schema.org), for search engines.

use serde_json::{Value, json};

use crate::domain::{Fee, HolderKind, LicenceTerms, Listing, Money};

/// A listing on offer as a schema.org `Product` whose `Offer` is the licence: there is no type for patents. The text can
/// stand in a page as it is.
pub(super) fn of(listing: &Listing, address: Option<&str>) -> String {
    let patent = &listing.patent;
    let mut product = json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "category": "专利开放许可",
        "name": patent.title,
        "identifier": listing.id,
    });
    let optional = [
        ("url", address.map(Value::from)),
        ("description", text(&patent.abstract_text)),
        ("productionDate", patent.filed_on.map(|day| Value::from(day.to_string()))),
        ("releaseDate", patent.published_on.map(|day| Value::from(day.to_string()))),
        ("offers", listing.terms.as_ref().map(|terms| offer(listing, terms))),
    ];
    add(&mut product, optional);
    // In a page nothing ends a script but `</script`, and nothing else in JSON has an angle bracket outside a text.
    product.to_string().replace('<', "\\u003c")
}

fn offer(listing: &Listing, terms: &LicenceTerms) -> Value {
    let kind = if listing.holder_kind == Some(HolderKind::Person) { "Person" } else { "Organization" };
    let sellers: Vec<Value> =
        listing.patent.holders.iter().map(|name| json!({ "@type": kind, "name": name })).collect();
    let mut offer = json!({
        "@type": "Offer",
        "availability": "https://schema.org/InStock",
        "description": terms.fee.describe(),
        "eligibleRegion": terms.territory.describe(),
        "seller": sellers,
    });
    let (price, per_year) = match &terms.fee {
        Fee::Free => (Some(yuan(Money::ZERO)), None),
        Fee::LumpSum { amount } => (Some(yuan(*amount)), None),
        Fee::PerYear { amount } => (None, Some(yuan(*amount))),
        _ => (None, None),
    };
    let yearly = per_year.map(
        |price| json!({ "@type": "UnitPriceSpecification", "price": price, "priceCurrency": "CNY", "unitCode": "ANN" }),
    );
    let optional = [
        ("priceCurrency", price.as_ref().map(|_| Value::from("CNY"))),
        ("price", price.map(Value::from)),
        ("priceSpecification", yearly),
        ("validThrough", listing.available_until().map(|day| Value::from(day.to_string()))),
    ];
    add(&mut offer, optional);
    offer
}

fn add<const N: usize>(object: &mut Value, optional: [(&str, Option<Value>); N]) {
    for (name, value) in optional {
        if let Some(value) = value {
            object[name] = value;
        }
    }
}

fn text(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| Value::from(text))
}

/// An amount in yuan with two decimals, as schema.org writes prices.
fn yuan(amount: Money) -> String {
    format!("{}.{:02}", amount.fen() / 100, amount.fen() % 100)
}
