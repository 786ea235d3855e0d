//! Decides whether an account of the maintenance fund has enough for what is to go out of it, to the fen.

use kernel::money::Fen;
use kernel::refusal::Refusal;
use kernel::time::Date;

use crate::refusals::Why;
use crate::words::account::DaySum;

/// What can go out of an account on a day, fen: what is there at the end of that day, or of a later one if less is
/// there then. The days come in their order.
#[must_use]
pub fn free_from(days: &[DaySum], on: Date) -> i128 {
    let before = days.iter().filter(|day| day.on <= on);
    let at_end = before.fold(0_i128, |sum, day| sum.saturating_add(day.fen));
    let (mut balance, mut least) = (at_end, at_end);
    for day in days.iter().filter(|day| day.on > on) {
        balance = balance.saturating_add(day.fen);
        least = least.min(balance);
    }
    least
}

/// What is there after all entries, fen.
#[must_use]
pub fn balance(days: &[DaySum]) -> i128 {
    days.iter().fold(0_i128, |sum, day| sum.saturating_add(day.fen))
}

/// A sum as an amount. A larger sum, which only mistakes add up to, is told as the largest amount.
#[must_use]
pub fn amount(fen: i128) -> Fen {
    let within = fen.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
    Fen::new(i64::try_from(within).unwrap_or_default())
}

/// Whether a day lies before the account was opened: what happened then is in what was there at its opening.
#[must_use]
pub fn is_before(days: &[DaySum], on: Date) -> bool {
    days.first().is_some_and(|first| on < first.on)
}

/// Lets an amount go out of an account on a day, beside what is held for others.
///
/// # Errors
/// Less is there than the amount.
pub fn covered(days: &[DaySum], on: Date, fen: i64, held: i128) -> Result<(), Refusal> {
    let free = free_from(days, on).saturating_sub(held);
    if i128::from(fen) <= free {
        return Ok(());
    }
    let refusal = Refusal::new(Why::PropertyAccountShort).with("amount", Fen::new(fen));
    Err(refusal.with("free", amount(free.max(0))).with("held", amount(held)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::refusal::Code;

    fn days(told: &[(&str, i128)]) -> Vec<DaySum> {
        told.iter().map(|(on, fen)| DaySum { on: on.parse().unwrap(), fen: *fen }).collect()
    }

    #[test]
    fn no_more_goes_out_than_is_there_on_that_day_and_after() {
        let account = days(&[("2026-01-01", 50_000_000), ("2026-06-01", -17_500_001), ("2026-09-21", 123)]);
        assert_eq!(balance(&account), 32_500_122);
        let short = Some(Why::PropertyAccountShort);
        let table: [(&str, i64, i128, Option<Code>); 9] = [
            ("2026-12-01", 32_500_122, 0, None),
            ("2026-12-01", 32_500_123, 0, short),
            // What was spent later is not there any more, and interest of September was not there in August.
            ("2026-05-31", 32_499_999, 0, None),
            ("2026-05-31", 32_500_000, 0, short),
            ("2026-08-31", 32_499_999, 0, None),
            ("2026-08-31", 32_500_000, 0, short),
            // What is held for others is not there for this one.
            ("2026-12-01", 122, 32_500_000, None),
            ("2026-12-01", 123, 32_500_000, short),
            ("2025-12-31", 1, 0, short),
        ];
        for (on, fen, held, expected) in table {
            let found = covered(&account, on.parse().unwrap(), fen, held).err().map(|refusal| refusal.code);
            assert_eq!(found, expected, "{on} {fen} {held}");
        }
        assert!(is_before(&account, "2025-12-31".parse().unwrap()));
        assert!(!is_before(&account, "2026-01-01".parse().unwrap()));
        let refusal = covered(&account, "2026-12-01".parse().unwrap(), 100_000_000, 100_000_000).unwrap_err();
        assert_eq!(refusal.detail.get("free").map(String::as_str), Some("0.00"));
    }

    #[test]
    fn an_account_that_was_broken_adds_up_and_can_be_put_right() {
        let most = i128::from(i64::MAX);
        let broken = days(&[("2026-01-01", most), ("2026-02-01", most)]);
        assert_eq!(balance(&broken), 2 * most);
        assert_eq!(amount(balance(&broken)).to_string(), "92,233,720,368,547,758.07");
        assert_eq!(amount(-2 * most), Fen::new(i64::MIN));
        let today: Date = "2026-12-01".parse().unwrap();
        assert!(covered(&broken, today, i64::MAX, 0).is_ok());
        let righted = days(&[("2026-01-01", most), ("2026-02-01", most), ("2026-12-01", 100 - 2 * most)]);
        assert_eq!((balance(&righted), free_from(&righted, today)), (100, 100));
        assert!(covered(&righted, today, 101, 0).is_err());
    }
}
