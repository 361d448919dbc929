//! What recorded licences cost in China, year by year.

use std::sync::LazyLock;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::Money;

/// Contracts recorded with the national office in one year. See `data/README.md` for where the figures come from.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NationalFees {
    /// The year.
    pub year: u16,
    /// Contracts recorded: the n of all shares.
    pub contracts: u32,
    /// Patents in a contract on average.
    pub patents_per_contract: f64,
    /// Share of contracts with a fixed fee, in per cent.
    pub fixed_share: f64,
    /// With a royalty.
    pub royalty_share: f64,
    /// Free of charge.
    pub free_share: f64,
    /// Mean fixed fee of a contract over its whole term.
    pub fixed_mean: Money,
    /// Mean term of these contracts in years.
    pub fixed_years: f64,
    /// The announcement.
    pub source: String,
}

static ALL: LazyLock<Vec<NationalFees>> = LazyLock::new(|| {
    let rows = include_str!("../../data/pricing/national_fees.csv").lines().skip(1);
    rows.filter_map(read).collect()
});

/// A row of the file; a test holds that every row is one.
fn read(row: &str) -> Option<NationalFees> {
    let cells: Vec<&str> = row.split(',').collect();
    let [year, contracts, per_contract, fixed, royalty, free, mean, years, source] = cells[..] else { return None };
    let number = |text: &str| text.parse::<f64>().ok();
    Some(NationalFees {
        year: year.parse().ok()?,
        contracts: contracts.parse().ok()?,
        patents_per_contract: number(per_contract)?,
        fixed_share: number(fixed)?,
        royalty_share: number(royalty)?,
        free_share: number(free)?,
        fixed_mean: Money::from_fen((number(mean)? * 1_000_000.0).round() as i64).ok()?,
        fixed_years: number(years)?,
        source: source.to_owned(),
    })
}

impl NationalFees {
    /// All years known, the latest last.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &ALL
    }

    /// What one patent brings in by one contract with a fixed fee, over the contract's term, on average.
    #[must_use]
    pub fn fixed_mean_per_patent(&self) -> Money {
        let fen = self.fixed_mean.fen() as f64 / self.patents_per_contract;
        Money::from_fen(fen.round() as i64).unwrap_or(Money::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_and_its_shares_are_all_of_it() {
        let rows = include_str!("../../data/pricing/national_fees.csv").lines().count() - 1;
        assert_eq!(NationalFees::all().len(), rows);
        for fees in NationalFees::all() {
            let shares = fees.fixed_share + fees.royalty_share + fees.free_share;
            assert!((shares - 100.0).abs() < 0.2, "{fees:?}");
        }
        assert!(NationalFees::all().is_sorted_by_key(|fees| fees.year));
    }

    #[test]
    fn a_contract_is_shared_by_its_patents() {
        let last = NationalFees::all().last().unwrap();
        assert_eq!((last.year, last.fixed_mean.to_string()), (2023, "166万元".to_owned()));
        assert_eq!(last.fixed_mean_per_patent().to_string(), "691666.67元");
    }
}
