//! These pages take a report in four screens: what and where in her own words; which of what was understood; what was
//! already reported there, and what she adds; the number. They work without JavaScript and without an account. The
//! answers travel in the form itself; nothing is kept before she sends it off.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use counter::too_many_as;
use kernel::refusal::{Code, Refusal};
use places::geography::Geography;
use web::{Choice, Page, PostForm, Problem, WebError, render_status};

use super::LABELS;
use crate::catalogue::Kind;
use crate::finding::{self, Found};
use crate::refusals::Why;
use crate::words::{GRID_REPORTS_PER_HOUR, KIND, Report, Saying, Spot};
use crate::{Grid, rules};

/// Kinds that words may mean.
const KINDS: usize = 6;

#[derive(Template)]
#[template(path = "grid/report.html")]
struct ReportPage {
    page: Page,
    screen: Screen,
    answers: Answers,
    kinds: Vec<Choice>,
    all_kinds: Vec<Choice>,
    places: Vec<Choice>,
    near: Vec<Near>,
    /// Whom to call first, and what to do; no number where nothing is in danger.
    call: Vec<String>,
    keep_away: String,
    chosen: String,
    place: String,
    faults: Vec<Problem>,
    once: String,
}

#[derive(Template)]
#[template(path = "grid/joined.html")]
struct JoinedPage {
    page: Page,
    number: String,
    met: i64,
}

/// A report that may be of the same thing.
struct Near {
    id: String,
    what: String,
    when: String,
    place: String,
    met: i64,
}

/// Which screen is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Screen {
    /// What and where, in her own words.
    Say,
    /// Which of what was understood.
    Which,
    /// What is known there, and what she adds.
    Send,
}

impl Screen {
    const fn code(self) -> &'static str {
        match self {
            Self::Say => "say",
            Self::Which => "which",
            Self::Send => "send",
        }
    }
}

/// What was answered so far.
#[derive(Clone, Default)]
struct Answers {
    what: String,
    wher: String,
    condition: String,
    any: String,
    at: String,
    words: String,
    telephone: String,
    hidden: bool,
    called: bool,
}

impl Answers {
    fn read(form: &PostForm) -> Self {
        let text = |name: &str| form.get(name).trim().to_owned();
        Self {
            what: text("what"),
            wher: text("where"),
            condition: text(KIND),
            any: text("any"),
            at: text("at"),
            words: text("words"),
            telephone: text("telephone"),
            hidden: form.get("hidden") == "1",
            called: form.get("called") == "1",
        }
    }
}

/// One screen that is to be shown.
struct Showing {
    screen: Screen,
    answers: Answers,
    faults: Vec<Refusal>,
    once: String,
}

/// `GET /report/new`
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    let tree = grid.hall.places.tree();
    let own = places::my_community(&page, &tree).and_then(|id| tree.get(id));
    let wher = own.map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
    let answers = Answers { what: page.query.get("what").to_owned(), wher, ..Answers::default() };
    let once = page.once();
    grid.show(page, Showing { screen: Screen::Say, answers, faults: Vec::new(), once }).await
}

/// `POST /report/new`: goes on from one screen to the next; the last one sends the report off or joins another.
pub async fn post(State(grid): State<Arc<Grid>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let (answers, once) = (Answers::read(&form), form.key().to_owned());
    let show = |screen, answers, faults| Showing { screen, answers, faults, once: once.clone() };
    let missing = |name: &'static str| Refusal::new(Code::FormMissing).field(name);
    match form.get("screen") {
        "which" if !form.has("back") => {
            let faults = grid.unanswered(&answers);
            let screen = if faults.is_empty() { Screen::Send } else { Screen::Which };
            grid.show(page, show(screen, grid.settled(answers), faults)).await
        }
        "send" if form.has("back") => grid.show(page, show(Screen::Which, answers, Vec::new())).await,
        "send" => match form.get("join") {
            "" => grid.send(page, show(Screen::Send, answers, Vec::new())).await,
            id => grid.join(page, id, once).await,
        },
        _ if form.has("back") => grid.show(page, show(Screen::Say, answers, Vec::new())).await,
        _ => {
            let what = answers.what.is_empty().then(|| missing("what"));
            let wher = answers.wher.is_empty().then(|| missing("where"));
            let faults: Vec<Refusal> = what.into_iter().chain(wher).collect();
            let screen = if faults.is_empty() { Screen::Which } else { Screen::Say };
            grid.show(page, show(screen, answers, faults)).await
        }
    }
}

