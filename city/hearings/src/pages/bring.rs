//! These pages take a dispute in three screens: what happened and where; of what kind and in which community; who. The
//! fourth is the receipt. They work without JavaScript and without an account; the answers travel in the form itself.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use counter::{Sent, too_many_as};
use kernel::identifier::CaseNumber;
use kernel::place::Level;
use kernel::refusal::{Code, Refusal};
use web::{Choice, Page, PostForm, Problem, WebError, render_status, too_often};

use super::{LABELS, community, people};
use crate::Hearings;
use crate::refusals::Why;
use crate::rules::not_counted;
use crate::words::triage::{PEOPLE_MOST, TIMES_MOST, Told};
use crate::words::{Bringing, Class, Detail, HEARINGS_PER_HOUR, Motion, Side};

/// How many communities that words may mean are offered.
const OFFERED: usize = 12;
/// For how many more people of a side there is room on the form.
const ROOM: usize = 3;

#[derive(Template)]
#[template(path = "hearings/bring.html")]
struct BringPage {
    page: Page,
    screen: Screen,
    answers: Answers,
    classes: Vec<Choice>,
    more_classes: Vec<Choice>,
    /// What it is about more exactly; empty where its class has nothing more to say.
    details: Vec<Choice>,
    places: Vec<Choice>,
    /// The other people of her side, and room for more.
    also: Vec<Another>,
    /// The same of the other side.
    more: Vec<Another>,
    /// What was chosen, in words.
    chosen: String,
    faults: Vec<Problem>,
    once: String,
}

impl BringPage {
    /// Whether one of the classes that are folded away was chosen.
    fn more_chosen(&self) -> bool {
        self.more_classes.iter().any(|choice| choice.chosen)
    }
}

/// One of the other people of a side, on the form.
struct Another {
    /// What stands before the names of her fields, so that each is found.
    at: String,
    /// Which of the people of her side she is.
    nth: usize,
    side: Side,
}

/// The other people of a side: those that were typed, and room for more, as far as the side may have them.
fn others(typed: &[Side], most: usize) -> Vec<Another> {
    let room = ROOM.min(most.saturating_sub(typed.len() + 1));
    let people = typed.iter().cloned().chain(std::iter::repeat_n(Side::default(), room));
    let one = |(place, side): (usize, Side)| {
        let at = if place == 0 { String::new() } else { place.to_string() };
        Another { at, nth: place + 2, side }
    };
    people.enumerate().map(one).collect()
}

/// Which screen is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Screen {
    /// What happened, and where.
    Say,
    /// Of what kind it is, and which community was meant.
    Which,
    /// Who brings it, and who the other side is.
    Who,
}

impl Screen {
    fn read(form: &PostForm) -> Self {
        match form.get("screen") {
            "which" => Self::Which,
            "who" => Self::Who,
            _ => Self::Say,
        }
    }

    const fn code(self) -> &'static str {
        match self {
            Self::Say => "say",
            Self::Which => "which",
            Self::Who => "who",
        }
    }
}

/// What was answered so far.
#[derive(Clone, Default)]
struct Answers {
    facts: String,
    wher: String,
    class: String,
    detail: String,
    place: String,
    danger: bool,
    called: bool,
    people: String,
    /// How often the same matter was brought before.
    times_back: String,
    vulnerable: bool,
    own: Side,
    other: Side,
    /// The other people of her side, and of the other one.
    more: [Vec<Side>; 2],
    /// The number of the opinion that becomes this dispute; empty where it is none.
    opinion: String,
}

impl Answers {
    fn read(form: &PostForm) -> Self {
        let text = |name: &str| form.get(name).trim().to_owned();
        let side = |before: &str| {
            let own = |name: &str| text(&format!("{before}{name}"));
            Side { name: own("name"), telephone: own("telephone"), address: own("address") }
        };
        Self {
            facts: text("facts"),
            wher: text("where"),
            class: text("class"),
            detail: text("detail"),
            place: text("place"),
            danger: form.get("danger") == "1",
            called: form.get("called") == "1",
            people: text("people"),
            times_back: text("times_back"),
            vulnerable: form.get("vulnerable") == "1",
            own: side(""),
            other: side("other_"),
            more: ["also_", "more_"].map(|before| several(form, before)),
            opinion: text("opinion"),
        }
    }

