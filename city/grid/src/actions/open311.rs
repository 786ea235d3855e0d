//! Takes in what other systems report, and what they say of a report, each in one transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use cases::{Cases, Doing, Known};
use hall::Fault;
use kernel::case::{Case, Command, Relation, possible};
use kernel::permission::Actor;
use kernel::place::PlacePath;
use kernel::procedure::Procedure;
use kernel::refusal::{Code, Refusal};
use kernel::time::Instant;
use store::Tx;
use store::once::{Command as Keyed, Once};
use uuid::Uuid;
use vault::{Person, PersonField};

use crate::Grid;
use crate::catalogue::Severity;
use crate::kind::heard_from_unit;
use crate::records;
use crate::refusals::Why;
use crate::rules;
use crate::rules::open311::{Meant, by_platform, meant_by_reporter, meant_by_unit};
use crate::words::open311::{Sending, Shared, Step, Updating};
use crate::words::{DISPATCH, REPORTER, Report, SEVERITY};

/// Where the keys of what systems say are kept apart from those of others.
const UPDATE: &str = "grid.open311";
/// Where it is kept under which key a system sent the report that it names.
const NAMED: &str = "grid.open311.external";
/// What the interface calls the words that somebody sends.
pub(crate) const DESCRIPTION: &str = "description";
/// The most steps that one saying can mean.
const STEPS: usize = 8;

/// What a system may say of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voice {
    /// It speaks for whoever reported through it.
    pub reports: bool,
    /// It takes steps as the platform of whoever puts things right.
    pub acts: bool,
}

impl Grid {
    /// Takes in a report that another system sends for somebody, and says what others are told of it. Sent twice it
    /// answers the first: with the same key, or, while that is open, with the same name of that system under whatever
    /// key.
    ///
    /// # Errors
    /// A kind that is not known, words that are too long, or a failure.
    pub async fn report_from(self: &Arc<Self>, sending: Sending, actor: Actor, now: Instant) -> Result<Shared, Fault> {
        if let Some(refusal) = rules::fault(&self.catalogue, &sending.saying) {
            return Err(named(refusal.into(), "words", DESCRIPTION));
        }
        let Sending { saying, name, email, system, once, external } = sending;
        let mut new = self.reported_case(&saying, &once, now).await?;
        new.said = [new.said.as_str(), name.trim(), email.trim()].join("\n");
        let known = [(PersonField::Name, name), (PersonField::Telephone, saying.telephone.clone())];
        let known = known.into_iter().chain([(PersonField::Note, email)]).filter(|(_, said)| !said.trim().is_empty());
        let person = known.fold(Person::new(), |person, (field, said)| person.with(field, said.trim()));
        if let Some(record) = new.records.first_mut() {
            record.person = person;
        }
        let desk = self.clone();
        self.hall
            .store
            .write(move |tx| {
                let (mut new, name) = (new.clone(), external.as_ref().map(|name| format!("{system}/{name}")));
                if let Some(name) = &name {
                    new.once = desk.key_of_name(tx, name, new.once, now)?;
                }
                let given = desk.report_in(tx, &saying, &new, &actor, now)?;
                let shared = desk.share(tx, &given.case, Some(system))?;
                if let Some(name) = &name {
                    store::once::finish(tx, NAMED, name, &format!("{} {}", new.once, shared.number))?;
                }
                Ok(shared)
            })
            .await
    }

    /// The key under which a system sends a report that it names: the first one while what became of it is open, so
    /// that it is one report whatever key stands beside the name. Once that has ended, the same name with a new key
    /// asks again.
    fn key_of_name(&self, tx: &mut dyn Tx, name: &str, given: String, now: Instant) -> Result<String, Fault> {
        let Once::Again(before) = store::once::begin(tx, NAMED, name, "", now)? else { return Ok(given) };
        let Some((first, number)) = before.rsplit_once(' ') else { return Ok(given) };
        let key = match self.cases.known_number(tx, number) {
            Ok(known) => known.key(),
            Err(Fault::NotFound) => return Ok(given),
            Err(fault) => return Err(fault),
        };
        let shared = records::open311::find(tx, key.district, key.id)?;
        Ok(if shared.is_some_and(|shared| shared.open) { first.to_owned() } else { given })
    }

