//! This page shows somebody what is her own: what she offers, where she is sent, what she served, and who looked at her
//! name. She leaves here too.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use hall::{AccessPage, Fault, Sent};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use places::geography::Geography;
use store::Tx;
use uuid::Uuid;
use web::{Choice, InPath, Light, Page, PostForm, Problem, WebError, render_status};

use super::{LABELS, account, compound, hours, light, minutes, role, span};
use crate::Mobilization;
use crate::actions::{EARLY, Offer};
use crate::records::call::{self, Need};
use crate::records::post::{self, Post};
use crate::records::responder::{self, Responder};
use crate::rules;
use crate::words::{Part, Parts, PostState, Role, Roles};

/// Separates the keys of what somebody says of herself.
const ME: &str = "mobilization.me";
/// Communities that a search offers.
const FOUND: usize = 8;
/// Posts shown at most.
const POSTS: i64 = 200;

#[derive(Template)]
#[template(path = "mobilization/me.html")]
struct MePage {
    page: Page,
    known: bool,
    ready: bool,
    home: String,
    home_words: String,
    homes: Vec<Choice>,
    searched: bool,
    roles: Vec<Choice>,
    parts: Vec<Choice>,
    person: Vec<(String, String)>,
    given_name: String,
    telephone: String,
    coming: Vec<Mine>,
    past: Vec<Mine>,
    served: String,
    accesses: AccessPage,
    problems: Vec<Problem>,
}

/// A post of one's own.
struct Mine {
    id: Uuid,
    title: String,
    what: String,
    compound: String,
    community: String,
    when: String,
    walk: i64,
    meet: String,
    contact: String,
    light: Light,
    credited: String,
    can_decline: bool,
    can_check_in: bool,
    /// From when she can check in, in words, while that lies ahead.
    from: String,
}

/// What a form said.
#[derive(Default)]
struct Said {
    home: String,
    home_words: String,
    roles: Roles,
    parts: Parts,
    name: String,
    telephone: String,
    faults: Vec<Refusal>,
}

/// A post of hers, with what its page tells of it.
struct Told {
    post: Post,
    /// The title of its call.
    title: String,
    /// What it is for.
    need: Option<Need>,
}

/// What is known of oneself.
struct Own {
    who: Option<Responder>,
    posts: Vec<Told>,
    person: Vec<(String, String)>,
    accesses: AccessPage,
}

/// `GET /mobilization/me`
pub async fn get(State(desk): State<Arc<Mobilization>>, page: Page) -> Result<Response, WebError> {
    desk.me(page, None).await
}

/// `POST /mobilization/me`: offers help, changes it, pauses, leaves. A search for the home shows what was found.
pub async fn post(State(desk): State<Arc<Mobilization>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    let who = account(&page)?;
    let (own, now, sent) = (desk.clone(), page.now, Sent::of(&form, who));
    let done = match form.get("deed") {
        "pause" | "resume" => {
            let ready = form.get("deed") == "resume";
            let write = move |tx: &mut dyn Tx| {
                if sent.is_first(tx, ME, now)? { own.pause(tx, who, ready, now) } else { Ok(()) }
            };
            desk.hall.store.write(write).await
        }
        "leave" => {
            let write = move |tx: &mut dyn Tx| {
                if sent.is_first(tx, ME, now)? { own.leave(tx, who, now) } else { Ok(()) }
            };
            desk.hall.store.write(write).await
        }
        _ => return desk.offered(page, &form, who).await,
    };
    done?;
    Ok(Redirect::to("/mobilization/me").into_response())
}

/// `POST /mobilization/me/{post}`: says "I cannot come" or "I am here".
///
/// # Errors
/// Answers 404 if it is not one's own.
pub async fn serve(
    State(desk): State<Arc<Mobilization>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    let who = account(&page)?;
    let to = PostState::parse(form.get("deed"));
    let (own, now, sent) = (desk.clone(), page.now, Sent::of(&form, format!("{who}/{id}")));
    let done = desk.hall.store.write(move |tx| {
        let to = to.ok_or_else(|| Fault::from(Refusal::new(Code::FormChoice).field("deed")))?;
        if !sent.is_first(tx, "mobilization.serve", now)? {
            return Ok(());
        }
        own.serve_own(tx, id, who, to, now)
    });
    let done = done.await.map(|()| "/mobilization/me");
    web::answer(done, |refusal| desk.me(page, Some(Said { faults: vec![refusal], ..Said::default() }))).await
}

