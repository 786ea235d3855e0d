//! The part of a published sum that somebody looks into: which sum, where and on which days, and the things behind it.

use kernel::figure::{Indicator, Rows, month_of};
use kernel::permission::Permission;
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::time::Date;
use store::{StoreError, Tx};
use web::{Page, Pager};

use crate::Hall;
use crate::figures::{self, Asked, CountedRow, Cursor, DayRow, Days};

/// The part of a sum that somebody looks into, as `Part::address` of the kernel writes it.
#[derive(Clone, Debug)]
pub struct SumPart {
    /// The sum.
    pub indicator: &'static Indicator,
    /// Who may see its rows, and where they are shown.
    pub rows: Rows,
    /// Its column.
    pub slot: usize,
    /// The place.
    pub place: PlacePath,
    /// Whether only what is counted at the place itself is asked for.
    pub own: bool,
    /// The code of a department; none for all of them.
    pub department: Option<String>,
    /// The first day.
    pub from: Date,
    /// The last day, of the same month.
    pub to: Date,
    /// Where the list goes on.
    pub after: Option<Cursor>,
    /// Whether confidential things are among it. They are not, unless the department of the page says so.
    pub confidential: bool,
}

/// What was found: the sum, the things that make it, and where the list goes on.
#[derive(Clone, Debug)]
pub struct Behind {
    /// How much was counted.
    pub total: i64,
    /// The things, in their order.
    pub things: Vec<CountedRow>,
    /// Where the list goes on; none at its end.
    pub next: Option<Cursor>,
}

impl SumPart {
    /// Reads what is asked for. Returns none if it makes no sense or this visitor may not see all of it: the days lie
    /// in one month, and the whole city is told by whole months alone.
    #[must_use]
    pub fn read(hall: &Hall, page: &Page, indicators: &'static [Indicator]) -> Option<Self> {
        let query = &page.query;
        let indicator = indicators.iter().find(|indicator| indicator.code == query.get("code"))?;
        let part = Self {
            indicator,
            rows: indicator.rows?,
            slot: indicator.slot()?,
            place: hall.figures_place(query.get("place"))?,
            own: query.get("own") == "1",
            department: Some(query.get("department").to_owned()).filter(|code| !code.is_empty()),
            from: query.get("from").parse().ok()?,
            to: query.get("to").parse().ok()?,
            after: Cursor::parse(query.get("after")),
            confidential: false,
        };
        Some(part).filter(|part| part.is_open(page, part.rows.permission) && part.makes_sense())
    }

    /// Says whether this visitor is permitted something at the whole place.
    pub(super) fn is_open(&self, page: &Page, permission: Permission) -> bool {
        let rows = Rows { permission, ..self.rows };
        rows.open_to(&page.visitor.actor, &self.place, self.department.as_deref())
    }

    /// Says whether this visitor's posts are for the department of this part, so that she may see what is confidential.
    pub(super) fn is_explicit(&self, page: &Page) -> bool {
        let scopes = page.visitor.actor.scopes(self.rows.permission);
        let is_own = |department: &Option<String>| department.is_some() && *department == self.department;
        scopes.iter().any(|scope| is_own(&scope.department) && scope.place.contains(&self.place))
    }

    fn makes_sense(&self) -> bool {
        let in_one_month = self.from <= self.to && month_of(self.from) == month_of(self.to);
        in_one_month && (self.is_whole_month() || self.tells_days())
    }

    /// Says whether days are told: from the district down, because the whole city would be too many rows.
    #[must_use]
    pub fn tells_days(&self) -> bool {
        self.own || self.place.level() != Level::City
    }

    fn is_whole_month(&self) -> bool {
        self.from == self.from.first_of_month() && self.to == self.from.last_of_month()
    }

    /// Returns what was counted on each day.
    ///
    /// # Errors
    /// Those of the store.
    pub fn days(&self, tx: &mut dyn Tx) -> Result<Vec<DayRow>, StoreError> {
        self.ask(|asked, days| figures::by_day(tx, asked, days))
    }

