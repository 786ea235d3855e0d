//! This file says how somebody proves that she takes part in a case: with its number and the code of her receipt, which
//! gives her a pass, or by her own account. The applicant may do more than other parties. Number and telephone are
//! known to many: they show how far a case is, and nothing else.

use std::sync::Arc;

use axum::http::header::{HeaderName, SET_COOKIE};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use cases::{Cases, CodeMark, Hearer, Known, PASS_COOKIE, Pass, ReceiptCode, district};
use hall::Fault;
use kernel::case::{Case, Relation};
use kernel::identifier::CaseNumber;
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;
use vault::{PersonField, Vault, VaultError};
use web::{Frame, Need, Page, Visitor};

use crate::actions::Applied;
use crate::{Counter, Guess};

/// How long a pass lasts, in seconds: long enough to read and act, short enough for a shared telephone.
const PASS_SECONDS: i64 = 3_600;
/// The cookie that carries a code from the answer that gave it to the receipt that shows it, once.
pub(super) const RECEIPT_COOKIE: &str = "receipt_code";
/// How long a receipt may wait to be shown, in seconds.
const RECEIPT_SECONDS: i64 = 900;

/// What somebody types to follow a case.
#[derive(Clone)]
pub struct Typed {
    /// The number of the case.
    pub number: String,
    /// The telephone. It is not looked at if there is a code.
    pub telephone: String,
    /// The code of her receipt.
    pub code: String,
}

impl Typed {
    /// Counts a try with it at the number, and at the telephone if that is what is tried.
    pub(super) fn counted(&self, guess: Guess) -> Guess {
        let guess = guess.at_number(&self.number);
        if self.code.is_empty() { guess.with_telephone(&self.telephone) } else { guess }
    }
}

/// What was proved.
pub(super) enum Proved {
    /// She holds the code of this sealed record.
    Whole(Known, Uuid),
    /// She knows number and telephone, as many may.
    Glance(Known),
    /// She holds a code of somebody who joined the case.
    Joined,
}

/// Names the page on which number and code, or number and telephone, are given.
pub(super) const FOLLOWING: &str = "follow";

impl Counter {
    /// Leads to the receipt of a case, with a pass for it and the code that is shown there once. To staff the pass
    /// opens the case to print the receipt of a confidential matter too, which only its department sees otherwise. An
    /// applicant whose code was renewed since gets no pass: she is asked for the new one.
    pub fn to_receipt(&self, page: &Page, given: &Applied) -> Response {
        let case = &given.case;
        let mark = given.record.zip(given.code.as_ref()).and_then(|(record, code)| self.cases.mark(record, code));
        if given.record.is_some() && mark.is_none() && !page.visitor.staff() {
            return Redirect::to(&format!("/follow?number={}", case.number)).into_response();
        }
        let address = format!("/receipt/{}", case.number);
        let mut cookies: Vec<(HeaderName, String)> =
            vec![(SET_COOKIE, self.pass_cookie(page, &pass_of(page, case, mark)))];
        if let Some(code) = &given.code {
            cookies.push((SET_COOKIE, self.code_cookie(&address, code.plain(), RECEIPT_SECONDS)));
        }
        (AppendHeaders(cookies), Redirect::to(&address)).into_response()
    }

    /// Returns the cookie that ends the one that carried a code to this receipt.
    pub(super) fn code_shown(&self, number: &str) -> String {
        self.code_cookie(&format!("/receipt/{number}"), "", 0)
    }

    fn code_cookie(&self, path: &str, code: &str, seconds: i64) -> String {
        format!("{RECEIPT_COOKIE}={code}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{}", self.secure())
    }

    /// Returns the cookie that lets the visitor follow one case as its applicant, or staff look at it for her.
    fn pass_cookie(&self, page: &Page, pass: &Pass) -> String {
        let key = &self.cases.pass_key;
        let value = if page.visitor.staff() { key.write_staff(pass) } else { key.write(pass) };
        self.cookie(&value, PASS_SECONDS)
    }

    /// Returns the cookie that lets somebody follow a case who proved with the code of a sealed record that it is hers.
    pub(super) fn proof_cookie(&self, page: &Page, known: &Known, record: Uuid, code: &str) -> String {
        let mark = ReceiptCode::parse(code).and_then(|code| self.cases.mark(record, &code));
        let pass = pass_of(page, &known.case, mark);
        if known.person == Some(record) {
            return self.pass_cookie(page, &pass);
        }
        self.cookie(&self.cases.pass_key.write_party(&pass, record), PASS_SECONDS)
    }

    /// Returns the cookie that takes a pass away.
    pub(super) fn no_pass(&self) -> String {
        self.cookie("", 0)
    }

