//! What the pages of this department have in common around what each of them is about: who may be there, who sends a
//! form, the one transaction that does what it asks, the answer, the heads of tables, and the pages of a long list.

use std::fmt::Display;
use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use hall::{Fault, Hall, Sent};
use kernel::language::Bilingual;
use kernel::permission::{Actor, Permission, Target, may};
use kernel::place::PlacePath;
use kernel::refusal::Refusal;
use store::Tx;
use uuid::Uuid;
use web::table::{Column, ColumnKind};
use web::{Crumb, Page, Pager, PostForm, Problem, WebError, render_status};

use super::typed::LABELS;
use crate::actions::ballots::before_end;
use crate::actions::by::{By, places_of};
use crate::permissions::May;
use crate::records::parts::Span;
use crate::records::votes::Vote;
use crate::{Companies, Property};

/// The beginning of the keys of heads that no form has.
pub(super) const COLUMN: &str = "property-column-";
/// The most lines of a list on one page.
const LINES: i64 = 200;
/// The last page of a list that is looked for.
const LAST_PART: i64 = 10_000;

/// Which page of a long list is asked for, by `?page=` from 1.
#[derive(Clone, Copy)]
pub(super) struct Part(i64);

impl Part {
    /// The page that is asked for; the first one if nothing is asked for.
    pub(super) fn asked(page: &Page) -> Self {
        let number = page.query.get("page").parse::<i64>().ok().filter(|number| (1..=LAST_PART).contains(number));
        Self(number.unwrap_or(1))
    }

    /// Which lines are read: one more than a page has, to know whether there is another page.
    pub(super) const fn span(self) -> Span {
        Span { skip: (self.0 - 1) * LINES, limit: LINES + 1 }
    }

    /// How many lines are read where several lists are put together before this page is cut out of them.
    pub(super) const fn most(self) -> i64 {
        self.0 * LINES + 1
    }

    /// Leaves the lines of the page of a list that was read from its beginning, and says where the other pages are.
    pub(super) fn cut<T>(self, page: &Page, found: &mut Vec<T>) -> Pager {
        let before = usize::try_from(self.span().skip).unwrap_or(usize::MAX).min(found.len());
        found.drain(..before);
        self.ends(page, found)
    }

    /// Leaves the lines of the page, and says where the pages before and after it are.
    pub(super) fn ends<T>(self, page: &Page, found: &mut Vec<T>) -> Pager {
        let lines = usize::try_from(LINES).unwrap_or(usize::MAX);
        let has_more = found.len() > lines;
        found.truncate(lines);
        let at = |number: i64| page.query.address_with(&[("page", &number.to_string())]);
        Pager { before: (self.0 > 1).then(|| at(self.0 - 1)), after: has_more.then(|| at(self.0 + 1)) }
    }
}

/// Whether this visitor holds a permission at a place.
pub(super) fn holds(page: &Page, permission: Permission, place: &PlacePath) -> bool {
    may(&page.visitor.actor, permission, &Target::at(place.clone())).is_ok()
}

/// The page of a place as a part of the way to what is below it.
pub(super) fn place_above(desk: &Companies, page: &Page, path: &PlacePath) -> Crumb {
    let tree = desk.hall.places.tree();
    let name = tree.at(path).map(|place| page.of(&place.name).to_owned()).unwrap_or_default();
    Crumb { text: name, href: format!("/places/{}", path.id()) }
}

/// The way to a page about a place: the list of whoever keeps such pages; for everybody else, who has no list, the page
/// of the place.
pub(super) fn way_from(desk: &Companies, page: &Page, list: Vec<Crumb>, path: &PlacePath) -> Vec<Crumb> {
    if list.is_empty() { vec![place_above(desk, page, path)] } else { list }
}

/// The places in which somebody keeps something by a permission, and those over which she only watches.
pub(super) fn watched(actor: &Actor, keeps: Permission) -> Vec<PlacePath> {
    let mut places = places_of(actor, keeps);
    places.extend(places_of(actor, May::PropertyRead));
    let lies_in_another = |place: &PlacePath| places.iter().any(|other| other != place && other.contains(place));
    let mut own: Vec<PlacePath> = places.iter().filter(|place| !lies_in_another(place)).cloned().collect();
    own.sort();
    own.dedup();
    own
}

/// Lets only those pass who keep something somewhere by a permission, or who watch over it.
pub(super) fn may_watch(page: &Page, keeps: Permission) -> Result<(), WebError> {
    if page.may(keeps) { Ok(()) } else { page.require(May::PropertyRead) }
}

/// Lets only those pass who hold a permission at the place of something. For others it does not exist.
pub(super) fn only_theirs(page: &Page, permission: Permission, place: &PlacePath) -> Result<(), WebError> {
    if holds(page, permission, place) { Ok(()) } else { Err(WebError::NotFound) }
}

