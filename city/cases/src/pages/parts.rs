//! What several pages of a case show: how it stands in time, the person, what was asked and said.

use std::collections::BTreeMap;

use kernel::case::Case;
use kernel::identifier::told as told_number;
use kernel::language::Lang;
use kernel::permission::{Actor, Permission};
use kernel::place::PlacePath;
use kernel::procedure::ClockState;
use kernel::time::{Date, Instant, days_between};
use uuid::Uuid;
use vault::PersonField;
use web::{Light, Page};

use crate::Cases;
use crate::kind::words_of;
use crate::notices::StateAt;
use crate::records::{InTime, Lit};
use crate::words::{Items, PersonLine};
use hall::Fault;

/// Who reads what was said about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hearer {
    /// Staff: all of it.
    Staff,
    /// The person whom the case is mainly about: what she said and was told.
    Person,
    /// Another party, by her sealed record: what she said and was told.
    Party(Uuid),
}

/// A request as a page shows it.
pub struct RequestLine {
    /// Its identity.
    pub id: String,
    /// The case's number.
    pub number: String,
    /// `correct`, `erase`.
    pub kind: String,
    /// When it came.
    pub at: String,
    /// Until when it is answered.
    pub due: String,
    /// How it stands in time.
    pub light: Light,
    /// What is asked.
    pub text: String,
    /// Answered: done or refused, and the words.
    pub answer: Option<(bool, String)>,
    /// Whose data it concerns, as staff read it where several sides take part; empty elsewhere.
    pub whom: String,
}

/// One thing said.
pub struct TalkLine {
    /// `note`, `to_applicant`, `from_applicant`.
    pub kind: String,
    /// When.
    pub at: String,
    /// Who, as the kind of the case calls the applicant.
    pub name: String,
    /// The words.
    pub text: String,
    /// The other side has seen it.
    pub is_seen: bool,
}

/// How a case stands in time; before acceptance, how near it is to the day until which it is to be accepted.
pub(super) fn light(page: &Page, clock: ClockState, promised: Option<Date>, accept_by: Option<Instant>) -> Light {
    match accept_by {
        Some(at) => page.time_left(page.zone().date(at), ClockState::Running),
        None => page.time_left(promised.unwrap_or_else(|| page.today()), clock),
    }
}

/// The light of a case by the moment by which whoever has it now is to act. Only staff are told of it: a promise to a
/// resident is told as a day, and is late once that day is over.
pub(super) fn light_to_the_hour(page: &Page, act_by: Option<Instant>) -> Option<Light> {
    let told = act_by.filter(|_| page.visitor.staff())?;
    Some(page.time_left(told, ClockState::Running))
}

/// The light of a matter of the counter that is not accepted yet: its day is the one to accept it by. Staff read how
/// much time is left to accept it, a resident until when she is told whether it is accepted.
pub(super) fn light_to_accept(page: &Page, left: &Light, accept_by: Instant) -> Light {
    let day = page.zone().date(accept_by);
    let text = match (page.visitor.staff(), days_between(page.today(), day)) {
        (false, ..=-1) => page.t1("cases-light-accept-owed", "date", page.day(day)),
        (false, _) => page.t1("cases-light-accept-told", "date", page.day(day)),
        (true, days @ ..=-1) => page.t2("cases-light-accept-late", "days", -days, "day", page.day(day)),
        (true, days) if days <= 1 || left.text == page.day(day) => page.t1("cases-light-accept-by", "day", &left.text),
        (true, _) => page.t2("cases-light-accept-left", "left", &left.text, "day", page.day(day)),
    };
    Light { class: left.class, text }
}

/// The light of a matter of the counter that is being decided: its day is the one of the answer. Staff read how much
/// time is left too.
pub(super) fn light_to_decide(page: &Page, left: &Light, due: Date) -> Light {
    let (day, is_late) = (page.day(due), due < page.today());
    let text = match (page.visitor.staff(), is_late) {
        (false, true) => page.t1("cases-light-answer-owed", "date", day),
        (false, false) => page.t1("cases-light-answer-told", "date", day),
        (true, _) if left.text == day => page.t1("cases-light-decide-by", "day", day),
        (true, true) => page.t2("cases-light-decide-late", "left", &left.text, "day", day),
        (true, false) => page.t2("cases-light-decide-left", "left", &left.text, "day", day),
    };
    Light { class: left.class, text }
}

/// The light of a matter of the counter that waits for its applicant: by when she hands in what is missing.
pub(super) fn light_to_supply(page: &Page, until: Option<Date>) -> Light {
    let text = match (page.visitor.staff(), until) {
        (true, Some(day)) => page.t1("cases-light-supply-due", "date", page.day(day)),
        (true, None) => page.t("cases-light-supply"),
        (false, Some(day)) => page.t1("cases-light-supply-told", "date", page.day(day)),
        (false, None) => page.t("cases-light-supply-yours"),
    };
    Light { class: if until.is_some_and(|day| day < page.today()) { "late" } else { "stop" }, text }
}