    fn cookie(&self, value: &str, seconds: i64) -> String {
        format!("{PASS_COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{}", self.secure())
    }

    /// Says what the forms of an applicant's pages need before anything of them is read: an account, or a pass of ours
    /// whose end has not come. Whether it opens this very case, the page says. Everybody else is led to the form that
    /// asks for number and code.
    pub fn pass_or_account(&self) -> Need {
        let key = self.cases.pass_key.clone();
        Need::shown("pass", move |parts| {
            let signed_in = parts.extensions.get::<Visitor>().is_some_and(Visitor::signed_in);
            let now = parts.extensions.get::<Arc<Frame>>().map(|frame| (frame.clock)());
            let pass = web::cookie(&parts.headers, PASS_COOKIE);
            let holds = pass.zip(now).is_some_and(|(pass, now)| key.holds(&pass, now));
            (!signed_in && !holds).then(|| Redirect::to("/follow").into_response())
        })
    }

    pub(super) fn secure(&self) -> &'static str {
        if self.https { "; Secure" } else { "" }
    }

    /// Returns the case whose number and applicant's code these are. There is one refusal for every way of being wrong.
    /// `from` is where the guess came from: a network address, or a system that asks for its own users.
    ///
    /// # Errors
    /// Refuses with `case.not_found`, and while the next try has to wait.
    pub async fn prove(&self, from: &str, number: &str, code: &str, now: Instant) -> Result<Known, Fault> {
        let wrong = || Fault::from(Refusal::new(Code::CaseNotFound));
        if code.is_empty() {
            return Err(wrong());
        }
        let typed = Typed { number: number.to_owned(), telephone: String::new(), code: code.to_owned() };
        let guess = typed.counted(Guess::new(FOLLOWING, from, now));
        match self.proved(&guess, &typed, false).await? {
            Proved::Whole(known, _) => Ok(known),
            Proved::Glance(_) | Proved::Joined => Err(wrong()),
        }
    }

    /// Says what somebody proved with what she typed. With `parties` the code of every party proves something, else
    /// only the applicant's; so does the code of whoever joined it. A confidential case is not found by a telephone.
    pub(super) async fn proved(&self, guess: &Guess, typed: &Typed, parties: bool) -> Result<Proved, Fault> {
        let (desk, typed) = (self.cases.clone(), typed.clone());
        let joiners = self.joiners.get().filter(|_| parties).cloned();
        let read = move |tx: &mut dyn Tx| {
            let known = desk.known_number(tx, &typed.number)?;
            if typed.code.is_empty() {
                let found = !known.case.confidential && is_of_any(&desk.hall.vault, tx, &known, &typed.telephone)?;
                return Ok(found.then_some(Proved::Glance(known)));
            }
            let Some(code) = ReceiptCode::parse(&typed.code) else { return Ok(None) };
            let holder = desk.holder_of(tx, &known, &code)?;
            let holder = holder.filter(|record| parties || known.person == Some(*record));
            if let Some(record) = holder {
                return Ok(Some(Proved::Whole(known, record)));
            }
            let has_joined = match &joiners {
                Some(joiners) => joiners(tx, &known, &code)?,
                None => false,
            };
            Ok::<_, Fault>(has_joined.then_some(Proved::Joined))
        };
        let check = async {
            match self.cases.hall.store.read(read).await {
                Err(Fault::NotFound) => Ok(None),
                found => found,
            }
        };
        let proved = self.guarded(guess, check).await?;
        proved.ok_or_else(|| Refusal::new(Code::CaseNotFound).into())
    }

    /// Returns the sealed record, among those who take part in a case, whose identity number that is, or where none is
    /// kept whose telephone.
    pub(super) fn whose(&self, tx: &mut dyn Tx, known: &Known, proof: &str) -> Result<Option<Uuid>, Fault> {
        for record in known.records() {
            if self.is_hers(tx, district(&known.case), record, proof)? == Some(true) {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }

    /// Says whether that is the identity number of a sealed record, or where none is kept its telephone. Returns
    /// nothing for a record that was erased.
    pub(super) fn is_hers(
        &self,
        tx: &mut dyn Tx,
        shard: PlaceId,
        record: Uuid,
        proof: &str,
    ) -> Result<Option<bool>, Fault> {
        let vault = &self.cases.hall.vault;
        let Some((_, kept)) = vault.masked(tx, &[(shard, record)])?.into_iter().next() else { return Ok(None) };
        let field =
            if kept.contains_key(&PersonField::ResidentId) { PersonField::ResidentId } else { PersonField::Telephone };
        Ok(Some(vault.matches(tx, shard, record, field, proof)?))
    }

    /// Does the same as [`Counter::owned`] for what the applicant alone does or reads. Staff who helped her hold a pass
    /// to look, not to speak for her.
    ///
    /// # Errors
    /// Fails with `NotFound` for everybody else.
    pub fn as_applicant(&self, tx: &mut dyn Tx, page: &Page, number: &CaseNumber) -> Result<Known, Fault> {
        if page.visitor.staff() { Err(Fault::NotFound) } else { self.owned(tx, page, number) }
    }

    /// Returns the case with the visitor's own sealed record, and as whom she reads what was said, if she takes part in
    /// it. Staff who helped her hold a pass to look, not to speak for her.
    ///
    /// # Errors
    /// Fails with `NotFound` for everybody else.
    pub(super) fn as_herself(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        number: &CaseNumber,
    ) -> Result<(Known, Hearer), Fault> {
        let (known, party) = self.speaking(tx, page, number)?;
        let person = party.or(known.person);
        Ok((Known { person, ..known }, party.map_or(Hearer::Person, Hearer::Party)))
    }

    /// Returns the case and, where the visitor is another party than the applicant, her own sealed record: as whom she
    /// says and asks something. Staff who helped her hold a pass to look, not to speak for her.
    ///
    /// # Errors
    /// Fails with `NotFound` for everybody else.
    pub(super) fn speaking(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        number: &CaseNumber,
    ) -> Result<(Known, Option<Uuid>), Fault> {
        if page.visitor.staff() {
            return Err(Fault::NotFound);
        }
        let (known, relation) = self.taking_part(tx, page, number)?;
        let party = relation.record.filter(|record| Some(*record) != known.person);
        Ok((known, party))
    }

    /// Returns the case if the visitor is its applicant, by pass or by her own account.
    ///
    /// # Errors
    /// Fails with `NotFound` for everybody else, also for other parties.
    pub fn owned(&self, tx: &mut dyn Tx, page: &Page, number: &CaseNumber) -> Result<Known, Fault> {
        let (known, relation) = self.taking_part(tx, page, number)?;
        let is_another = relation.record.is_some() && !relation.is_applicant;
        if is_another { Err(Fault::NotFound) } else { Ok(known) }
    }

    /// Returns the case and how the visitor stands to it, if she is its applicant, by pass or by her own account, or
    /// another party whose code she gave.
    ///
    /// # Errors
    /// Fails with `NotFound` for everybody else.
    pub fn taking_part(&self, tx: &mut dyn Tx, page: &Page, number: &CaseNumber) -> Result<(Known, Relation), Fault> {
        let known = self.cases.known_number(tx, number.as_str())?;
        let relation = self.relation(tx, page, &known)?.ok_or(Fault::NotFound)?;
        Ok((known, relation))
    }

    /// Says how the visitor stands to a case. Whoever gave the code of a sealed record is the party that it
    /// belongs to; staff look and are nobody's party.
    fn relation(&self, tx: &mut dyn Tx, page: &Page, known: &Known) -> Result<Option<Relation>, Fault> {
        let (herself, pass) = (!page.visitor.staff(), page.cookie(PASS_COOKIE));
        if self.cases.passed(known, &page.visitor.actor, pass.as_deref(), page.now) {
            return Ok(Some(Relation { is_applicant: herself, record: known.person.filter(|_| herself) }));
        }
        if known.applicant.is_some() && known.applicant == page.visitor.actor.account {
            return Ok(Some(Relation::applicant(herself)));
        }
        let Some((pass, record)) = pass.and_then(|pass| self.cases.pass_key.read_party(&pass, page.now)) else {
            return Ok(None);
        };
        let shard = district(&known.case);
        let is_here = pass.id == known.case.id.0 && pass.district == shard;
        if !herself || !is_here || !known.records().contains(&record) {
            return Ok(None);
        }
        let holds = pass.code.is_some() && Cases::mark_now(tx, shard, record)? == pass.code;
        Ok(holds.then(|| Relation::of_record(record)))
    }
}

/// Returns a pass for a case from the code of that mark.
fn pass_of(page: &Page, case: &Case, code: Option<CodeMark>) -> Pass {
    Pass { district: district(case), id: case.id.0, until: page.now.plus_seconds(PASS_SECONDS), code }
}

/// Says whether a sealed record of somebody who takes part carries that telephone. An erased one carries none.
fn is_of_any(vault: &Vault, tx: &mut dyn Tx, known: &Known, telephone: &str) -> Result<bool, VaultError> {
    for record in known.records() {
        match vault.matches(tx, district(&known.case), record, PersonField::Telephone, telephone) {
            Ok(true) => return Ok(true),
            Ok(false) | Err(VaultError::Malformed { .. } | VaultError::Erased) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(false)
}
