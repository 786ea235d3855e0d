//! This file says how somebody proves that she takes part in a case: with its number and the telephone of a sealed
//! record, which gives her a pass, or by her own account. The applicant may do more than other parties.

use cases::{Known, PASS_COOKIE, Pass, district};
use hall::Fault;
use kernel::case::Relation;
use kernel::identifier::CaseNumber;
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;
use vault::{PersonField, VaultError};
use web::{Page, WebError};

use crate::{Counter, Guess};

/// How long a pass lasts, in seconds: long enough to read and act, short enough for a shared telephone.
const PASS_SECONDS: i64 = 3_600;

/// Names the page on which number and telephone are given.
pub(super) const FOLLOWING: &str = "follow";

impl Counter {
    /// Returns the cookie that lets the visitor follow one case as its applicant.
    ///
    /// # Errors
    /// Never fails today. The signature allows for a key that is not there.
    pub fn pass_cookie(&self, page: &Page, district: PlaceId, id: Uuid) -> Result<String, WebError> {
        let pass = Pass { district, id, until: page.now.plus_seconds(PASS_SECONDS) };
        Ok(self.cookie(&self.cases.pass_key.write(&pass)))
    }

    /// Returns the cookie that lets somebody follow a case who proved that a sealed record is hers.
    ///
    /// # Errors
    /// Fails as [`Counter::pass_cookie`] does.
    pub(super) fn proof_cookie(&self, page: &Page, known: &Known, record: Uuid) -> Result<String, WebError> {
        let (district, id) = (district(&known.case), known.case.id.0);
        if known.person == Some(record) {
            return self.pass_cookie(page, district, id);
        }
        let pass = Pass { district, id, until: page.now.plus_seconds(PASS_SECONDS) };
        Ok(self.cookie(&self.cases.pass_key.write_party(&pass, record)))
    }

    fn cookie(&self, value: &str) -> String {
        let secure = if self.https { "; Secure" } else { "" };
        format!("{PASS_COOKIE}={value}; Path=/; Max-Age={PASS_SECONDS}; HttpOnly; SameSite=Lax{secure}")
    }

    /// Returns the case whose number and applicant's telephone these are. There is one refusal for every way of being
    /// wrong. `from` is where the guess came from: a network address, or a system that asks for its own users.
    ///
    /// # Errors
    /// Refuses with `case.not_found`, and while the next try has to wait.
    pub async fn prove(&self, from: &str, number: &str, telephone: &str, now: Instant) -> Result<Known, Fault> {
        let guess = Guess::new(FOLLOWING, from, now).at_number(number).with_telephone(telephone);
        self.proved(&guess, number, telephone, false).await.map(|(known, _)| known)
    }

    /// Does the same as [`Counter::prove`], with `parties` also for the telephone of every other party, and returns
    /// whose sealed record it is. The applicant's comes first.
    pub(super) async fn proved(
        &self,
        guess: &Guess,
        number: &str,
        telephone: &str,
        parties: bool,
    ) -> Result<(Known, Uuid), Fault> {
        let (desk, asked, given) = (self.cases.clone(), number.to_owned(), telephone.to_owned());
        let read = move |tx: &mut dyn Tx| {
            let known = desk.known_number(tx, &asked)?;
            let records = if parties { known.records() } else { vec![known.record()?] };
            for record in records {
                let sealed = Sealed { district: district(&known.case), record };
                if is_of(&desk.hall.vault, tx, &sealed, &given)? {
                    return Ok(Some((known, record)));
                }
            }
            Ok::<_, Fault>(None)
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

    /// Does the same as [`Counter::owned`] for what the applicant alone does or reads. Staff who helped her hold a pass
    /// to look, not to speak for her.
    ///
    /// # Errors
    /// Fails with `NotFound` for everybody else.
    pub fn as_applicant(&self, tx: &mut dyn Tx, page: &Page, number: &CaseNumber) -> Result<Known, Fault> {
        if page.visitor.staff() { Err(Fault::NotFound) } else { self.owned(tx, page, number) }
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
    /// another party whose telephone she gave.
    ///
    /// # Errors
    /// Fails with `NotFound` for everybody else.
    pub fn taking_part(&self, tx: &mut dyn Tx, page: &Page, number: &CaseNumber) -> Result<(Known, Relation), Fault> {
        let known = self.cases.known_number(tx, number.as_str())?;
        let relation = self.relation(page, &known).ok_or(Fault::NotFound)?;
        Ok((known, relation))
    }

    /// Says how the visitor stands to a case. Whoever gave the telephone of a sealed record is the party that it
    /// belongs to; staff look and are nobody's party.
    fn relation(&self, page: &Page, known: &Known) -> Option<Relation> {
        let (herself, pass) = (!page.visitor.staff(), page.cookie(PASS_COOKIE));
        if self.cases.passed(known, pass.as_deref(), page.now) {
            return Some(Relation { is_applicant: herself, record: known.person.filter(|_| herself) });
        }
        if known.applicant.is_some() && known.applicant == page.visitor.actor.account {
            return Some(Relation::applicant(herself));
        }
        let (pass, record) = self.cases.pass_key.read_party(&pass?, page.now)?;
        let is_here = pass.id == known.case.id.0 && pass.district == district(&known.case);
        (herself && is_here && known.records().contains(&record)).then(|| Relation::of_record(record))
    }
}

/// Says where a sealed record lies.
struct Sealed {
    /// The shard that keeps it.
    district: PlaceId,
    record: Uuid,
}

/// Says whether a sealed record carries that telephone. An erased one carries none.
fn is_of(vault: &vault::Vault, tx: &mut dyn Tx, sealed: &Sealed, telephone: &str) -> Result<bool, VaultError> {
    match vault.matches(tx, sealed.district, sealed.record, PersonField::Telephone, telephone) {
        Err(VaultError::Malformed { .. } | VaultError::Erased) => Ok(false),
        answer => answer,
    }
}
