//! Search: by number, by a running number, by words; and by a person, where a purpose is stated and the person can read
//! it. Newest first, only what this visitor may read.

use std::sync::{Arc, PoisonError};

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::identifier::looks_personal;
use kernel::permission::Permission;
use kernel::place::{Level, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde::Deserialize;
use store::Tx;
use uuid::Uuid;
use vault::PersonField;
use web::{Page, Pager, PostForm, Problem, WebError, render, render_status};

use super::row::Row;
use crate::Cases;
use crate::actions::Looking;
use crate::records::search::{self, Before, Wanted};
use crate::records::{self, CaseRow};
use crate::rules::search as rules;
use hall::{Fault, PurposeFields, Stated};

/// Years in which a running number is looked for.
const YEARS: i16 = 3;

/// The most cases that are shown of one person.
const CASES_OF_ONE: i64 = 20;
/// The most cases that a search for a person shows.
const MOST_FOUND: usize = 50;

/// The fewest letters that stand for an item beside what is called so.
const SHORTEST_TYPED: usize = 3;

/// The most places that one word stands for.
const PLACES: usize = 50;

/// What is looked for.
#[derive(Deserialize, Default)]
pub struct Asked {
    /// Words or a number.
    #[serde(default)]
    q: String,
    /// Where the list goes on: moment and identity.
    #[serde(default)]
    before: String,
}

#[derive(Template)]
#[template(path = "cases/search.html")]
struct SearchPage {
    page: Page,
    words: String,
    /// Whether something was looked for.
    searched: bool,
    rows: Vec<Row>,
    pager: Pager,
    /// A number of a person was looked for, so nothing was.
    personal: bool,
    /// The form by which a person is looked for, for those who may open personal data.
    person: Option<PersonForm>,
    problems: Vec<Problem>,
}

/// The form by which a person is looked for.
struct PersonForm {
    who: String,
    why: PurposeFields,
}

/// Who is looked for, what for, and the key of the form.
struct Seeking<'s> {
    who: &'s str,
    purpose: &'s str,
    once: &'s str,
}

/// `GET /search`. The number of a person leads to an address without it, where the form for persons is open.
///
/// # Errors
/// Sign-in needed, or a failure.
pub async fn get(
    State(cases): State<Arc<Cases>>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let words = asked.q.trim().to_owned();
    if looks_personal(&words) {
        return Ok(Redirect::to("/search?personal=1").into_response());
    }
    let limit = cases.page_size(&page)?;
    let (desk, drawn, question, before) = (cases.clone(), page.clone(), words.clone(), before(&asked.before));
    let (rows, next) = cases
        .hall
        .store
        .read(move |tx| {
            let found = desk.found(tx, &drawn, &question, before, limit)?;
            let full = i64::try_from(found.len()).is_ok_and(|shown| shown >= limit);
            let next = found.last().filter(|_| full).map(|row| format!("{}~{}", row.opened_at.micros(), row.id));
            Ok::<_, Fault>((desk.rows(tx, &drawn, &found)?, next))
        })
        .await?;
    if let [only] = rows.as_slice()
        && kernel::identifier::CaseNumber::parse(&words).is_ok()
    {
        return Ok(Redirect::to(&format!("/cases/{}", only.number)).into_response());
    }
    let start = page.query.address_with(&[("before", "")]);
    let pager = Pager {
        before: before.map(|_| format!("/search{start}")),
        after: next.map(|next| format!("/search{}", page.query.address_with(&[("before", &next)]))),
    };
    let (searched, personal) = (!words.is_empty(), page.query.has("personal"));
    // Words that find nothing may be a person's: the form for that stands open with them, and is sent, never linked.
    let who = if rows.is_empty() && before.is_none() { words.clone() } else { String::new() };
    let person = cases.person_form(&page, who, &Stated::default(), None);
    render(&SearchPage { page, words, searched, rows, pager, personal, person, problems: Vec::new() })
}

