//! Whether a mediator has a tie to a party (回避): a party himself, of one household, or working for a party or for the
//! company that a dispute about property management is about; else the mediator says it.

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
    /// For whom the mediator works who has to do with the matter.
    pub works_for: Option<Employer>,
}

/// For whom a mediator works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Employer {
    /// A party.
    Party,
    /// A company that manages property in the community of a dispute about property management.
    Company,
}

/// The codes of refusal, each with what is known.
fn reasons(known: Known) -> [(bool, Code); 4] {
    [
        (known.is_party, Why::BodiesHimself),
        (known.shares_home, Why::BodiesHousehold),
        (known.works_for == Some(Employer::Party), Why::BodiesEmployer),
        (known.works_for == Some(Employer::Company), Why::BodiesServing),
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
        let known = |is_party, shares_home, works_for| Known { is_party, shares_home, works_for };
        let (party, company) = (Some(Employer::Party), Some(Employer::Company));
        for (known, said, code) in [
            (Known::default(), "none", None),
            (Known::default(), "", Some(Why::BodiesTieUnsaid)),
            (Known::default(), "friend", Some(Why::BodiesTieUnsaid)),
            (Known::default(), "relative", Some(Why::BodiesTie)),
            (Known::default(), "interest", Some(Why::BodiesTie)),
            (Known::default(), "other", Some(Why::BodiesTie)),
            (known(true, false, None), "none", Some(Why::BodiesHimself)),
            (known(false, true, None), "none", Some(Why::BodiesHousehold)),
            (known(false, false, party), "none", Some(Why::BodiesEmployer)),
            (known(false, false, company), "none", Some(Why::BodiesServing)),
            (known(true, true, party), "relative", Some(Why::BodiesHimself)),
        ] {
            let found = unfit(known, said, ["mediator", "tie"]);
            assert_eq!(found.map(|refusal| refusal.code), code, "{known:?} {said}");
        }
    }
}
