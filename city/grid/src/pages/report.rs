//! These pages take a report in four screens: a photo, and what and where in her own words; which of what was
//! understood; what was already reported there, and what she adds; the number. They work without JavaScript and without
//! an account. The answers travel in the form itself. Of what is not sent off nothing is kept but photos, for a while,
//! which nobody can open without the slip that stands in the form.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use cases::Key;
use counter::{Applied, Sent, too_many_as};
use hall::Fault;
use kernel::line::{line_fault, lines_fault};
use kernel::refusal::{Code, Refusal};
use store::Tx;
use vault::Slip;
use web::{Page, PostForm, Problem, UploadForm, WebError, render_status, too_often};

use super::LABELS;
use super::joined::{JoinedPage, Left};
use super::meant::{self, Near, Offered, Words};
use super::pick;
use super::whereabouts::{Whereabouts, looks_into};
use crate::actions::joining::{MEET, Meeting, Met};
use crate::actions::tray::PhotoLimits;
use crate::refusals::Why;
use crate::rules::alarm::Alarm;
use crate::words::{GRID_JOINS_PER_DAY, GRID_PHOTOS_PER_HOUR, GRID_REPORTS_PER_HOUR, KIND, Saying, WORDS_MOST};
use crate::{Grid, finding, rules};

/// The most characters of a reference to what something is reported from; more is none.
const ORIGIN_MOST: usize = 40;

#[derive(Template)]
#[template(path = "grid/report.html")]
struct ReportPage {
    page: Page,
    screen: Screen,
    answers: Answers,
    kinds: Offered,
    places: Whereabouts,
    near: Vec<Near>,
    /// Whom to call because of what she wrote, above everything else; it stands in the form with what she chose.
    alarm: Alarm,
    /// Whom to call first, and what to do; no number where nothing is in danger.
    call: Vec<String>,
    keep_away: String,
    called: bool,
    chosen: String,
    place: String,
    /// Where it is as she wrote it, beyond the names of the place.
    written: String,
    /// How many photos wait.
    photos: usize,
    /// The same as small pictures, on the last screen.
    small: Vec<String>,
    /// What photos may be sent.
    limits: PhotoLimits,
    /// What a photo of this must show; empty where nothing is known.
    shows: String,
    /// The words of the small map, and what it shows at first: her community, where that is known.
    pick: String,
    bounds: String,
    faults: Vec<Problem>,
    once: String,
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
    /// The screen on which a form was filled in.
    fn read(form: &PostForm) -> Self {
        match form.get("screen") {
            "which" => Self::Which,
            // What was reported near there is joined by a form of its own on the same screen.
            "send" | "near" => Self::Send,
            _ => Self::Say,
        }
    }

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
    at: String,
    words: String,
    telephone: String,
    hidden: bool,
    called: bool,
    /// The telephone at which she hears of a report that she joins.
    heard: String,
    /// What stands on the slip of the tray in which her photos wait.
    tray: String,
    /// The minute of the day in which she saw it.
    seen: u32,
    /// The dangers of which a screen told her.
    warned: String,
    /// From what at another department this is reported, as its page said; empty where it is from nothing.
    origin: String,
}

impl Answers {
    fn read(page: &Page, form: &PostForm) -> Self {
        let text = |name: &str| form.get(name).trim().to_owned();
        Self {
            // What fills several lines of the field is one sentence of the form.
            what: form.get("what").split_whitespace().collect::<Vec<_>>().join(" "),
            wher: text("where"),
            condition: text(KIND),
            at: text("at"),
            words: text("words"),
            telephone: text("telephone"),
            // Whatever stands there, she asked that others do not see it.
            hidden: form.has("hidden"),
            called: form.get("called") == "1",
            heard: text("heard"),
            tray: text("tray"),
            seen: meant::seen(page, form),
            warned: text("warned"),
            origin: text("origin").chars().take(ORIGIN_MOST).collect(),
        }
    }