/// `POST /search/person`: the cases of a person whose name, telephone or identity number is known. Each person that is
/// found is a look for the purpose stated, and reads it.
///
/// # Errors
/// Sign-in needed, no permission, or a failure.
pub async fn person(State(cases): State<Arc<Cases>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    page.require(Permission::PersonOpen)?;
    let stated = cases.hall.purposes.stated(form.get("purpose"), form.get("purpose_word"));
    let (who, once) = (form.get("who").trim().to_owned(), form.key().to_owned());
    let (desk, drawn, asked) = (cases.clone(), page.clone(), who.clone());
    let found = cases.hall.store.write(move |tx| {
        let purpose = stated.clone()?;
        let found = desk.of_person(tx, &drawn, &Seeking { who: &asked, purpose: &purpose, once: &once })?;
        let rows = desk.rows(tx, &drawn, &found)?;
        Ok::<_, Fault>(rows)
    });
    let (rows, refusal) = match web::settled(found.await)? {
        Ok(rows) => (rows, None),
        Err(refusal) => (Vec::new(), Some(refusal)),
    };
    let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let person = cases.person_form(&page, who, &Stated::of(&form), refusal.as_ref());
    let problems: Vec<Problem> = refusal.iter().map(|refusal| page.problem(refusal)).collect();
    let pager = Pager { before: None, after: None };
    let (words, searched) = (String::new(), problems.is_empty());
    let personal = false;
    render_status(status, &SearchPage { page, words, searched, rows, pager, personal, person, problems })
}

fn before(text: &str) -> Option<Before> {
    let (at, id) = text.split_once('~')?;
    Some((Instant::from_micros(at.parse().ok()?), Uuid::parse_str(id).ok()?))
}

