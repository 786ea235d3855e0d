//! This page is the worker's desk: one input, one form, one key to finish, for any item and any resident of the city.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::{Known, own_counter};
use hall::Fault;
use kernel::identifier::Identity;
use kernel::permission::Permission;
use kernel::place::{Level, PlacePath};
use kernel::refusal::Code;
use serde::Deserialize;
use vault::PersonField;
use web::{Choice, Form, Page, PostForm, Problem, WebError, problem_of, render_status};

use super::AgeNotice;
use super::ItemLine;
use super::apply::{identity_kinds, is_unsure, problems};
use super::guide::custody_key;
use super::paper::{PaperView, paper};
use crate::actions::{Arrival, Filling, cases_of, log_told};
use crate::catalogue::Item;
use crate::forms::{self, Way, card, members};
use crate::refusals::Why;
use crate::words::{Answers, Ask, FieldFault};
use crate::{Counter, rules};

/// Buttons of the form that do something other than accept.
const BUTTONS: [&str; 5] = ["redraw", "add", "card_read", "find", "fill"];
/// Items offered by a search.
const RESULTS: usize = 8;

/// What the desk shows.
#[derive(Deserialize, Default)]
pub struct Asked {
    /// Words, initials, a case's number.
    #[serde(default)]
    q: String,
    /// The item chosen.
    #[serde(default)]
    item: String,
}

#[derive(Template)]
#[template(path = "counter/desk.html")]
struct DeskPage {
    page: Page,
    /// The counter where this worker sits, where the head of the page does not name it.
    elsewhere: Option<String>,
    words: String,
    results: Vec<ItemLine>,
    form: Option<DeskForm>,
    next: Vec<cases::Row>,
}

/// The form of the chosen item.
struct DeskForm {
    line: ItemLine,
    custody: String,
    /// The kinds of paper to choose from. The list is empty where only cards are taken.
    kinds: Vec<Choice>,
    /// Whether to ask if the bank's number is right.
    unsure: bool,
    person: Vec<PersonInput>,
    more: Vec<PersonInput>,
    papers: Vec<PaperView>,
    materials: Vec<Choice>,
    offers: Vec<Offer>,
    /// Nothing was found of the person.
    unknown: bool,
    /// The same matter of hers is open: a box to go on all the same.
    same_open: bool,
    /// She is of another age than the item is for: what to tell her, with a box that she was told.
    age: Option<AgeNotice>,
    answers: Answers,
    choices: Vec<Choice>,
    faults: Vec<Problem>,
    once: String,
}

/// One field of the person.
struct PersonInput {
    name: &'static str,
    label: String,
    value: String,
    error: String,
    kind: String,
    mode: String,
    class: String,
    /// From where it was filled in, in words. It is empty where it was typed.
    origin: String,
    /// Number of the case it was filled in from.
    case: String,
    objected: bool,
}

/// An earlier case of the person to fill in from.
struct Offer {
    number: String,
    item: String,
    name: String,
}

/// What the worker has typed, as it goes from one drawing of the form to the next.
#[derive(Default)]
struct Typed {
    answers: Answers,
    papers: Vec<String>,
    faults: Vec<FieldFault>,
    /// Earlier cases, once somebody asked for them.
    offers: Option<Vec<Offer>>,
    once: String,
}

/// `GET /desk`
pub async fn get(
    State(counter): State<Arc<Counter>>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    page.require(Permission::CaseAccept)?;
    if let Ok(number) = kernel::identifier::CaseNumber::parse(&asked.q) {
        return Ok(Redirect::to(&format!("/cases/{}", number.as_str())).into_response());
    }
    let here = Counter::here(&page)?;
    let catalogue = counter.catalogue();
    let common = asked.q.trim().is_empty();
    let found = if common { catalogue.featured().collect() } else { catalogue.search(&asked.q, page.lang, RESULTS) };
    let chosen = catalogue.get(&asked.item).or_else(|| found.first().copied().filter(|_| !common));
    let check = chosen.map(|item| counter.answered(item, &page.query)).unwrap_or_default();
    let answers = Answers { check, ..counter.at_home(&page, &here) };
    let typed = Typed { answers, once: page.once(), ..Typed::default() };
    let form = chosen.map(|item| counter.desk_form(&page, item, typed));
    let results = found.into_iter().map(|item| counter.line(&page, item)).collect();
    counter.desk(page, here, asked.q, results, form).await
}

