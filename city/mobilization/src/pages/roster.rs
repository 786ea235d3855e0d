//! These pages show rosters: who comes to which compound when. Names are masked until somebody says why they are
//! needed. People are checked in here, and rosters go out on paper and as workbooks.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hall::{Fault, PurposeFields, Sent, Stated};
use kernel::permission::Permission;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use uuid::Uuid;
use web::table::{Cell, Column, ColumnKind, Table};
use web::{Choice, InPath, Light, Page, PostForm, Problem, TwoInPath, WebError, render_status};

use super::{LABELS, compound, hours, light, minutes, role, span};
use crate::Mobilization;
use crate::actions::{Looking, allowed};
use crate::records::call::{self, Call, Need, Shift};
use crate::records::post::{self, Post};
use crate::records::responder::{self, Responders};
use crate::rules;
use crate::words::{PostState, Slot};

/// Rows that a page shows. The workbook has them all.
const ROWS: usize = 2_000;
/// Posts and needs of one call that are read.
const MOST: i64 = 50_000;

#[derive(Template)]
#[template(path = "mobilization/roster.html")]
struct RosterPage {
    page: Page,
    id: Uuid,
    title: String,
    query: String,
    shifts: Vec<Choice>,
    sheets: Vec<Sheet>,
    more: String,
    opened: bool,
    can_open: bool,
    invented: bool,
    purpose: String,
    why: PurposeFields,
    problems: Vec<Problem>,
}

/// One compound in one shift.
struct Sheet {
    compound: String,
    community: String,
    when: String,
    starts: Instant,
    ends: Instant,
    meet: String,
    contact: String,
    rows: Vec<Row>,
}

/// One person.
struct Row {
    id: Uuid,
    who: String,
    telephone: String,
    role: String,
    walk: i64,
    light: Light,
    credited: String,
    deeds: Vec<(&'static str, String)>,
}

/// What a form of the roster asked for.
#[derive(Default)]
struct Asked {
    /// The purpose for which people are opened.
    purpose: Option<String>,
    /// The key of the form.
    once: String,
    /// Why something was not done.
    refusal: Option<Refusal>,
    /// What was sent as the purpose, if the look was refused.
    sent: Option<Stated>,
}

impl Asked {
    fn refused(refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), ..Self::default() }
    }
}

/// What is read for rosters.
struct Known {
    call: Call,
    shifts: Vec<Shift>,
    needs: Vec<Need>,
    posts: Vec<Post>,
    names: BTreeMap<Uuid, String>,
    opened: BTreeMap<Uuid, (String, String)>,
    /// Posts that are not among these.
    more: usize,
}

/// `GET /mobilization/calls/{id}/roster`, of `?shift=` alone where it is named.
///
/// # Errors
/// Answers 404 if there is none or it is not hers to see.
pub async fn get(
    State(desk): State<Arc<Mobilization>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    desk.roster(page, id, Asked::default()).await
}

/// `POST /mobilization/calls/{id}/roster`: names and telephones for a purpose. Each look is logged.
///
/// # Errors
/// Answers 404, or refuses without the permission to open personal data.
pub async fn open(
    State(desk): State<Arc<Mobilization>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    if !page.visitor.signed_in() {
        return Err(WebError::SignIn);
    }
    match desk.hall.purposes.stated(form.get("purpose"), form.get("purpose_word")) {
        Ok(purpose) => {
            let asked = Asked { purpose: Some(purpose), once: form.key().to_owned(), ..Asked::default() };
            desk.roster(page, id, asked).await
        }
        Err(refusal) => desk.roster(page, id, Asked { sent: Some(Stated::of(&form)), ..Asked::refused(refusal) }).await,
    }
}

/// `POST /mobilization/calls/{id}/posts/{post}`: present, absent, cannot come.
pub async fn turn(
    State(desk): State<Arc<Mobilization>>,
    page: Page,
    TwoInPath(id, post): TwoInPath<Uuid, Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    if !page.visitor.signed_in() {
        return Err(WebError::SignIn);
    }
    let (own, actor, now) = (desk.clone(), page.visitor.actor.clone(), page.now);
    let sent = Sent::of(&form, post);
    let to = PostState::parse(form.get("deed")).filter(|to| super::plan::DEEDS.contains(to));
    let done = desk.hall.store.write(move |tx| {
        own.seen(tx, id, &actor)?;
        let to = to.ok_or_else(|| Fault::from(Refusal::new(Code::FormChoice).field("deed")))?;
        if !sent.is_first(tx, "mobilization.serve", now)? {
            return Ok(());
        }
        own.serve_other(tx, id, post, &actor, to, now)
    });
    let shift = form.get("shift").parse::<i64>().map(|number| format!("?shift={number}")).unwrap_or_default();
    let done = done.await.map(|()| format!("/mobilization/calls/{id}/roster{shift}"));
    web::answer_permitted(done, |refusal| desk.roster(page, id, Asked::refused(refusal))).await
}

