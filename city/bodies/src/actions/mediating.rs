//! Keeps the rosters of mediators, chooses one for a dispute, and counts what each has.
//!
//! A dispute is mediated by somebody of the roster of its office, whom nothing ties to a party. Where an office keeps
//! no roster, the name that was typed stands. Nobody is ranked: a roster shows how many open disputes each has.

use std::collections::BTreeMap;

use hall::Fault;
use identity::IdentityError;
use kernel::case::Holder;
use kernel::line::name_key;
use kernel::permission::{Actor, Target, may};
use kernel::place::{PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, Instant};
use serde_json::json;
use store::Tx;
use uuid::Uuid;
use vault::{Comparison, Labelled, PersonField};

use super::asked::Asked;
use super::keeping::first_of;
use super::people::LABEL;
use super::{By, Sealed, Stream, keeps, note};
use crate::Bodies;
use crate::permissions::May;
use crate::records::mediator as roster;
use crate::refusals::Why;
use crate::rules::ties::{Answers, Employer, Known, unfit};
use crate::rules::{happened, lines, named};
use crate::words::{Load, Matter, Mediator, Rostered};

/// Where the keys of these commands are kept apart from those of others.
const ENGAGE: &str = "bodies.engage";
const RELEASE: &str = "bodies.release";
/// The most mediators of a roster.
pub(super) const ROSTER: i64 = 500;
/// The most offices, or mediators with disputes, that are counted: more than a city has. A bound of the machine.
const OFFICES: i64 = 50_000;
/// What addresses of mediators are sealed as.
const HOME: &str = "bodies/home";
/// What the units where they work are sealed as.
const WORKPLACE: &str = "bodies/workplace";

/// A mediator as somebody enters him.
#[derive(Clone, Debug)]
pub struct NewMediator {
    /// The identity that he gets, also of the sealed record.
    pub id: Uuid,
    /// The place of the committee or centre.
    pub path: PlacePath,
    /// The name with which he signs in; empty where he has no account.
    pub login: String,
    /// The name as it is published.
    pub name: String,
    /// Where he lives, to find out ties alone; may be empty.
    pub address: String,
    /// Where he works; may be empty.
    pub employer: String,
    /// The codes of what he knows well.
    pub specialities: Vec<String>,
    /// Whether he is engaged; else a member of the committee.
    pub engaged: bool,
    /// The first day.
    pub from: Date,
    /// Whether he agreed that his name is published.
    pub agreed: bool,
}

/// A mediator as a roster shows him.
#[derive(Clone, Debug)]
pub struct OnRoster {
    /// What is kept of him.
    pub mediator: Mediator,
    /// The published name; none where it was deleted.
    pub name: Option<String>,
    /// How many open disputes he has.
    pub matters: i64,
}

/// A mediator as everybody sees him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// The identity on the roster.
    pub id: Uuid,
    /// The published name.
    pub name: String,
    /// The codes of what he knows well, with blanks between.
    pub specialities: String,
}

/// A dispute whose mediator nothing may tie to a party.
#[derive(Clone, Copy, Debug)]
pub struct Dispute<'d> {
    /// The district that keeps the case and the sealed records of its parties.
    pub district: PlaceId,
    /// The place of its office.
    pub office: &'d PlacePath,
    /// The parties.
    pub parties: &'d [&'d Holder],
    /// The names of those who act for a party by a power of attorney, as far as one of them may be the mediator.
    pub agents: &'d [String],
    /// The community whose property management it is about; none where it is about something else.
    pub managed: Option<&'d PlacePath>,
}

/// A dispute for which somebody chooses a mediator.
#[derive(Clone, Copy, Debug)]
pub struct Choosing<'c> {
    /// The dispute.
    pub dispute: Dispute<'c>,
    /// The name that was typed.
    pub name: &'c str,
    /// What the mediator says of ties: a code of [`crate::words::Tie`].
    pub tie: &'c str,
    /// Who enters the mediator.
    pub actor: &'c Actor,
    /// What was said of how it was checked that the mediator is not the party of the same name; none where the step
    /// does not ask for it.
    pub namesake: Option<&'c str>,
    /// The names of the answers that name the mediator, the tie, and how namesakes were told apart.
    pub fields: [&'c str; 3],
}