/// The fields of a form that stand there several times, one with each number: how their names begin, and the beginning
/// of the keys of what they are called.
const NUMBERED: [(&str, &str); 4] = [
    ("choice", "property-field-choice"),
    ("matter", "property-field-matter-"),
    ("new", "property-field-new-"),
    ("share", "property-field-share-of"),
];

/// What is wrong with a form of which some fields are numbered, as `choice3` or `matter2_title`.
pub(super) fn problems(page: &Page, labels: &str, wrong: &[Refusal]) -> Vec<Problem> {
    wrong.iter().flat_map(|refusal| problem(page, labels, refusal)).collect()
}

fn problem(page: &Page, labels: &str, refusal: &Refusal) -> Vec<Problem> {
    let Some(label) = refusal.field.as_deref().and_then(|field| numbered(page, field)) else {
        return page.problems(labels, std::slice::from_ref(refusal));
    };
    vec![page.problem(&refusal.clone().with("label", label))]
}

/// What a numbered field is called; none for another field.
fn numbered(page: &Page, field: &str) -> Option<String> {
    let (key, rest) = NUMBERED.into_iter().find_map(|(name, key)| Some((key, field.strip_prefix(name)?)))?;
    let (number, part) = rest.split_once('_').unwrap_or((rest, ""));
    let number: usize = number.parse().ok()?;
    Some(page.t1(&format!("{key}{part}"), "number", number))
}

/// A note on the city's data, for those who run the platform and put in the city's own; empty for everybody else, and
/// where there is none.
pub(super) fn staff_note(page: &Page, note: Option<&Bilingual>) -> String {
    let note = note.filter(|_| page.may(Permission::JobRead));
    note.map(|note| page.t1("property-staff-note", "note", page.of(note))).unwrap_or_default()
}

/// The account of whoever is signed in.
pub(super) fn account(page: &Page) -> Result<Uuid, WebError> {
    page.visitor.actor.account.ok_or(WebError::SignIn)
}

/// Who sends a form about something, and when.
pub(super) fn sender(page: &Page, form: &PostForm, about: impl Display) -> By {
    By { actor: page.visitor.actor.clone(), sent: Sent::of(form, about), now: page.now }
}

/// The identity of what a form enters, the same whenever it is sent.
pub(super) fn own_id(page: &Page, form: &PostForm) -> Uuid {
    form.id_of(page.visitor.actor.account.unwrap_or_default())
}

/// Does what a form asks in one transaction. It leads on to the address of what was done, or the form is drawn again
/// with what was refused.
pub(super) async fn done<T, F>(
    hall: &Hall,
    act: impl FnMut(&mut dyn Tx) -> Result<T, Fault> + Send + 'static,
    to: impl FnOnce(T) -> String,
    again: impl FnOnce(Refusal) -> F,
) -> Result<Response, WebError>
where
    T: Send + 'static,
    F: Future<Output = Result<Response, WebError>>,
{
    let done = hall.store.write(act).await;
    web::answer_permitted(done.map(to), again).await
}

/// Draws the page of a form: with status 422 if something is wrong with what was sent.
pub(super) fn form_page<T: Template>(wrong: &[Refusal], page: &T) -> Result<Response, WebError> {
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    render_status(status, page)
}

/// What the page of a form of a vote says in place of the form once the vote is over or was called off, and what is
/// wrong with the form before that: afterwards nothing of it matters any more.
pub(super) fn past_end(page: &Page, vote: &Vote, wrong: &[Refusal]) -> (Option<Problem>, Vec<Refusal>) {
    match before_end(vote, page.now) {
        Err(over) => (Some(page.problem(&over)), Vec::new()),
        Ok(()) => (None, wrong.to_vec()),
    }
}

impl Property {
    /// Reads a vote that this visitor keeps, and something more of it. For everybody else it does not exist.
    pub(super) async fn of_own_vote<T: Send + 'static>(
        self: &Arc<Self>,
        page: &Page,
        id: Uuid,
        more: impl Fn(&Self, &mut dyn Tx, &Vote) -> Result<T, Fault> + Send + 'static,
    ) -> Result<(Vote, T), WebError> {
        let (own, actor) = (self.clone(), page.visitor.actor.clone());
        let read = move |tx: &mut dyn Tx| {
            let vote = own.own_vote(tx, id, &actor)?;
            let found = more(&own, tx, &vote)?;
            Ok::<_, Fault>((vote, found))
        };
        Ok(self.hall.store.read(read).await?)
    }
}

/// The heads of a table: what the cells of each column are, and the name under which forms call it too.
pub(super) fn heads<const N: usize>(page: &Page, named: [(ColumnKind, &str); N]) -> Vec<Column> {
    headed(page, LABELS, named)
}

/// The heads of a table whose keys have a beginning of their own.
pub(super) fn headed<const N: usize>(page: &Page, beginning: &str, named: [(ColumnKind, &str); N]) -> Vec<Column> {
    named.into_iter().map(|head| Column::new(head.0, page.t(&format!("{beginning}{}", head.1)))).collect()
}