impl Grid {
    /// What is left open on the second screen.
    fn unanswered(&self, answers: &Answers) -> Vec<Refusal> {
        let condition = self.settled(answers.clone()).condition;
        let kind =
            self.catalogue.condition(&condition).is_none().then(|| Refusal::new(Why::GridKindMissing).field(KIND));
        let place = answers.at.is_empty().then(|| Refusal::new(Why::GridPlaceMissing).field("at"));
        kind.into_iter().chain(place).collect()
    }

    /// The answers, with the kind from the whole catalogue where none of those offered was right.
    fn settled(&self, mut answers: Answers) -> Answers {
        if self.catalogue.condition(&answers.condition).is_none() && self.catalogue.condition(&answers.any).is_some() {
            answers.condition = answers.any.clone();
        }
        answers
    }

    async fn show(&self, page: Page, showing: Showing) -> Result<Response, WebError> {
        let Showing { screen, mut answers, mut faults, once } = showing;
        let ground = self.hall.places.geography().await?;
        let spot = self.spot(ground.as_deref(), &answers.at);
        if screen == Screen::Send && spot.is_none() {
            faults.push(Refusal::new(Why::GridPlaceMissing).field("at"));
        }
        let screen = if screen == Screen::Send && spot.is_none() { Screen::Which } else { screen };
        let (mut kinds, mut found) = (Vec::new(), Vec::new());
        if screen == Screen::Which {
            kinds = self.kinds(&page, &answers);
            found = self.found(&page, ground.as_deref(), &answers.wher, &answers.at);
            if let [only] = found.as_mut_slice() {
                only.chosen = true;
            }
            if found.is_empty() && faults.is_empty() {
                faults.push(Refusal::new(Why::GridPlaceMissing).field("where"));
            }
        }
        let condition = self.catalogue.condition(&answers.condition);
        let near = match (&spot, condition) {
            (Some(spot), Some((kind, _))) if screen == Screen::Send => self.near(&kind.key(), spot, page.now).await?,
            _ => Vec::new(),
        };
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let stop = condition.and_then(|(_, condition)| condition.stop.as_ref());
        let chosen = condition
            .map(|(kind, condition)| format!("{} · {}", kind.name.get(page.lang), condition.when.get(page.lang)));
        answers.any.clear();
        let drawn = ReportPage {
            screen,
            all_kinds: if screen == Screen::Which { self.all_kinds(&page) } else { Vec::new() },
            near: near
                .into_iter()
                .filter(|report| report.public)
                .map(|report| self.near_line(&page, &report))
                .collect(),
            call: stop.map(|stop| stop.call.clone()).unwrap_or_default(),
            keep_away: stop.map(|stop| stop.say.get(page.lang).to_owned()).unwrap_or_default(),
            chosen: chosen.unwrap_or_default(),
            place: spot.map(|spot| self.place_words(&page, ground.as_deref(), &spot)).unwrap_or_default(),
            faults: page.problems(LABELS, &faults),
            kinds,
            places: found,
            answers,
            once,
            page,
        };
        render_status(status, &drawn)
    }

    async fn send(self: &Arc<Self>, page: Page, showing: Showing) -> Result<Response, WebError> {
        let answers = showing.answers.clone();
        let ground = self.hall.places.geography().await?;
        let Some(spot) = self.spot(ground.as_deref(), &answers.at) else { return self.show(page, showing).await };
        let saying = Saying {
            condition: answers.condition.clone(),
            spot,
            words: answers.words.clone(),
            telephone: answers.telephone.clone(),
            public: !answers.hidden,
        };
        let stops = self.catalogue.condition(&saying.condition).is_some_and(|(_, condition)| condition.stop.is_some());
        let first = stops && !answers.called;
        let call = first.then(|| Refusal::new(Why::GridCallFirst).field("called"));
        let fault = call.or_else(|| rules::fault(&self.catalogue, &saying)).or_else(|| telephone(&answers.telephone));
        if let Some(refusal) = fault {
            return self.show(page, Showing { faults: vec![refusal], ..showing }).await;
        }
        let bound = self.counter.bound_from(&page, "report", GRID_REPORTS_PER_HOUR)?;
        let (actor, once) = (page.visitor.actor.clone(), showing.once.clone());
        let reported = self.report(saying, actor, once, page.now);
        let reported = self.counter.within(bound, page.now, reported).await;
        match web::settled(reported.map_err(|fault| too_many_as(fault, Why::GridTooMany)))? {
            Ok(given) => Ok(self.counter.to_receipt(&page, &given)),
            Err(refusal) => self.show(page, Showing { faults: vec![refusal], ..showing }).await,
        }
    }

