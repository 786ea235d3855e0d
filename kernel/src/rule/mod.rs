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

    /// Reads a number of a unit that was found under its code. Refused with `rule.wrong_unit` when it cannot be read so.
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
/// [`measure`](crate::rule::measure).
/// Makes a constant of each, and `RULES` of all of them, which is compared with the data at start.
#[macro_export]
macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal as $measure:ident;)+) => {
        $($(#[doc = $doc])+ pub const $name: $crate::rule::Rule<$crate::rule::measure::$measure> = $crate::rule::Rule::new($code);)+
        /// The figures of the rulebook that are used here.
        pub const RULES: &[$crate::rule::RuleFacts] = &[$($name.facts()),+];
    };
}