    /// All that she said, as dangers are heard in it.
    fn said(&self) -> String {
        format!("{}。{}", self.what, self.words)
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
    let (what, seen) = (page.query.get("what").to_owned(), meant::minute(&page));
    let answers = Answers { what, wher, seen, ..Answers::default() };
    let once = page.once();
    grid.show(page, Showing { screen: Screen::Say, answers, faults: Vec::new(), once }).await
}

/// `POST /report/new`: goes on from one screen to the next; the last one sends the report off or joins another.
pub async fn post(State(grid): State<Arc<Grid>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let answers = Answers::read(&page, &form);
    grid.go_on(page, &form, answers).await
}

/// `GET /report/photo`: leads to the first screen whoever comes back to the address of a form with photos.
pub async fn back() -> Redirect {
    Redirect::to("/report/new")
}

/// `POST /report/photo`: the same with photos, which go into the tray first.
pub async fn photo(State(grid): State<Arc<Grid>>, page: Page, form: UploadForm) -> Result<Response, WebError> {
    let mut answers = Answers::read(&page, &form);
    let sent: Vec<Vec<u8>> =
        form.files().iter().filter(|file| file.field == "photo").map(|file| file.bytes.to_vec()).collect();
    if !sent.is_empty() {
        let bound = grid.counter.bound_from(&page, "photo", GRID_PHOTOS_PER_HOUR)?;
        let laid = grid.put_into_tray(Slip::parse(&answers.tray), sent, page.now);
        let laid = grid.counter.within(bound, page.now, laid).await;
        match web::settled(laid.map_err(|fault| too_many_as(fault, Why::GridTooMany)))? {
            Ok(slip) => answers.tray = slip.text(),
            Err(refusal) => {
                let (screen, once) = (Screen::read(&form), form.key().to_owned());
                let showing = Showing { screen, answers, faults: vec![refusal.clone()], once };
                return Ok(too_often(&refusal, grid.show(page, showing).await?));
            }
        }
    }
    grid.go_on(page, &form, answers).await
}

impl Grid {
    /// Goes on from the screen on which a form was filled in.
    async fn go_on(self: &Arc<Self>, page: Page, form: &PostForm, answers: Answers) -> Result<Response, WebError> {
        let once = form.key().to_owned();
        let show = |screen, answers, faults| Showing { screen, answers, faults, once: once.clone() };
        let missing = |name: &'static str| Refusal::new(Code::FormMissing).field(name);
        match Screen::read(form) {
            Screen::Which if form.has("look") => {
                let answers = Answers { at: form.get("look").to_owned(), ..answers };
                self.show(page, show(Screen::Which, answers, Vec::new())).await
            }
            Screen::Which if form.has("search") => {
                let faults = answers.wher.is_empty().then(|| missing("where")).into_iter().collect();
                self.show(page, show(Screen::Which, Answers { at: String::new(), ..answers }, faults)).await
            }
            // Whoever chose a district or a street goes on to what lies in it.
            Screen::Which if !form.has("back") && looks_into(&answers.at) => {
                self.show(page, show(Screen::Which, answers, Vec::new())).await
            }
            Screen::Which if !form.has("back") => {
                let faults = self.unanswered(&answers);
                let screen = if faults.is_empty() { Screen::Send } else { Screen::Which };
                self.show(page, show(screen, answers, faults)).await
            }
            Screen::Send if form.has("back") => self.show(page, show(Screen::Which, answers, Vec::new())).await,
            Screen::Send if form.has("add") => self.show(page, show(Screen::Send, answers, Vec::new())).await,
            Screen::Send if form.has("drop") => {
                if let Some(slip) = Slip::parse(&answers.tray) {
                    self.throw_away(&slip, page.now).await?;
                }
                let answers = Answers { tray: String::new(), ..answers };
                self.show(page, show(Screen::Send, answers, Vec::new())).await
            }
            Screen::Send => match form.get("join") {
                "" => self.send(page, show(Screen::Send, answers, Vec::new())).await,
                id => self.join(page, id, show(Screen::Send, answers, Vec::new())).await,
            },
            _ if form.has("back") => self.show(page, show(Screen::Say, answers, Vec::new())).await,
            _ => {
                let unseen = |code, field: &'static str| Refusal::new(code).field(field);
                let what = answers.what.is_empty().then(|| missing("what")).or_else(|| too_long(&answers.what));
                let what = what.or_else(|| lines_fault(&answers.what).map(|code| unseen(code, "what")));
                let wher = answers.wher.is_empty().then(|| missing("where"));
                let wher = wher.or_else(|| line_fault(&answers.wher).map(|code| unseen(code, "where")));
                let faults: Vec<Refusal> = what.into_iter().chain(wher).collect();
                let screen = if faults.is_empty() { Screen::Which } else { Screen::Say };
                self.show(page, show(screen, answers, faults)).await
            }
        }
    }

