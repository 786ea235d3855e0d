//! The vote that holds a first owners' meeting: the form by which the preparatory group calls it, and what the page of
//! the meeting says of it: what it needs by which clause, how it stands, and how it came out.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use store::Tx;
use uuid::Uuid;
use web::{Form, InPath, Light, Page, PostForm, WebError};

use super::call::called;
use super::call_check::Looked;
use super::call_offer::Offer;
use super::cover::Cover;
use super::frame::{done, holds, only_theirs, sender};
use super::vote::{ResultLine, needs, outcome, quorum, share, told};
use super::votes::light;
use crate::Companies;
use crate::actions::votes::MatterResult;
use crate::permissions::May;
use crate::records::register::Compound;
use crate::records::votes::{self, Vote};
use crate::records::{first_meeting as records, register};
use crate::rules::first_meeting as rules;
use crate::rules::tally::Amount;
use crate::rules::votes::VoteDraft;
use crate::words::first_meeting::First;
use crate::words::votes::{Caller, MatterKind};
use crate::words::{ORDINARY_PARTS, QUORUM_PARTS};

/// What a first meeting decides, as the form proposes it.
const DECIDES: [MatterKind; 3] = [MatterKind::Procedure, MatterKind::Covenant, MatterKind::Committee];

/// What the page of a first meeting says of its vote.
pub(super) struct Meeting {
    /// What it needs, and the clause that says so.
    pub needs: Vec<(String, String)>,
    /// The vote, once it is called.
    pub vote: Option<Held>,
    /// Where this visitor calls it; empty where she cannot.
    pub call: String,
    /// Why she cannot call it yet; empty if nothing is in the way or it is not hers to call.
    pub why: String,
}

/// The vote of a first meeting, as the page shows it.
pub(super) struct Held {
    /// What it is called.
    pub title: String,
    /// How it stands.
    pub light: Light,
    /// Its page, for whoever keeps it; empty for others.
    pub href: String,
    /// When it opens.
    pub opens: String,
    /// When it ends.
    pub ends: String,
    /// Who is entitled.
    pub entitled: String,
    /// Who took part so far.
    pub taking: String,
    /// Who has to take part.
    pub needed: String,
    /// Whether these are enough.
    pub quorum: Light,
    /// After the count, each matter with how it came out.
    pub matters: Vec<(String, ResultLine)>,
}

/// What is read of a vote.
struct KeptVote {
    vote: Vote,
    /// Who took part, who has to, and whether these are enough.
    quorum: (Amount, Amount, bool),
    results: Vec<MatterResult>,
}

/// `GET /property/first/{id}/vote`
///
/// # Errors
/// Sign-in needed, no permission, 404 for a compound that is not hers or has no register, or a failure.
pub async fn get(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
) -> Result<Response, WebError> {
    let (first, compound) = desk.called_first(&page, id).await?;
    let offer = desk.first_offer(&page, &first, &compound).await?;
    let form = Form::default().with("title", page.t("property-firsts")).with("caller", Caller::Group.code());
    let form = DECIDES.iter().zip(1..).fold(form, |form, (kind, number)| {
        let title = page.t(&format!("property-matter-{}", kind.code()));
        form.with(format!("matter{number}_kind"), kind.code()).with(format!("matter{number}_title"), title)
    });
    desk.votes.call_form(page, &form, &offer, &[])
}

/// `POST /property/first/{id}/vote`
///
/// # Errors
/// As [`get`].
pub async fn post(
    State(desk): State<Arc<Companies>>,
    page: Page,
    InPath(id): InPath<Uuid>,
    form: PostForm,
) -> Result<Response, WebError> {
    let (first, compound) = desk.called_first(&page, id).await?;
    let offer = desk.first_offer(&page, &first, &compound).await?;
    let draft = match desk.votes.looked(&page, &form, &offer).await? {
        // All owners meet.
        Looked::Ready(draft) => VoteDraft { building: None, stair: String::new(), ..draft },
        Looked::Page(answer) => return Ok(answer),
    };
    let (call, by) = (called(&page, &form, &compound, draft)?, sender(&page, &form, id));
    let own = desk.clone();
    let act = move |tx: &mut dyn Tx| own.call_first(tx, id, &call, &by);
    let again = |refusal| async { desk.votes.call_form(page, &form, &offer, &[refusal]) };
    done(&desk.hall, act, |()| format!("/property/first/{id}"), again).await
}