/// The light of a case whose clocks stand still, for whoever is not staff: its state says who waits for what, and the
/// light until when. Nothing where no day is set.
pub(super) fn light_of_standstill(page: &Page, until: Option<Date>, goes_on: bool) -> Light {
    match until {
        None => Light { class: "stop", text: String::new() },
        Some(day) if goes_on => Light { class: "stop", text: page.t1("cases-light-goes-on", "date", page.day(day)) },
        Some(day) => page.time_left(day, ClockState::Running),
    }
}

/// The light of a matter of the counter that is over.
pub(super) fn light_of_end(page: &Page) -> Light {
    Light { class: "done", text: page.t("cases-light-ended") }
}

/// A rating of a case in words.
pub(super) fn rating(page: &Page, score: impl std::fmt::Display) -> String {
    page.t(&format!("cases-rating-{score}"))
}

/// The light of a matter of the counter that is decided while its result still waits to be handed over.
pub(super) fn light_of_result(page: &Page) -> Light {
    let key = if page.visitor.staff() { "cases-light-deliver" } else { "cases-light-result" };
    Light { class: "ok", text: page.t(key) }
}

impl Cases {
    /// The key of the words that are said of a case: what only the counter says is said in the words of its kind.
    pub(super) fn key_of(&self, case: &Case, key: &'static str) -> &'static str {
        words_of(self.kinds.get(&case.kind).as_deref(), case.service.is_some(), key)
    }

    /// The title of a state by its name alone, as staff read it: the one of the first procedure that has such a state.
    pub fn any_state_title(&self, state: &str, lang: Lang) -> Option<&str> {
        let found = self.procedures.states().into_iter().find(|((_, name), _)| *name == state);
        found.map(|(_, state)| state.title.get(lang))
    }

    /// The words for a state, as its reader is told.
    pub(super) fn state_words(&self, page: &Page, at: &StateAt<'_>) -> String {
        if page.visitor.staff() {
            return at.state.title.get(page.lang).to_owned();
        }
        self.state_told(at, page.lang, &|key| page.t(key))
    }

    /// The light that an address names, as a list is narrowed to it.
    pub(super) fn lit(&self, page: &Page, light: &str) -> Result<Option<Lit>, Fault> {
        let Some(light) = InTime::parse(light) else { return Ok(None) };
        Ok(Some(Lit { light, near: self.nearness(page.now)?, zone: page.zone() }))
    }
}

/// The title of a list in a file, with what the list is narrowed to.
pub(super) fn titled(page: &Page, title: &str, lit: Option<Lit>) -> String {
    let Some(lit) = lit else { return page.t(title) };
    let what = page.t(&format!("cases-count-{}", lit.light.code()));
    page.t2("cases-title-lit", "title", page.t(title), "what", what)
}

/// The addresses of a list whose numbers of open cases stand above it: all its rows, and those that stand so in time.
/// Whatever else the list is narrowed to stays.
pub struct Narrowed {
    /// All rows.
    pub all: String,
    /// Those that are late.
    pub late: String,
    /// Those that are due soon.
    pub soon: String,
    /// Those whose clocks stand still.
    pub stopped: String,
}

impl Narrowed {
    pub(super) fn of(page: &Page, path: &str) -> Self {
        let lit = |light: &str| onward(page, path, &[("light", light), ("after", "")]);
        Self { all: lit(""), late: lit("late"), soon: lit("soon"), stopped: lit("stopped") }
    }
}

/// The address of a list that is narrowed as it is, with some of it changed.
pub(super) fn onward(page: &Page, path: &str, changes: &[(&str, &str)]) -> String {
    let query = page.query.address_with(changes);
    if query == "?" { path.to_owned() } else { format!("{path}{query}") }
}

/// The counter at which a member of staff sits: the community of her first post that accepts applications, else the
/// office's own counter.
#[must_use]
pub fn own_counter(actor: &Actor) -> Option<PlacePath> {
    let places = || actor.scopes(Permission::CaseAccept).into_iter().map(|scope| scope.place);
    places().find(|place| place.level() == kernel::place::Level::Community).or_else(|| places().next())
}

/// Fields of a person in the order of the form, with their labels; answers to papers a line each.
#[must_use]
pub fn person(page: &Page, items: &dyn Items, fields: BTreeMap<PersonField, String>) -> Vec<PersonLine> {
    let label = |field: PersonField| page.t(&format!("cases-person-{}", field.code().replace('_', "-")));
    let lines = |(field, value): (PersonField, String)| {
        let told = if field == PersonField::Note {
            items.note(&value, page.lang, &|key: &str| page.t(key))
        } else {
            Vec::new()
        };
        let value = if field == PersonField::ResidentId { told_number(&value, page.lang) } else { value };
        if told.is_empty() { vec![PersonLine::new(label(field), value)] } else { told }
    };
    fields.into_iter().flat_map(lines).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::permission::ActorKind;
    use kernel::time::Zone;
    use uuid::Uuid;
    use web::{Frame, Preferences, Texts, Visitor};

    use super::*;

    /// Returns a page of Monday 2026-11-30 10:42 in Shenyang.
    fn page(lang: Lang, kind: ActorKind) -> Page {
        let zone = Zone::new(480);
        let now = zone.instant(Date::constant(2026, 11, 30), 642);
        let frame = Frame::sample(Texts::new(&[web::LOCALES, crate::TEXTS]).unwrap(), Arc::new(move || now));
        let actor = Actor { account: Some(Uuid::nil()), name: String::new(), kind, grants: Vec::new() };
        let visitor = Visitor { actor, ..Visitor::default() };
        Page::sample(Arc::new(frame), "/", Preferences { lang, ..Preferences::default() }, visitor)
    }

    #[test]
    fn staff_read_how_long_they_have_to_accept_and_a_resident_until_when_she_hears() {
        let pages = [Lang::Zh, Lang::En].map(|lang| (page(lang, ActorKind::Staff), page(lang, ActorKind::Resident)));
        let table = [
            (
                (2026, 12, 7),
                "还有 7 天受理（最迟12月7日）",
                "12月7日前告诉您是否受理",
                "7 days left to accept (by 7 Dec)",
                "We will tell you by 7 Dec whether it is accepted",
            ),
            (
                (2026, 12, 20),
                "最迟12月20日受理",
                "12月20日前告诉您是否受理",
                "accept by 20 Dec",
                "We will tell you by 20 Dec whether it is accepted",
            ),
            (
                (2026, 11, 30),
                "最迟今天受理",
                "11月30日前告诉您是否受理",
                "accept by today",
                "We will tell you by 30 Nov whether it is accepted",
            ),
            (
                (2026, 11, 2),
                "受理迟了 28 天（最迟11月2日）",
                "本应11月2日前告诉您是否受理",
                "28 days late to accept (was due 2 Nov)",
                "You should have been told by 2 Nov whether it is accepted",
            ),
        ];
        for ((year, month, day), zh, told_zh, en, told_en) in table {
            let at = Zone::new(480).instant(Date::constant(year, month, day), 1_020);
            let said = |page: &Page| {
                let left = light(page, ClockState::NotStarted, None, Some(at));
                light_to_accept(page, &left, at).text
            };
            let found = pages.each_ref().map(|(staff, resident)| [said(staff), said(resident)]);
            assert_eq!(found, [[zh, told_zh], [en, told_en]].map(|texts| texts.map(str::to_owned)), "{day}");
        }
    }

    #[test]
    fn a_light_of_a_matter_in_hand_says_what_is_due_and_by_which_day() {
        let day = |month, day| Date::constant(2026, month, day);
        let pages = [Lang::Zh, Lang::En].map(|lang| (page(lang, ActorKind::Staff), page(lang, ActorKind::Resident)));
        let decided = |page: &Page, due: Date| {
            let left = light(page, ClockState::Running, Some(due), None);
            light_to_decide(page, &left, due).text
        };
        let owed = [
            (day(12, 5), ["（最迟12月5日答复）", "12月5日前答复您"], ["(decision due 5 Dec)", "Decision by 5 Dec"]),
            (day(12, 20), ["12月20日前答复", "12月20日前答复您"], ["decision due 20 Dec", "Decision by 20 Dec"]),
            (day(11, 27), ["（最迟应在11月27日答复）", "本应11月27日前答复您"], ["27 Nov", "was due by 27 Nov"]),
        ];
        for (due, zh, en) in owed {
            for ((staff, resident), expected) in pages.iter().zip([zh, en]) {
                let found = [decided(staff, due), decided(resident, due)];
                assert!(found[0].contains(expected[0]) && found[1].contains(expected[1]), "{found:?}");
            }
        }
        let ((staff, resident), english) = (&pages[0], &pages[1].1);
        let until = Some(day(12, 9));
        assert_eq!(light_to_supply(resident, until).text, "等您补材料，请在12月9日前");
        assert_eq!(light_to_supply(english, until).text, "Please hand in the missing papers by 9 Dec");
        assert_eq!(light_to_supply(staff, until).text, "补材料最迟12月9日");
        assert_eq!(light_to_supply(staff, Some(day(11, 9))).class, "late");
        assert!(!light_to_supply(resident, None).text.contains('月'));
    }
}
