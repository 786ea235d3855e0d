//! The red box of whoever writes that a life is in danger: whom to call, before anything else on the page. She may go
//! on reporting all the same.

use web::Page;

use crate::Grid;
use crate::catalogue::Stop;

/// Whom to call, and what to do until help comes.
#[derive(Default)]
pub(super) struct Alarm {
    /// The numbers to call, each once; none where nobody is in danger.
    pub call: Vec<String>,
    /// What to do, a line for each danger.
    pub says: Vec<String>,
}

impl Alarm {
    /// The same, and then what else is to be called and done.
    fn with(mut self, page: &Page, stop: &Stop) -> Self {
        for number in &stop.call {
            if !self.call.contains(number) {
                self.call.push(number.clone());
            }
        }
        self.says.push(stop.say.get(page.lang).to_owned());
        self
    }

    /// What to do, in one text.
    pub fn text(&self, page: &Page) -> String {
        self.says.join(page.lang.pick("", " "))
    }
}

impl Grid {
    /// The box that stands above everything else because of what was said, and the one in the form of whoever chose
    /// something that stops, which then says both.
    pub(super) fn alarms(&self, page: &Page, said: &str, chosen: Option<&Stop>) -> (Alarm, Alarm) {
        let heard = self.catalogue.heard(said);
        let heard = heard.into_iter().fold(Alarm::default(), |alarm, danger| alarm.with(page, &danger.stop));
        match chosen {
            Some(stop) => (Alarm::default(), heard.with(page, stop)),
            None => (heard, Alarm::default()),
        }
    }

    /// Whether what was said speaks of a danger that is not among those of which a screen `warned`. What stands in a
    /// form and is the name of none says nothing: she is told again.
    pub(super) fn is_untold(&self, said: &str, warned: &str) -> bool {
        let is_told = |code: &str| warned.split(' ').any(|told| told == code);
        self.catalogue.heard(said).iter().any(|danger| !is_told(&danger.code))
    }

    /// The names of the dangers of which a text speaks, with a blank between them.
    pub(super) fn dangers_in(&self, said: &str) -> String {
        let heard = self.catalogue.heard(said);
        heard.iter().map(|danger| danger.code.as_str()).collect::<Vec<_>>().join(" ")
    }
}
