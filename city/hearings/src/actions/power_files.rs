//! Keeps the paper of a power of attorney as a file: a photo or a document that whoever mediates adds. It lies sealed
//! on the shelf under the record of the mediation's file, opens for the mediator and for those whom it is about, and
//! is erased with the file.

use std::sync::Arc;

use cases::Known;
use hall::{Fault, Sent};
use kernel::case::Holder;
use kernel::identifier::CaseNumber;
use kernel::language::Lang;
use kernel::permission::Actor;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use papers::Kind;
use serde_json::json;
use store::Tx;
use uuid::Uuid;
use vault::{Look, VaultError};
use web::Page;

use super::inside::{file_record, label};
use super::powers::{Writer, noted};
use crate::Hearings;
use crate::records::powers;
use crate::refusals::Why;
use crate::words::people::Member;
use crate::words::power::{PowerFile, PowerRow};

/// Where the keys of this command are kept apart from those of others.
const SCOPE: &str = "hearings.power_file";
/// What papers of powers are sealed as.
const LABEL: &str = "power_file";

/// A file that whoever mediates adds to a power.
#[derive(Clone, Debug)]
pub struct Adding {
    /// The number of the case.
    pub number: String,
    /// The power.
    pub power: Uuid,
    /// What was sent.
    pub file: Vec<u8>,
    /// The form as a command that is done once.
    pub sent: Sent,
}

