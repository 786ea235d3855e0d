//! What somebody looks at before she calls a vote: who is entitled, when it opens and ends, and what each matter needs
//! by which clause. Only then it is called.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use hall::Fault;
use store::Tx;
use web::{Form, Page, WebError, render};

use super::call_offer::Offer;
use super::cover;
use super::vote::{needs, told};
use crate::Property;
use crate::actions::entitled::LookedAt;
use crate::rules::tally::Amount;
use crate::rules::votes::{MatterDraft, VoteDraft};
use crate::words::area::Area;
use crate::words::votes::Caller;
use crate::words::{ORDINARY_PARTS, QUORUM_PARTS, SPECIAL_PARTS};

/// The field that says what the form does, its value that calls the vote, and the one that leads back.
const STEP: &str = "step";
const CALL: &str = "call";
const EDIT: &str = "edit";
/// The fields that say what was looked at: who is entitled, and how many matters there are.
const HEADS: &str = "looked_heads";
const AREA: &str = "looked_area";
const MATTERS: &str = "looked_matters";
/// The fields of which each page has its own.
const OWN: [&str; 6] = ["_token", "_once", STEP, HEADS, AREA, MATTERS];

/// What becomes of a form by which a vote is called.
pub(super) enum Looked {
    /// Whoever sends it looked at what it calls.
    Ready(VoteDraft),
    /// She reads this first.
    Page(Response),
}

#[derive(Template)]
#[template(path = "property/call_check.html")]
struct CheckPage {
    page: Page,
    action: String,
    name: String,
    title: String,
    range: String,
    caller: String,
    /// How many owners ask for it; empty where nobody asks.
    asking: String,
    notice: String,
    opens: String,
    ends: String,
    entitled: String,
    needed: String,
    quorum_clause: String,
    cover: String,
    /// Why it is called though the register is not whole; empty if it is whole.
    partial: String,
    matters: Vec<Checked>,
    /// What was typed, as it is sent once more, and what she looks at here.
    sent: Vec<(String, String)>,
}

/// A matter, with what it needs and the clause that says so.
struct Checked {
    title: String,
    content: String,
    kind: String,
    /// Of an election, how many are elected; empty for any other matter.
    election: String,
    candidates: Vec<String>,
    needs: String,
    clause: String,
}

/// What was looked at, as fields of the form that calls the vote.
fn told_again(looked_at: LookedAt) -> [(String, String); 3] {
    let LookedAt { entitled: Amount { heads, area: Area(area) }, matters } = looked_at;
    let fields = [(HEADS, heads.to_string()), (AREA, area.to_string()), (MATTERS, matters.to_string())];
    fields.map(|field| (field.0.to_owned(), field.1))
}

/// What was looked at before a form was sent; none where nobody looked.
pub(super) fn looked_at(form: &Form) -> Option<LookedAt> {
    let (heads, area) = (form.get(HEADS).parse().ok()?, form.get(AREA).parse().ok()?);
    let matters = form.get(MATTERS).parse().ok()?;
    Some(LookedAt { entitled: Amount { heads, area: Area(area) }, matters })
}

impl Property {
    /// Reads the form of a call. Nobody calls a vote before she looked at what it is: the form that calls it says
    /// what she looked at, and it is called as that alone.
    pub(super) async fn looked(
        self: &Arc<Self>,
        page: &Page,
        form: &Form,
        offer: &Offer<'_>,
    ) -> Result<Looked, WebError> {
        if form.get(STEP) == EDIT {
            return Ok(Looked::Page(self.call_form(page.clone(), form, offer, &[])?));
        }
        let draft = match self.read_call(page, form, offer)? {
            Ok(draft) => draft,
            Err(wrong) => return Ok(Looked::Page(self.call_form(page.clone(), form, offer, &wrong)?)),
        };
        if form.get(STEP) == CALL {
            return Ok(Looked::Ready(draft));
        }
        Ok(Looked::Page(self.call_check(page.clone(), form, offer, &draft).await?))
    }

    /// Shows what would be called.
    async fn call_check(
        self: &Arc<Self>,
        page: Page,
        form: &Form,
        offer: &Offer<'_>,
        draft: &VoteDraft,
    ) -> Result<Response, WebError> {
        let (own, compound, asked) = (self.clone(), offer.compound.clone(), draft.clone());
        let read = move |tx: &mut dyn Tx| own.entitled(tx, &compound, &asked);
        let found = match self.hall.store.read(read).await {
            Ok(found) => found,
            Err(Fault::Refused(refusal)) => return self.call_form(page, form, offer, &[refusal]),
            Err(fault) => return Err(fault.into()),
        };
        let (path, on) = (&offer.compound.path, draft.opens_on);
        let (looked_at, thresholds) = (found.looked_at(draft), self.thresholds(path, on)?);
        let entitled = looked_at.entitled;
        let matters = draft.matters.iter().map(|matter| self.checked(&page, offer, draft, matter));
        let matters = matters.collect::<Result<Vec<Checked>, Fault>>()?;
        let typed = form.pairs().filter(|pair| !OWN.contains(&pair.0));
        let typed = typed.map(|pair| (pair.0.to_owned(), pair.1.to_owned()));
        let is_asked = draft.caller == Caller::Owners;
        let drawn = CheckPage {
            action: offer.action.clone(),
            name: offer.compound.name.clone(),
            title: draft.title.clone(),
            range: [offer.compound.name.as_str(), found.range.as_str()].join(" ").trim().to_owned(),
            caller: page.t(&format!("property-caller-{}", draft.caller.code())),
            asking: if is_asked { page.t1("property-asking-heads", "heads", found.asking) } else { String::new() },
            notice: page.date(page.today()),
            opens: page.minute(draft.opens_at),
            ends: page.minute(draft.ends_at),
            entitled: told(&page, &entitled),
            needed: told(&page, &entitled.needed(thresholds.quorum)),
            quorum_clause: self.clause(&page, path, on, QUORUM_PARTS),
            cover: cover::told(&page, &draft.coverage),
            partial: if draft.coverage.is_partial() { draft.partial_reason.clone() } else { String::new() },
            matters,
            sent: typed.chain(told_again(looked_at)).collect(),
            page,
        };
        render(&drawn)
    }

    /// A matter as it is looked at.
    fn checked(
        &self,
        page: &Page,
        offer: &Offer<'_>,
        draft: &VoteDraft,
        matter: &MatterDraft,
    ) -> Result<Checked, Fault> {
        let (path, on) = (&offer.compound.path, draft.opens_on);
        let is_special = self.is_special(matter.kind, path, on)?;
        let rule = if is_special { SPECIAL_PARTS } else { ORDINARY_PARTS };
        let (seats, count) = (matter.seats.to_string(), matter.candidates.len().to_string());
        let said = [("title", matter.title.as_str()), ("seats", seats.as_str()), ("count", count.as_str())];
        let is_election = !matter.candidates.is_empty();
        Ok(Checked {
            title: matter.title.clone(),
            content: matter.text.clone(),
            kind: page.t(&format!("property-matter-{}", matter.kind.code().replace('_', "-"))),
            election: if is_election { page.text("property-election-of", &said) } else { String::new() },
            candidates: matter.candidates.clone(),
            needs: needs(page, &self.thresholds(path, on)?, is_special),
            clause: self.clause(page, path, on, rule),
        })
    }
}