    /// The other people of her side.
    fn more_own(&self) -> &[Side] {
        let [own, _] = &self.more;
        own
    }

    /// The other people of the other side.
    fn more_other(&self) -> &[Side] {
        let [_, other] = &self.more;
        other
    }

    /// What decides how soon it is taken up; none where one of its numbers is none.
    fn told(&self) -> Option<Told> {
        let (danger_now, vulnerable) = (self.danger, self.vulnerable);
        Some(Told { danger_now, people: people(&self.people)?, times_back: people(&self.times_back)?, vulnerable })
    }
}

/// The other people of a side, as far as something was typed of them.
fn several(form: &PostForm, before: &str) -> Vec<Side> {
    // Also what was left open counts, so that a telephone stays with its name.
    let all = |name: &str| {
        let wanted = format!("{before}{name}");
        let pairs = form.pairs().filter(|(known, _)| *known == wanted);
        pairs.map(|(_, value)| value).collect::<Vec<&str>>()
    };
    let (telephones, addresses) = (all("telephone"), all("address"));
    let at = |texts: &[&str], place: usize| texts.get(place).map(|text| text.trim().to_owned()).unwrap_or_default();
    let one = |(place, name): (usize, &str)| Side {
        name: name.trim().to_owned(),
        telephone: at(&telephones, place),
        address: at(&addresses, place),
    };
    let people = all("name").into_iter().enumerate().map(one);
    people.filter(|one| [&one.name, &one.telephone, &one.address].iter().any(|text| !text.is_empty())).collect()
}

/// One screen that is to be shown.
struct Showing {
    screen: Screen,
    answers: Answers,
    faults: Vec<Refusal>,
    once: String,
}

/// `GET /hearings/new?place=…`
///
/// # Errors
/// A failure.
pub async fn get(State(desk): State<Arc<Hearings>>, page: Page) -> Result<Response, WebError> {
    let tree = desk.hall.places.tree();
    let asked = community(&tree, page.query.get("place")).map(|path| path.id());
    let own = asked.or_else(|| places::my_community(&page, &tree)).and_then(|id| tree.get(id));
    let wher = own.map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
    let once = page.once();
    desk.show(
        page,
        Showing { screen: Screen::Say, answers: Answers { wher, ..Answers::default() }, faults: Vec::new(), once },
    )
}

/// `POST /hearings/new`: goes on from one screen to the next; the last one sends it off.
///
/// # Errors
/// A failure.
pub async fn post(State(desk): State<Arc<Hearings>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let (answers, once, screen) = (Answers::read(&form), form.key().to_owned(), Screen::read(&form));
    let show = |screen, faults| Showing { screen, answers: answers.clone(), faults, once: once.clone() };
    let missing =
        |name: &'static str, value: &str| value.is_empty().then(|| Refusal::new(Code::FormMissing).field(name));
    match screen {
        Screen::Which if form.has("back") => desk.show(page, show(Screen::Say, Vec::new())),
        Screen::Who if form.has("back") => desk.show(page, show(Screen::Which, Vec::new())),
        Screen::Say => {
            let faults: Vec<Refusal> =
                missing("facts", &answers.facts).into_iter().chain(missing("where", &answers.wher)).collect();
            let screen = if faults.is_empty() { Screen::Which } else { Screen::Say };
            desk.show(page, show(screen, faults))
        }
        Screen::Which => {
            let faults = desk.unanswered(&answers);
            let screen = if faults.is_empty() { Screen::Who } else { Screen::Which };
            desk.show(page, show(screen, faults))
        }
        Screen::Who => desk.send(page, show(Screen::Who, Vec::new())).await,
    }
}