/// Who takes the step by which somebody begins to mediate.
#[derive(Clone, Copy, Debug)]
pub struct Begun<'b> {
    /// The name that was typed.
    pub name: &'b str,
    /// The account that takes the step.
    pub account: Option<Uuid>,
    /// Whether somebody mediated it before, who may be the one who takes the step.
    pub takes_over: bool,
}

/// What ties of mediators to the parties of a dispute are found by. Sealed values are compared, never shown.
pub(super) struct Ties<'d> {
    dispute: Dispute<'d>,
    /// The records of the parties.
    parties: Vec<Comparison>,
    /// Where the mediators live, by their identities.
    homes: BTreeMap<Uuid, String>,
    /// Where they work.
    workplaces: BTreeMap<Uuid, String>,
}

impl Bodies {
    /// Puts somebody on the roster of a committee or centre.
    ///
    /// # Errors
    /// No permission there, what is wrong with it, an account that is none, or a failure.
    pub fn engage(&self, tx: &mut dyn Tx, new: &NewMediator, by: &By<'_>) -> Result<(), Fault> {
        may(by.actor, May::BodiesEdit, &Target::at(new.path.clone()))?;
        let mut faults = named("mediator", &new.name);
        faults.extend((!new.agreed).then(|| Refusal::new(Why::BodiesAnnounced).field("agreed")));
        faults.extend(lines("address", &new.address));
        faults.extend(lines("employer", &new.employer));
        faults.extend(happened("from", new.from, self.today(by.now), None));
        let is_known = |code: &String| self.kinds.speciality.iter().any(|known| known.code == *code);
        faults.extend((!new.specialities.iter().all(is_known)).then(|| Refusal::new(Code::FormChoice).field("knows")));
        first_of(faults)?;
        let account = account_of(tx, &new.login)?;
        if let Some(account) = account
            && !Asked::default().mediates_at(tx, &new.path, account, self.today(by.now))?
        {
            return Err(Refusal::new(Why::BodiesNoPost).field("login").with("login", &new.login).into());
        }
        if !by.sent.is_first(tx, ENGAGE, by.now)? {
            return Ok(());
        }
        let at = Sealed { district: new.path.district(), record: new.id };
        self.begin_record(tx, at, by.now)?;
        let mediator = Mediator {
            district: at.district,
            id: new.id,
            path: new.path.clone(),
            account,
            name: self.cover(tx, at, LABEL, &kernel::line::name(&new.name))?,
            address: self.cover(tx, at, HOME, &new.address)?,
            employer: String::new(),
            workplace: self.cover(tx, at, WORKPLACE, &new.employer)?,
            specialities: new.specialities.join(" "),
            engaged: new.engaged,
            from_on: new.from,
            until_on: None,
            noted_name: by.actor.name.clone(),
            noted_at: by.now,
        };
        roster::add(tx, &mediator)?;
        let stream = Stream { district: mediator.district, id: mediator.id, kind: "bodies.engaged" };
        let detail = json!({
            "place": new.path.id(), "engaged": new.engaged, "knows": mediator.specialities,
            "from": new.from.to_string(), "account": account,
        });
        note(tx, &stream, &detail, by)
    }

    /// Takes somebody off the roster as of a day. The name is deleted some time after it.
    ///
    /// # Errors
    /// He is not theirs to keep, a day that is not in order, or a failure.
    pub fn release(&self, tx: &mut dyn Tx, id: Uuid, until: Date, by: &By<'_>) -> Result<(), Fault> {
        let found = roster::find(tx, id)?.filter(|one| keeps(by.actor, &one.path)).ok_or(Fault::NotFound)?;
        first_of(happened("until", until, self.today(by.now), Some(found.from_on)).into_iter().collect())?;
        if !by.sent.is_first(tx, RELEASE, by.now)? {
            return Ok(());
        }
        roster::end(tx, &found, until)?;
        self.let_go(tx, Sealed { district: found.district, record: found.id }, until, by.now)?;
        let stream = Stream { district: found.district, id: found.id, kind: "bodies.released" };
        note(tx, &stream, &json!({ "until": until.to_string() }), by)
    }

