//! Whether a mediator has a tie to a party (回避): a party himself, of one household, or working for a party; else the
//! mediator says it.

use kernel::refusal::{Code, Refusal};

use crate::refusals::Why;
use crate::words::Tie;

/// What the platform knows of ties between a mediator and the parties of a matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The mediator is a party.
    pub is_party: bool,
    /// The mediator lives where a party lives.
    pub shares_home: bool,
    /// A party is where the mediator works.
    pub works_there: bool,
}

/// The codes of refusal, each with what is known.
fn reasons(known: Known) -> [(bool, Code); 3] {
    [
        (known.is_party, Why::BodiesHimself),
        (known.shares_home, Why::BodiesHousehold),
        (known.works_there, Why::BodiesEmployer),
    ]
}

/// Why a mediator may not mediate a matter. What is known comes first; else what the mediator says counts, and
/// something must be said. `fields` are the names of the answers that name the mediator and the tie.
#[must_use]
pub fn unfit(known: Known, said: &str, fields: [&str; 2]) -> Option<Refusal> {
    let [mediator, tie] = fields;
    if let Some((_, code)) = reasons(known).into_iter().find(|(holds, _)| *holds) {
        return Some(Refusal::new(code).field(mediator));
    }
    match Tie::parse(said) {
        Some(Tie::None) => None,
        Some(_) => Some(Refusal::new(Why::BodiesTie).field(tie)),
        None => Some(Refusal::new(Why::BodiesTieUnsaid).field(tie)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mediator_with_a_tie_is_refused_whatever_is_said() {
        let known = |is_party, shares_home, works_there| Known { is_party, shares_home, works_there };
        for (known, said, code) in [
            (Known::default(), "none", None),
            (Known::default(), "", Some(Why::BodiesTieUnsaid)),
            (Known::default(), "friend", Some(Why::BodiesTieUnsaid)),
            (Known::default(), "relative", Some(Why::BodiesTie)),
            (Known::default(), "interest", Some(Why::BodiesTie)),
            (Known::default(), "other", Some(Why::BodiesTie)),
            (known(true, false, false), "none", Some(Why::BodiesHimself)),
            (known(false, true, false), "none", Some(Why::BodiesHousehold)),
            (known(false, false, true), "none", Some(Why::BodiesEmployer)),
            (known(true, true, true), "relative", Some(Why::BodiesHimself)),
        ] {
            let found = unfit(known, said, ["mediator", "tie"]);
            assert_eq!(found.map(|refusal| refusal.code), code, "{known:?} {said}");
        }
    }
}
