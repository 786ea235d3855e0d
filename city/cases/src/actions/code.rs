//! The codes of receipts: one is given with a case, a lost one is renewed at a counter, and whoever follows a case
//! types hers.

use kernel::case::{Case, Holder};
use kernel::permission::Actor;
use kernel::place::PlaceId;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use store::once::{Command, Once};
use uuid::Uuid;
use vault::{Look, VaultError};

use super::{Known, district};
use crate::code::{CodeMark, ReceiptCode};
use crate::{Cases, records};
use hall::Fault;

/// Topic of the outbox: a code was renewed. Payload: `{"id", "record", "place"}`, the case, the sealed record of the
/// one who holds the code, and the counter in words.
pub const TOPIC_RENEWED: &str = "cases.code_renewed";

/// Who renews a lost code, where, and which paper she saw.
#[derive(Clone, Copy, Debug)]
pub struct Renewing<'r> {
    /// Who renews it.
    pub actor: &'r Actor,
    /// Her counter, in words.
    pub place: &'r str,
    /// What she did and which paper she saw. The person reads it.
    pub purpose: &'r str,
    /// Sent twice with the same key, it is done once.
    pub once: &'r str,
    /// When she renews it.
    pub now: Instant,
}

impl Cases {
    /// Gives the first party of a role the code of her receipt, in the transaction that opens the case. The same
    /// command sent again gets the same code as long as it holds. Returns nothing if her record has another code by
    /// now, or if nobody's data are sealed.
    pub fn give_code(
        &self,
        tx: &mut dyn Tx,
        case: &Case,
        role: &str,
        once: &str,
        now: Instant,
    ) -> Result<Option<ReceiptCode>, Fault> {
        match Self::sealed_party(case, role) {
            Some(record) => self.give_code_to(tx, case, record, once, now),
            None => Ok(None),
        }
    }

    /// Gives whoever takes part under a sealed record her code, as [`Cases::give_code`] does.
    pub fn give_code_to(
        &self,
        tx: &mut dyn Tx,
        case: &Case,
        record: Uuid,
        once: &str,
        now: Instant,
    ) -> Result<Option<ReceiptCode>, Fault> {
        let (code, digest) = self.made(record, once)?;
        if records::code::add(tx, district(case), record, digest, now)? {
            return Ok(Some(code));
        }
        Ok(self.is_code_of(tx, district(case), record, &code)?.then_some(code))
    }

    /// Returns the sealed record of the first party of a role that has one.
    #[must_use]
    pub fn sealed_party(case: &Case, role: &str) -> Option<Uuid> {
        case.parties_of(role).iter().find_map(|party| match party.holder {
            Holder::Record(record) => Some(record),
            _ => None,
        })
    }

    /// Returns the mark of a code of a sealed record, as a pass carries it.
    #[must_use]
    pub fn mark(&self, record: Uuid, code: &ReceiptCode) -> Option<CodeMark> {
        CodeMark::of(&self.code_key.digest(record, code)?)
    }

    /// Returns the mark of the code that a sealed record has now.
    pub fn mark_now(tx: &mut dyn Tx, shard: PlaceId, record: Uuid) -> Result<Option<CodeMark>, Fault> {
        Ok(records::code::digest(tx, shard, record)?.as_deref().and_then(CodeMark::of))
    }

    /// Puts a new code in place of a lost one, which ends. The renewal stands among the looks at the person's data, and
    /// she is told of it.
    /// Returns nothing if the same command was done before and its code has ended since.
    ///
    /// # Errors
    /// Refuses if the data were erased, or if the command was sent before for another paper.
    pub fn renew_code(
        &self,
        tx: &mut dyn Tx,
        known: &Known,
        record: Uuid,
        renewing: &Renewing<'_>,
    ) -> Result<Option<ReceiptCode>, Fault> {
        let Renewing { actor, place, purpose, once, now } = *renewing;
        let shard = district(&known.case);
        let (code, digest) = self.made(record, once)?;
        let key = format!("{record}/{once}");
        let paper = self.hall.vault.told_apart(purpose);
        match store::once::take(tx, Command { scope: "cases.code", key: &key, digest: &paper }, "", now)? {
            Once::New => {}
            Once::Again(_) => return Ok(self.is_code_of(tx, shard, record, &code)?.then_some(code)),
            Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
        }
        let look = Look {
            account: actor.account,
            name: actor.name.clone(),
            place: place.to_owned(),
            purpose: purpose.to_owned(),
            case_number: Some(known.case.number.clone()),
            at: now,
        };
        self.hall.within_measure(tx, shard, record, &look)?;
        match self.hall.vault.open(tx, shard, record, &look) {
            Err(VaultError::Erased) => return Err(Refusal::new(Code::VaultRecordErased).into()),
            opened => drop(opened?),
        }
        records::code::put(tx, shard, record, digest, now)?;
        let (message, id) = (Uuid::new_v5(&record, format!("renewed {once}").as_bytes()), known.case.id.0);
        let payload = json!({"id": id.to_string(), "record": record.to_string(), "place": place});
        store::outbox::put(tx, message, shard, TOPIC_RENEWED, &payload, now)?;
        Ok(Some(code))
    }

    /// Returns the sealed record whose code that is, among those who take part in a case. An erased record has none.
    pub fn holder_of(&self, tx: &mut dyn Tx, known: &Known, code: &ReceiptCode) -> Result<Option<Uuid>, Fault> {
        let shard = district(&known.case);
        for record in known.records() {
            if self.is_code_of(tx, shard, record, code)? {
                let is_kept = !self.hall.vault.masked(tx, &[(shard, record)])?.is_empty();
                return Ok(is_kept.then_some(record));
            }
        }
        Ok(None)
    }

    fn is_code_of(&self, tx: &mut dyn Tx, shard: PlaceId, record: Uuid, code: &ReceiptCode) -> Result<bool, Fault> {
        let digest = records::code::digest(tx, shard, record)?;
        Ok(digest.is_some_and(|digest| self.code_key.holds(record, code, &digest)))
    }

    /// The code of a record that a command gives, and the digest under which it is kept.
    fn made(&self, record: Uuid, once: &str) -> Result<(ReceiptCode, Vec<u8>), Fault> {
        let made = self.code_key.code(record, once);
        made.and_then(|code| self.code_key.digest(record, &code).map(|digest| (code, digest)))
            .ok_or_else(|| Fault::Broken("the key of codes is no key".to_owned()))
    }
}