/// `POST /desk`: takes the application at this counter. Other buttons draw the form again with more filled in.
pub async fn post(State(counter): State<Arc<Counter>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(Permission::CaseAccept)?;
    let here = Counter::here(&page)?;
    counter.know_ground().await?;
    let catalogue = counter.catalogue();
    let item = catalogue.get(form.get("item")).ok_or(WebError::NotFound)?;
    let answers = counter.typed_at_desk(&page, item, &form);
    let mut typed = Typed {
        papers: counter.papers_seen(item, &answers, &form),
        answers,
        once: form.key().to_owned(),
        ..Typed::default()
    };
    if BUTTONS.iter().any(|button| form.has(button)) {
        typed = counter.helped(&page, item, typed, &form).await?;
    } else {
        match counter.accept(&page, item, &here, &typed).await? {
            Ok(receipt) => return Ok(receipt),
            Err(faults) => typed.faults = faults,
        }
    }
    let drawn = counter.desk_form(&page, item, typed);
    let results = vec![counter.line(&page, item)];
    counter.desk(page, here, String::new(), results, Some(drawn)).await
}

impl Counter {
    /// Returns the counter where this worker sits.
    fn here(page: &Page) -> Result<PlacePath, WebError> {
        own_counter(&page.visitor.actor).ok_or(WebError::NotFound)
    }

    /// Makes a fresh form. Most people come to the counter of their own community.
    fn at_home(&self, page: &Page, here: &PlacePath) -> Answers {
        if here.level() != Level::Community {
            return Answers::default();
        }
        Answers {
            residence: here.id().0.to_string(),
            residence_words: self.community_name(page, here),
            ..Answers::default()
        }
    }

    fn community_name(&self, page: &Page, path: &PlacePath) -> String {
        self.cases.hall.places.tree().get(path.id()).map(|place| place.named(page.lang).to_owned()).unwrap_or_default()
    }

    /// Returns where the resident lives: the community that was chosen among several, the only one that the words name,
    /// or the one kept from before.
    fn residence(&self, page: &Page, answers: &Answers) -> Option<PlacePath> {
        let kept = self.community(&answers.residence);
        let words = answers.residence_words.trim();
        if words.is_empty()
            || kept.as_ref().is_some_and(|path| {
                self.community_name(page, path) == words
                    || self.cases.hall.places.tree().chain(path, page.lang) == words
            })
        {
            return kept;
        }
        let found = self.communities(page, words);
        let chosen = found.iter().any(|choice| choice.value == answers.residence);
        match found.as_slice() {
            [only] => self.community(&only.value),
            _ if chosen => kept,
            _ => None,
        }
    }

    /// Reads everything typed at the desk: what only the item's guide and papers know, and what was filled in from
    /// which case.
    fn typed_at_desk(&self, page: &Page, item: &Item, form: &PostForm) -> Answers {
        let answers = self.typed(page, item, form);
        let known = form.under("known_").filter(|(field, _)| PersonField::parse(field).is_some());
        let known: BTreeMap<String, String> =
            known.map(|(field, number)| (field.to_owned(), number.to_owned())).collect();
        let objected = form.all("objected").into_iter().filter(|field| known.contains_key(*field));
        let objected: BTreeSet<String> = objected.map(str::to_owned).collect();
        Answers { known, objected, once_more: form.has("once_more"), residence_unknown: false, ..answers }
    }

    /// Accepts the application at this counter. Returns the way to the receipt, or everything that is wrong.
    async fn accept(
        &self,
        page: &Page,
        item: &Item,
        here: &PlacePath,
        typed: &Typed,
    ) -> Result<Result<Response, Vec<FieldFault>>, WebError> {
        let catalogue = self.catalogue();
        let ask = self.asking(page, &catalogue, item, &typed.answers);
        let residence = self.residence(page, &typed.answers);
        let age = self.age_unsaid(page, item, &typed.answers);
        let application = match rules::whole(&ask, &typed.answers, residence.as_ref(), Way::Desk) {
            Ok(application) if age.is_none() => application,
            Ok(_) => return Ok(Err(age.into_iter().collect())),
            Err(faults) => return Ok(Err(faults.into_iter().chain(age).collect())),
        };
        let arrival = Arrival { counter: Some(here.clone()), papers: typed.papers.clone(), once: typed.once.clone() };
        let applied = self.apply(item, application, arrival, page.visitor.actor.clone(), page.now).await;
        match web::settled(applied)? {
            // The pass lets her print the receipt of a confidential matter too, which only its department sees
            // otherwise.
            Ok(given) => Ok(Ok(self.to_receipt(page, &given))),
            Err(refusal) => Ok(Err(vec![refusal])),
        }
    }

