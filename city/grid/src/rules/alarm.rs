//! Whom to call first where a life may be in danger, by what somebody wrote and by the condition that she chose.

use kernel::language::Lang;

use super::heard_in;
use crate::catalogue::{Catalogue, Condition, Stop};

/// Whom to call, and what to do until help comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alarm {
    /// The numbers to call, each once; none where nobody is in danger.
    pub call: Vec<String>,
    /// What to do, a line for each danger, each once.
    pub says: Vec<String>,
}

impl Alarm {
    /// What a report raises as a whole: its condition, if it names numbers itself, and then all that is heard in it.
    #[must_use]
    pub fn of(catalogue: &Catalogue, said: &str, condition: Option<&Condition>, lang: Lang) -> Self {
        let chosen = condition.and_then(|condition| condition.stop.as_ref());
        let heard = catalogue.heard(&heard_in(said, condition));
        let stops = chosen.into_iter().chain(heard.into_iter().map(|danger| &danger.stop));
        stops.fold(Self::default(), |alarm, stop| alarm.with(stop, lang))
    }

    /// The same, and then what else is to be called and done.
    #[must_use]
    pub fn with(mut self, stop: &Stop, lang: Lang) -> Self {
        for number in &stop.call {
            if !self.call.contains(number) {
                self.call.push(number.clone());
            }
        }
        let says = stop.say.get(lang);
        if !self.says.iter().any(|said| said == says) {
            self.says.push(says.to_owned());
        }
        self
    }

    /// Whether nobody is in danger.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.call.is_empty() && self.says.is_empty()
    }

    /// The numbers in one text.
    #[must_use]
    pub fn numbers(&self, lang: Lang) -> String {
        self.call.join(lang.pick("、", ", "))
    }

    /// What to do, in one text.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        self.says.join(lang.pick("", " "))
    }
}
