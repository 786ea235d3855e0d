//! On this page somebody keeps one body: what is said of it, its elections and their papers, its posts and who holds
//! them.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hall::{Fault, Sent};
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use store::Tx;
use uuid::Uuid;
use web::{Choice, Crumb, Form, InPath, Light, Page, PostForm, Problem, WebError, render_status};

use super::correcting::{ChangeLine, CorrectedLine, changed, corrected, days, leaving_with};
use super::list::{details, standing};
use super::{LABELS, place_at};
use crate::Bodies;
use crate::actions::{Appointed, By, Changes, Holder, Leaving, NewPost, Seat};
use crate::permissions::May;
use crate::rules::day;
use crate::words::corrections::{Correction, RightDay};
use crate::words::{Body, Details, Election, Held, Post};

/// A post as the page shows it.
struct SeatLine {
    title: String,
    /// Who holds it; empty where it is vacant.
    holders: String,
}

/// Somebody who holds or held a post.
struct PastLine {
    title: String,
    name: String,
    from: String,
    until: String,
}

/// An election.
struct ElectionLine {
    on: String,
    /// How many were elected; after a by-election, how many there are.
    told: String,
    ends: String,
    papers: String,
    /// The address of the vote that was the election; empty where there is none.
    link: String,
}

#[derive(Template)]
#[template(path = "bodies/keep.html")]
struct KeepPage {
    page: Page,
    crumbs: Vec<Crumb>,
    id: Uuid,
    body: Body,
    kind: String,
    purpose: String,
    /// The rule behind its elections in words; empty where there is none.
    rule: String,
    light: Light,
    shown_at: String,
    seats: Vec<SeatLine>,
    past: Vec<PastLine>,
    elections: Vec<ElectionLine>,
    /// The days of the elections, to choose which one is corrected.
    days: Vec<Choice>,
    /// What changes with the right day of an election; empty where nobody looks at that.
    changes: Vec<ChangeLine>,
    /// The same as one line, which the form sends when it corrects the day.
    looked: String,
    corrections: Vec<CorrectedLine>,
    vacant: Vec<Choice>,
    holders: Vec<Choice>,
    /// The elections with which one of them may have left; empty where there is none.
    leaving: Vec<Choice>,
    form: Form,
    problems: Vec<Problem>,
}

/// What is known of a body.
struct Read {
    body: Body,
    seats: Vec<Seat>,
    past: Vec<(Post, Holder)>,
    elections: Vec<Election>,
    corrections: Vec<Correction>,
}

/// `GET /bodies/body/{body}`
///
/// # Errors
/// Sign-in needed, no permission, 404 for a body that is not hers, or a failure.
pub async fn get(State(desk): State<Arc<Bodies>>, page: Page, InPath(id): InPath<Uuid>) -> Result<Response, WebError> {
    page.require(May::BodiesEdit)?;
    desk.keep_page(page, id, None, &[], None).await
}

/// `POST /bodies/body/{body}`: the deed says which of the forms was sent.
///
/// # Errors
/// Sign-in needed, no permission, 404 for a body that is not hers, or a failure.
pub async fn post(
    State(desk): State<Arc<Bodies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(May::BodiesEdit)?;
    let asker = page.visitor.actor.account.unwrap_or_default();
    let deed = match Deed::read(&form, asker) {
        Ok(deed) => deed,
        Err(refusal) => return desk.keep_page(page, id, Some(form.into_form()), &[refusal], None).await,
    };
    if let Deed::Correct(right) = &deed
        && right.looked.is_empty()
    {
        return desk.look_page(page, id, form.into_form(), right.clone()).await;
    }
    let (own, actor, now, sent) = (desk.clone(), page.visitor.actor.clone(), page.now, Sent::of(&form, id));
    let write = move |tx: &mut dyn Tx| own.done(tx, id, &deed, &By { actor: &actor, sent: &sent, now });
    let done = desk.hall.store.write(write).await.map(|()| format!("/bodies/body/{id}?done=kept"));
    let again = |refusal| async move { desk.keep_page(page, id, Some(form.into_form()), &[refusal], None).await };
    web::answer_permitted(done, again).await
}

/// What somebody does with a body.
enum Deed {
    Change(Details),
    Elect(Held),
    Correct(RightDay),
    File(Date),
    AddPost(NewPost),
    EndPost(Uuid),
    Appoint(Appointed),
    Leave(Leaving),
    Close(Date),
}