/// The paper of a power, opened.
pub struct Opened {
    /// What kind of file it is.
    pub kind: Kind,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Hearings {
    /// Keeps the paper of a power as a file, for whoever mediates; another one takes its place. Sent twice it is kept
    /// once.
    ///
    /// # Errors
    /// `NotFound` for everybody else, and where no such power stands; a refusal of what may not be kept, and once the
    /// mediation ended; a failure.
    pub async fn keep_power_file(self: &Arc<Self>, adding: Adding, actor: Actor, now: Instant) -> Result<(), Fault> {
        let Adding { number, power, file, sent } = adding;
        let (desk, asked, who) = (self.clone(), number.clone(), actor.clone());
        // What is none of hers is not even looked at.
        self.hall.store.read(move |tx: &mut dyn Tx| desk.of_power(tx, &asked, power, &who, now).map(drop)).await?;
        let content = self.papers.document(file, now).await?;
        let (desk, asked, who) = (self.clone(), number.clone(), actor.clone());
        let bytes = i64::try_from(content.bytes.len()).unwrap_or(i64::MAX);
        let (kind, plain) = (content.kind.code().to_owned(), content.bytes);
        let seal = move |tx: &mut dyn Tx| {
            let key = desk.of_power(tx, &asked, power, &who, now)?.key();
            let (record, label) = (file_record(key.id), label(LABEL, power));
            Ok::<_, Fault>(desk.hall.vault.cover(tx, key.district, record, &label, &plain)?)
        };
        let sealed = self.hall.store.read(seal).await?;
        let digest = self.papers.shelf.put(sealed).await?;
        let row =
            PowerFile { power, digest: digest.clone(), kind, bytes, added_name: actor.name.clone(), added_at: now };
        let desk = self.clone();
        let write = move |tx: &mut dyn Tx| {
            let known = desk.of_power(tx, &number, power, &actor, now)?;
            if !sent.is_first(tx, SCOPE, now)? {
                return Ok(false);
            }
            powers::put_file(tx, &known.key(), &row)?;
            let writer = Writer { actor: &actor, name: &actor.name, sent: &sent, now };
            noted(tx, &known.key(), &json!({ "deed": "power_file", "power": power }), writer)?;
            Ok::<_, Fault>(true)
        };
        let done = self.hall.store.write(write).await;
        if matches!(done, Ok(false) | Err(Fault::Refused(_) | Fault::NotFound)) {
            // What stays there is no row's, and the night takes it away.
            drop(self.papers.shelf.remove(&digest).await);
        }
        done.map(drop)
    }

    /// The mediation of a power that stands, for whoever mediates it while it goes on.
    fn of_power(
        &self,
        tx: &mut dyn Tx,
        number: &str,
        power: Uuid,
        actor: &Actor,
        now: Instant,
    ) -> Result<Known, Fault> {
        let known = self.mediated(tx, number, actor, now)?;
        if known.case.closed_at.is_some() {
            return Err(Refusal::new(Why::HearingsNoAgentNow).into());
        }
        let rows = powers::of_case(tx, &known.key())?;
        if rows.iter().any(|row| row.id == power && row.stands()) { Ok(known) } else { Err(Fault::NotFound) }
    }

    /// Opens the paper of a power: for whoever mediates, and the party who gave it reads of that look; for that party
    /// herself, and for one of her side who represents her.
    ///
    /// # Errors
    /// `NotFound` for everybody else, and where there is no such file; a failure.
    pub async fn power_file(self: &Arc<Self>, page: &Page, number: CaseNumber, power: Uuid) -> Result<Opened, Fault> {
        let (desk, drawn) = (self.clone(), page.clone());
        let find = move |tx: &mut dyn Tx| desk.looked_at(tx, &drawn, &number, power);
        let (known, file) = self.hall.store.write(find).await?;
        let sealed = self.papers.shelf.get(&file.digest).await?.ok_or(Fault::NotFound)?;
        let (vault, key) = (self.hall.vault.clone(), known.key());
        let open = move |tx: &mut dyn Tx| {
            let (record, label) = (file_record(key.id), label(LABEL, power));
            match vault.uncover(tx, key.district, record, &label, &sealed) {
                Err(VaultError::Erased | VaultError::NotFound) => Err(Fault::NotFound),
                plain => Ok(plain?.to_vec()),
            }
        };
        let bytes = self.hall.store.read(open).await?;
        let kind =
            Kind::parse(&file.kind).ok_or_else(|| Fault::Broken(format!("a paper of a power is {}", file.kind)))?;
        Ok(Opened { kind, bytes })
    }

    /// The file of a power for whoever may read it; a look of whoever mediates is written down.
    fn looked_at(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        number: &CaseNumber,
        power: Uuid,
    ) -> Result<(Known, PowerFile), Fault> {
        let (known, reader) = if page.visitor.staff() {
            (self.mediated(tx, number.as_str(), &page.visitor.actor, page.now)?, None)
        } else {
            let (known, _, member) = self.own_side(tx, page, number)?;
            (known, Some(member.code()))
        };
        let is_read = |row: &PowerRow| {
            let is_about = |reader: &String| row.giver == *reader || row.fellow == *reader;
            row.id == power && reader.as_ref().is_none_or(is_about)
        };
        let row = powers::of_case(tx, &known.key())?.into_iter().find(is_read).ok_or(Fault::NotFound)?;
        let file = powers::files(tx, &known.key())?.into_iter().find(|file| file.power == power);
        let file = file.ok_or(Fault::NotFound)?;
        if reader.is_none() {
            self.note_look(tx, page, &known, &row)?;
        }
        Ok((known, file))
    }

    /// Writes a look at the paper of a power down where the party who gave it reads it.
    fn note_look(&self, tx: &mut dyn Tx, page: &Page, known: &Known, row: &PowerRow) -> Result<(), Fault> {
        let giver = Member::read(&row.giver).and_then(|giver| known.case.parties_of(giver.side).get(giver.number));
        let Some(Holder::Record(record)) = giver.map(|party| &party.holder) else { return Ok(()) };
        let actor = &page.visitor.actor;
        let look = Look {
            account: actor.account,
            name: actor.name.clone(),
            place: self.hall.places.tree().chain(&known.case.office.place, Lang::Zh),
            purpose: page.in_chinese("hearings-power-file-look"),
            case_number: Some(known.case.number.clone()),
            at: page.now,
        };
        let district = known.key().district;
        self.hall.within_measure(tx, district, *record, &look)?;
        match self.hall.vault.looked(tx, district, *record, &look) {
            Err(VaultError::Erased | VaultError::NotFound) => Ok(()),
            done => Ok(done?),
        }
    }
}