/// `GET /mobilization/calls/{id}/roster.xlsx`: the same as a workbook, names masked.
pub async fn export(
    State(desk): State<Arc<Mobilization>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let known = desk.known_roster(&page, id, None, String::new(), usize::MAX).await?;
    let ground = desk.hall.places.geography().await?;
    let rows = desk.sheets(&page, &known, ground.as_deref()).into_iter().flat_map(cells);
    Table::new(known.call.title.as_str(), columns(&page)).with(rows).xlsx(&page, "roster").await
}

fn columns(page: &Page) -> Vec<Column> {
    let column = |kind, name: &str| Column::new(kind, page.t(&format!("mobilization-column-{name}")));
    vec![
        column(ColumnKind::Text, "compound"),
        column(ColumnKind::Text, "community"),
        column(ColumnKind::Moment, "from"),
        column(ColumnKind::Moment, "to"),
        column(ColumnKind::Text, "meet"),
        column(ColumnKind::Text, "role"),
        column(ColumnKind::Text, "who"),
        column(ColumnKind::Number, "walk"),
        column(ColumnKind::Text, "state"),
        column(ColumnKind::Text, "credited"),
    ]
}

/// Writes the people of one compound in one shift as rows of the workbook.
fn cells(sheet: Sheet) -> Vec<Vec<Cell>> {
    let Sheet { compound, community, starts, ends, meet, rows, .. } = sheet;
    let cells = |row: Row| {
        vec![
            compound.as_str().into(),
            community.as_str().into(),
            starts.into(),
            ends.into(),
            meet.as_str().into(),
            row.role.into(),
            row.who.into(),
            row.walk.into(),
            row.light.into(),
            row.credited.into(),
        ]
    };
    rows.into_iter().map(cells).collect()
}

impl Mobilization {
    async fn roster(self: &Arc<Self>, page: Page, id: Uuid, asked: Asked) -> Result<Response, WebError> {
        let Asked { purpose, once, refusal, sent } = asked;
        let known = self.known_roster(&page, id, purpose.clone(), once, ROWS).await?;
        let ground = self.hall.places.geography().await?;
        let shift = page.query.get("shift").to_owned();
        let every = Choice::new("", page.t("mobilization-every-shift"), &shift);
        let shifts = known
            .shifts
            .iter()
            .map(|one| Choice::new(one.number.to_string(), span(&page, one.starts, one.ends), &shift));
        let can_open = known.posts.iter().any(|post| allowed(&page.visitor.actor, Permission::PersonOpen, &post.path));
        let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let refused_look = refusal.as_ref().filter(|_| sent.is_some());
        let why = self.hall.purposes.fields(&page, &sent.clone().unwrap_or_default(), refused_look);
        let drawn = RosterPage {
            id,
            title: known.call.title.clone(),
            query: if shift.is_empty() { String::new() } else { format!("?shift={shift}") },
            shifts: std::iter::once(every).chain(shifts).collect(),
            sheets: self.sheets(&page, &known, ground.as_deref()),
            more: if known.more == 0 {
                String::new()
            } else {
                page.t2("mobilization-roster-more", "shown", ROWS, "more", known.more)
            },
            opened: purpose.is_some(),
            can_open,
            invented: ground.is_some_and(|ground| ground.invented),
            purpose: self.hall.purposes.shown(&purpose.unwrap_or_default(), page.lang),
            why,
            problems: page.problems(LABELS, refusal.as_slice()),
            page,
        };
        render_status(status, &drawn)
    }