impl Hearings {
    /// What is left open on the second screen.
    fn unanswered(&self, answers: &Answers) -> Vec<Refusal> {
        let class = self.classes.get(&answers.class).is_none();
        let place = community(&self.hall.places.tree(), &answers.place).is_none();
        let danger = answers.danger && !answers.called;
        let (people, times) = (people(&answers.people).is_none(), people(&answers.times_back).is_none());
        [
            class.then(|| Refusal::new(Why::HearingsClass).field("class")),
            place.then(|| Refusal::new(Why::HearingsPlace).field("place")),
            danger.then(|| Refusal::new(Why::HearingsDanger).field("called")),
            people.then(|| not_counted("people", PEOPLE_MOST)),
            times.then(|| not_counted("times_back", TIMES_MOST)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    async fn send(self: &Arc<Self>, page: Page, showing: Showing) -> Result<Response, WebError> {
        let (answers, tree) = (showing.answers.clone(), self.hall.places.tree());
        let class = self.classes.get(&answers.class).cloned();
        // Whoever comes here past the second screen is asked what stands on it all the same: danger comes first.
        let faults = self.unanswered(&answers);
        let chosen = class.zip(community(&tree, &answers.place)).zip(answers.told()).filter(|_| faults.is_empty());
        let Some(((class, community), told)) = chosen else {
            return self.show(page, Showing { screen: Screen::Which, faults, ..showing });
        };
        let bringing = Bringing {
            class,
            detail: answers.detail.clone(),
            community,
            facts: answers.facts.clone(),
            own: answers.own,
            other: answers.other,
            more: answers.more,
            motion: Motion::Application,
            transfer: None,
            told,
        };
        let faults = crate::rules::faults(&bringing, self.sides_most());
        if !faults.is_empty() {
            return self.show(page, Showing { faults, ..showing });
        }
        let bound = self.counter.bound_from(&page, "hearing", HEARINGS_PER_HOUR)?;
        let (actor, once) = (page.visitor.actor.clone(), showing.once.clone());
        let opinion = CaseNumber::parse(&showing.answers.opinion).ok();
        let brought = self.bring(bringing, actor, once, page.now, opinion);
        let sent = Sent { scope: cases::OPENED, key: &showing.once };
        let brought = self.counter.within_once(bound, page.now, brought, sent, |given| given.again).await;
        match web::settled(brought.map_err(|fault| too_many_as(fault, Why::HearingsTooMany)))? {
            Ok(given) => Ok(self.counter.to_receipt(&page, &given)),
            Err(refusal) => {
                let shown = self.show(page, Showing { faults: vec![refusal.clone()], ..showing })?;
                Ok(too_often(&refusal, shown))
            }
        }
    }

    fn show(&self, page: Page, showing: Showing) -> Result<Response, WebError> {
        let Showing { screen, mut answers, mut faults, once } = showing;
        let tree = self.hall.places.tree();
        let mut places = Vec::new();
        if screen == Screen::Which {
            let found = tree.search_in(&answers.wher, Some(Level::Community), OFFERED).into_iter();
            places = found
                .map(|place| Choice::new(place.id.to_string(), tree.chain(&place.path, page.lang), &answers.place))
                .collect();
            if let [only] = places.as_mut_slice() {
                only.chosen = true;
            }
            if places.is_empty() && faults.is_empty() {
                faults.push(Refusal::new(Why::HearingsPlace).field("where"));
            }
        }
        let class = |first: bool| {
            let classes = self.classes.class.iter().filter(move |class| class.first == first);
            classes.map(|class| Choice::new(class.code.clone(), page.of(&class.title), &answers.class)).collect()
        };
        let class_of = self.classes.get(&answers.class);
        let chosen = class_of.map(|class| page.of(&class.title).to_owned());
        let details = class_of.map(|class| details(&page, class, &answers.detail)).unwrap_or_default();
        let at = community(&tree, &answers.place).map(|path| tree.chain(&path, page.lang));
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let (classes, more_classes) = (class(true), class(false));
        let [most_own, most_other] = self.sides_most();
        if screen == Screen::Say {
            answers.place.clear();
        }
        let drawn = BringPage {
            screen,
            classes,
            more_classes,
            details,
            places,
            also: others(answers.more_own(), most_own),
            more: others(answers.more_other(), most_other),
            chosen: chosen.into_iter().chain(at).collect::<Vec<_>>().join(" · "),
            faults: page.problems(LABELS, &faults),
            answers,
            once,
            page,
        };
        render_status(status, &drawn)
    }
}

/// What a dispute of a class may be about more exactly; the first choice says nothing. Empty where the class has
/// nothing more to say.
fn details(page: &Page, class: &Class, chosen: &str) -> Vec<Choice> {
    if class.detail.is_empty() {
        return Vec::new();
    }
    let none = Choice::new("", page.t("hearings-detail-none"), chosen);
    let one = |detail: &Detail| Choice::new(detail.code.clone(), page.of(&detail.title), chosen);
    std::iter::once(none).chain(class.detail.iter().map(one)).collect()
}
