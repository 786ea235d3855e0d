//! The form by which the owners' committee that a vote elected is entered among the bodies of its community. The day,
//! how many were elected, the compound and the names come from the vote.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use bodies::Held;
use hall::Sent;
use kernel::refusal::{Code, Refusal};
use store::Tx;
use uuid::Uuid;
use web::{Choice, Crumb, Form, InPath, Page, PostForm, WebError};

use super::frame::{done, own_id, sender};
use super::typed::{Around, Drawn, Typed};
use crate::Companies;
use crate::actions::elected::{Elected, ElectedBy, OWNERS, Seated, address};
use crate::words::company::LINE_MOST;

/// The choice that says that the committee is a new one.
const NEW: &str = "new";
/// The fields of who takes which post, in the order of the posts.
const POSTS: [&str; 4] = ["post1", "post2", "post3", "post4"];
/// The most members and the most years that are read; the rules of elections say less.
const MOST: i64 = 99;

/// `GET /property/votes/{vote}/elected`
///
/// # Errors
/// Sign-in needed, no permission, 404 for a vote of which nobody was elected or that is not hers, or a failure.
pub async fn get(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    page.require(bodies::May::BodiesEdit)?;
    let known = desk.known_elected(&page, id).await?;
    let form = Form::default()
        .with("elected_on", desk.hall.day(known.vote.ends_at).to_string())
        .with("members", known.names.len().to_string())
        .with("committee_name", page.t1("property-committee-of", "compound", &known.compound));
    desk.elected_form(&page, &known, &form, &[])
}

/// `POST /property/votes/{vote}/elected`
///
/// # Errors
/// As [`get`].
pub async fn post(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(bodies::May::BodiesEdit)?;
    let known = desk.known_elected(&page, id).await?;
    let elected = match read(&page, &form, &known) {
        Ok(elected) => elected,
        Err(faults) => return desk.elected_form(&page, &known, &form, &faults),
    };
    let (own, by) = (desk.clone(), sender(&page, &form, id));
    let act = move |tx: &mut dyn Tx| own.enter_elected(tx, id, &elected, &by);
    let again = |refusal| async { desk.elected_form(&page, &known, &form, &[refusal]) };
    done(&desk.hall, act, |body| format!("/bodies/body/{body}?done=kept"), again).await
}

/// Reads the form. Names that the vote does not have are nobody's.
fn read(page: &Page, form: &PostForm, known: &ElectedBy) -> Result<Elected, Vec<Refusal>> {
    let mut typed = Typed::of(form);
    let body = typed.one_of("body", |chosen| match chosen {
        NEW => Some(None),
        id => known.bodies.iter().map(|body| body.id).find(|body| body.to_string() == id).map(Some),
    });
    let is_new = body == Some(None);
    let name = if is_new { typed.line("committee_name", LINE_MOST) } else { String::new() };
    let on = typed.past_day("elected_on", page.today());
    let (members, women) = (typed.number("members", 1, MOST), typed.number("women", 0, MOST));
    let own_years = (!typed.text("own_years").is_empty()).then(|| typed.number("own_years", 1, MOST));
    let chosen = |(rank, field): (i64, &'static str)| {
        let name = form.get(field);
        let is_known = is_new && known.names.iter().any(|one| one == name);
        is_known.then(|| (rank, name.to_owned()))
    };
    let posts: Vec<(i64, String)> = (1_i64..).zip(POSTS).filter_map(chosen).collect();
    let agreed = form.has("agreed");
    if !posts.is_empty() && !agreed {
        typed.fault(Refusal::new(Code::FormMissing).field("agreed"));
    }
    let seat = |(rank, name): (i64, String)| {
        let sent = Sent::of(form, format!("{} {rank}", known.vote.id));
        Seated { rank, name, sent }
    };
    let seated = posts.into_iter().map(seat).collect();
    let count = |number: i64| u32::try_from(number).unwrap_or_default();
    match (body, on) {
        (Some(body), Some(on)) if !typed.is_wrong() => Ok(Elected {
            body,
            new: own_id(page, form),
            name,
            held: Held {
                on,
                members: count(members),
                women: count(women),
                own_years: own_years.map(count),
                is_by_election: form.has("by_election"),
            },
            seated,
            agreed,
        }),
        _ => Err(typed.faults()),
    }
}

impl Companies {
    /// What a vote says of the committee that it elected, for whoever enters it.
    async fn known_elected(self: &Arc<Self>, page: &Page, id: Uuid) -> Result<ElectedBy, WebError> {
        let (own, actor) = (self.clone(), page.visitor.actor.clone());
        Ok(self.hall.store.read(move |tx: &mut dyn Tx| own.elected(tx, id, &actor)).await?)
    }

    fn elected_form(
        &self,
        page: &Page,
        known: &ElectedBy,
        form: &Form,
        faults: &[Refusal],
    ) -> Result<Response, WebError> {
        let is_kept = known.is_kept();
        let kept = known.bodies.iter().map(|body| Choice::new(body.id.to_string(), &body.name, form.get("body")));
        let new = Choice::new(NEW, page.t("property-committee-new"), form.get("body"));
        let offered: Vec<Choice> = kept.chain((!is_kept).then_some(new)).collect();
        let drawn = Drawn::of(page, form, faults)
            .choice("body", offered)
            .optional("committee_name", "line")
            .field("elected_on", "date")
            .field("members", "number")
            .field("women", "number")
            .optional("own_years", "number");
        let ticked = if form.has("by_election") { "1" } else { "" };
        let by_election = Choice::new("1", page.t("property-elected-by-election"), ticked);
        let drawn = if known.bodies.is_empty() { drawn } else { drawn.checks("by_election", vec![by_election]) };
        let posts = self.bodies.kinds().get(OWNERS).map(|kind| kind.posts.as_slice()).unwrap_or_default();
        let offers_posts = !is_kept && !known.names.is_empty();
        let posts = POSTS.into_iter().zip(posts).filter(|_| offers_posts);
        let drawn = posts.fold(drawn, |drawn, (field, post)| {
            let none = Choice::new("", page.t("property-elected-later"), form.get(field));
            let each = known.names.iter().map(|name| Choice::new(name, name, form.get(field)));
            drawn.called(field, page.of(post).to_owned(), std::iter::once(none).chain(each).collect())
        });
        let agreed = Choice::new("1", page.t("property-elected-agreed"), if form.has("agreed") { "1" } else { "" });
        let drawn = if offers_posts { drawn.checks("agreed", vec![agreed]) } else { drawn };
        drawn.answer(Around {
            crumbs: vec![
                Crumb { text: page.t("property-votes"), href: "/property/votes/kept".to_owned() },
                Crumb { text: known.vote.title.clone(), href: address(known.vote.id) },
            ],
            title: page.t("property-elected-form"),
            lead: page.t("property-elected-lead"),
            action: format!("{}/elected", address(known.vote.id)),
        })
    }
}