impl Said {
    fn read(form: &PostForm) -> Self {
        Self {
            home: form.get("home").to_owned(),
            home_words: form.get("home_words").to_owned(),
            roles: Roles::parse(form.all("roles")),
            parts: Parts::parse(form.all("parts")),
            name: form.get("name").to_owned(),
            telephone: form.get("telephone").to_owned(),
            faults: Vec::new(),
        }
    }
}

impl Mobilization {
    /// Takes the form of the offer. Shows it again if the home is to be chosen or something is wrong.
    async fn offered(self: &Arc<Self>, page: Page, form: &PostForm, who: Uuid) -> Result<Response, WebError> {
        let mut said = Said::read(form);
        let home = self.home(&said.home).or_else(|| self.only(&said.home_words));
        let known = self.hall.store.read(move |tx| responder::of_account(tx, who)).await?;
        let home =
            home.or_else(|| known.as_ref().map(|known| known.path.clone()).filter(|_| said.home_words.is_empty()));
        if form.get("search") == "1" {
            return self.me(page, Some(said)).await;
        }
        let offer = Offer {
            account: who,
            home: home.clone().unwrap_or_else(|| PlacePath::root(PlaceId(0))),
            roles: said.roles.clone(),
            parts: said.parts.clone(),
            name: said.name.clone(),
            telephone: said.telephone.clone(),
        };
        said.faults = offer.faults(known.is_some());
        if home.is_none() {
            let code = if said.home_words.is_empty() { Code::FormMissing } else { Code::FormChoice };
            said.faults.insert(0, Refusal::new(code).field("home_words"));
        }
        if !said.faults.is_empty() {
            return self.me(page, Some(said)).await;
        }
        let (desk, record, now) = (self.clone(), Uuid::now_v7(), page.now);
        let sent = Sent::of(form, who);
        let write = move |tx: &mut dyn Tx| {
            if sent.is_first(tx, ME, now)? { desk.join(tx, &offer, record, now) } else { Ok(()) }
        };
        self.hall.store.write(write).await?;
        Ok(Redirect::to("/mobilization/me").into_response())
    }

    /// Returns the community of an identity. A home is nothing finer.
    fn home(&self, id: &str) -> Option<PlacePath> {
        let tree = self.hall.places.tree();
        let place = tree.get(PlaceId(id.parse().ok()?))?;
        (place.level == Level::Community).then(|| place.path.clone())
    }

    /// Returns the one community that words name.
    fn only(&self, words: &str) -> Option<PlacePath> {
        let tree = self.hall.places.tree();
        let ground = self.hall.places.geography_known();
        match places::communities_of(&tree, ground.as_deref(), words).as_slice() {
            [only] if !words.is_empty() => Some(only.path.clone()),
            _ => None,
        }
    }

