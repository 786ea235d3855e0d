//! The free words of a case: what people wrote, in their own words, in what happened to it. Whoever stores them seals
//! them apart and leaves a handle in their place, so that they can be deleted without changing what happened. Nothing
//! that is decided or folded depends on them; an explanation alone is compared with the one before, so that it is not
//! given twice.

use super::{Case, Event, Opened};
use crate::procedure::{NeedKind, Procedure};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What a handle begins with.
const HANDLE: &str = "sealed:";

/// What stands in place of words that are sealed elsewhere, under that identity.
pub fn handle_of(words: Uuid) -> String {
    format!("{HANDLE}{words}")
}

/// The identity of the words for which a text stands; none where the text stands for itself.
pub fn handled(text: &str) -> Option<Uuid> {
    let words = Uuid::parse_str(text.strip_prefix(HANDLE)?).ok()?;
    (handle_of(words) == text).then_some(words)
}

/// Whether what a need asks for is written in free words. Every other kind of answer is checked to be a code, a number,
/// a day or a handle, and stays as it is.
const fn is_in_words(kind: &NeedKind) -> bool {
    match kind {
        NeedKind::Text | NeedKind::Reason => true,
        NeedKind::Date
        | NeedKind::Choice { .. }
        | NeedKind::Number { .. }
        | NeedKind::Money
        | NeedKind::Place
        | NeedKind::Point
        | NeedKind::Files
        | NeedKind::Papers
        | NeedKind::Person
        | NeedKind::Unit
        | NeedKind::Case
        | NeedKind::Consent => false,
    }
}

/// The answers of an action that are free words: those that its procedure asks for as such, or every one where no
/// procedure is given.
fn answers<'e>(
    action: &str,
    fields: &'e mut BTreeMap<String, String>,
    procedure: Option<&Procedure>,
) -> Vec<&'e mut String> {
    let needs = procedure.map(|procedure| {
        let action = procedure.actions.get(action);
        action.map(|action| action.needs.as_slice()).unwrap_or_default()
    });
    let in_words = |name: &String| {
        needs.is_none_or(|needs| needs.iter().any(|need| need.name == *name && is_in_words(&need.kind)))
    };
    fields.iter_mut().filter(|(name, _)| in_words(name)).map(|(_, answer)| answer).collect()
}

impl Event {
    /// The free words in it, always in the same order. With its procedure these are the words that people wrote, to be
    /// sealed; without one, every text that may be a handle.
    pub fn words_mut(&mut self, procedure: Option<&Procedure>) -> Vec<&mut String> {
        // Every field is named, so that whoever adds one decides whether it holds words.
        match self {
            Self::Opened(opened) => {
                let Opened {
                    action,
                    fields,
                    kind: _,
                    procedure: _,
                    procedure_version: _,
                    to: _,
                    number: _,
                    place: _,
                    point: _,
                    parties: _,
                    office: _,
                    counter: _,
                    clocks: _,
                    limits: _,
                    confidential: _,
                    latest: _,
                    service: _,
                    reading: _,
                } = &mut **opened;
                answers(action, fields, procedure)
            }
            Self::Acted {
                action,
                fields,
                from: _,
                to: _,
                papers: _,
                counter: _,
                parties: _,
                overdue: _,
                latest: _,
            } => answers(action, fields, procedure),
            Self::FollowedUp { answer: words }
            | Self::Appealed { reason: words }
            | Self::AppealDecided { reason: words, upheld: _ }
            | Self::Extended { reason: words, amount: _ }
            | Self::Transferred { reason: words, to: _ }
            | Self::Consulted { question: words, office: _, due: _, joint: _ }
            | Self::Answered { text: words, number: _, agrees: _ }
            | Self::Supervised { note: words, answer_by: _ }
            | Self::Accounted { answer: words, number: _ }
            | Self::Explained { note: words, reason: _ } => vec![words],
            Self::Rated { score: _, aspects: _, comment_handle: _ }
            | Self::RatedAgain { score: _ }
            | Self::Recomputed(_)
            | Self::Assigned { to: _ }
            | Self::Received { papers: _, counter: _ }
            | Self::Waived { papers: _ }
            | Self::TakenBack { papers: _, seen: _ }
            | Self::Settled { place: _, office: _ }
            | Self::Relocated { from: _, to: _ }
            | Self::Lapsed { role: _, number: _ } => Vec::new(),
        }
    }
}