impl Deed {
    /// Reads the deed of a form.
    fn read(form: &PostForm, asker: Uuid) -> Result<Self, Refusal> {
        let date = |field: &'static str| day(field, form.get(field));
        let number = |field: &'static str| {
            let wrong = || Refusal::new(Code::FormNumber).field(field).with("from", 0).with("to", 99);
            form.get(field).parse::<u32>().ok().filter(|number| *number < 100).ok_or_else(wrong)
        };
        let one = |field: &'static str| {
            form.get(field).parse::<Uuid>().map_err(|_| Refusal::new(Code::FormChoice).field(field))
        };
        match form.get("deed") {
            "change" => Ok(Self::Change(details(form))),
            "elect" => {
                let own_years = if form.get("own_years").is_empty() { None } else { Some(number("own_years")?) };
                let (members, women) = (number("members")?, number("women")?);
                let is_by_election = form.has("by_election");
                Ok(Self::Elect(Held { on: date("held")?, members, women, own_years, is_by_election }))
            }
            "correct" => Ok(Self::Correct(RightDay {
                id: form.id_of(asker),
                held_on: date("wrong_on")?,
                right_on: date("right_on")?,
                reason: form.get("why").to_owned(),
                looked: form.get("looked").to_owned(),
            })),
            "file" => Ok(Self::File(date("filed")?)),
            "post" => Ok(Self::AddPost(NewPost { id: form.id_of(asker), title: form.get("title").to_owned() })),
            "end_post" => Ok(Self::EndPost(one("over")?)),
            "appoint" => Ok(Self::Appoint(Appointed {
                id: form.id_of(asker),
                post: one("post")?,
                name: form.get("holder").to_owned(),
                from: date("from")?,
                agreed: form.get("agreed") == "1",
            })),
            "leave" => {
                let elected = !form.get("election").is_empty();
                let until = date(if elected { "election" } else { "until" })?;
                Ok(Self::Leave(Leaving { holding: one("holding")?, until, elected }))
            }
            "close" => Ok(Self::Close(date("ended")?)),
            _ => Err(Refusal::new(Code::FormChoice).field("deed")),
        }
    }
}

impl Bodies {
    /// Does a deed.
    fn done(&self, tx: &mut dyn Tx, id: Uuid, deed: &Deed, by: &By<'_>) -> Result<(), Fault> {
        match deed {
            Deed::Change(details) => self.change_body(tx, id, details, by),
            Deed::Elect(held) => self.elect(tx, id, held, None, by),
            Deed::Correct(right) => self.correct_day(tx, id, right, by),
            Deed::File(on) => self.file_papers(tx, id, *on, by),
            Deed::AddPost(new) => self.add_post(tx, id, new, by),
            Deed::EndPost(post) => self.end_post(tx, id, *post, by),
            Deed::Appoint(new) => self.appoint(tx, id, new, by),
            Deed::Leave(leaving) => self.leave(tx, id, *leaving, by),
            Deed::Close(on) => self.close_body(tx, id, *on, by),
        }
    }

    /// Shows what changes with the right day of an election. Only the form that stands there corrects it.
    async fn look_page(
        self: &Arc<Self>,
        page: Page,
        id: Uuid,
        form: Form,
        right: RightDay,
    ) -> Result<Response, WebError> {
        let (own, actor, now) = (self.clone(), page.visitor.actor.clone(), page.now);
        let look = move |tx: &mut dyn Tx| {
            let body = Self::kept(tx, id, &actor)?;
            own.look_at(tx, body, &right, now)
        };
        match self.hall.store.read(look).await {
            Ok(changes) => self.keep_page(page, id, Some(form), &[], Some(&changes)).await,
            Err(Fault::Refused(refusal)) => self.keep_page(page, id, Some(form), &[refusal], None).await,
            Err(fault) => Err(fault.into()),
        }
    }

    async fn keep_page(
        self: &Arc<Self>,
        page: Page,
        id: Uuid,
        typed: Option<Form>,
        faults: &[Refusal],
        look: Option<&Changes>,
    ) -> Result<Response, WebError> {
        let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        let (own, actor, today) = (self.clone(), page.visitor.actor.clone(), page.today());
        let read = move |tx: &mut dyn Tx| {
            let body = Self::kept(tx, id, &actor)?;
            let (seats, past) = (own.seats(tx, &body, today)?, own.held_ever(tx, &body)?);
            let (elections, corrections) = (own.elections(tx, &body)?, Self::corrections(tx, &body)?);
            Ok::<_, Fault>(Read { body, seats, past, elections, corrections })
        };
        let Read { body, seats, past, elections, corrections } = self.hall.store.read(read).await?;
        let form = match typed {
            Some(form) if form.get("deed") == "change" => form,
            // What was typed into another form stands beside what is said of the body.
            Some(form) => form.pairs().fold(filled(&body), |all, (field, text)| all.with(field, text)),
            None => filled(&body),
        };
        let (kind, warn_days) = (self.kinds.get(&body.kind), self.warn_days(page.now)?);
        let drawn = KeepPage {
            crumbs: vec![Crumb { text: page.t("bodies-title"), href: "/bodies".to_owned() }],
            id,
            kind: kind.map(|kind| page.of(&kind.title).to_owned()).unwrap_or_default(),
            purpose: kind.map(|kind| page.of(&kind.purpose).to_owned()).unwrap_or_default(),
            rule: self.rule_words(&page, &body),
            light: standing(&page, &body, warn_days),
            shown_at: self.shown_at(&body),
            seats: seats.iter().map(|seat| seat_line(&page, seat)).collect(),
            vacant: vacant(&page, &seats, form.get("post")),
            holders: holders(&page, &seats, form.get("holding")),
            leaving: leaving_with(&page, &elections, form.get("election")),
            past: past.iter().map(|(post, held)| past_line(&page, post, held)).collect(),
            elections: elections.iter().map(|election| election_line(&page, election, &elections)).collect(),
            days: days(&page, &elections, form.get("wrong_on")),
            changes: look.map(|changes| changed(&page, changes, warn_days)).unwrap_or_default(),
            looked: look.map(Changes::told).unwrap_or_default(),
            corrections: corrections.iter().map(|one| corrected(&page, one)).collect(),
            problems: page.problems(LABELS, faults),
            form,
            body,
            page,
        };
        render_status(status, &drawn)
    }

