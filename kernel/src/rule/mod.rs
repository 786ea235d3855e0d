//! Rules: the figures that code asks of a rulebook, each with what it is read as. A number never stands in code.

pub mod measure;
mod unit;

use std::marker::PhantomData;

use crate::refusal::Refusal;

pub use measure::{Kind, Measure};
pub use unit::Unit;

/// A figure that is used (参数): its code, and what it is read as.
#[derive(Clone, Copy, Debug)]
pub struct Rule<M> {
    code: &'static str,
    measure: PhantomData<M>,
}

impl<M: Measure> Rule<M> {
    /// A figure of that code.
    pub const fn new(code: &'static str) -> Self {
        Self { code, measure: PhantomData }
    }

    /// The code by which the data name it.
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// What a declaration says of it.
    pub const fn facts(self) -> RuleFacts {
        RuleFacts { code: self.code, kind: M::KIND, fits: fits::<M> }
    }

    /// Reads a number with its unit that was found under its code. Refuses with `rule.wrong_unit` if it cannot be read
    /// so.
    pub fn read(self, number: i64, unit: Unit) -> Result<M::Figure, Refusal> {
        measure::read::<M>(self.code, number, unit)
    }
}

/// What a department declares of a figure that it uses.
#[derive(Clone, Copy, Debug)]
pub struct RuleFacts {
    /// The code by which the data name it.
    pub code: &'static str,
    /// Which units it may have.
    pub kind: Kind,
    /// Whether a value can be read.
    pub fits: fn(i64, Unit) -> bool,
}

fn fits<M: Measure>(number: i64, unit: Unit) -> bool {
    M::figure(number, unit).is_some()
}

/// Declares the figures that a department uses, in its `words`: `NAME = "group.name" as Measure;` with a measure of
/// [`measure`].
/// Makes a constant of each, and `RULES` of all of them, which is compared with the data at start.
#[macro_export]
macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal as $measure:ident;)+) => {
        $($(#[doc = $doc])+ pub const $name: $crate::rule::Rule<$crate::rule::measure::$measure> = $crate::rule::Rule::new($code);)+
        /// The figures of the rulebook that are used here.
        pub const RULES: &[$crate::rule::RuleFacts] = &[$($name.facts()),+];
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar;
    use crate::money::Fen;
    use crate::refusal::Code;

    crate::rules! {
        /// A limit.
        ANSWER = "lamps.answer" as Limit;
        /// Minutes.
        IDLE = "lamps.idle_minutes" as Minutes;
        /// Money.
        GRANT = "lamps.grant" as Money;
        /// Yes or no.
        OPEN = "lamps.open" as Switch;
    }

    #[test]
    fn a_declaration_lists_code_kind_and_what_fits() {
        let day = Unit::Limit(calendar::Unit::WorkingDay);
        let table = [
            ("lamps.answer", Kind::Limit, (5, day), (-1, day)),
            ("lamps.idle_minutes", Kind::In(Unit::Minute), (2, Unit::Hour), (90, Unit::Second)),
            ("lamps.grant", Kind::In(Unit::Fen), (0, Unit::Fen), (-1, Unit::Fen)),
            ("lamps.open", Kind::In(Unit::YesNo), (1, Unit::YesNo), (2, Unit::YesNo)),
        ];
        assert_eq!(RULES.len(), table.len());
        for (facts, (code, kind, good, bad)) in RULES.iter().zip(table) {
            assert_eq!((facts.code, facts.kind), (code, kind));
            assert!((facts.fits)(good.0, good.1) && !(facts.fits)(bad.0, bad.1), "{code}");
        }
    }

    #[test]
    fn a_rule_reads_its_own_figure() {
        let limit = calendar::Limit::new(0, calendar::Unit::UrgentHour);
        assert_eq!(ANSWER.read(0, Unit::Limit(calendar::Unit::UrgentHour)), Ok(limit));
        assert_eq!(IDLE.read(3_600, Unit::Second), Ok(60));
        assert_eq!(GRANT.read(i64::MAX, Unit::Fen), Ok(Fen::new(i64::MAX)));
        assert_eq!(OPEN.read(0, Unit::YesNo), Ok(false));
        assert_eq!(OPEN.code(), "lamps.open");
        let refusal = GRANT.read(5, Unit::FenPerMonth).unwrap_err();
        assert_eq!((refusal.code, refusal.detail["rule"].as_str()), (Code::RuleWrongUnit, "lamps.grant"));
        assert!(ANSWER.read(i64::from(u32::MAX) + 1, Unit::Limit(calendar::Unit::CalendarDay)).is_err());
    }
}
