//! This page shows one visit. The person who booked it or gave the code of its slip moves it or calls it off. The
//! community's workers agree to it and finish it.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::Looking;
use hall::{AccessPage, Fault, PurposeFields, Stated};
use kernel::permission::{Permission, Target, may};
use kernel::refusal::{Code, Refusal};
use kernel::time::show_minute_of_day;
use places::Nearest;
use vault::PersonField;
use web::{Choice, Frame, InPath, Need, Page, PathPart, PostForm, Problem, Visitor, WebError, render_status};

use super::{LABELS, PASS_COOKIE, VisitLine};
use crate::actions::{Act, Rights};
use crate::records::visit::Visit;
use crate::words::{Deed, Kind, Number, Seats, Slot, State as VisitState};
use crate::{Visits, rules};

/// How long a desk shows the code of a visit that was just booked, in seconds.
const SLIP_SECONDS: i64 = 900;
/// The number's place in `/visits/{number}/act`, split at its slashes.
const NUMBER_PART: usize = 2;

#[derive(Template)]
#[template(path = "visits/visit.html")]
struct VisitPage {
    page: Page,
    line: VisitLine,
    /// The day with its year, for paper.
    dated: String,
    /// The papers to bring to the counter; empty where there are none or the item is not told.
    bring: String,
    rights: Rights,
    /// The code of its slip, while it is shown.
    code: Option<String>,
    /// What can still be done with it.
    can: Can,
    person: Vec<(String, String)>,
    opened: bool,
    note: Option<String>,
    /// Day and time in one, as a question names them.
    when: String,
    /// The time to which it was moved just now; empty if it was not.
    moved: String,
    /// It was called off, so nobody need come.
    is_cancelled: bool,
    /// The days of a home visit to which a worker can agree, its own first.
    slots: Vec<Choice>,
    /// The times to which it can be moved, in their order.
    moves: Vec<DaySlots>,
    accesses: AccessPage,
    why: PurposeFields,
    /// The counter of its community.
    nearest: Option<Nearest>,
    problems: Vec<Problem>,
}

/// Holds the times of one day to which a visit can be moved.
struct DaySlots {
    /// The day, which is empty where each choice is a day.
    title: String,
    slots: Vec<Choice>,
}

/// Says what this visitor may do now.
struct Can {
    change: bool,
    finish: bool,
    open: bool,
}

/// Holds what a page of a visit shows beside the visit.
#[derive(Default)]
struct Shown {
    /// Why something was not done.
    refusal: Option<Refusal>,
    /// The person's data, opened for a purpose.
    opened: Option<BTreeMap<PersonField, String>>,
    /// Why the person should have been opened, if that was refused.
    stated: Option<Stated>,
}

impl Shown {
    fn refused(refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), ..Self::default() }
    }
}

/// Holds what was read of a visit for its page.
struct Seen {
    visit: Visit,
    rights: Rights,
    masked: BTreeMap<PersonField, String>,
    note: Option<String>,
    accesses: AccessPage,
}

/// Answers `GET /visits/{number}`. With `?format=ics` it is a file for a calendar.
///
/// # Errors
/// Without a pass it leads to the form that asks for number and code. It answers 404 to staff whose post
/// does not reach the visit.
pub async fn get(
    State(visits): State<Arc<Visits>>,
    page: Page,
    InPath(number): InPath<Option<Number>>,
) -> Result<Response, WebError> {
    if page.query.get("format") == "ics" {
        return visits.for_calendar(&page, number.as_ref()).await;
    }
    visits.show(page, number.as_ref(), Shown::default()).await
}

