use super::backend::{Backend, on_each_backend};
use crate::domain::{IndustryFees, Money, Rate};
use crate::store::Saved;

on_each_backend!(a_row_takes_the_place_of_one_of_its_industry_year_and_source, many_rows_go_in_at_once,);

fn fees(industry: &str, year: u16, source: &str, contracts: u32) -> IndustryFees {
    IndustryFees {
        industry: industry.parse().unwrap(),
        year,
        contracts,
        fixed_mean: Money::from_fen(1_000_000).ok(),
        royalty_mean: Rate::from_basis_points(350).ok(),
        royalty_base: None,
        source: source.to_owned(),
    }
}

async fn a_row_takes_the_place_of_one_of_its_industry_year_and_source(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let first =
        [fees("38", 2022, "甲", 1), fees("38", 2023, "甲", 2), fees("38", 2023, "乙", 3), fees("26", 2023, "甲", 4)];
    let saved = store.save_industry_fees(&lock, &first).await.unwrap();
    assert_eq!(saved, Saved { added: 4, changed: 0, unchanged: 0 });
    let later =
        [fees("38", 2023, "甲", 9), fees("26", 2023, "甲", 4), fees("C", 2023, "甲", 5), fees("C", 2023, "甲", 6)];
    let saved = store.save_industry_fees(&lock, &later).await.unwrap();
    assert_eq!(saved, Saved { added: 1, changed: 1, unchanged: 2 }, "of two of one key the last holds");
    let of = async |codes: &[&str]| {
        let rows = store.industry_fees(codes).await.unwrap();
        rows.into_iter().map(|row| (row.industry.to_string(), row.year, row.contracts)).collect::<Vec<_>>()
    };
    let row = |industry: &str, year, contracts| (industry.to_owned(), year, contracts);
    assert_eq!(of(&["38", "C"]).await, [row("38", 2023, 3), row("38", 2023, 9), row("38", 2022, 1), row("C", 2023, 6)]);
    assert_eq!(of(&[]).await.len(), 5);
    assert_eq!(of(&["01"]).await, []);
}

async fn many_rows_go_in_at_once(backend: Backend) {
    let (_home, store, lock) = backend.record().await;
    let many: Vec<IndustryFees> = (0..2_500_u32).map(|n| fees("38", 2000, &format!("表{n}"), n + 1)).collect();
    let saved = store.save_industry_fees(&lock, &many).await.unwrap();
    assert_eq!((saved.added, store.industry_fees(&["38"]).await.unwrap().len()), (2_500, 2_500));
}
