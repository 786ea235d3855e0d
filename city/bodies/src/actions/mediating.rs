//! Keeps the rosters of mediators, chooses one for a dispute, and counts what each has.
//!
//! A dispute is mediated by somebody of the roster of its office, whom nothing ties to a party. Where an office keeps
//! no roster, the name that was typed stands. Nobody is ranked: a roster shows how many open disputes each has.

use std::collections::BTreeSet;

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
use vault::PersonField;

use super::asked::Asked;
use super::keeping::first_of;
use super::people::LABEL;
use super::{By, Sealed, Stream, keeps, note};
use crate::Bodies;
use crate::permissions::May;
use crate::records::mediator as roster;
use crate::refusals::Why;
use crate::rules::ties::{Employer, Known, unfit};
use crate::rules::{happened, lines, named};
use crate::words::{Load, Matter, Mediator, Rostered};

/// Where the keys of these commands are kept apart from those of others.
const ENGAGE: &str = "bodies.engage";
const RELEASE: &str = "bodies.release";
/// The most mediators of a roster.
pub(super) const ROSTER: i64 = 500;
/// The most open disputes of somebody's offices that are looked at.
const OPEN_MOST: i64 = 10_000;
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

/// A dispute for which somebody chooses a mediator.
#[derive(Clone, Copy, Debug)]
pub struct Choosing<'c> {
    /// The district that keeps the case and the sealed records of its parties.
    pub district: PlaceId,
    /// The place of its office.
    pub office: &'c PlacePath,
    /// The parties.
    pub parties: &'c [&'c Holder],
    /// The name that was typed.
    pub name: &'c str,
    /// What the mediator says of ties: a code of [`crate::words::Tie`].
    pub tie: &'c str,
    /// Who enters the mediator.
    pub actor: &'c Actor,
    /// The community whose property management it is about; none where it is about something else.
    pub managed: Option<&'c PlacePath>,
    /// The names of the answers that name the mediator and the tie.
    pub fields: [&'c str; 2],
}