/// Answers `POST /visits/{number}/act`. It moves the visit, calls it off, agrees to it or finishes it. A refusal shows
/// the page again and says what to do.
///
/// # Errors
/// It answers in the same way as the page to visitors who may not see the visit.
pub async fn act(
    State(visits): State<Arc<Visits>>,
    page: Page,
    InPath(number): InPath<Option<Number>>,
    form: PostForm,
) -> Result<Response, WebError> {
    let number = number.as_ref();
    let told = if form.get("deed") == "move" { "?done=moved" } else { "" };
    let done = visits.take(&page, number, &form).await.map(|()| format!("/visits/{}{told}", written(number)));
    let done = done.or_else(|fault| elsewhere(&page, number, fault));
    web::answer_permitted(done, |refusal| visits.show(page, number, Shown::refused(refusal))).await
}

/// Answers `POST /visits/{number}/person`. It opens the seal for the stated purpose. The page must not be stored
/// anywhere.
///
/// # Errors
/// Answers 404 if the visitor may not see the visit.
pub async fn open_person(
    State(visits): State<Arc<Visits>>,
    page: Page,
    InPath(number): InPath<Option<Number>>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::PersonOpen)?;
    let (desk, asked) = (visits.clone(), number.clone());
    let stated = visits.cases().hall.purposes.stated(form.get("purpose"), form.get("purpose_word"));
    let (actor, now, once) = (page.visitor.actor.clone(), page.now, form.key().to_owned());
    let opened = visits.store().write(move |tx| {
        let (visit, _) = desk.seen(tx, asked.as_ref(), &actor, None, now)?;
        may(&actor, Permission::PersonOpen, &Target::at(visit.path.clone()))?;
        let purpose = stated.clone()?;
        let looking = Looking { actor: &actor, purpose: &purpose, now, once: Some(&once) };
        let person = desk.open_person(tx, &visit, &looking)?;
        let fields = person.fields().map(|(field, value)| (field, value.expose().clone()));
        Ok::<_, Fault>(fields.collect::<BTreeMap<PersonField, String>>())
    });
    match web::settled(opened.await)? {
        Ok(fields) => visits.show(page, number.as_ref(), Shown { opened: Some(fields), ..Shown::default() }).await,
        Err(refusal) => {
            let refused = Shown { stated: Some(Stated::of(&form)), ..Shown::refused(refusal) };
            visits.show(page, number.as_ref(), refused).await
        }
    }
}

impl Visits {
    /// Says what the form of a visit needs before anything of it is read: an account of staff, or a pass of ours whose
    /// end has not come. Whether it is about this very visit, the page says. Everybody else is led, as from the page,
    /// to the form that asks for number and code.
    pub(crate) fn pass_or_post(&self) -> Need {
        let key = self.pass_key.clone();
        Need::shown("pass", move |parts| {
            let is_staff = parts.extensions.get::<Visitor>().is_some_and(Visitor::staff);
            let now = parts.extensions.get::<Arc<Frame>>().map(|frame| (frame.clock)());
            let pass = web::cookie(&parts.headers, PASS_COOKIE);
            let holds = pass.zip(now).is_some_and(|(pass, now)| key.holds(&pass, now));
            let number = || parts.uri.path().split('/').nth(NUMBER_PART).and_then(rules::read_number);
            (!is_staff && !holds).then(|| Redirect::to(&asked_for(number().as_ref())).into_response())
        })
    }

    /// Takes the step that a form asks for, as far as this visitor may.
    async fn take(self: &Arc<Self>, page: &Page, number: Option<&Number>, form: &PostForm) -> Result<(), Fault> {
        let (desk, asked, actor, now) = (self.clone(), number.cloned(), page.visitor.actor.clone(), page.now);
        let (pass, deed, once) = (page.cookie(PASS_COOKIE), deed(form), form.key().to_owned());
        self.store()
            .write(move |tx| {
                let (visit, rights) = desk.seen(tx, asked.as_ref(), &actor, pass.as_deref(), now)?;
                let deed = deed.clone()?;
                if !permits(rights, &deed) {
                    let missing = Refusal::new(Code::PermissionMissing);
                    return Err(Fault::from(missing.with_both("permission", &Permission::CaseAccept.title())));
                }
                let seats = if rights.works { Seats::All } else { Seats::Open };
                desk.act(tx, &Act { visit, deed, seats, once: once.clone() }, now)
            })
            .await
    }