    /// Does what the other buttons ask for: a card's text is read, an earlier case is looked for or filled in from, or
    /// a table gets a row.
    async fn helped(&self, page: &Page, item: &Item, mut typed: Typed, form: &Form) -> Result<Typed, WebError> {
        if form.has("card_read") {
            let read = card::read(form.get("card"));
            let answers = &mut typed.answers;
            for (into, found) in [
                (&mut answers.name, read.name),
                (&mut answers.resident_id, read.resident_id),
                (&mut answers.address, read.address),
            ] {
                if !found.is_empty() {
                    *into = found;
                }
            }
            if Identity::card(&answers.resident_id).is_ok() {
                answers.identity_kind.clear();
            }
            self.lives_as_on_card(page, answers);
        }
        if let Some(number) = form.opt("fill") {
            let purpose = page.t("counter-known-purpose");
            let (actor, once) = (&page.visitor.actor, typed.once.as_str());
            let filling = Filling { number, purpose: &purpose, actor, now: page.now, once };
            let filled = self.fill_in(item, typed.answers.clone(), &filling).await;
            match web::settled(filled)? {
                Ok(answers) => typed.answers = answers,
                Err(refusal) => typed.faults = vec![refusal],
            }
        } else if form.has("find") || form.has("card_read") {
            typed.offers = Some(self.offers(page, &typed.answers).await?);
        }
        let catalogue = self.catalogue();
        let ask = self.asking(page, &catalogue, item, &typed.answers);
        if let Some(table) = ask.forms.iter().find_map(|one| forms::table(one.form, form.get("add"))) {
            members::add_row(&table, &mut typed.answers.forms);
        }
        Ok(typed)
    }

    /// Fills in the community that the address of a card names, or the community of the compound in it. If it names
    /// several, its name is left to choose by. An address of another city fills in nothing.
    fn lives_as_on_card(&self, page: &Page, answers: &mut Answers) {
        let tree = self.cases.hall.places.tree();
        let ground = self.cases.hall.places.geography_known();
        let Some(here) = places::district_of(&tree, &answers.address) else { return };
        let is_inside = |place: &&places::Place| here.path.contains(&place.path);
        let meant = places::living(&tree, ground.as_deref(), &answers.address);
        let only = meant.only().filter(|place| place.level == Level::Community).filter(is_inside);
        let named: Vec<_> = places::named_in(&tree, &answers.address).into_iter().filter(is_inside).collect();
        let Some(first) = only.or_else(|| named.first().copied()) else { return };
        first.named(page.lang).clone_into(&mut answers.residence_words);
        let only = only.or_else(|| named.first().copied().filter(|_| named.len() == 1));
        answers.residence = only.map(|place| place.id.to_string()).unwrap_or_default();
    }

    /// Returns the codes of the papers that were seen: those that were ticked, or all that are needed.
    fn papers_seen(&self, item: &Item, answers: &Answers, form: &Form) -> Vec<String> {
        if !form.has("all_papers") {
            return form.all("papers").into_iter().map(str::to_owned).collect();
        }
        let unneeded = self.unneeded(item, &answers.check);
        let catalogue = self.catalogue();
        let needed = catalogue.materials_of(item).filter(|material| !unneeded.contains(&material.code));
        needed.map(|material| material.code.clone()).collect()
    }

    /// Returns earlier cases of the person, with the name masked. Each is logged as a look, because typing an identity
    /// was enough to be told of it.
    async fn offers(&self, page: &Page, answers: &Answers) -> Result<Vec<Offer>, Fault> {
        let since = page.now.plus_days(-self.cases.hall.figure(crate::words::COUNTER_KNOWN_DAYS, page.now)?);
        let (resident_id, telephone) = (answers.resident_id.clone(), answers.telephone.clone());
        let (desk, actor, now) = (self.cases.clone(), page.visitor.actor.clone(), page.now);
        let found = self.cases.hall.store.write(move |tx| {
            let known = cases_of(&desk, tx, &resident_id, &telephone, &actor, since)?;
            known.iter().try_for_each(|one| log_told(&desk, tx, one, &actor, now))?;
            let places: Vec<_> = known.iter().filter_map(Known::sealed).collect();
            let masks = desk.hall.vault.masked(tx, &places)?;
            Ok::<_, Fault>((known, masks))
        });
        let (known, masks) = found.await?;
        let name = |known: &Known| {
            let mask = masks.iter().find(|(id, _)| Some(*id) == known.person);
            mask.and_then(|(_, fields)| fields.get(&PersonField::Name)).cloned().unwrap_or_default()
        };
        let catalogue = self.catalogue();
        let item =
            |code: &str| catalogue.get(code).map_or_else(|| code.to_owned(), |item| page.of(&item.name).to_owned());
        let offer = |known: &Known| Offer {
            number: known.case.number.clone(),
            item: item(known.case.item()),
            name: name(known),
        };
        Ok(known.iter().filter(|known| masks.iter().any(|(id, _)| Some(*id) == known.person)).map(offer).collect())
    }