    /// The rosters of a place and of everything inside it, with how many open disputes each mediator has.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn rosters(&self, tx: &mut dyn Tx, place: &PlacePath) -> Result<Vec<OnRoster>, Fault> {
        let loads = roster::mediator_loads(tx, place, OFFICES)?;
        let mut found = Vec::new();
        let mediators = roster::inside(tx, place, ROSTER)?;
        let mut names = self.names_of(tx, &mediators)?;
        for mediator in mediators {
            let name = names.remove(&mediator.id);
            let matters = loads.iter().find(|load| load.mediator == mediator.id).map_or(0, |load| load.matters);
            found.push(OnRoster { mediator, name, matters });
        }
        Ok(found)
    }

    /// The mediators of exactly this place today: whom people may choose.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn mediators_at(&self, tx: &mut dyn Tx, place: &PlacePath, now: Instant) -> Result<Vec<Announced>, Fault> {
        let mediators = roster::on_roster(tx, place, self.today(now), ROSTER)?;
        let mut names = self.names_of(tx, &mediators)?;
        let announced = |mediator: Mediator| {
            let name = names.remove(&mediator.id)?;
            Some(Announced { id: mediator.id, name, specialities: mediator.specialities })
        };
        Ok(mediators.into_iter().filter_map(announced).collect())
    }

    /// Checks that a dispute is mediated by somebody of the roster whom nothing ties to a party. Where its office keeps
    /// no roster, everybody may but a party, and whoever has a tie by his own word. Whoever is called as a party is, or
    /// enters it for the mediator, says how it was checked that he is somebody else.
    ///
    /// # Errors
    /// Nobody of that name is on the roster, a tie to a party, nothing was said of ties, or a failure.
    pub fn check_mediator(&self, tx: &mut dyn Tx, choosing: &Choosing<'_>) -> Result<(), Fault> {
        let mediators = roster::on_roster(tx, choosing.dispute.office, self.today((self.hall.clock)()), ROSTER)?;
        let mut known = if mediators.is_empty() { Known::default() } else { self.fit(tx, choosing, &mediators)? };
        known.is_party |= acts_for_himself(choosing);
        for name in [choosing.name, choosing.actor.name.as_str()] {
            known.same_name |= self.is_called(tx, choosing, name)?;
        }
        let said = Answers { tie: choosing.tie, namesake: choosing.namesake };
        unfit(known, said, choosing.fields).map_or(Ok(()), |refusal| Err(refusal.into()))
    }

    /// What is known of ties of the mediator whose name was typed, and of whoever takes the step: he reads the file.
    fn fit(&self, tx: &mut dyn Tx, choosing: &Choosing<'_>, mediators: &[Mediator]) -> Result<Known, Fault> {
        let (wanted, [field, ..]) = (name_key(choosing.name), choosing.fields);
        let (mut known, mut acts_as_namesake) = (Err(Refusal::new(Why::BodiesNotOnRoster).field(field)), false);
        let names = self.names_of(tx, mediators)?;
        let name = |mediator: &Mediator| names.get(&mediator.id).map_or("", String::as_str);
        let is_wanted = |mediator: &Mediator| name_key(name(mediator)) == wanted;
        let acts = |mediator: &Mediator| mediator.account.is_some() && mediator.account == choosing.actor.account;
        let meant: Vec<Mediator> = mediators.iter().filter(|one| is_wanted(one) || acts(one)).cloned().collect();
        let ties = self.ties(tx, choosing.dispute, &meant)?;
        for mediator in &meant {
            let found = self.known_ties(tx, &ties, mediator, name(mediator))?;
            let acts = acts(mediator);
            if acts && !found.is_free() {
                return Ok(found);
            }
            acts_as_namesake |= acts && found.same_name;
            // Of two with one name the one without a tie is meant.
            if is_wanted(mediator) && (known.is_err() || found.is_free()) {
                known = Ok(found);
            }
        }
        let known = known?;
        Ok(Known { same_name: known.same_name || acts_as_namesake, ..known })
    }

    /// Whether a name is that of a party, or of somebody who acts for one.
    fn is_called(&self, tx: &mut dyn Tx, choosing: &Choosing<'_>, name: &str) -> Result<bool, Fault> {
        if is_of_agent(choosing.dispute, name) {
            return Ok(true);
        }
        for party in choosing.dispute.parties {
            let Holder::Record(record) = party else { continue };
            if self.hall.vault.matches(tx, choosing.dispute.district, *record, PersonField::Name, name)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What ties of some mediators to the parties of a dispute are found by: each party's record is opened once, and
    /// what is sealed of the mediators is opened together.
    pub(super) fn ties<'d>(
        &self,
        tx: &mut dyn Tx,
        dispute: Dispute<'d>,
        mediators: &[Mediator],
    ) -> Result<Ties<'d>, Fault> {
        let mut parties = Vec::new();
        for party in dispute.parties {
            if let Holder::Record(record) = party {
                parties.push(self.hall.vault.comparison(tx, dispute.district, *record)?);
            }
        }
        let homes = self.opened(tx, mediators, HOME, |mediator| mediator.address.as_deref())?;
        let workplaces = self.opened(tx, mediators, WORKPLACE, |mediator| mediator.workplace.as_deref())?;
        Ok(Ties { dispute, parties, homes, workplaces })
    }

    /// What the platform knows of ties between a mediator and the parties. Sealed values are compared, never shown.
    pub(super) fn known_ties(
        &self,
        tx: &mut dyn Tx,
        ties: &Ties<'_>,
        mediator: &Mediator,
        name: &str,
    ) -> Result<Known, Fault> {
        let (dispute, mut known, mut works_there) = (ties.dispute, Known::default(), false);
        known.same_name |= is_of_agent(dispute, name);
        let home = ties.homes.get(&mediator.id).map_or("", String::as_str);
        let employer = ties.workplaces.get(&mediator.id).unwrap_or(&mediator.employer).as_str();
        for party in &ties.parties {
            known.same_name |= party.matches(PersonField::Name, name);
            known.shares_home |= party.matches(PersonField::Address, home);
            works_there |= party.matches(PersonField::Name, employer);
        }
        for party in dispute.parties {
            match party {
                Holder::Account(account) => known.is_party |= mediator.account == Some(*account),
                Holder::Organisation { code, account } => {
                    works_there |= !employer.is_empty() && employer == *code;
                    known.is_party |= account.is_some() && mediator.account == *account;
                }
                Holder::Record(_) | Holder::Unit(_) | Holder::Nobody => {}
            }
        }
        let serves = match dispute.managed {
            Some(place) if !works_there && !employer.is_empty() => self.manages(tx, place, employer)?,
            _ => false,
        };
        known.works_for = match (works_there, serves) {
            (true, _) => Some(Employer::Party),
            (false, true) => Some(Employer::Company),
            (false, false) => None,
        };
        Ok(known)
    }

    /// Remembers where a dispute is, whether it goes on, and who mediates it: the one of the roster of its office whose
    /// name was typed; where he has no account, or the office keeps no roster, whoever took the step. Where another one
    /// takes over, it is never left to whoever took the step: that may be the one who is replaced.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn note_matter(
        &self,
        tx: &mut dyn Tx,
        matter: &Matter,
        begun: Option<Begun<'_>>,
        now: Instant,
    ) -> Result<(), Fault> {
        let mut matter = matter.clone();
        if let Some(begun) = begun {
            let named = self.on_roster_as(tx, &matter.office, begun, now)?;
            matter.mediator = named.as_ref().map(|mediator| mediator.id);
            let own = begun.account.filter(|_| !begun.takes_over);
            matter.account = named.and_then(|mediator| mediator.account).or(own);
        }
        Ok(roster::put_matter(tx, &matter, begun.is_some())?)
    }

    /// The mediator of a name on the roster of an office: of two with one name, the one who takes the step himself.
    fn on_roster_as(
        &self,
        tx: &mut dyn Tx,
        office: &PlacePath,
        begun: Begun<'_>,
        now: Instant,
    ) -> Result<Option<Mediator>, Fault> {
        let (wanted, mut another) = (name_key(begun.name), None);
        let mediators = roster::on_roster(tx, office, self.today(now), ROSTER)?;
        let mut names = self.names_of(tx, &mediators)?;
        for mediator in mediators {
            let name = names.remove(&mediator.id).unwrap_or_default();
            if name_key(&name) != wanted {
                continue;
            }
            if mediator.account.is_some() && mediator.account == begun.account && !begun.takes_over {
                return Ok(Some(mediator));
            }
            another = another.or(Some(mediator));
        }
        Ok(another)
    }

    /// How many open disputes the offices of a place and of everything inside it have.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn loads(&self, tx: &mut dyn Tx, place: &PlacePath) -> Result<Vec<Load>, Fault> {
        Ok(roster::loads(tx, place, OFFICES)?)
    }

    /// How many mediators the rosters of a place and of everything inside it have today.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn rostered(&self, tx: &mut dyn Tx, place: &PlacePath, now: Instant) -> Result<Vec<Rostered>, Fault> {
        Ok(roster::counts(tx, place, self.today(now), OFFICES)?)
    }

    /// The published names of some mediators by their identities, all asked for together; without those that were
    /// deleted.
    pub(super) fn names_of(&self, tx: &mut dyn Tx, mediators: &[Mediator]) -> Result<BTreeMap<Uuid, String>, Fault> {
        self.opened(tx, mediators, LABEL, |mediator| mediator.name.as_deref())
    }

    /// Something sealed of some mediators by their identities, opened together; without what was deleted.
    fn opened(
        &self,
        tx: &mut dyn Tx,
        mediators: &[Mediator],
        label: &str,
        sealed_of: impl Fn(&Mediator) -> Option<&[u8]>,
    ) -> Result<BTreeMap<Uuid, String>, Fault> {
        let mut sealed: BTreeMap<PlaceId, Vec<(Uuid, Labelled<'_>)>> = BTreeMap::new();
        for mediator in mediators {
            if let Some(bytes) = sealed_of(mediator) {
                let one = (mediator.id, Labelled { label: label.to_owned(), bytes });
                sealed.entry(mediator.district).or_default().push(one);
            }
        }
        let mut found = BTreeMap::new();
        for (district, sealed) in sealed {
            let plain = self.hall.vault.uncover_several(tx, district, &sealed)?;
            for ((id, _), plain) in sealed.iter().zip(plain) {
                found.extend(plain.map(|plain| (*id, String::from_utf8_lossy(&plain).into_owned())));
            }
        }
        Ok(found)
    }
}