    /// Answers with the visit as a file for a calendar, to whoever sees its page.
    async fn for_calendar(self: &Arc<Self>, page: &Page, number: Option<&Number>) -> Result<Response, WebError> {
        match self.read(page, number, false).await {
            Ok(seen) => {
                let counter = self.cases().hall.places.counter_at(page, seen.visit.path.id()).await?;
                Ok(self.in_calendar(page, &seen.visit, seen.rights.own, counter.as_ref())?)
            }
            Err(fault) => Ok(Redirect::to(&elsewhere(page, number, fault)?).into_response()),
        }
    }

    async fn show(self: &Arc<Self>, page: Page, number: Option<&Number>, shown: Shown) -> Result<Response, WebError> {
        let Shown { refusal, opened, stated } = shown;
        let seen = match self.read(&page, number, opened.is_some()).await {
            Ok(seen) => seen,
            Err(fault) => return Ok(Redirect::to(&elsewhere(&page, number, fault)?).into_response()),
        };
        let Seen { visit, rights, masked, note, accesses } = seen;
        let works = rights.own || rights.works;
        let can = Can {
            change: works && visit.state.open(),
            finish: rights.works && visit.kind == Kind::Home && visit.state == VisitState::Booked,
            open: may(&page.visitor.actor, Permission::PersonOpen, &Target::at(visit.path.clone())).is_ok(),
        };
        let free = if can.change { self.other_slots(&page, &visit).await? } else { Vec::new() };
        let nearest = self.cases().hall.places.nearest(&page, visit.path.id()).await?;
        let when = when(&page, visit.kind, visit.slot());
        let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let refused_look = refusal.as_ref().filter(|_| stated.is_some());
        let why = self.cases().hall.purposes.fields(&page, &stated.clone().unwrap_or_default(), refused_look);
        let line = self.line(&page, &visit, String::new(), rights.own);
        let at_counter = visit.kind == Kind::Counter && visit.state.open();
        let drawn = VisitPage {
            dated: page.full_date(visit.day),
            bring: if at_counter { self.papers_to_bring(&page, &line.item_code) } else { String::new() },
            line,
            problems: page.problems(LABELS, refusal.as_slice()),
            opened: opened.is_some(),
            person: person(&page, opened.unwrap_or(masked)),
            code: self.slip(&page, &visit, rights),
            moved: if page.query.get("done") == "moved" { when.clone() } else { String::new() },
            is_cancelled: visit.state == VisitState::Cancelled,
            slots: if visit.kind == Kind::Home { agreeable(&page, visit.slot(), &free) } else { Vec::new() },
            moves: moves(&page, visit.kind, &free),
            when,
            rights,
            can,
            note,
            accesses,
            why,
            nearest: nearest.filter(|_| visit.state != VisitState::Cancelled),
            page,
        };
        render_status(status, &drawn)
    }

    /// Returns the code of a visit as the slip of the person herself shows it, while something can be changed with it.
    /// A desk is not hers: there it is shown for a while after the booking, to be printed.
    fn slip(&self, page: &Page, visit: &Visit, rights: Rights) -> Option<String> {
        let is_fresh = page.now < visit.booked_at.plus_seconds(SLIP_SECONDS);
        if !rights.own || !visit.state.open() || (page.visitor.staff() && !is_fresh) {
            return None;
        }
        self.code(visit).map(|code| code.grouped())
    }