    fn desk_form(&self, page: &Page, item: &Item, typed: Typed) -> DeskForm {
        let Typed { answers, papers, faults, offers, once } = typed;
        let catalogue = self.catalogue();
        let ask = self.asking(page, &catalogue, item, &answers);
        let same = [Code::CaseSameOpen, Why::CounterSameElsewhere];
        let same_open = answers.once_more || faults.iter().any(|fault| same.contains(&fault.code));
        let (unsure, kinds) = (is_unsure(&answers, &faults), identity_kinds(page, item, &answers.identity_kind));
        let faults = problems(page, &faults);
        let unneeded = self.unneeded(item, &answers.check);
        let needed = catalogue.materials_of(item).filter(|material| !unneeded.contains(&material.code));
        let materials = needed.map(|material| Choice {
            chosen: papers.contains(&material.code),
            ..Choice::new(material.code.as_str(), material.name.get(page.lang), "")
        });
        let (person, more) = person_inputs(page, item, &answers, &faults);
        let unclear = !problem_of(&faults, "residence").is_empty();
        DeskForm {
            line: self.line(page, item),
            custody: page.t(custody_key(item.custody)),
            kinds,
            unsure,
            person,
            more,
            papers: self.paper_views(page, &ask, &answers, &faults),
            materials: materials.collect(),
            unknown: offers.as_ref().is_some_and(Vec::is_empty),
            offers: offers.unwrap_or_default(),
            same_open,
            age: self.age_notice(page, item, &answers),
            choices: if unclear { self.communities(page, &answers.residence_words) } else { Vec::new() },
            answers,
            faults,
            once,
        }
    }

    fn paper_views(&self, page: &Page, ask: &Ask<'_>, answers: &Answers, faults: &[Problem]) -> Vec<PaperView> {
        let catalogue = self.catalogue();
        let view = |one| paper(page, one, &answers.forms, faults, catalogue.materials_of(ask.item));
        ask.forms.iter().map(view).collect()
    }

    async fn desk(
        &self,
        page: Page,
        here: PlacePath,
        words: String,
        results: Vec<ItemLine>,
        form: Option<DeskForm>,
    ) -> Result<Response, WebError> {
        let next = self.cases.clone().next_at_desk(&page).await?;
        let is_post = page.visitor.actor.grants.first().is_some_and(|grant| grant.place.id() == here.id());
        let elsewhere = (!is_post).then(|| self.cases.hall.places.tree().chain(&here, page.lang));
        let status = if form.as_ref().is_some_and(|form| !form.faults.is_empty()) {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        };
        render_status(status, &DeskPage { page, elsewhere, words, results, form, next })
    }
}

/// Returns the fields of the person that the item asks: who she is, and what stands below the community.
fn person_inputs(
    page: &Page,
    item: &Item,
    answers: &Answers,
    faults: &[Problem],
) -> (Vec<PersonInput>, Vec<PersonInput>) {
    let input = |field: PersonField, value: &str, (kind, mode, class): (&str, &str, &str)| {
        let case = answers.known.get(field.code()).cloned().unwrap_or_default();
        PersonInput {
            name: field.code(),
            label: page.t(&format!("counter-field-{}", field.code().replace('_', "-"))),
            value: value.to_owned(),
            error: problem_of(faults, field.code()).to_owned(),
            kind: kind.to_owned(),
            mode: mode.to_owned(),
            class: class.to_owned(),
            origin: if case.is_empty() { String::new() } else { page.t1("counter-known-origin", "number", &case) },
            objected: answers.objected.contains(field.code()),
            case,
        }
    };
    let all = [
        (true, input(PersonField::ResidentId, &answers.resident_id, ("text", "", "code"))),
        (true, input(PersonField::Name, &answers.name, ("text", "", ""))),
        (true, input(PersonField::Telephone, &answers.telephone, ("tel", "", ""))),
        (false, input(PersonField::BankCard, &answers.bank_card, ("text", "numeric", ""))),
        (false, input(PersonField::Address, &answers.address, ("text", "", ""))),
    ];
    let asked = all.into_iter().filter(|(_, input)| {
        let field = PersonField::parse(input.name);
        field.is_some_and(|field| field == PersonField::Telephone || item.asks(field))
    });
    let (first, more): (Vec<_>, Vec<_>) = asked.partition(|(first, _)| *first);
    let inputs = |list: Vec<(bool, PersonInput)>| list.into_iter().map(|(_, input)| input).collect();
    (inputs(first), inputs(more))
}
