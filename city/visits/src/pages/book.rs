//! These pages book a visit. Each page has one question, and they work fully without JavaScript. The answers travel in
//! the form itself and are stored only when she sends them off.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use cases::own_counter;
use counter::too_many_as;
use hall::Fault;
use kernel::calendar::Calendar;
use kernel::place::{Level, PlacePath};
use kernel::refusal::Refusal;
use kernel::time::{Date, Instant, show_minute_of_day};
use places::{Geography, Lives, Living, Step, Tree};
use web::{Choice, Form, InPath, Next, Page, PathPart, PostForm, Problem, WebError, render_status};

use super::LABELS;
use crate::records::visit;
use crate::rules::{self, Hours};
use crate::words::{Answers, Booking, Kind, Plan, Question, Seats, Slot, VISITS_BOOKINGS_PER_HOUR};
use crate::{Visits, Why};

/// Says how many items a search offers.
const ITEMS: usize = 8;
/// Is the choice that says: none of these items.
const NO_ITEM: &str = "none";
/// The name of the field of the community.
const FIELD: &str = "community";
/// Limits how many slots are looked at.
const SLOTS_LIMIT: i64 = 5_000;

#[derive(Template)]
#[template(path = "visits/book.html")]
struct BookPage {
    page: Page,
    kind: Kind,
    question: Question,
    step: usize,
    steps: usize,
    answers: Answers,
    choices: Vec<Choice>,
    /// The question in which community. None on other pages.
    living: Option<Living>,
    /// The community that was chosen. It is empty before, and where the page itself asks for it or shows it.
    place: String,
    checks: Vec<Check>,
    faults: Vec<Problem>,
    once: String,
}

/// A line of the page "check your answers".
pub struct Check {
    /// The text key of the label.
    pub label: &'static str,
    /// What was answered.
    pub value: String,
    /// The question to which she can go back.
    pub question: &'static str,
}

/// Holds one page of the booking.
struct Asking {
    kind: Kind,
    question: Question,
    answers: Answers,
    faults: Vec<Refusal>,
    once: String,
}

impl Asking {
    fn read(kind: Kind, form: &PostForm) -> Self {
        let text = |name: &str| form.get(name).to_owned();
        let answers = Answers {
            item_words: text("item_words"),
            item: text("item"),
            community_words: text("community_words"),
            community: text("community"),
            day: text("day"),
            minute: text("minute"),
            name: text("name"),
            telephone: text("telephone"),
            address: text("address"),
        };
        let question = Question::parse(form.get("question")).unwrap_or(Question::Item);
        Self { kind, question, answers, faults: Vec::new(), once: form.key().to_owned() }
    }
}

