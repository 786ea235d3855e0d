//! This file serves cases through the interface: a system applies for a resident, follows a case, lists cases and takes
//! steps.

use crate::refusals::Why;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use cases::{Column, Cursor, Doing, Known, district};
use counter::catalogue::Item;
use counter::{Answers, Application, Arrival, Counter};
use kernel::case::{Command, Relation, SERVICE};
use kernel::permission::Permission;
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use serde_json::{Value, json};
use store::Tx;
use uuid::Uuid;

use super::call::{Answer, Call};
use super::problem::Trouble;
use super::shown::Seen;
use crate::actions::{Fault, once};
use crate::contract::{ACT, CASE, CASES, CODE_HEADER, Input, OPEN};
use crate::words::ApiScope;
use crate::{Exchange, rules};

/// Answers `GET /api/v1/cases`.
pub async fn list(State(exchange): State<Arc<Exchange>>, request: Request) -> Response {
    exchange.serve(&CASES, request, listed).await
}

/// Answers `POST /api/v1/cases`.
pub async fn open(State(exchange): State<Arc<Exchange>>, request: Request) -> Response {
    exchange.serve(&OPEN, request, opened).await
}

/// Answers `GET /api/v1/cases/{number}`.
pub async fn one(State(exchange): State<Arc<Exchange>>, request: Request) -> Response {
    exchange.serve(&CASE, request, read).await
}

/// Answers `POST /api/v1/cases/{number}/actions`.
pub async fn act(State(exchange): State<Arc<Exchange>>, request: Request) -> Response {
    exchange.serve(&ACT, request, acted).await
}

/// Lists what waits at the desks of the system's place and department, in the order of the queue.
async fn listed(call: Call) -> Result<Answer, Trouble> {
    let exchange = call.exchange.clone();
    let limit = exchange.cases.hall.figure(rulebook::LIST_PAGE_SIZE, call.now)?;
    let (scopes, after) = (call.actor.scopes(Permission::CaseRead), Cursor::parse(call.query.text("after")));
    let state = call.query.text("state").to_owned();
    let rows = exchange
        .cases
        .hall
        .store
        .read(move |tx| {
            let mut rows = Vec::new();
            for scope in &scopes {
                rows.extend(if state.is_empty() {
                    cases::queue(tx, Column::Desk, scope, after, limit)?
                } else {
                    cases::queue_in_state(tx, Column::Desk, scope, state.as_str(), after, limit)?
                });
            }
            Ok::<_, Fault>(rows)
        })
        .await?;
    let full = i64::try_from(rows.len()).is_ok_and(|count| count >= limit);
    let next = rows.last().filter(|_| full).map(|row| Cursor { rank: row.rank, sort_at: row.sort_at, id: row.id });
    let applications = rows.iter().filter(|row| row.kind == SERVICE);
    let shown: Vec<_> = applications.map(|row| exchange.row(row)).collect();
    Ok(Answer::ok(json!({ "cases": shown, "after": next.map(|cursor| cursor.show()) })))
}

/// Reads one case, either of the system's own scope or of a resident who gave number and code.
async fn read(call: Call) -> Result<Answer, Trouble> {
    let exchange = call.exchange.clone();
    let proven = proven(&call).await?;
    let (desk, acts) = (exchange.clone(), call.system.has(ApiScope::CaseAct));
    let shown = exchange
        .cases
        .hall
        .store
        .read(move |tx| {
            let known = seen(&desk, tx, &call, proven)?;
            let seen = Seen { actor: &call.actor, acts, masked: true, now: call.now };
            let mut shown = desk.case(tx, &known, &seen)?;
            desk.worded(tx, &known.key(), &mut shown)?;
            Ok::<_, Fault>(shown)
        })
        .await?;
    Ok(Answer::ok(shown))
}

/// Takes a step of a case at the system's place.
async fn acted(call: Call) -> Result<Answer, Trouble> {
    let exchange = call.exchange.clone();
    let proven = proven(&call).await?;
    let command = Command::Act {
        action: call.body.text("action").to_owned(),
        fields: call.body.answers("fields"),
        papers: call.body.texts("papers"),
        counter: Some(call.system.place.clone()),
        on_behalf: true,
    };
    let desk = exchange.clone();
    let shown = exchange
        .cases
        .hall
        .store
        .write(move |tx| {
            let known = seen(&desk, tx, &call, proven)?;
            let (case, key) = (known.key(), format!("exchange/{}", call.keyed.key));
            let mut shown = once(tx, &call.keyed, call.now, |tx| {
                // A system has no page: it asks for a step of the case as it stands.
                let (actor, relation) = (&call.actor, Relation::default());
                let doing = Doing { command: &command, once: &key, actor, relation, drawn: None, now: call.now };
                let known = desk.cases.go_on(tx, known, &doing)?;
                desk.case(tx, &known, &Seen { actor: &call.actor, acts: true, masked: false, now: call.now })
            })?;
            desk.worded(tx, &case, &mut shown)?;
            Ok::<_, Fault>(shown)
        })
        .await?;
    Ok(Answer::ok(shown))
}