    /// How many of her photos wait. Where they were cleared away, the slip is forgotten and she is told.
    async fn photos(&self, answers: &mut Answers, faults: &mut Vec<Refusal>) -> Result<usize, WebError> {
        let Some(slip) = Slip::parse(&answers.tray) else { return Ok(0) };
        let waiting = self.photos_waiting(&slip).await?;
        if waiting == 0 {
            answers.tray.clear();
            if faults.iter().all(|fault| fault.code != Why::GridPhotoGone) {
                faults.push(Refusal::new(Why::GridPhotoGone).field("photo"));
            }
        }
        Ok(waiting)
    }

    /// What is left open on the second screen.
    fn unanswered(&self, answers: &Answers) -> Vec<Refusal> {
        let kind = match self.catalogue.condition(&answers.condition) {
            Some((_, condition)) => rules::hour_fault(condition, answers.seen),
            None => Some(Refusal::new(Why::GridKindMissing).field(KIND)),
        };
        let place = answers.at.is_empty().then(|| Refusal::new(Why::GridPlaceMissing).field("at"));
        kind.into_iter().chain(place).collect()
    }

    async fn show(&self, page: Page, showing: Showing) -> Result<Response, WebError> {
        let Showing { screen, mut answers, mut faults, once } = showing;
        let (now, photos) = (page.now, self.photos(&mut answers, &mut faults).await?);
        let ground = self.hall.places.geography().await?;
        let most = self.hall.figure(places::POINT_METRES, page.now)?;
        let spot = self.spot(ground.as_deref(), &answers.at, most);
        let lacks = spot.as_ref().err().filter(|_| screen == Screen::Send).cloned();
        let screen = if lacks.is_some() { Screen::Which } else { screen };
        faults.extend(lacks);
        let spot = spot.ok();
        let (mut kinds, mut places) = (Offered::default(), Whereabouts::default());
        if screen == Screen::Which {
            let words = Words { said: &answers.what, seen: answers.seen, chosen: &answers.condition };
            kinds = self.offered(&page, words);
            match self.whereabouts(&page, ground.as_deref(), &answers.wher, &answers.at, most) {
                Ok(found) => places = found,
                Err(refusal) if faults.is_empty() => faults.push(refusal),
                Err(_) => {}
            }
        }
        let condition = self.catalogue.condition(&answers.condition);
        let near = match (&spot, condition) {
            (Some(spot), Some((kind, condition))) if screen == Screen::Send => {
                let near = self.near(&kind.key(), spot, page.now).await?;
                let near = self.joinable(near, &answers.said(), Some(condition));
                self.near_lines(&page, near).await?
            }
            _ => Vec::new(),
        };
        let shows = condition.and_then(|(_, condition)| Some(condition.photo.as_ref()?.get(page.lang).to_owned()));
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let small = match Slip::parse(&answers.tray).filter(|_| screen == Screen::Send) {
            Some(slip) => self.waiting_small(&slip).await?,
            None => Vec::new(),
        };
        let decided = condition.map(|(_, condition)| condition).filter(|_| screen == Screen::Send);
        let said = rules::heard_in(&answers.said(), decided);
        answers.warned = self.dangers_in(&said);
        let (alarm, first) = self.alarms(&page, &said, decided.and_then(|condition| condition.stop.as_ref()));
        let chosen = condition
            .map(|(kind, condition)| format!("{} · {}", kind.name.get(page.lang), condition.when.get(page.lang)));
        let drawn = ReportPage {
            screen,
            near,
            limits: self.photo_limits(page.now)?,
            photos,
            small,
            shows: shows.unwrap_or_default(),
            pick: pick::words(&page),
            bounds: pick::bounds(&page, &self.hall.places.tree(), ground.as_deref()),
            alarm,
            keep_away: first.text(page.lang),
            call: first.call,
            called: answers.called,
            chosen: chosen.unwrap_or_default(),
            written: spot
                .as_ref()
                .map(|spot| finding::written(&self.hall.places.tree(), ground.as_deref(), spot, &answers.wher))
                .unwrap_or_default(),
            place: spot.map(|spot| self.place_words(&page, ground.as_deref(), &spot)).unwrap_or_default(),
            faults: page.problems(LABELS, &faults),
            kinds,
            places,
            answers,
            once,
            page,
        };
        let ticket = AppendHeaders([(SET_COOKIE, self.ticket(now)?)]);
        Ok(web::may_ask_where((ticket, render_status(status, &drawn)?).into_response()))
    }

