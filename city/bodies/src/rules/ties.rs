//! Whether a mediator has a tie to a party (回避): a party himself, of one household, or working for a party or for the
//! company that a dispute about property management is about; else the mediator says it.

use kernel::refusal::{Code, Refusal};

use crate::refusals::Why;
use crate::words::Tie;

/// What the platform knows of ties between a mediator and the parties of a matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The mediator, or whoever enters him, is a party.
    pub is_party: bool,
    /// The mediator, or whoever enters him, is called as a party is, or as somebody who acts for one.
    pub same_name: bool,
    /// The mediator lives where a party lives.
    pub shares_home: bool,
    /// For whom the mediator works who has to do with the matter.
    pub works_for: Option<Employer>,
}

impl Known {
    /// Whether nothing is known but a name, which is no tie by itself.
    #[must_use]
    pub fn is_free(self) -> bool {
        Self { same_name: false, ..self } == Self::default()
    }
}

/// For whom a mediator works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Employer {
    /// A party.
    Party,
    /// A company that manages property in the community of a dispute about property management.
    Company,
}

/// What is said of ties when somebody begins to mediate.
#[derive(Clone, Copy, Debug)]
pub struct Answers<'a> {
    /// What the mediator says of ties: a code of [`Tie`].
    pub tie: &'a str,
    /// How it was checked that he is not the party of the same name; none where it is not asked for.
    pub namesake: Option<&'a str>,
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

/// Why a party cannot choose a mediator by what is known alone: a tie, or the name of a party, of which has to be said
/// first how it was checked that he is somebody else. None where he can be chosen.
#[must_use]
pub fn barred(known: Known) -> Option<Code> {
    let tied = reasons(known).into_iter().find(|(holds, _)| *holds).map(|(_, code)| code);
    tied.or(known.same_name.then_some(Why::BodiesNamesake))
}

/// Why a mediator may not mediate a matter. What is known comes first; else what the mediator says counts, and
/// something must be said. A name alone is no tie: who is called as a party is may be somebody else, which is said.
/// `fields` are the names of the answers that name the mediator, the tie, and how namesakes were told apart.
#[must_use]
pub fn unfit(known: Known, said: Answers<'_>, fields: [&str; 3]) -> Option<Refusal> {
    let [mediator, tie, namesake] = fields;
    if let Some((_, code)) = reasons(known).into_iter().find(|(holds, _)| *holds) {
        return Some(Refusal::new(code).field(mediator));
    }
    match said.namesake {
        Some("") if known.same_name => return Some(Refusal::new(Why::BodiesNamesake).field(namesake)),
        None if known.same_name => return Some(Refusal::new(Why::BodiesHimself).field(mediator)),
        _ => {}
    }
    match Tie::parse(said.tie) {
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
        let known = |is_party, shares_home, works_for| Known { is_party, shares_home, works_for, same_name: false };
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
            let said = Answers { tie: said, namesake: Some("") };
            let found = unfit(known, said, ["mediator", "tie", "namesake"]);
            assert_eq!(found.map(|refusal| refusal.code), code, "{known:?} {said:?}");
        }
    }

    #[test]
    fn who_is_called_as_a_party_is_says_how_it_was_checked_that_he_is_another() {
        let known = Known { same_name: true, ..Known::default() };
        for (namesake, code) in
            [(None, Some(Why::BodiesHimself)), (Some(""), Some(Why::BodiesNamesake)), (Some("身份证不同"), None)]
        {
            let found = unfit(known, Answers { tie: "none", namesake }, ["mediator", "tie", "namesake"]);
            assert_eq!(found.map(|refusal| refusal.code), code, "{namesake:?}");
        }
        let himself = Known { is_party: true, ..known };
        assert_eq!(barred(known), Some(Why::BodiesNamesake), "a party does not choose who may be one of them");
        assert_eq!(barred(himself), Some(Why::BodiesHimself));
        assert_eq!(barred(Known::default()), None);
        let said = Answers { tie: "none", namesake: Some("身份证不同") };
        assert!(unfit(himself, said, ["mediator", "tie", "namesake"]).is_some(), "whatever is said");
    }
}