    async fn me(self: &Arc<Self>, page: Page, said: Option<Said>) -> Result<Response, WebError> {
        let who = account(&page)?;
        let own = self.own(&page, who).await?;
        let ground = self.hall.places.geography().await?;
        let tree = self.hall.places.tree();
        let said = said.unwrap_or_default();
        let status = if said.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let found = places::communities_of(&tree, ground.as_deref(), &said.home_words);
        let searched = !said.home_words.is_empty();
        let homes = found
            .iter()
            .filter(|_| searched)
            .take(FOUND)
            .map(|place| Choice::new(place.id.0.to_string(), tree.chain(&place.path, page.lang), &said.home));
        let homes: Vec<Choice> = homes.collect();
        let now = page.now;
        let mine = |known: &Told| self.mine(&page, ground.as_deref(), known);
        let (coming, past): (Vec<_>, Vec<_>) = own
            .posts
            .iter()
            .partition(|Told { post, .. }| post.ends > now && post.left_at.is_none() && post.state.holds());
        let served = own.posts.iter().map(|told| rules::credited_minutes(&told.post, now)).sum();
        let chosen = own.who.as_ref();
        let roles =
            if said.roles.0.is_empty() { chosen.map(|who| who.roles.clone()).unwrap_or_default() } else { said.roles };
        let parts =
            if said.parts.0.is_empty() { chosen.map(|who| who.parts.clone()).unwrap_or_default() } else { said.parts };
        let mut coming: Vec<Mine> = coming.into_iter().map(mine).collect();
        coming.reverse();
        let drawn = MePage {
            known: chosen.is_some(),
            ready: chosen.is_some_and(|who| who.ready),
            home: chosen.map(|who| tree.chain(&who.path, page.lang)).unwrap_or_default(),
            home_words: said.home_words,
            homes,
            searched,
            roles: boxes(
                &page,
                |code| format!("mobilization-role-{code}"),
                Role::ALL.iter().map(|one| (one.code(), roles.0.contains(one))),
            ),
            parts: boxes(
                &page,
                |code| format!("mobilization-part-{code}"),
                Part::ALL.iter().map(|one| (one.code(), parts.0.contains(one))),
            ),
            given_name: said.name,
            telephone: said.telephone,
            coming,
            past: past.into_iter().map(mine).collect(),
            served: hours(&page, served),
            problems: page.problems(LABELS, &said.faults),
            person: own.person,
            accesses: own.accesses,
            page,
        };
        render_status(status, &drawn)
    }

    /// Writes somebody's own post in words.
    fn mine(&self, page: &Page, ground: Option<&Geography>, told: &Told) -> Mine {
        let Told { post, title, need } = told;
        let (compound, community) = compound(page, self, ground, post.compound);
        let coming = post.state == PostState::Sent && page.now < post.ends;
        let opens = post.starts.plus_seconds(-EARLY);
        Mine {
            id: post.id,
            title: title.clone(),
            what: role(page, post.role),
            compound,
            community,
            when: span(page, post.starts, post.ends),
            walk: minutes(post.walk),
            meet: need.as_ref().map(|need| need.meet.clone()).unwrap_or_default(),
            contact: need.as_ref().map(|need| need.contact.clone()).unwrap_or_default(),
            light: light(page, post.state),
            credited: match rules::credited_minutes(post, page.now) {
                0 => String::new(),
                minutes => hours(page, minutes),
            },
            can_decline: coming,
            can_check_in: coming && page.now >= opens,
            from: if coming && page.now < opens { page.minute(opens) } else { String::new() },
        }
    }

    async fn own(self: &Arc<Self>, page: &Page, account: Uuid) -> Result<Own, Fault> {
        let (desk, drawn) = (self.clone(), page.clone());
        let read = move |tx: &mut dyn store::Tx| {
            let who = responder::of_account(tx, account)?;
            let mut posts = Vec::new();
            for post in post::of_responder(tx, account, POSTS)? {
                let title = call::held(tx, post.of_call())?.map(|call| call.title).unwrap_or_default();
                let need = call::need(tx, post.of_call(), &post.slot())?;
                posts.push(Told { post, title, need });
            }
            let (mut person, mut accesses) = (Vec::new(), AccessPage::default());
            if let Some(who) = &who {
                let masked = desk.hall.vault.masked(tx, &[(who.district, who.person)])?;
                let label = |field: vault::PersonField| drawn.t(&format!("mobilization-field-{}", field.code()));
                let fields = masked.into_iter().flat_map(|(_, fields)| fields);
                person = fields.map(|(field, value)| (label(field), value)).collect();
                accesses = desk.hall.accesses(tx, &drawn, "/mobilization/me", &[(who.district, who.person)])?;
            }
            Ok::<_, Fault>(Own { who, posts, person, accesses })
        };
        self.hall.store.read(read).await
    }
}

/// Makes boxes with the texts of their keys.
fn boxes<'a>(page: &Page, key: impl Fn(&str) -> String, each: impl Iterator<Item = (&'a str, bool)>) -> Vec<Choice> {
    let one = |(code, chosen): (&str, bool)| {
        let key = key(code);
        Choice { value: code.to_owned(), text: page.t(&key), hint: page.t(&format!("{key}-hint")), chosen }
    };
    each.map(one).collect()
}