/// Whether a name is that of somebody who acts for a party.
fn is_of_agent(dispute: Dispute<'_>, name: &str) -> bool {
    let wanted = name_key(name);
    !wanted.is_empty() && dispute.agents.iter().any(|agent| name_key(agent) == wanted)
}

/// Whether whoever acts is a party himself, by his account.
fn acts_for_himself(choosing: &Choosing<'_>) -> bool {
    let account = choosing.actor.account;
    account.is_some()
        && choosing.dispute.parties.iter().any(|party| match party {
            Holder::Account(own) => account == Some(*own),
            Holder::Organisation { account: own, .. } => account == *own,
            Holder::Record(_) | Holder::Unit(_) | Holder::Nobody => false,
        })
}

/// The account of a sign-in name; none where none is given.
fn account_of(tx: &mut dyn Tx, login: &str) -> Result<Option<Uuid>, Fault> {
    if login.is_empty() {
        return Ok(None);
    }
    let found = match identity::account_of_login(tx, login) {
        Err(IdentityError::Store(fault)) => return Err(fault.into()),
        found => found.map_err(|fault| Fault::Broken(fault.to_string()))?,
    };
    Ok(Some(found.ok_or_else(|| Refusal::new(Why::BodiesAccount).field("login").with("login", login))?))
}