impl Cases {
    /// The newest cases that answer to a question, as far as this visitor may read them.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn found(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        question: &str,
        before: Option<Before>,
        limit: i64,
    ) -> Result<Vec<CaseRow>, Fault> {
        let (actor, most) = (&page.visitor.actor, usize::try_from(limit).unwrap_or(0));
        let scopes = actor.scopes(Permission::CaseRead);
        let numbers = self.numbers_of(page, question);
        if !numbers.is_empty() {
            let mut found = search::by_numbers(tx, &numbers)?;
            found.retain(|row| scopes.iter().any(|scope| search::is_readable(row, scope)));
            return self.shown_to(tx, actor, found);
        }
        let names = self.names();
        let meanings: Vec<_> = rules::words(question).iter().map(|word| self.meaning(&names, word)).collect();
        if meanings.is_empty() || meanings.iter().any(rules::Meaning::is_empty) {
            return Ok(Vec::new());
        }
        let cases = search::opened(tx)?;
        let (mut shown, mut from) = (Vec::new(), before);
        loop {
            let mut found = Vec::new();
            for scope in &scopes {
                let (homes, inside) = names.places.homes_in(&scope.place);
                let size = rules::Size::new(rules::Counted { cases, items: names.items(), homes, inside });
                let wanted = Wanted { scope, words: &meanings, size, before: from, limit };
                found.extend(search::search(tx, &wanted)?);
            }
            found.sort_by_key(|one| std::cmp::Reverse((one.opened_at, one.id)));
            found.dedup_by_key(|one| one.id);
            found.truncate(most);
            let last = found.last().filter(|_| found.len() == most).map(|one| (one.opened_at, one.id));
            let rows = search::rows(tx, &found)?;
            shown.extend(self.shown_to(tx, actor, rows)?);
            match last {
                Some(last) if shown.len() < most => from = Some(last),
                _ => break,
            }
        }
        shown.truncate(most);
        Ok(shown)
    }

    /// The form by which this visitor looks for a person, with what was sent. There is none for those who may not.
    fn person_form(&self, page: &Page, who: String, sent: &Stated, refusal: Option<&Refusal>) -> Option<PersonForm> {
        let why = self.hall.purposes.fields(page, sent, refusal);
        page.may(Permission::PersonOpen).then_some(PersonForm { who, why })
    }

    /// The cases of every person who has that name, telephone or identity number, as far as this visitor may read them
    /// and open her data. Each person is looked at once.
    fn of_person(&self, tx: &mut dyn Tx, page: &Page, seeking: &Seeking<'_>) -> Result<Vec<CaseRow>, Fault> {
        if seeking.who.is_empty() {
            return Err(Refusal::new(Code::FormMissing).field("who").with("label", page.t("cases-search-who")).into());
        }
        let mut people = Vec::new();
        for field in [PersonField::ResidentId, PersonField::Telephone, PersonField::Name] {
            people.extend(self.hall.vault.find(tx, field, seeking.who)?);
        }
        people.sort_unstable();
        people.dedup();
        let (actor, purpose) = (&page.visitor.actor, seeking.purpose);
        let looking = Looking { actor, purpose, now: page.now, once: Some(seeking.once) };
        let scopes = actor.scopes(Permission::CaseRead);
        let mut found: Vec<CaseRow> = Vec::new();
        for (district, record) in people {
            for row in records::of_person(tx, district, record, CASES_OF_ONE)? {
                if found.len() >= MOST_FOUND || !scopes.iter().any(|scope| search::is_readable(&row, scope)) {
                    continue;
                }
                let known = self.known(tx, district, row.id)?;
                if !self.kind_shows(tx, &known.case, actor)? {
                    continue;
                }
                match self.open_party(tx, &known, record, &looking) {
                    Ok(_) => found.push(row),
                    Err(Fault::NotFound) => {}
                    Err(Fault::Refused(refusal)) if refusal.code.is_permission() => {}
                    Err(fault) => return Err(fault),
                }
            }
        }
        found.sort_by_key(|row| std::cmp::Reverse(row.opened_at));
        Ok(found)
    }

    /// What a word means: what is called so and the items with these initials or this pinyin, or else the places with
    /// these initials, this pinyin or this code.
    fn meaning(&self, names: &rules::Names, word: &str) -> rules::Meaning {
        let mut meaning = names.meaning(word);
        if !word.is_ascii() {
            return meaning;
        }
        let is_called = !meaning.is_empty();
        let typed = if is_called && word.len() < SHORTEST_TYPED { Vec::new() } else { self.items.typed(word) };
        if !is_called {
            let tree = self.hall.places.tree();
            let places = tree.search(word, PLACES).into_iter().map(|place| place.path.clone());
            meaning = names.within(&places.collect::<Vec<PlacePath>>());
        }
        meaning.items.extend(typed);
        meaning
    }

    /// The numbers a question may stand for, each with its district.
    fn numbers_of(&self, page: &Page, question: &str) -> Vec<(kernel::place::PlaceId, String)> {
        let tree = self.hall.places.tree();
        let code = |code: &str| code.chars().take(6).collect::<String>();
        let districts: Vec<(kernel::place::PlaceId, String)> =
            tree.of_level(Level::District).map(|place| (place.id, code(&place.code))).collect();
        let codes: Vec<String> = districts.iter().map(|(_, code)| code.clone()).collect();
        let year = page.today().year();
        let years: Vec<i16> = (0..YEARS).map(|back| year - back).collect();
        let of = |number: String| {
            let district = districts.iter().find(|(_, code)| number.starts_with(code.as_str()))?;
            Some((district.0, number))
        };
        rules::numbers(question, &codes, &years).into_iter().filter_map(of).collect()
    }

    /// The names by which cases are found.
    fn names(&self) -> rules::Names {
        let states = self.procedures().states().into_iter().map(|((procedure, state), one)| {
            let named = rules::State { procedure: procedure.to_owned(), state: state.to_owned(), last: one.terminal };
            (named, rules::both(&one.title))
        });
        rules::Names::new(self.items.named(), states, self.place_names())
    }

    /// The names of the places, made anew when the tree is another one.
    fn place_names(&self) -> Arc<rules::PlaceNames> {
        let tree = self.hall.places.tree();
        let mut kept = self.place_names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, names)) = kept.as_ref()
            && Arc::ptr_eq(of, &tree)
        {
            return names.clone();
        }
        let levels = [Level::District, Level::Street, Level::Community].into_iter();
        let places = levels.flat_map(|level| tree.of_level(level));
        let places = places.map(|place| (place.path.clone(), rules::both(&place.name)));
        let names = Arc::new(rules::PlaceNames::new(places));
        *kept = Some((tree.clone(), names.clone()));
        names
    }
}