    async fn send(self: &Arc<Self>, page: Page, showing: Showing) -> Result<Response, WebError> {
        let answers = showing.answers.clone();
        let ground = self.hall.places.geography().await?;
        let most = self.hall.figure(places::POINT_METRES, page.now)?;
        let Ok(spot) = self.spot(ground.as_deref(), &answers.at, most) else { return self.show(page, showing).await };
        let known = self.catalogue.condition(&answers.condition);
        let saying = Saying {
            condition: answers.condition.clone(),
            written: finding::written(&self.hall.places.tree(), ground.as_deref(), &spot, &answers.wher),
            spot,
            words: known.map(|(kind, _)| rules::own_words(kind, &answers.what, &answers.words)).unwrap_or_default(),
            telephone: answers.telephone.clone(),
            public: !answers.hidden,
            tray: Slip::parse(&answers.tray),
            seen: Some(answers.seen),
        };
        let stops = known.is_some_and(|(_, condition)| condition.stop.is_some());
        let untold =
            self.is_untold(&rules::heard_in(&answers.said(), known.map(|(_, condition)| condition)), &answers.warned);
        let first = stops && (!answers.called || untold);
        let call = first.then(|| Refusal::new(Why::GridCallFirst).field("called"));
        let fault = call.or_else(|| rules::fault(&self.catalogue, &saying)).or_else(|| telephone(&answers.telephone));
        if let Some(refusal) = fault {
            // She called for what she was told of, and not for what she added since.
            let answers = Answers { called: answers.called && !untold, ..answers };
            return self.show(page, Showing { answers, faults: vec![refusal], ..showing }).await;
        }
        if untold {
            return self.show(page, showing).await;
        }
        let bound = self.counter.bound_from(&page, "report", GRID_REPORTS_PER_HOUR)?;
        let (actor, once, origin) = (page.visitor.actor.clone(), showing.once.clone(), answers.origin);
        let reported = self.report(saying, origin, actor, once, page.now);
        let sent = Sent { scope: cases::OPENED, key: &showing.once };
        let reported = self.counter.within_once(bound, page.now, reported, sent, |given: &Applied| given.again).await;
        match web::settled(reported.map_err(|fault| too_many_as(fault, Why::GridTooMany)))? {
            Ok(given) => {
                // Staff are known by their accounts, and report too often for a cookie of each.
                let is_hers = !page.visitor.staff();
                let cookie = is_hers.then(|| (SET_COOKIE, self.joined_cookie(given.case.id.0, page.now)));
                Ok((AppendHeaders(cookie), self.counter.to_receipt(&page, &given)).into_response())
            }
            Err(refusal) => {
                let showing = Showing { faults: vec![refusal.clone()], ..showing };
                Ok(too_often(&refusal, self.show(page, showing).await?))
            }
        }
    }