/// Who takes the step by which somebody begins to mediate.
#[derive(Clone, Copy, Debug)]
pub struct Begun<'b> {
    /// The name that was typed.
    pub name: &'b str,
    /// The account that takes the step.
    pub account: Option<Uuid>,
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
        for mediator in roster::inside(tx, place, ROSTER)? {
            let name = self.mediator_name(tx, &mediator)?;
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
        let mut found = Vec::new();
        for mediator in roster::on_roster(tx, place, self.today(now), ROSTER)? {
            if let Some(name) = self.mediator_name(tx, &mediator)? {
                found.push(Announced { id: mediator.id, name, specialities: mediator.specialities });
            }
        }
        Ok(found)
    }

    /// Checks that a dispute is mediated by somebody of the roster whom nothing ties to a party. Where its office keeps
    /// no roster, everybody may but a party, and whoever has a tie by his own word.
    ///
    /// # Errors
    /// Nobody of that name is on the roster, a tie to a party, nothing was said of ties, or a failure.
    pub fn check_mediator(&self, tx: &mut dyn Tx, choosing: &Choosing<'_>) -> Result<(), Fault> {
        let [field, tie] = choosing.fields;
        for name in [choosing.name, choosing.actor.name.as_str()] {
            if self.is_party(tx, choosing, name)? {
                return Err(Refusal::new(Why::BodiesHimself).field(field).into());
            }
        }
        let mediators = roster::on_roster(tx, choosing.office, self.today((self.hall.clock)()), ROSTER)?;
        let known = if mediators.is_empty() { Known::default() } else { self.fit(tx, choosing, &mediators)? };
        unfit(known, choosing.tie, [field, tie]).map_or(Ok(()), |refusal| Err(refusal.into()))
    }

    /// What is known of ties of the mediator whose name was typed, and of whoever takes the step: he reads the file.
    fn fit(&self, tx: &mut dyn Tx, choosing: &Choosing<'_>, mediators: &[Mediator]) -> Result<Known, Fault> {
        let (wanted, [field, _]) = (name_key(choosing.name), choosing.fields);
        let mut known = Err(Refusal::new(Why::BodiesNotOnRoster).field(field));
        for mediator in mediators {
            let name = self.mediator_name(tx, mediator)?.unwrap_or_default();
            let is_wanted = name_key(&name) == wanted;
            let acts = mediator.account.is_some() && mediator.account == choosing.actor.account;
            if !is_wanted && !acts {
                continue;
            }
            let found = self.known_ties(tx, choosing, mediator, &name)?;
            if acts && found != Known::default() {
                return Ok(found);
            }
            // Of two with one name the one without a tie is meant.
            if is_wanted && (known.is_err() || found == Known::default()) {
                known = Ok(found);
            }
        }
        Ok(known?)
    }

    /// Whether a name, or the account of whoever acts, is that of a party.
    fn is_party(&self, tx: &mut dyn Tx, choosing: &Choosing<'_>, name: &str) -> Result<bool, Fault> {
        let account = choosing.actor.account;
        for party in choosing.parties {
            let is_one = match party {
                Holder::Record(record) => {
                    self.hall.vault.matches(tx, choosing.district, *record, PersonField::Name, name)?
                }
                Holder::Account(own) => account == Some(*own),
                Holder::Organisation { account: own, .. } => own.is_some() && *own == account,
                Holder::Unit(_) | Holder::Nobody => false,
            };
            if is_one {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What the platform knows of ties between a mediator and the parties. Sealed values are compared, never shown.
    fn known_ties(
        &self,
        tx: &mut dyn Tx,
        choosing: &Choosing<'_>,
        mediator: &Mediator,
        name: &str,
    ) -> Result<Known, Fault> {
        let at = Sealed { district: mediator.district, record: mediator.id };
        let home = self.uncover(tx, at, HOME, mediator.address.as_deref())?.unwrap_or_default();
        let sealed = self.uncover(tx, at, WORKPLACE, mediator.workplace.as_deref())?;
        let employer = sealed.unwrap_or_else(|| mediator.employer.clone());
        let (vault, district, mut known) = (&self.hall.vault, choosing.district, Known::default());
        let mut works_there = false;
        for party in choosing.parties {
            match party {
                Holder::Record(record) => {
                    known.is_party |= vault.matches(tx, district, *record, PersonField::Name, name)?;
                    known.shares_home |= vault.matches(tx, district, *record, PersonField::Address, &home)?;
                    works_there |= vault.matches(tx, district, *record, PersonField::Name, &employer)?;
                }
                Holder::Account(account) => known.is_party |= mediator.account == Some(*account),
                Holder::Organisation { code, account } => {
                    works_there |= !employer.is_empty() && employer == *code;
                    known.is_party |= account.is_some() && mediator.account == *account;
                }
                Holder::Unit(_) | Holder::Nobody => {}
            }
        }
        let serves = match choosing.managed {
            Some(place) if !works_there && !employer.is_empty() => self.manages(tx, place, &employer)?,
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
    /// name was typed; where he has no account, or the office keeps no roster, whoever took the step.
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
            matter.account = named.and_then(|mediator| mediator.account).or(begun.account);
        }
        Ok(roster::put_matter(tx, &matter)?)
    }

    /// The mediator of a name on the roster of an office: of two with one name, the one who takes the step himself.
    fn on_roster_as(
        &self,
        tx: &mut dyn Tx,
        office: &PlacePath,
        begun: Begun<'_>,
        now: Instant,
    ) -> Result<Option<Mediator>, Fault> {
        let (wanted, mut named) = (name_key(begun.name), None);
        for mediator in roster::on_roster(tx, office, self.today(now), ROSTER)? {
            let name = self.mediator_name(tx, &mediator)?.unwrap_or_default();
            if name_key(&name) != wanted {
                continue;
            }
            if mediator.account.is_some() && mediator.account == begun.account {
                return Ok(Some(mediator));
            }
            named = named.or(Some(mediator));
        }
        Ok(named)
    }

    /// Whether an account is that of the mediator of a dispute; none where nobody mediates it: nobody was named yet at
    /// its office, he left the roster, or his account holds no post there any more.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn is_mediator(
        &self,
        tx: &mut dyn Tx,
        district: PlaceId,
        case_id: Uuid,
        actor: &Actor,
    ) -> Result<Option<bool>, Fault> {
        let Some(matter) = roster::matter(tx, district, case_id)? else { return Ok(None) };
        let account = self.mediating(tx, &matter, &mut Asked::default())?;
        Ok(account.map(|account| actor.account == Some(account)))
    }

    /// Those of some disputes that somebody else mediates, each by its district and its case.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn others_of(
        &self,
        tx: &mut dyn Tx,
        cases: &[(PlaceId, Uuid)],
        actor: &Actor,
    ) -> Result<BTreeSet<Uuid>, Fault> {
        let matters = roster::matters(tx, cases)?;
        Ok(self.others(tx, &matters, actor)?.into_iter().map(|matter| matter.case_id).collect())
    }

    /// The open disputes at the offices of a place, or inside it, that somebody else mediates, each by its district
    /// and its case.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn others_inside(
        &self,
        tx: &mut dyn Tx,
        place: &PlacePath,
        actor: &Actor,
    ) -> Result<Vec<(PlaceId, Uuid)>, Fault> {
        let matters = roster::open_inside(tx, place, OPEN_MOST)?;
        let others = self.others(tx, &matters, actor)?.into_iter();
        Ok(others.map(|matter| (matter.district, matter.case_id)).collect())
    }

    fn others<'m>(&self, tx: &mut dyn Tx, matters: &'m [Matter], actor: &Actor) -> Result<Vec<&'m Matter>, Fault> {
        let (mut asked, mut found) = (Asked::default(), Vec::new());
        for matter in matters {
            let account = self.mediating(tx, matter, &mut asked)?;
            if account.is_some() && account != actor.account {
                found.push(matter);
            }
        }
        Ok(found)
    }

    /// The account that mediates a dispute today; none where nobody does.
    fn mediating(&self, tx: &mut dyn Tx, matter: &Matter, asked: &mut Asked) -> Result<Option<Uuid>, Fault> {
        let today = self.today((self.hall.clock)());
        let mut account = matter.account;
        if let Some(id) = matter.mediator
            && let Some(mediator) = asked.mediator(tx, id)?
        {
            let left = mediator.until_on.is_some_and(|until| until <= today);
            if left || mediator.path != matter.office {
                return Ok(None);
            }
            account = account.or(mediator.account);
        }
        let Some(account) = account else { return Ok(None) };
        Ok(asked.mediates_at(tx, &matter.office, account, today)?.then_some(account))
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

    fn mediator_name(&self, tx: &mut dyn Tx, mediator: &Mediator) -> Result<Option<String>, Fault> {
        let at = Sealed { district: mediator.district, record: mediator.id };
        self.uncover(tx, at, LABEL, mediator.name.as_deref())
    }
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