    /// Does what a system says of a report: the steps that it means and that it may take. Words that no step takes are
    /// kept beside the case: those of whoever reported as her message, those of a unit's platform as a note. Sent twice
    /// it is done once.
    ///
    /// # Errors
    /// There is no such report for it, it means no step that it may take now, it said something else under the same
    /// key, or its words are too many.
    pub async fn update(
        self: &Arc<Self>,
        updating: Updating,
        actor: Actor,
        voice: Voice,
        now: Instant,
    ) -> Result<Shared, Fault> {
        let desk = self.clone();
        self.hall.store.write(move |tx| desk.update_in(tx, &updating, &actor, voice, now)).await
    }

    fn update_in(
        &self,
        tx: &mut dyn Tx,
        updating: &Updating,
        actor: &Actor,
        voice: Voice,
        now: Instant,
    ) -> Result<Shared, Fault> {
        let mut known = self.cases.known_number(tx, &updating.number)?;
        let key = known.key();
        let before = records::open311::find(tx, key.district, key.id)?.ok_or(Fault::NotFound)?;
        let own = voice.reports && before.system == Some(updating.system);
        let inside = voice.acts && actor.grants.iter().any(|grant| grant.place.contains(&before.path));
        if !own && !inside {
            return Err(Fault::NotFound);
        }
        // The words may be about a person: they are told apart, and nobody can try out what they were.
        let asked = format!("{}/{}/{}", updating.number, updating.done, updating.words);
        let asked = self.hall.vault.told_apart(&asked);
        let once = format!("{}/{}", updating.system, updating.once);
        if !is_first(tx, updating, &once, &asked, now)? {
            return Ok(before);
        }
        let (mut shared, mut taken, mut told) = (before, 0, updating.words.is_empty());
        while taken < STEPS
            && let Some((meant, relation)) = self.next(&known, updating.done, actor, own, voice.acts)?
        {
            // Whoever reported says it from outside; the unit's platform, at the counter that keeps the case.
            let counter = (relation == Relation::default()).then(|| known.case.counter().unwrap_or(&known.case.place));
            let procedure = self.cases.procedure_of(&known.case)?;
            let command = command(procedure, &known.case, meant, &updating.words, counter.cloned());
            let once = format!("open311/{once}/{taken}");
            let doing = Doing { command: &command, once: &once, actor, relation, drawn: None, now };
            known = self.cases.go_on(tx, known, &doing)?;
            shared = self.share(tx, &known.case, shared.system)?;
            taken += 1;
            told |= meant.1.is_some();
        }
        if !own && !updating.done {
            heard_from_unit(&self.catalogue, tx, &known.case, &updating.words, now)?;
        }
        if taken == 0 && shared.open == updating.done {
            return Err(Refusal::new(Why::GridUpdateNothing).into());
        }
        if !told {
            if known.person.is_none() {
                return Err(Refusal::new(Why::GridUpdateWords).field(DESCRIPTION).into());
            }
            let (kind, once) = (if own { "from_applicant" } else { "note" }, format!("open311/{once}"));
            let said = cases::Saying { kind, text: &updating.words, once: &once, party: None };
            self.cases.said_by(tx, &known, said, actor, now).map_err(|fault| named(fault, "text", DESCRIPTION))?;
        }
        store::once::finish(tx, UPDATE, &once, "")?;
        Ok(shared)
    }