    async fn join(self: &Arc<Self>, page: Page, id: &str, showing: Showing) -> Result<Response, WebError> {
        let (district, case_id) = cases::handle(id).map_err(|_| WebError::NotFound)?;
        let (mut heard, once) = (showing.answers.heard.clone(), showing.once.clone());
        let (actor, origin) = (page.visitor.actor.clone(), showing.answers.origin.clone());
        let wrong = telephone(&heard).map(|refusal| refusal.field("heard"));
        // Whoever joins from a list, or leaves her number afterwards, comes from no screen: she is counted, and asked
        // for her number again.
        let is_listed = showing.answers.condition.is_empty();
        if let Some(refusal) = wrong.clone().filter(|_| !is_listed) {
            return self.show(page, Showing { faults: vec![refusal], ..showing }).await;
        }
        if wrong.is_some() {
            heard.clear();
        }
        let chosen = self.catalogue.condition(&showing.answers.condition).map(|(_, condition)| condition);
        if !self.may_join(Key { district, id: case_id }, &showing.answers.said(), chosen).await? {
            // She reads whom to call, and sends a report of her own.
            let faults = vec![Refusal::new(Why::GridJoinDanger)];
            return self.show(page, Showing { screen: Screen::Send, faults, ..showing }).await;
        }
        let from = self.counter.bound_from(&page, "report", GRID_REPORTS_PER_HOUR)?;
        let with = self.counter.bound_with(&page, "join", &heard, GRID_JOINS_PER_DAY)?;
        let (kept, tray) = (showing.answers.tray.clone(), Slip::parse(&showing.answers.tray));
        let left = Left { telephone: !heard.is_empty(), photos: tray.is_some() };
        let holds_code = self.holds_code(&page, Key { district, id: case_id }).await?;
        let joined_before = self.browser_joined(&page, case_id);
        let (telephone, from_what) = (heard, origin.clone());
        let meeting =
            Meeting { district, case_id, telephone, actor, origin: from_what, tray, holds_code, joined_before, once };
        let (bounds, sent) = (from.into_iter().chain(with), Sent { scope: MEET, key: &showing.once });
        let met = self.meet(meeting, page.now);
        let joined = self.counter.within_once(bounds, page.now, met, sent, |met: &Met| met.again).await;
        match web::settled(joined.map_err(|fault| too_many_as(fault, Why::GridTooMany)))? {
            Ok(met) => {
                let cookie = AppendHeaders([(SET_COOKIE, self.joined_cookie(case_id, page.now))]);
                Ok((cookie, JoinedPage::new(page, met, left).shown(wrong.as_ref())?).into_response())
            }
            Err(refusal) => {
                let (once, seen) = (page.once(), meant::minute(&page));
                let answers = Answers { seen, origin, tray: kept, ..Answers::default() };
                let showing = Showing { screen: Screen::Say, answers, faults: vec![refusal.clone()], once };
                Ok(too_often(&refusal, self.show(page, showing).await?))
            }
        }
    }

    /// Whether this visitor's browser holds the code of a report.
    async fn holds_code(self: &Arc<Self>, page: &Page, at: Key) -> Result<bool, WebError> {
        let Some(pass) = page.cookie(cases::PASS_COOKIE).filter(|_| !page.visitor.staff()) else { return Ok(false) };
        let (desk, actor, now) = (self.clone(), page.visitor.actor.clone(), page.now);
        let read = move |tx: &mut dyn Tx| {
            let known = desk.cases.known(tx, at.district, at.id)?;
            Ok::<_, Fault>(desk.cases.passed(&known, &actor, Some(&pass), now))
        };
        Ok(self.hall.store.read(read).await?)
    }
}

/// What is wrong with a first sentence that is longer than what is kept in her own words.
fn too_long(said: &str) -> Option<Refusal> {
    let refusal = || Refusal::new(Code::FormTooLong).field("what").with("limit", WORDS_MOST);
    (said.chars().count() > WORDS_MOST).then(refusal)
}

/// What is wrong with a telephone; none may be given.
fn telephone(typed: &str) -> Option<Refusal> {
    let wrong = !typed.is_empty() && kernel::identifier::Telephone::parse(typed).is_err();
    wrong.then(|| Refusal::new(Code::FormTelephone).field("telephone"))
}