    async fn join(self: &Arc<Self>, page: Page, id: &str, once: String) -> Result<Response, WebError> {
        let (district, case) = cases::handle(id).map_err(|_| WebError::NotFound)?;
        let bound = self.counter.bound_from(&page, "report", GRID_REPORTS_PER_HOUR)?;
        let joined = self.counter.within(bound, page.now, self.meet(district, case, once, page.now)).await;
        match web::settled(joined.map_err(|fault| too_many_as(fault, Why::GridTooMany)))? {
            Ok(report) => {
                let (number, met) = (report.number, report.met + 1);
                web::render(&JoinedPage { page, number, met })
            }
            Err(refusal) => {
                let once = page.once();
                let showing = Showing { screen: Screen::Say, answers: Answers::default(), faults: vec![refusal], once };
                self.show(page, showing).await
            }
        }
    }

    /// What the words may mean: each condition of each kind that they find.
    fn kinds(&self, page: &Page, answers: &Answers) -> Vec<Choice> {
        let found = self.catalogue.search(&answers.what, KINDS);
        found.into_iter().flat_map(|kind| conditions(page, kind, &answers.what, &answers.condition)).collect()
    }

    /// Every condition of every kind, to choose from where none of those offered is right.
    fn all_kinds(&self, page: &Page) -> Vec<Choice> {
        let none = Choice::new("", page.t("grid-any-none"), "");
        let every = self.catalogue.kinds().iter().flat_map(|kind| conditions(page, kind, "", "-"));
        std::iter::once(none).chain(every).collect()
    }

    /// The compounds and communities that words may mean, or else the communities of a street of that name.
    fn found(&self, page: &Page, ground: Option<&Geography>, words: &str, chosen: &str) -> Vec<Choice> {
        let tree = self.hall.places.tree();
        let choice = |found: Found| {
            let chain = tree.chain(&found.community, page.lang);
            match found.compound {
                Some(name) => Choice::new(found.at, name, chosen).hint(chain),
                None => Choice::new(found.at, chain, chosen),
            }
        };
        finding::found(&tree, ground, words).into_iter().map(choice).collect()
    }

    /// Where it is: `p:` and a community, `c:` and a compound.
    fn spot(&self, ground: Option<&Geography>, at: &str) -> Option<Spot> {
        finding::spot(&self.hall.places.tree(), ground, at)
    }

    fn place_words(&self, page: &Page, ground: Option<&Geography>, spot: &Spot) -> String {
        let chain = self.hall.places.tree().chain(&spot.community, page.lang);
        let compound = spot.compound.and_then(|id| ground?.compound(id)).map(|(_, compound)| compound.name.clone());
        compound.map_or_else(|| chain.clone(), |name| format!("{name} · {chain}"))
    }

    fn near_line(&self, page: &Page, report: &Report) -> Near {
        let condition = self.catalogue.condition(&format!("{}/{}", report.kind, report.condition));
        let what = condition
            .map(|(kind, condition)| format!("{} · {}", kind.name.get(page.lang), condition.when.get(page.lang)));
        Near {
            id: format!("{}/{}", report.district.0, report.case_id),
            what: what.unwrap_or_default(),
            when: page.minute(report.reported_at),
            place: self.hall.places.tree().chain(&report.path, page.lang),
            met: report.met,
        }
    }
}

fn conditions(page: &Page, kind: &Kind, said: &str, chosen: &str) -> Vec<Choice> {
    let choice = |condition: &crate::catalogue::Condition| {
        let key = format!("{}/{}", kind.key(), condition.code);
        let words = format!("{} · {}", kind.name.get(page.lang), condition.when.get(page.lang));
        Choice::new(key, words, chosen)
    };
    kind.conditions_by(said).into_iter().map(choice).collect()
}

/// What is wrong with a telephone; none may be given.
fn telephone(typed: &str) -> Option<Refusal> {
    let wrong = !typed.is_empty() && kernel::identifier::Telephone::parse(typed).is_err();
    wrong.then(|| Refusal::new(Code::FormInvalid).field("telephone"))
}