    async fn read(self: &Arc<Self>, page: &Page, number: Option<&Number>, opened: bool) -> Result<Seen, Fault> {
        let (desk, drawn, asked) = (self.clone(), page.clone(), number.cloned());
        let pass = page.cookie(PASS_COOKIE);
        self.store()
            .read(move |tx| {
                let (visit, rights) =
                    desk.seen(tx, asked.as_ref(), &drawn.visitor.actor, pass.as_deref(), drawn.now)?;
                let (hall, record) = (&desk.cases().hall, (visit.district, visit.person));
                let masked = hall.vault.masked(tx, &[record])?.into_iter().next();
                let accesses = hall.accesses(tx, &drawn, &format!("/visits/{}", visit.number), &[record])?;
                let note = if rights.own || opened { desk.read_note(tx, &visit)? } else { None };
                Ok::<_, Fault>(Seen {
                    rights,
                    masked: masked.map(|(_, fields)| fields).unwrap_or_default(),
                    note,
                    accesses,
                    visit,
                })
            })
            .await
    }

    /// Returns the times that have room, but for the visit's own, in their order.
    async fn other_slots(&self, page: &Page, visit: &Visit) -> Result<Vec<Slot>, Fault> {
        let works = Rights::of(&page.visitor.actor, &visit.path).works;
        let seats = if works { Seats::All } else { Seats::Open };
        let (free, own) = (self.free(visit.kind, &visit.path, seats, page.now).await?, visit.slot());
        Ok(free.into_iter().map(|(slot, _)| slot).filter(|slot| *slot != own).collect())
    }
}

/// Says when a visit is: its day, and the time of day at a counter.
fn when(page: &Page, kind: Kind, slot: Slot) -> String {
    match kind {
        Kind::Counter => format!("{} {}", page.day(slot.day), show_minute_of_day(slot.minute)),
        Kind::Home => page.day(slot.day),
    }
}

/// Returns the days of a home visit to which a worker can agree. The one that was asked for comes first, even if all
/// other seats of it are taken.
fn agreeable(page: &Page, own: Slot, free: &[Slot]) -> Vec<Choice> {
    let all = std::iter::once(&own).chain(free);
    all.map(|slot| Choice::new(slot.show(), page.date(slot.day), &own.show())).collect()
}

/// Returns the times to which a visit can be moved, a group for each day at a counter. The days of a home visit are one
/// group without a title.
fn moves(page: &Page, kind: Kind, free: &[Slot]) -> Vec<DaySlots> {
    let days = free.chunk_by(|one, other| kind == Kind::Home || one.day == other.day);
    let group = |slots: &[Slot]| {
        let title = slots.first().filter(|_| kind == Kind::Counter).map(|slot| page.date(slot.day));
        let text = |slot: &Slot| match kind {
            Kind::Counter => show_minute_of_day(slot.minute),
            Kind::Home => page.date(slot.day),
        };
        let choices = slots.iter().map(|slot| Choice::new(slot.show(), text(slot), ""));
        DaySlots { title: title.unwrap_or_default(), slots: choices.collect() }
    };
    days.map(group).collect()
}

/// Says whether these rights allow the deed. The person to whom the visit belongs moves it or calls it off, and so may
/// the worker for her. Only the worker agrees and finishes.
fn permits(rights: Rights, deed: &Deed) -> bool {
    match deed {
        Deed::Move(_) | Deed::Cancel => rights.own || rights.works,
        Deed::Accept(_) | Deed::Done | Deed::Failed(_) => rights.works,
    }
}

/// Returns the deed of a form.
fn deed(form: &PostForm) -> Result<Deed, Refusal> {
    let slot = || Slot::parse(form.get("slot")).ok_or_else(|| Refusal::new(Code::FormMissing).field("slot"));
    match form.get("deed") {
        "move" => slot().map(Deed::Move),
        "accept" => slot().map(Deed::Accept),
        "cancel" => Ok(Deed::Cancel),
        "done" => Ok(Deed::Done),
        "failed" => Ok(Deed::Failed(form.get("note").to_owned())),
        _ => Err(Refusal::new(Code::FormChoice).field("deed")),
    }
}

