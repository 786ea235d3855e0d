//! This file compares a published figure with the rows that it opens.

use crate::{Browser, Town};
use hall::figures::{Period, read};
use kernel::figure::{Figure, Indicator, Part};
use kernel::place::PlacePath;
use kernel::time::Date;

/// The first and the last day of the month in which stories happen.
const DAYS: [Date; 2] = [Date::constant(2026, 11, 1), Date::constant(2026, 11, 30)];

impl Town {
    /// Returns an indicator by its code.
    ///
    /// # Panics
    /// Panics if nobody declares it.
    pub fn indicator(&self, code: &str) -> Indicator {
        let found = self.city.house.indicators.iter().find(|indicator| indicator.code == code);
        *found.unwrap_or_else(|| panic!("nobody declares {code}"))
    }

    /// Returns what an indicator says of a place in November 2026.
    ///
    /// # Panics
    /// Panics if the store cannot be read.
    pub fn told(&self, place: &PlacePath, code: &'static str) -> Figure {
        let (city, place, months) = (self.city.clone(), place.clone(), ["2026-11".to_owned()]);
        let told = self.store().read_blocking(move |tx| {
            let period = Period { place: &place, department: None, months: &months };
            let told = read(tx, &city.house.indicators, &period, &[code])?;
            Ok::<_, store::StoreError>(told.first().map(|(_, figure)| *figure))
        });
        let told = told.unwrap_or_else(|fault| panic!("{}: {fault}", self.engine));
        told.unwrap_or_else(|| panic!("nobody declares {code}"))
    }

    /// Returns the address of the rows that an indicator opens for a place in November 2026.
    ///
    /// # Panics
    /// Panics if it opens none.
    pub fn opens(&self, place: &PlacePath, code: &str) -> String {
        let rows = self.indicator(code).rows.unwrap_or_else(|| panic!("{code} opens no rows"));
        let [from, to] = DAYS;
        (rows.address)(code, &Part { place: place.id(), own: false, department: String::new(), from, to })
    }
}

impl Browser {
    /// Checks that the rows that an indicator opens for a place in November 2026 add up to what it says, on the page
    /// and in its file. Returns how much each row counts.
    ///
    /// # Panics
    /// Panics if they do not, or if a page is refused.
    pub fn adds_up(&mut self, town: &Town, place: &PlacePath, code: &'static str) -> Vec<i64> {
        let (address, engine) = (town.opens(place, code), town.engine);
        let page = self.open(&address).expect(200);
        let file = self.open(&format!("{address}&format=csv")).expect(200).body();
        let amount = |line: &str| line.rsplit(',').next().and_then(|last| last.parse::<i64>().ok());
        let amounts: Vec<i64> = file.lines().skip(1).filter_map(amount).collect();
        assert_eq!(amounts.len() + 1, file.lines().count(), "{engine}: {code}: {file}");
        let total: i64 = amounts.iter().sum();
        assert_eq!(town.told(place, code), Figure::Count(total), "{engine}: {code}: {file}");
        assert!(page.words().contains(&format!("共 {total}")), "{engine}: {code}: {}", page.words());
        amounts
    }
}