impl Companies {
    /// How far a compound is, and what is to be said of the vote of its first meeting.
    pub(super) async fn meeting(&self, page: &Page, id: Uuid) -> Result<(First, Meeting), WebError> {
        let desk = self.votes.clone();
        let read = move |tx: &mut dyn Tx| {
            let first = records::find(tx, id)?.ok_or(Fault::NotFound)?;
            let has_register = register::compound_named(tx, &first.path, &first.compound)?.is_some();
            let vote = match first.vote {
                Some(vote) => votes::find(tx, vote)?,
                None => None,
            };
            let Some(vote) = vote else { return Ok::<_, Fault>((first, has_register, None)) };
            let results = if vote.counted_at.is_some() { desk.results(tx, &vote)? } else { Vec::new() };
            let quorum = desk.quorum(tx, &vote)?;
            Ok((first, has_register, Some(KeptVote { vote, quorum, results })))
        };
        let (first, has_register, kept) = self.hall.store.read(read).await?;
        let is_keeper = holds(page, May::PropertyFirst, &first.path) && holds(page, May::PropertyEdit, &first.path);
        let is_settled = first.meeting_on.is_some() || kept.as_ref().is_some_and(|kept| kept.vote.is_under_way());
        let (call, why) = if !is_keeper || is_settled {
            (String::new(), String::new())
        } else if !rules::is_possible(self.variant(page.today())?, &first, page.today()) {
            (String::new(), page.t("property-first-vote-impossible"))
        } else if !has_register {
            (String::new(), page.t("property-first-vote-unregistered"))
        } else if first.drafts_on.is_none() {
            (String::new(), page.t("property-first-vote-undrafted"))
        } else {
            (format!("/property/first/{id}/vote"), String::new())
        };
        let needs = self.needs(page, &first, kept.as_ref())?;
        let vote = kept.map(|kept| held(page, &kept));
        Ok((first, Meeting { needs, vote, call, why }))
    }

    /// What the meeting needs by the law of the day on which its vote opens, or of today, with the clauses.
    fn needs(&self, page: &Page, first: &First, kept: Option<&KeptVote>) -> Result<Vec<(String, String)>, Fault> {
        let on = kept.map_or_else(|| page.today(), |kept| self.hall.day(kept.vote.opens_at));
        let thresholds = self.votes.thresholds(&first.path, on)?;
        let clause = |rule| self.votes.clause(page, &first.path, on, rule);
        let taking = page.t1("property-needs-taking", "share", share(page, thresholds.quorum));
        Ok(vec![(taking, clause(QUORUM_PARTS)), (needs(page, &thresholds, false), clause(ORDINARY_PARTS))])
    }

    /// The compound whose first meeting somebody calls, with its register.
    async fn called_first(&self, page: &Page, id: Uuid) -> Result<(First, Compound), WebError> {
        page.require(May::PropertyFirst)?;
        page.require(May::PropertyEdit)?;
        let read = move |tx: &mut dyn Tx| {
            let first = records::find(tx, id)?.ok_or(Fault::NotFound)?;
            let compound = register::compound_named(tx, &first.path, &first.compound)?.ok_or(Fault::NotFound)?;
            Ok::<_, Fault>((first, compound))
        };
        let (first, compound) = self.hall.store.read(read).await?;
        only_theirs(page, May::PropertyFirst, &first.path)?;
        only_theirs(page, May::PropertyEdit, &first.path)?;
        Ok((first, compound))
    }

    /// What is offered for the vote of a first meeting: all owners, called by the preparatory group, not before the
    /// drafts were posted for long enough.
    async fn first_offer<'o>(&self, page: &Page, first: &First, compound: &'o Compound) -> Result<Offer<'o>, WebError> {
        let [.., meeting] = rules::steps(self.variant(page.today())?, first);
        let (action, cover) = (format!("/property/first/{}/vote", first.id), Cover::read(&self.hall, compound).await?);
        let callers = &[Caller::Group];
        Ok(Offer { action, compound, buildings: &[], callers, not_before: meeting.first, cover, example: "" })
    }
}

/// The vote as the page shows it.
fn held(page: &Page, kept: &KeptVote) -> Held {
    let (vote, (taking, needed, is_there)) = (&kept.vote, &kept.quorum);
    let is_keeper = holds(page, May::PropertyEdit, &vote.path);
    let matter = |result: &MatterResult| (result.matter.title.clone(), outcome(page, result));
    Held {
        title: vote.title.clone(),
        light: light(page, vote),
        href: if is_keeper { format!("/property/votes/{}", vote.id) } else { String::new() },
        opens: page.minute(vote.opens_at),
        ends: page.minute(vote.ends_at),
        entitled: told(page, &vote.entitled()),
        taking: told(page, taking),
        needed: told(page, needed),
        quorum: quorum(page, *is_there),
        matters: kept.results.iter().map(matter).collect(),
    }
}