impl Case {
    /// Every text of the folded case that may be free words or a handle in place of them.
    pub fn words_mut(&mut self) -> Vec<&mut String> {
        let mut words: Vec<&mut String> = self.fields.values_mut().collect();
        for asked in &mut self.consultations {
            words.push(&mut asked.question);
            words.extend(asked.answer.as_mut().map(|opinion| &mut opinion.text));
        }
        for asked in &mut self.supervisions {
            words.push(&mut asked.note);
            words.extend(asked.answer.as_mut());
        }
        words.extend(self.late.as_mut().map(|late| &mut late.note));
        if let Some(rated) = self.service.as_mut().and_then(|service| service.rated.as_mut()) {
            words.extend(rated.follow_up.as_mut());
            words.extend(rated.appeal.as_mut().map(|appeal| &mut appeal.reason));
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{CaseId, Counted, Handler, LateReason, Recorded, Signature, fold};
    use crate::permission::Target;
    use crate::place::PlacePath;
    use crate::procedure::load;
    use crate::time::{Date, Instant};
    use std::collections::BTreeSet;

    const LEVELS: &str = include_str!("../../../data/procedures/levels.toml");
    const SEPARATE: &str = include_str!("../../../data/procedures/separate.toml");

    fn office() -> Target {
        Target { place: PlacePath::parse("1.2.").unwrap(), department: Some("civil".to_owned()) }
    }

    fn day() -> Date {
        "2026-12-01".parse().unwrap()
    }

    fn acted(action: &str, fields: &[(&str, &str)]) -> Event {
        Event::Acted {
            action: action.to_owned(),
            from: "handling".to_owned(),
            to: "correction".to_owned(),
            fields: fields.iter().map(|(name, answer)| ((*name).to_owned(), (*answer).to_owned())).collect(),
            papers: vec!["HK".to_owned()],
            counter: Some(PlacePath::parse("1.2.3.4.").unwrap()),
            parties: Vec::new(),
            overdue: None,
            latest: None,
        }
    }

    /// An event of every kind but the one that opens a case, and the words in it.
    fn every() -> Vec<(Event, Vec<&'static str>)> {
        let place = || PlacePath::parse("1.2.").unwrap();
        let handler = Handler { account: Uuid::nil(), name: "王".to_owned() };
        let words = || "字".to_owned();
        vec![
            (acted("request_correction", &[("reason", "字")]), vec!["字"]),
            (Event::Rated { score: 1, aspects: BTreeSet::from(["speed".to_owned()]), comment_handle: None }, vec![]),
            (Event::RatedAgain { score: 4 }, vec![]),
            (Event::Recomputed(Counted::default()), vec![]),
            (Event::FollowedUp { answer: words() }, vec!["字"]),
            (Event::Appealed { reason: words() }, vec!["字"]),
            (Event::AppealDecided { upheld: true, reason: words() }, vec!["字"]),
            (Event::Assigned { to: Some(handler) }, vec![]),
            (Event::Extended { amount: 2, reason: words() }, vec!["字"]),
            (Event::Transferred { to: office(), reason: words() }, vec!["字"]),
            (Event::Consulted { office: office(), question: words(), due: day(), joint: true }, vec!["字"]),
            (Event::Answered { number: 0, agrees: true, text: words() }, vec!["字"]),
            (Event::Supervised { note: words(), answer_by: day() }, vec!["字"]),
            (Event::Accounted { number: 0, answer: words() }, vec!["字"]),
            (Event::Explained { reason: LateReason::Other, note: words() }, vec!["字"]),
            (Event::Received { papers: BTreeMap::new(), counter: None }, vec![]),
            (Event::Waived { papers: BTreeSet::from(["HK".to_owned()]) }, vec![]),
            (Event::TakenBack { papers: BTreeSet::from(["HK".to_owned()]), seen: BTreeMap::new() }, vec![]),
            (Event::Settled { place: place(), office: office() }, vec![]),
            (Event::Relocated { from: place(), to: place() }, vec![]),
            (Event::Lapsed { role: "applicant".to_owned(), number: 0 }, vec![]),
        ]
    }

    #[test]
    fn every_kind_of_event_lists_the_words_in_it() {
        let procedure = load("separate.toml", SEPARATE).unwrap();
        for (mut event, expected) in every() {
            let kind = event.kind();
            let found: Vec<&str> = event.words_mut(Some(&procedure)).into_iter().map(|text| text.as_str()).collect();
            assert_eq!(found, expected, "{kind}");
            for word in event.words_mut(Some(&procedure)) {
                *word = handle_of(Uuid::from_u128(7));
            }
            let stored = serde_json::to_string(&event).unwrap();
            assert!(!stored.contains('字'), "{kind}: {stored}");
            assert_eq!(serde_json::from_str::<Event>(&stored).unwrap(), event, "{kind}");
        }
    }

    #[test]
    fn what_is_no_free_answer_stays_as_it_is() {
        let procedure = load("levels.toml", LEVELS).unwrap();
        let answers = [("objections", "none"), ("finding", "符合"), ("reason", "字")];
        let table: [(&str, &[&str]); 4] =
            [("end_notice", &[]), ("publish", &["符合"]), ("return_to_street", &["字"]), ("no such action", &[])];
        for (action, expected) in table {
            let mut event = acted(action, &answers);
            let found: Vec<&str> = event.words_mut(Some(&procedure)).into_iter().map(|text| text.as_str()).collect();
            assert_eq!(found, expected, "{action}");
            assert_eq!(event.words_mut(None).len(), answers.len(), "{action}: every one may be a handle");
        }
    }

    #[test]
    fn only_a_whole_handle_stands_for_words() {
        let id = Uuid::from_u128(7);
        let handle = handle_of(id);
        assert_eq!(handled(&handle), Some(id));
        for text in [
            "",
            "sealed:",
            "sealed:x",
            &format!(" {handle}"),
            &format!("{handle} "),
            &format!("sealed:{}", id.simple()),
        ] {
            assert_eq!(handled(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_case_lists_the_words_that_its_events_brought() {
        const LOG: &str = concat!(
            r#"{"kind":"opened","of":"service","procedure":"separate","procedure_version":VERSION,"#,
            r#""action":"apply_online","to":"submitted","number":"210102-2026-0000123-7","place":"1.2.3.4.","#,
            r#""office":{"place":"1.2.","department":"civil"},"#,
            r#""clocks":{"promised":{"limit":{"amount":5,"unit":"working_day"}},"#,
            r#""legal":{"limit":{"amount":20,"unit":"working_day"}}},"#,
            r#""fields":{"home":"relatives"},"service":{"item":"MZ-01","item_version":3}}"#,
        );
        let procedure = load("separate.toml", SEPARATE).unwrap();
        let opened: Event = serde_json::from_str(&LOG.replace("VERSION", &procedure.version.to_string())).unwrap();
        let rated = Event::Rated { score: 1, aspects: BTreeSet::new(), comment_handle: None };
        let mut events = vec![opened, rated];
        events.extend(
            every()
                .into_iter()
                .map(|(event, _)| event)
                .filter(|event| !matches!(event, Event::Acted { .. } | Event::Rated { .. } | Event::Relocated { .. })),
        );
        let mut case = None;
        for (mut event, number) in events.into_iter().zip(1_u128..) {
            for word in event.words_mut(None).into_iter().filter(|word| **word == "字") {
                *word = handle_of(Uuid::from_u128(number));
            }
            let (id, at, by) = (CaseId(Uuid::nil()), Instant::from_micros(1_795_399_200_000_000), Signature::system());
            case = Some(fold(case, &Recorded { id, at, by, event }, &procedure).unwrap());
        }
        let mut case = case.unwrap();
        let kept = serde_json::to_string(&case).unwrap();
        let found = case.words_mut().into_iter().filter(|text| handled(text).is_some()).count();
        assert_eq!(found, kept.matches(HANDLE).count(), "none is overlooked: {kept}");
        assert_eq!(found, 7, "follow-up, appeal, question, opinion, note of the higher level, answer, explanation");
    }
}