    /// The address of the page on which everybody sees a body; empty where its place is gone.
    fn shown_at(&self, body: &Body) -> String {
        let found = place_at(&self.hall.places.tree(), &body.path.id().to_string());
        found.map(|path| format!("/bodies/{}#b-{}", path.id(), body.id)).unwrap_or_default()
    }

    /// What the rules ask of an election today: numbers, women, term and papers.
    fn rule_words(&self, page: &Page, body: &Body) -> String {
        let Some(kind) = self.kinds.get(&body.kind) else { return String::new() };
        let Ok(figures) = self.figures(kind, &body.path, page.today()) else { return String::new() };
        let mut words = Vec::new();
        if let Some((least, most)) = figures.least.zip(figures.most) {
            words.push(page.t2("bodies-rule-members", "least", least, "most", most));
        }
        if figures.odd {
            words.push(page.t("bodies-rule-odd"));
        }
        if let Some(women) = figures.women {
            words.push(page.t1("bodies-rule-women", "women", women));
        }
        if let Some(months) = figures.term_months {
            words.push(page.t1("bodies-rule-term", "years", months / 12));
        }
        if let Some(days) = figures.file_days {
            words.push(page.t1("bodies-rule-papers", "days", days));
        }
        words.join(page.lang.pick("，", ", "))
    }
}

/// The form as it stands before anybody types: what is said of the body.
fn filled(body: &Body) -> Form {
    let Body { name, purpose, telephone, address, hours, .. } = body;
    let said = [("name", name), ("purpose", purpose), ("telephone", telephone), ("address", address), ("hours", hours)];
    said.into_iter().fold(Form::default(), |form, (field, text)| form.with(field, text.as_str()))
}

/// A published name, or that it was deleted.
fn name(page: &Page, held: &Holder) -> String {
    held.name.clone().unwrap_or_else(|| page.t("bodies-name-gone"))
}

fn seat_line(page: &Page, seat: &Seat) -> SeatLine {
    let holder =
        |held: &Holder| page.t2("bodies-held-since", "name", name(page, held), "date", page.full_date(held.from));
    let holders: Vec<String> = seat.holders.iter().map(holder).collect();
    SeatLine { title: seat.title(page.lang).to_owned(), holders: holders.join(page.lang.pick("；", "; ")) }
}

/// The posts that nobody holds, to choose from.
fn vacant(page: &Page, seats: &[Seat], current: &str) -> Vec<Choice> {
    let free = seats.iter().filter(|seat| seat.holders.is_empty());
    free.map(|seat| Choice::new(seat.post.id.to_string(), seat.title(page.lang), current)).collect()
}

/// Those who hold a post, to choose from.
fn holders(page: &Page, seats: &[Seat], current: &str) -> Vec<Choice> {
    let each = seats.iter().flat_map(|seat| seat.holders.iter().map(move |held| (seat, held)));
    let choice = |(seat, held): (&Seat, &Holder)| {
        Choice::new(held.id.to_string(), format!("{} · {}", seat.title(page.lang), name(page, held)), current)
    };
    each.map(choice).collect()
}

fn past_line(page: &Page, post: &Post, held: &Holder) -> PastLine {
    PastLine {
        title: post.title_zh.clone(),
        name: name(page, held),
        from: page.full_date(held.from),
        until: held.until.map(|until| page.full_date(until)).unwrap_or_default(),
    }
}

fn election_line(page: &Page, election: &Election, all: &[Election]) -> ElectionLine {
    let key = if election.is_by_election(all) { "bodies-by-elected" } else { "bodies-elected" };
    let papers = match (election.filed_on, election.file_by) {
        (Some(on), _) => page.t1("bodies-papers-filed", "date", page.full_date(on)),
        (None, Some(by)) => page.t1("bodies-papers-by", "date", page.full_date(by)),
        (None, None) => String::new(),
    };
    ElectionLine {
        on: page.full_date(election.held_on),
        told: page.t2(key, "members", election.members, "women", election.women),
        ends: election.term_ends.map(|ends| page.full_date(ends)).unwrap_or_default(),
        papers,
        link: election.link.clone(),
    }
}