    /// The step that a system means as the case stands, and how it stands to the case; none where it may not take it.
    fn next(
        &self,
        known: &Known,
        done: bool,
        actor: &Actor,
        own: bool,
        acts: bool,
    ) -> Result<Option<(Meant, Relation)>, Fault> {
        let (case, procedure) = (&known.case, self.cases.procedure_of(&known.case)?);
        let reporter = Cases::sealed_party(case, REPORTER).filter(|_| own).map(Relation::of_record);
        let can = |meant: &Meant, relation: &Relation| {
            possible(procedure, case, actor, relation).iter().any(|(name, _)| *name == meant.0)
        };
        let said = reporter.and_then(|relation| {
            let meant = meant_by_reporter(&case.state, done).iter().find(|meant| can(meant, &relation))?;
            Some((*meant, relation))
        });
        let worked = || {
            let (meant, relation) = (meant_by_unit(&case.state, done).filter(|_| acts)?, Relation::default());
            can(&meant, &relation).then_some((meant, relation))
        };
        Ok(said.or_else(worked))
    }

    /// Remembers how a report stands for others, without a step of its own.
    pub(crate) fn remember_shared(&self, tx: &mut dyn Tx, case: &Case, system: Option<Uuid>) -> Result<Shared, Fault> {
        let report = records::find(tx, cases::district(case), case.id.0)?.ok_or(Fault::NotFound)?;
        let shared = self.shared(&report, case, system)?;
        records::open311::put(tx, &shared)?;
        Ok(shared)
    }

    /// Remembers what others are told of a report after a step, as its case stands now.
    pub(crate) fn share(&self, tx: &mut dyn Tx, case: &Case, system: Option<Uuid>) -> Result<Shared, Fault> {
        let shared = self.remember_shared(tx, case, system)?;
        let step = Step {
            number: shared.number.clone(),
            sequence: shared.sequence,
            state: shared.state.clone(),
            open: shared.open,
            at: shared.updated_at,
        };
        records::open311::put_step(tx, &shared, &step)?;
        Ok(records::open311::find(tx, shared.district, shared.case_id)?.unwrap_or(shared))
    }

    fn shared(&self, report: &Report, case: &Case, system: Option<Uuid>) -> Result<Shared, Fault> {
        let open = !self.is_over(case, &case.state)?;
        Ok(rules::open311::shared(report, case, open, &self.hall.calendar(), system))
    }

    /// Whether nothing follows after a state of a case.
    pub(crate) fn is_over(&self, case: &Case, state: &str) -> Result<bool, Fault> {
        Ok(rules::stage::is_over(self.cases.procedure_of(case)?, state))
    }
}

/// Takes the key of what a system says of a report. Says whether it is said for the first time.
fn is_first(tx: &mut dyn Tx, updating: &Updating, once: &str, asked: &str, now: Instant) -> Result<bool, Fault> {
    match store::once::begin(tx, UPDATE, once, asked, now)? {
        Once::Again(_) => return Ok(false),
        Once::Conflict => return Err(Refusal::new(Code::RequestSentDifferently).into()),
        Once::New => {}
    }
    let Some(earlier) = &updating.earlier else { return Ok(true) };
    let key = format!("{}/{earlier}", updating.system);
    let done = store::once::was_done(tx, Keyed { scope: UPDATE, key: &key, digest: asked })?;
    if done {
        store::once::finish(tx, UPDATE, once, "")?;
    }
    Ok(!done)
}

/// A refusal in the words of the interface: what is wrong with one of our fields is wrong with the one that was sent.
fn named(fault: Fault, ours: &str, theirs: &'static str) -> Fault {
    match fault {
        Fault::Refused(refusal) if refusal.field.as_deref() == Some(ours) => {
            refusal.field(theirs).with("label", theirs).into()
        }
        fault => fault,
    }
}

fn command(procedure: &Procedure, case: &Case, meant: Meant, words: &str, counter: Option<PlacePath>) -> Command {
    let (action, field) = meant;
    let said = field.map(|field| (field.to_owned(), words.to_owned()));
    // Another platform does not say how severe a matter was. What is done counts as an ordinary one.
    let ordinary = rules::asks_severity(case) && action == DISPATCH;
    let severe = ordinary.then(|| (SEVERITY.to_owned(), Severity::Ordinary.code().to_owned()));
    Command::Act {
        action: action.to_owned(),
        fields: said.into_iter().chain(severe).chain(by_platform(procedure, action)).collect::<BTreeMap<_, _>>(),
        papers: Vec::new(),
        counter,
        on_behalf: false,
    }
}