impl PathPart for Kind {
    fn read(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

/// `GET /appointments/{kind}`: the first question; the second when the item is named in the address, and the third when
/// the community is named there too.
///
/// # Errors
/// Answers 404 for any kind except `counter` and `home`.
pub async fn get(
    State(visits): State<Arc<Visits>>,
    page: Page,
    InPath(kind): InPath<Kind>,
) -> Result<Response, WebError> {
    let item = visits.counter.catalogue().get(page.query.get("item")).map(|item| item.code.clone());
    let here = own_counter(&page.visitor.actor).filter(|place| place.level() == Level::Community);
    let tree = visits.cases().hall.places.tree();
    let named = visits.counter.community(page.query.get("place")).map(|path| path.id());
    let own = || here.map(|place| place.id()).or_else(|| places::my_community(&page, &tree));
    let here = named.or_else(own);
    let answers = Answers {
        community: here.map(|id| id.to_string()).unwrap_or_default(),
        item: item.clone().unwrap_or_default(),
        ..Answers::default()
    };
    // Whoever comes from the page of a counter goes to that counter.
    let question = match (&item, named) {
        (None, _) => Question::Item,
        (Some(_), None) => Question::Community,
        (Some(_), Some(_)) => Question::Day,
    };
    let once = page.once();
    visits.ask(page, Asking { kind, question, answers, faults: Vec::new(), once }).await
}

/// Answers `POST /appointments/{kind}`. It takes one answer and asks the next question; the last page sends the booking
/// off.
///
/// # Errors
/// Answers 404 for any kind except `counter` and `home`.
pub async fn post(
    State(visits): State<Arc<Visits>>,
    page: Page,
    InPath(kind): InPath<Kind>,
    form: PostForm,
) -> Result<Response, WebError> {
    let mut asking = Asking::read(kind, &form);
    if let Some(back) = Question::parse(form.get("back")) {
        asking.question = back;
        return visits.ask(page, asking).await;
    }
    visits.cases().hall.places.geography().await.map_err(Fault::from)?;
    if visits.searches(&mut asking, &form) {
        return visits.ask(page, asking).await;
    }
    if asking.question == Question::Check {
        return visits.send(page, asking).await;
    }
    let asking = visits.go_on(asking, page.now)?;
    visits.ask(page, asking).await
}

impl Visits {
    /// Says whether the page is shown again with what a search found. It also settles the item, which may be left open.
    fn searches(&self, asking: &mut Asking, form: &Form) -> bool {
        let pressed = form.get("search") == "1";
        let answers = &mut asking.answers;
        match asking.question {
            Question::Item => {
                let chosen = !answers.item.is_empty() && !pressed;
                if self.counter.catalogue().get(&answers.item).is_none() {
                    answers.item.clear();
                }
                !answers.item_words.is_empty() && !chosen
            }
            Question::Community => {
                let (tree, ground) = self.ground();
                let words = answers.community_words.clone();
                let mut lives = Lives { words, place: answers.community.clone() };
                let step = lives.settle(form, FIELD, &tree, ground.as_deref());
                (answers.community_words, answers.community) = (lives.words, lives.place);
                // Words that name one community alone have answered the question. The next pages say which it is.
                step == Step::Choose
            }
            _ => false,
        }
    }

    /// Returns the places and, where they are laid, the compounds by which people find theirs.
    fn ground(&self) -> (Arc<Tree>, Option<Arc<Geography>>) {
        let places = &self.cases().hall.places;
        (places.tree(), places.geography_known())
    }

    /// Draws the question in which community.
    fn living(&self, page: &Page, answers: &Answers) -> Living {
        let (tree, ground) = self.ground();
        let lives = Lives { words: answers.community_words.clone(), place: answers.community.clone() };
        lives.asked(page, FIELD, &tree, ground.as_deref())
    }

    /// Returns the next question, or the same one with its faults.
    fn go_on(&self, mut asking: Asking, now: Instant) -> Result<Asking, Fault> {
        let community = self.counter.community(&asking.answers.community);
        let (calendar, plan) = self.hours(community.as_ref(), now)?;
        let hours = Hours { calendar: &calendar, plan, now };
        asking.faults = rules::faults(asking.question, asking.kind, &asking.answers, community.as_ref(), &hours);
        if asking.faults.is_empty() {
            asking.question = rules::next_question(asking.kind, &asking.answers, community.as_ref(), &hours);
        }
        Ok(asking)
    }

    /// Returns the calendar and the figures of a community. Before a community is chosen, it returns those of the whole
    /// city.
    fn hours(&self, community: Option<&PlacePath>, now: Instant) -> Result<(Arc<Calendar>, Plan), Fault> {
        let tree = self.cases().hall.places.tree();
        let place = community.or_else(|| tree.root().map(|city| &city.path));
        let place = place.ok_or_else(|| Fault::Broken("there are no places".to_owned()))?;
        Ok((self.cases().hall.calendar(), self.plan(place, self.today(now))?))
    }

    /// Returns the slots of a community that have room for somebody, and how much room each has.
    pub(crate) async fn free(
        &self,
        kind: Kind,
        community: &PlacePath,
        seats: Seats,
        now: Instant,
    ) -> Result<Vec<(Slot, i64)>, Fault> {
        let (calendar, plan) = self.hours(Some(community), now)?;
        let (place, from, first) = (community.clone(), self.today(now), plan.seats(kind, seats));
        let taken = self.store().read(move |tx| visit::taken(tx, &place, kind, from, first, SLOTS_LIMIT)).await?;
        Ok(Hours { calendar: &calendar, plan, now }.free(kind, seats, &taken))
    }

    async fn ask(&self, page: Page, asking: Asking) -> Result<Response, WebError> {
        let community = self.counter.community(&asking.answers.community);
        let free = match (&community, asking.question) {
            (Some(community), Question::Day | Question::Hour) => {
                let seats = Self::seats_for(&page.visitor.actor);
                self.free(asking.kind, community, seats, page.now).await?
            }
            _ => Vec::new(),
        };
        let choices = self.choices(&page, &asking, &free);
        let living = (asking.question == Question::Community).then(|| self.living(&page, &asking.answers));
        let questions = rules::questions(asking.kind);
        let status = if asking.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let is_told = matches!(asking.question, Question::Item | Question::Community | Question::Check);
        let place = community.as_ref().filter(|_| !is_told);
        let drawn = BookPage {
            place: place.map(|path| self.cases().hall.places.tree().chain(path, page.lang)).unwrap_or_default(),
            kind: asking.kind,
            question: asking.question,
            step: questions.iter().position(|one| *one == asking.question).unwrap_or(0) + 1,
            steps: questions.len(),
            checks: self.checks(&page, &asking, community.as_ref()),
            faults: page.problems(LABELS, &asking.faults),
            answers: asking.answers,
            choices,
            living,
            once: asking.once,
            page,
        };
        render_status(status, &drawn)
    }

    /// Returns what she can choose on a page.
    fn choices(&self, page: &Page, asking: &Asking, free: &[(Slot, i64)]) -> Vec<Choice> {
        let answers = &asking.answers;
        match asking.question {
            Question::Item => self.items(page, answers),
            Question::Day => days(page, answers, free),
            Question::Hour => times(page, answers, free),
            _ => Vec::new(),
        }
    }

    /// Returns what a search found, or the item that she chose before. It returns nothing if there is neither.
    fn items(&self, page: &Page, answers: &Answers) -> Vec<Choice> {
        let catalogue = &*self.counter.catalogue();
        let found = if answers.item_words.is_empty() {
            catalogue.get(&answers.item).into_iter().collect()
        } else {
            catalogue.search(&answers.item_words, page.lang, ITEMS)
        };
        if found.is_empty() && answers.item_words.is_empty() {
            return Vec::new();
        }
        let items = found.into_iter();
        let named = items.map(|item| Choice::new(item.code.as_str(), item.name.get(page.lang), &answers.item));
        named.chain([Choice::new(NO_ITEM, page.t("visits-item-none"), "")]).collect()
    }

    async fn send(self: &Arc<Self>, page: Page, asking: Asking) -> Result<Response, WebError> {
        let asking = self.go_on(asking, page.now)?;
        let community = self.counter.community(&asking.answers.community);
        let slot = rules::slot(asking.kind, &asking.answers);
        let (Question::Check, Some(community), Some(slot)) = (asking.question, community, slot) else {
            // An answer no longer holds, so its question is asked again.
            let again = self.go_on(asking, page.now)?;
            return self.ask(page, again).await;
        };
        let booking = Booking {
            kind: asking.kind,
            community,
            slot,
            item: self.counter.catalogue().get(&asking.answers.item).map(|item| item.code.clone()).unwrap_or_default(),
            person: rules::person(asking.kind, &asking.answers),
            seats: Self::seats_for(&page.visitor.actor),
            once: asking.once.clone(),
        };
        let bound = self.counter.bound_from(&page, "visit booked", VISITS_BOOKINGS_PER_HOUR)?;
        let booked = self.counter.within(bound, page.now, self.book(booking, page.now)).await;
        let booked = booked
            .map_err(|fault| too_many_as(fault, Why::VisitTooMany))
            .map(|visit| Next::with_cookie(&format!("/visits/{}", visit.number), self.pass_cookie(&page, &visit)));
        web::answer(booked, |refusal| self.ask(page, asking.refused(refusal))).await
    }

    fn checks(&self, page: &Page, asking: &Asking, community: Option<&PlacePath>) -> Vec<Check> {
        if asking.question != Question::Check {
            return Vec::new();
        }
        let (answers, tree) = (&asking.answers, self.cases().hall.places.tree());
        let slot = rules::slot(asking.kind, answers);
        let place = community.map(|path| tree.chain(path, page.lang)).unwrap_or_default();
        let day = slot.map(|slot| page.date(slot.day)).unwrap_or_default();
        let check = |label, value: String, question: Question| Check { label, value, question: question.code() };
        let mut checks = vec![
            check("visits-field-item", self.item_name(page, &answers.item), Question::Item),
            check("visits-field-community", place, Question::Community),
            check("visits-field-day", day, Question::Day),
        ];
        if let Some(slot) = slot.filter(|_| asking.kind == Kind::Counter) {
            checks.push(check("visits-field-minute", show_minute_of_day(slot.minute), Question::Hour));
        }
        checks.push(check("visits-field-name", answers.name.clone(), Question::Who));
        checks.push(check("visits-field-telephone", answers.telephone.clone(), Question::Who));
        if asking.kind == Kind::Home {
            checks.push(check("visits-field-address", answers.address.clone(), Question::Address));
        }
        checks
    }
}

impl Asking {
    /// The booking was refused: whatever is wrong with the time is asked again where times are chosen.
    fn refused(mut self, refusal: Refusal) -> Self {
        let about_time = refusal.field.as_deref() == Some("day");
        let (question, field) = match self.kind {
            Kind::Counter => (Question::Hour, "minute"),
            Kind::Home => (Question::Day, "day"),
        };
        self.question = if about_time { question } else { Question::Check };
        self.faults = vec![if about_time { refusal.field(field) } else { refusal }];
        self
    }
}

/// Returns the days that have room, and how much room each has.
fn days(page: &Page, answers: &Answers, free: &[(Slot, i64)]) -> Vec<Choice> {
    let mut days: Vec<(Date, i64)> = Vec::new();
    for (slot, left) in free {
        match days.last_mut() {
            Some((day, sum)) if *day == slot.day => *sum += left,
            _ => days.push((slot.day, *left)),
        }
    }
    let choice = |(day, left): (Date, i64)| {
        Choice::new(day.to_string(), page.date(day), &answers.day).hint(page.t1("visits-free", "n", left))
    };
    days.into_iter().map(choice).collect()
}

/// Returns the times of the chosen day that have room.
fn times(page: &Page, answers: &Answers, free: &[(Slot, i64)]) -> Vec<Choice> {
    let of_day = free.iter().filter(|(slot, _)| slot.day.to_string() == answers.day);
    let choice = |(slot, left): &(Slot, i64)| {
        let time = show_minute_of_day(slot.minute);
        Choice::new(slot.minute.to_string(), time, &answers.minute).hint(page.t1("visits-free", "n", left))
    };
    of_day.map(choice).collect()
}