    /// Returns the posts of the rosters that this person sees. With a purpose, their people are opened, and the looks
    /// are logged in the same transaction.
    async fn known_roster(
        self: &Arc<Self>,
        page: &Page,
        id: Uuid,
        purpose: Option<String>,
        once: String,
        rows: usize,
    ) -> Result<Known, WebError> {
        if !page.visitor.signed_in() {
            return Err(WebError::SignIn);
        }
        let (desk, actor, now) = (self.clone(), page.visitor.actor.clone(), page.now);
        let shift = page.query.get("shift").parse::<i64>().ok();
        let opening = purpose.is_some();
        let read = move |tx: &mut dyn store::Tx| {
            let (call, rights) = desk.seen(tx, id, &actor)?;
            let key = call.key();
            let (mut posts, mut needs, mut people) = (Vec::new(), Vec::new(), Responders::new());
            for place in &rights.rosters {
                posts.extend(post::of_call(tx, key, place, MOST)?);
                needs.extend(call::needs(tx, key, place, MOST)?);
                people.extend(responder::of_call(tx, key, place)?);
            }
            posts.retain(|post| shift.is_none_or(|number| post.shift == number));
            posts.sort_by_key(|post| (post.starts, post.compound, post.role, post.id));
            posts.dedup_by_key(|post| post.id);
            let more = posts.len().saturating_sub(rows);
            posts.truncate(rows);
            let opened = match &purpose {
                Some(purpose) => {
                    let own: Vec<Post> = posts
                        .iter()
                        .filter(|post| allowed(&actor, Permission::PersonOpen, &post.path))
                        .cloned()
                        .collect();
                    if own.is_empty() {
                        let missing = Refusal::new(Code::PermissionMissing);
                        return Err(missing.with_both("permission", &Permission::PersonOpen.title()).into());
                    }
                    desk.open_people(tx, &own, &people, &Looking { actor: &actor, purpose, now, once: &once })?
                }
                None => BTreeMap::new(),
            };
            let names = desk.masked(tx, &posts, &people)?;
            Ok::<_, Fault>(Known { shifts: call::shifts(tx, key)?, needs, posts, names, opened, call, more })
        };
        // Opening writes down who looked. Without it the roster is only read.
        Ok(if opening { self.hall.store.write(read).await? } else { self.hall.store.read(read).await? })
    }

    fn sheets(&self, page: &Page, known: &Known, ground: Option<&places::geography::Geography>) -> Vec<Sheet> {
        let mut sheets: Vec<((i64, i64), Sheet)> = Vec::new();
        let needs: BTreeMap<Slot, &Need> = known.needs.iter().map(|need| (need.slot(), need)).collect();
        for post in &known.posts {
            let key = (post.shift, post.compound);
            if sheets.last().is_none_or(|(last, _)| *last != key) {
                let (compound, community) = compound(page, self, ground, post.compound);
                let need = needs.get(&post.slot());
                sheets.push((
                    key,
                    Sheet {
                        compound,
                        community,
                        when: span(page, post.starts, post.ends),
                        starts: post.starts,
                        ends: post.ends,
                        meet: need.map(|need| need.meet.clone()).unwrap_or_default(),
                        contact: need.map(|need| need.contact.clone()).unwrap_or_default(),
                        rows: Vec::new(),
                    },
                ));
            }
            if let Some((_, sheet)) = sheets.last_mut() {
                sheet.rows.push(row(page, post, known));
            }
        }
        sheets.into_iter().map(|(_, sheet)| sheet).collect()
    }
}

fn row(page: &Page, post: &Post, known: &Known) -> Row {
    let (who, telephone) = known.opened.get(&post.id).cloned().unwrap_or_else(|| {
        let masked = known.names.get(&post.id).cloned();
        (masked.unwrap_or_else(|| page.t("mobilization-person-gone")), String::new())
    });
    let offered = |to: &PostState| {
        post.state.holds() && *to != post.state && !(post.state == PostState::Present && *to == PostState::Declined)
            || post.state == PostState::Absent && *to == PostState::Present
    };
    let over = post.ends <= page.now || known.call.ended_at.is_some();
    let deeds = super::plan::DEEDS.iter().filter(|to| !over && offered(to));
    Row {
        id: post.id,
        who,
        telephone,
        role: role(page, post.role),
        walk: minutes(post.walk),
        light: light(page, post.state),
        credited: match rules::credited_minutes(post, page.now) {
            0 => String::new(),
            minutes => hours(page, minutes),
        },
        deeds: deeds.map(|to| (to.code(), page.t(&format!("mobilization-deed-{}", to.code())))).collect(),
    }
}