/// Opens an application for a resident. The system acts as the counter of its place, or helps her to apply online.
async fn opened(call: Call) -> Result<Answer, Trouble> {
    let exchange = call.exchange.clone();
    let counter = exchange.counter.clone();
    let code = call.body.text("item");
    let unknown = || Refusal::new(Why::RuleItemUnknown).field("item").with("item", code);
    let catalogue = counter.catalogue();
    let item = catalogue.get(code).ok_or_else(unknown)?;
    let residence = rules::residence(&exchange.cases.hall.places.tree(), call.body.text("residence"))?;
    let papers = call.body.texts("papers");
    let unasked = rules::unasked(item, call.body.names(), &papers);
    if !unasked.is_empty() {
        return Err(unasked.into());
    }
    let today = exchange.cases.hall.calendar().zone().date(call.now);
    let application = applied(&counter, item, &call.body, &residence, today)?;
    let place = call.system.place.clone();
    let online = call.body.text("arrival") == "online";
    let once_key = format!("exchange/{}", call.keyed.key);
    let arrival = Arrival { counter: (!online).then(|| place.clone()), papers, once: once_key };
    let mut new = counter.new_case(item, application, &arrival, &call.actor, call.now)?;
    // Online too, staff help her to apply, and they sit at a place.
    new.opening.counter = Some(place);
    let (desk, acts) = (exchange.clone(), call.system.has(ApiScope::CaseAct));
    let (new, once_more) = (Arc::new(new), call.body.text("once_more") == "yes");
    let (own, actor, now) = (new.clone(), call.actor.clone(), call.now);
    let shown = exchange
        .cases
        .hall
        .store
        .write(move |tx| {
            once(tx, &call.keyed, call.now, |tx| {
                if !once_more {
                    desk.counter.refuse_the_same(tx, &own, &call.actor)?;
                }
                let case = desk.cases.open(tx, &own, &call.actor, call.now)?;
                let known = desk.cases.known(tx, district(&case), case.id.0)?;
                desk.case(tx, &known, &Seen { actor: &call.actor, acts, masked: false, now: call.now })
            })
        })
        .await;
    if counter::is_the_same(&shown) {
        counter.log_the_same(new, actor, now).await?;
    }
    let shown = shown.map_err(named_as_promised)?;
    let number = shown.get("number").and_then(Value::as_str).unwrap_or_default();
    let location = format!("{}/{number}", OPEN.path);
    Ok(Answer::created(shown, location))
}

/// Says with the one code that the contract promises that the same matter is open. Where the system may not read that
/// case it learns the office that knows, and not the number.
fn named_as_promised(fault: Fault) -> Fault {
    match fault {
        Fault::Refused(refusal) if refusal.code == counter::Why::CounterSameElsewhere => {
            let detail = refusal.detail.into_iter().map(|(name, said)| (name.replacen("office", "number", 1), said));
            Refusal { code: Code::CaseSameOpen, field: refusal.field, detail: detail.collect() }.into()
        }
        other => other,
    }
}

/// Returns the application that a body makes. Where the person's age is not the item's, the system says that the person
/// was told; said for nothing, it is not kept.
fn applied(
    counter: &Counter,
    item: &Item,
    given: &Input,
    residence: &PlacePath,
    today: Date,
) -> Result<Application, Vec<Refusal>> {
    let answers = answers(given, residence);
    let outside = counter.age_unsaid(item, &answers, today);
    let age_told = outside.is_some() && given.text("age_told") == "yes";
    let untold = outside.filter(|_| !age_told);
    match counter::application(item, &Answers { age_told, ..answers }, Some(residence), today) {
        Ok(application) => untold.map_or(Ok(application), |refusal| Err(vec![refusal])),
        Err(faults) => Err(faults.into_iter().chain(untold).collect()),
    }
}

fn answers(given: &Input, residence: &PlacePath) -> Answers {
    let text = |name: &str| given.text(name).to_owned();
    Answers {
        residence: residence.id().0.to_string(),
        residence_words: String::new(),
        name: text("name"),
        identity_kind: text("identity_kind"),
        resident_id: text("resident_id"),
        telephone: text("telephone"),
        bank_card: text("bank_card"),
        bank_card_confirmed: given.switch("bank_card_confirmed"),
        address: text("address"),
        ..Answers::default()
    }
}

/// Returns the case of the applicant's code if one was given. It opens this case for this call alone.
async fn proven(call: &Call) -> Result<Option<Uuid>, Trouble> {
    let code = call.headers.text(CODE_HEADER);
    if code.is_empty() {
        return Ok(None);
    }
    rules::needs(&call.system, &[ApiScope::CaseFollow])?;
    let from = format!("system {}", call.system.id);
    let known = call.exchange.counter.prove(&from, &call.name, code, call.now).await?;
    Ok(Some(known.case.id.0))
}

/// Returns the case of the path if the system may know of it.
fn seen(exchange: &Exchange, tx: &mut dyn Tx, call: &Call, proven: Option<Uuid>) -> Result<Known, Fault> {
    let known = exchange.cases.known_number(tx, &call.name)?;
    if proven == Some(known.case.id.0) || rules::sees(&call.system, &known.case) {
        return Ok(known);
    }
    Err(Fault::NotFound)
}