    /// Returns the sum, and the things behind it, at most `limit`.
    ///
    /// # Errors
    /// Those of the store.
    pub fn behind(&self, tx: &mut dyn Tx, limit: i64) -> Result<Behind, StoreError> {
        self.ask(|asked, days| {
            let total = if self.is_whole_month() {
                let left_out = if self.confidential { 0 } else { figures::confidential(tx, asked, days)? };
                figures::sum(tx, asked)?.of(self.slot).saturating_sub(left_out)
            } else {
                figures::by_day(tx, asked, days)?.iter().map(|day| day.amount).sum()
            };
            let things = figures::things(tx, asked, days, self.after.as_ref(), limit)?;
            let is_full = i64::try_from(things.len()).is_ok_and(|found| found >= limit);
            let next = things.last().filter(|_| is_full).map(Cursor::behind);
            Ok(Behind { total, things, next })
        })
    }

    /// Asks something about this part as the figures know it.
    fn ask<T>(&self, question: impl FnOnce(&Asked<'_>, &Days) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let (month, slots) = (month_of(self.from), [self.slot]);
        let asked = Asked {
            publisher: self.indicator.publisher(),
            place: &self.place,
            own: self.own,
            department: self.department.as_deref(),
            month: &month,
            slots: &slots,
        };
        let days = Days { from: self.from, to: self.to, slot: self.slot, confidential: self.confidential };
        question(&asked, &days)
    }

    /// Returns the links to where the list begins and goes on, on the page of that address.
    #[must_use]
    pub fn pager(&self, page: &Page, address: &str, next: Option<&Cursor>) -> Pager {
        let at = |after: &str| format!("{address}{}", page.query.address_with(&[("after", after)]));
        Pager { before: self.after.as_ref().map(|_| at("")), after: next.map(|next| at(next.show().as_str())) }
    }
}

impl Hall {
    /// Returns the place of an identity whose figures are published, down to the community; the city for an empty text.
    #[must_use]
    pub fn figures_place(&self, id: &str) -> Option<PlacePath> {
        let tree = self.places.tree();
        let place = if id.is_empty() { tree.root() } else { tree.get(PlaceId(id.parse().ok()?)) };
        place.filter(|place| place.level <= Level::Community).map(|place| place.path.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: Rows =
        Rows { permission: Permission::CaseRead, address: |code, part| part.address("/lamps/rows", code) };
    const MENDED: Indicator = Indicator::sum("lamps.mended", "lamps-mended", 1).opens(ROWS);

    fn part(place: &str, own: bool, (from, to): (&str, &str)) -> SumPart {
        SumPart {
            indicator: &MENDED,
            rows: ROWS,
            slot: 1,
            place: PlacePath::parse(place).unwrap(),
            own,
            department: None,
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            after: None,
            confidential: false,
        }
    }

    #[test]
    fn days_lie_in_one_month_and_the_city_is_told_by_whole_months() {
        for (place, own, days, expected) in [
            ("1.4.", false, ("2026-11-23", "2026-11-23"), true),
            ("1.4.", false, ("2026-11-01", "2026-11-30"), true),
            ("1.4.", false, ("2026-11-23", "2026-12-01"), false),
            ("1.4.", false, ("2025-11-23", "2026-11-23"), false),
            ("1.4.", false, ("2026-11-23", "2026-11-22"), false),
            ("1.", false, ("2026-11-01", "2026-11-30"), true),
            ("1.", false, ("2026-11-01", "2026-11-29"), false),
            ("1.", false, ("2026-11-02", "2026-11-30"), false),
            ("1.", true, ("2026-11-02", "2026-11-02"), true),
        ] {
            assert_eq!(part(place, own, days).makes_sense(), expected, "{place} {own} {days:?}");
        }
    }
}