/// Where a visitor is sent who may not see a visit: to the form with number and code; staff are told that there is
/// no such page.
fn elsewhere(page: &Page, number: Option<&Number>, fault: Fault) -> Result<String, Fault> {
    match fault {
        Fault::NotFound if !page.visitor.staff() => Ok(asked_for(number)),
        fault => Err(fault),
    }
}

/// The address of the form that asks for number and code.
fn asked_for(number: Option<&Number>) -> String {
    format!("/appointments?number={}", written(number))
}

impl PathPart for Number {
    fn read(text: &str) -> Option<Self> {
        rules::read_number(text)
    }
}

/// Returns a number as it is written. It is empty for other text, so that nothing else travels in an address.
fn written(number: Option<&Number>) -> &str {
    number.map_or("", |number| number.text.as_str())
}

/// Returns the person's fields with their labels.
fn person(page: &Page, fields: BTreeMap<PersonField, String>) -> Vec<(String, String)> {
    let label = |field: PersonField| page.t(&format!("visits-field-{}", field.code().replace('_', "-")));
    fields.into_iter().map(|(field, value)| (label(field), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use web::Form;

    /// What is read of a form: a deed, or the code and the field of the refusal.
    type Read = Result<Deed, (Code, String)>;

    #[test]
    fn only_the_worker_agrees_and_finishes() {
        let slot = Slot::parse("2026-11-24/510").unwrap();
        let deeds = [Deed::Move(slot), Deed::Cancel, Deed::Accept(slot), Deed::Done, Deed::Failed(String::new())];
        let none = Rights::default();
        for (rights, expected) in [
            (none, [false; 5]),
            (Rights { reads: true, ..none }, [false; 5]),
            (Rights { own: true, ..none }, [true, true, false, false, false]),
            (Rights { works: true, ..none }, [true; 5]),
            (Rights { own: true, works: true, ..none }, [true; 5]),
        ] {
            assert_eq!(deeds.each_ref().map(|deed| permits(rights, deed)), expected, "{rights:?}");
        }
    }

    #[test]
    fn a_form_names_its_deed_with_what_it_needs() {
        let read = |fields: &[(&str, &str)]| -> Read {
            let form = fields.iter().fold(Form::default(), |form, (name, value)| form.with(*name, *value));
            deed(&PostForm::from(form)).map_err(|refusal| (refusal.code, refusal.field.unwrap_or_default()))
        };
        let slot = Slot::parse("2026-11-24/510").unwrap();
        let missing = || Err((Code::FormMissing, "slot".to_owned()));
        let unknown = || Err((Code::FormChoice, "deed".to_owned()));
        let table: [(&[(&str, &str)], Read); 9] = [
            (&[("deed", "move"), ("slot", "2026-11-24/510")], Ok(Deed::Move(slot))),
            (&[("deed", "accept"), ("slot", " 2026-11-24 ")], Ok(Deed::Accept(Slot { minute: 0, ..slot }))),
            (&[("deed", "accept"), ("slot", "")], missing()),
            (&[("deed", "move"), ("slot", "2026-11-31/510")], missing()),
            (&[("deed", "cancel")], Ok(Deed::Cancel)),
            (&[("deed", "done")], Ok(Deed::Done)),
            (&[("deed", "failed"), ("note", " 家中无人 ")], Ok(Deed::Failed("家中无人".to_owned()))),
            (&[("deed", "Done")], unknown()),
            (&[], unknown()),
        ];
        for (fields, expected) in table {
            assert_eq!(read(fields), expected, "{fields:?}");
        }
    }

    #[test]
    fn nothing_but_a_number_travels_in_an_address() {
        for (typed, kept) in
            [(" y04 317 582 ", "Y04-317-582"), ("Y04-317-582?x=1", ""), ("138 1234 0412", ""), ("", "")]
        {
            assert_eq!(written(Number::read(typed).as_ref()), kept, "{typed}");
        }
    }
}
