//! What a side reads on her own page: what this is and who asks her, how it stands with her answer, the text before she
//! signs it, what she said herself, and what is left to her once it ended.

use bodies::Announced;
use cases::Key;
use cases::kind::{Own, Section};
use hall::Fault;
use house::BesideLink;
use kernel::calendar::Calendar;
use kernel::case::{Case, Event, Recorded};
use kernel::procedure::Procedure;
use kernel::time::Instant;
use store::Tx;
use uuid::Uuid;
use web::Page;

use super::choosing::{barred_told, parted};
use super::{Mediations, key};
use crate::actions::naming::{committee, reached};
use crate::actions::powers::powers_of;
use crate::actions::reading::{Proposal, agreement_of, proposals_of};
use crate::actions::rooms::{Taken, arranged, called_off};
use crate::actions::told::{Reader, agreement_sections, member_read, time_in};
use crate::records::{self, inside};
use crate::rules::agreement::{is_agreed_in, is_kept_in, is_seen_in};
use crate::rules::asking::{
    Said, agent_on_mediation, agent_on_step, asked, asked_about, called, is_asked_again, of_mediation, of_step,
};
use crate::rules::choosing::{agreed, choice, is_chosen};
use crate::rules::court::{asked_until, effect_day, is_asked_in};
use crate::rules::guarding::lapsed_at;
use crate::rules::people::{consents, is_several, member_of};
use crate::words::asking::{ASKED_IN, BEGIN, CHANGE_OPEN, COURT_IN, ENDED, INVITING, MEETS, OPENNESS, TO_SIGN};
use crate::words::inside::{ANSWERS, PROPOSERS, SessionRow, named};
use crate::words::people::Member;
use crate::words::power::Power;
use crate::words::{CLASS, DRAFT, FACTS, MEDIATES, MEDIATOR, SIDES};

/// Of the other ways after a mediation: how many lines there are.
const WAYS_LEFT: usize = 3;
/// Who proposes beside the sides.
const BY_MEDIATOR: &str = "mediator";

/// Who reads what.
struct Reading<'r> {
    page: &'r Page,
    case: &'r Case,
    events: &'r [Recorded],
    procedure: &'r Procedure,
    side: &'static str,
    /// Which of the people of the side.
    number: usize,
    /// How she reads of herself and of the other side.
    reader: Reader,
    /// What the agent is called by whom her answer of now was given; none where she gave it herself.
    agent: Option<String>,
}

impl Mediations {
    /// What the side reads whose sealed record that is; nothing for anybody else.
    pub(super) fn own_of(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        case: &Case,
        events: &[Recorded],
        record: Option<Uuid>,
    ) -> Result<Own, Fault> {
        let Some(Member { side, number }) = record.and_then(|record| member_of(case, record)) else {
            return Ok(Own::default());
        };
        let desk = self.desk()?;
        let (procedure, reader) = (desk.procedure_of(case)?, Reader::of(case, record));
        let reading = Reading { page, case, events, procedure, side, number, reader, agent: None };
        // What goes on without her is not hers to read.
        if reading.has_left() {
            let stands = Some(page.t("hearings-own-left"));
            return Ok(Own { stands, after: vec![reading.after()], ..Own::default() });
        }
        let key = key(case);
        let reading = Reading { agent: self.agent_of(tx, &reading, &key)?, ..reading };
        let mut before = Vec::new();
        if case.state == INVITING && !reading.is_asker() {
            before.push(self.invited(tx, &reading)?);
        }
        if case.state == INVITING {
            before.extend(self.to_choose(tx, &reading)?);
        }
        if case.state == TO_SIGN || asked(events, reading.procedure) == Some(DRAFT) {
            before.extend(agreement_sections(page, &agreement_of(&self.hall, tx, &key)?, reader));
        }
        let coming = coming(tx, page, case)?;
        before.extend(reading.awaited(&coming));
        if is_asked_in(&case.state) {
            before.extend(reading.court(&self.hall.calendar()));
        }
        let ended = ENDED.contains(&case.state.as_str());
        let guardian = self.guardian_of(tx, &reading, &key)?;
        let own = Own {
            instead: guardian.as_ref().and_then(|guardian| reading.instead(guardian)),
            ahead: coming.iter().map(|when| page.t1("hearings-own-coming", "when", when)).collect(),
            doors: reading.doors(),
            question: reading.question(),
            stands: reading.stands(),
            facts: reading.facts().into_iter().chain(guardian.map(|guardian| reading.guarded(&guardian))).collect(),
            before,
            after: if ended { vec![reading.after()] } else { Vec::new() },
            kept: self.kept(tx, &reading, &key)?,
            links: if ended { vec![reading.paper()] } else { Vec::new() },
        };
        Ok(told_off(page, own, off(tx, &reading, &key)?))
    }

    /// What the agent is called by whom her answer of now was given; none where she gave it herself. She gave him the
    /// power, so she may read his name.
    fn agent_of(&self, tx: &mut dyn Tx, reading: &Reading<'_>, key: &Key) -> Result<Option<String>, Fault> {
        let Some(id) = reading.power() else { return Ok(None) };
        let power = powers_of(&self.hall, tx, key)?.into_iter().find(|power| power.row.id.to_string() == id);
        Ok(power.map(|power| reading.called(&power)))
    }

    /// Who consents and signs for her by law; none where nobody does.
    fn guardian_of(&self, tx: &mut dyn Tx, reading: &Reading<'_>, key: &Key) -> Result<Option<Power>, Fault> {
        let (page, own) = (reading.page, Member { side: reading.side, number: reading.number }.code());
        let is_hers = |power: &Power| power.row.giver == own && power.row.guards(page.today());
        Ok(powers_of(&self.hall, tx, key)?.into_iter().find(is_hers))
    }

    /// Who asks her, that it is free, that she may stop at any time, and where she finds whoever mediates.
    fn invited(&self, tx: &mut dyn Tx, reading: &Reading<'_>) -> Result<Section, Fault> {
        let (page, case) = (reading.page, reading.case);
        let place = &case.office.place;
        let name = committee(&self.bodies, &self.hall, tx, page, place)?;
        let mut lines = vec![
            page.t2("hearings-own-invited", "committee", &name, "class", self.called(case, page.lang)),
            page.t("hearings-own-free"),
            page.t("hearings-own-will"),
        ];
        lines.extend(reached_by(page, reached(&self.bodies, tx, case)?));
        lines.push(page.t("hearings-own-talk"));
        Ok(Section { title: page.t("hearings-own-what"), lines })
    }

    /// Whom she may choose to mediate (第十九条), of those whose names are published, and who cannot be chosen; nothing
    /// where there is nobody.
    fn to_choose(&self, tx: &mut dyn Tx, reading: &Reading<'_>) -> Result<Option<Section>, Fault> {
        let page = reading.page;
        let (mut mediators, barred) = parted(self.candidates(tx, reading.case)?);
        let class = reading.case.fields.get(CLASS).and_then(|code| self.classes.get(code));
        let wanted = class.map(|class| class.knows.as_slice()).unwrap_or_default();
        // Those who know such matters well stand first; nobody is graded.
        mediators.sort_by_key(|one| !one.specialities.split(' ').any(|known| wanted.iter().any(|code| code == known)));
        let told = |one: Announced| {
            let knows = self.bodies.specialities(&one.specialities, page.lang);
            let told = || page.t2("hearings-choose-one", "name", &one.name, "knows", &knows);
            if knows.is_empty() { one.name.clone() } else { told() }
        };
        let names: Vec<String> = mediators.into_iter().map(told).collect();
        if names.is_empty() {
            return Ok(None);
        }
        let names = names.join(page.lang.pick("、", ", "));
        let mut lines = vec![page.t1("hearings-own-mediators", "names", names), page.t("hearings-own-choose")];
        lines.extend(barred_told(page, &barred));
        Ok(Some(Section { title: page.t("hearings-own-who"), lines }))
    }

    /// What she said herself, and what was proposed by her and by whoever mediates.
    fn kept(&self, tx: &mut dyn Tx, reading: &Reading<'_>, key: &Key) -> Result<Vec<Section>, Fault> {
        let (page, case, side) = (reading.page, reading.case, reading.side);
        let mut kept = Vec::new();
        // What whoever mediates wrote when it was offered or transferred is no word of hers.
        let facts = case.fields.get(FACTS).filter(|facts| reading.is_asker() && !facts.is_empty());
        kept.extend(facts.map(|facts| Section { title: page.t("hearings-own-said"), lines: vec![facts.clone()] }));
        if !is_seen_in(&case.state) && !ENDED.contains(&case.state.as_str()) {
            return Ok(kept);
        }
        if is_agreed_in(&case.state) {
            kept.extend(agreement_sections(page, &agreement_of(&self.hall, tx, key)?, reading.reader));
        }
        let proposals = proposals_of(&self.hall, tx, key)?;
        let hers = proposals.iter().filter(|one| one.row.made_by == side || one.row.made_by == BY_MEDIATOR);
        let lines: Vec<String> = hers.map(|one| proposed(page, one, reading.reader)).collect();
        kept.extend((!lines.is_empty()).then(|| Section { title: page.t("hearings-own-proposals"), lines }));
        Ok(kept)
    }
}

/// By which telephone, where and when whoever mediates is reached, as far as it is kept; none where nothing is.
fn reached_by(page: &Page, told: [String; 3]) -> Option<String> {
    let named = ["hearings-own-telephone", "hearings-own-address", "hearings-own-hours"].into_iter().zip(told);
    let parts = named.filter(|(_, text)| !text.is_empty()).map(|(key, text)| page.t1(key, "text", text));
    let parts: Vec<String> = parts.collect();
    (!parts.is_empty()).then(|| parts.join(page.lang.pick("；", "; ")))
}

/// A proposal in one line.
fn proposed(page: &Page, proposal: &Proposal, reader: Reader) -> String {
    let row = &proposal.row;
    let (date, who) = (page.date(row.made_on), page.t(reader.key(&PROPOSERS, &row.made_by)));
    let answer = page.t(named(&ANSWERS, &row.answer));
    let what = if proposal.what.is_empty() { page.t("hearings-erased") } else { proposal.what.clone() };
    let values = [("date", &date), ("who", &who), ("what", &what), ("answer", &answer)];
    page.text("hearings-own-proposal", &values.map(|(name, text)| (name, text.as_str())))
}

/// When the sessions were to be that were called off and whose day is not over, as long as her side has come to none
/// since.
fn off(tx: &mut dyn Tx, reading: &Reading<'_>, key: &Key) -> Result<Vec<String>, Fault> {
    let (page, zone) = (reading.page, reading.page.zone());
    let taken = called_off(tx, reading.case, page.today())?;
    if taken.is_empty() {
        return Ok(Vec::new());
    }
    let came = |row: &SessionRow| row.came.split(' ').any(|code| code == reading.side);
    let began = |row: SessionRow| zone.instant(row.held_on, u32::try_from(row.begins_at).unwrap_or_default());
    let last = inside::sessions(tx, key)?.into_iter().filter(came).map(began).max();
    // Of a time that was called off it is kept when that was.
    let stands = |taken: &&Taken| last.is_none_or(|last| last < taken.at.booked_at);
    Ok(taken.iter().filter(stands).map(|taken| time_in(page, taken)).collect())
}

/// Tells her which sessions were called off: before everything else, and below what she is asked while she is.
fn told_off(page: &Page, mut own: Own, off: Vec<String>) -> Own {
    if off.is_empty() {
        return own;
    }
    if own.question.is_some() {
        own.kept.insert(0, Section { title: page.t("hearings-own-off"), lines: off });
    } else {
        own.ahead.extend(off.iter().map(|when| page.t1("hearings-own-called-off", "when", when)));
    }
    own
}

/// When and where the sides are awaited: the sessions that are still to come.
pub(super) fn coming(tx: &mut dyn Tx, page: &Page, case: &Case) -> Result<Vec<String>, Fault> {
    let taken = arranged(tx, case)?;
    let place = records::point(tx, &case.place)?.map(|point| point.room).unwrap_or_default();
    let ahead = taken.iter().filter(|taken| taken.at.day >= page.today());
    Ok(ahead.map(|taken| page.t2("hearings-coming", "when", time_in(page, taken), "place", &place)).collect())
}

impl Reading<'_> {
    /// The step by which the case was opened.
    fn opened(&self) -> &str {
        match self.events.first().map(|one| &one.event) {
            Some(Event::Opened(opened)) => &opened.action,
            _ => "",
        }
    }

    /// Whether she is the one who asked for the mediation.
    fn is_asker(&self) -> bool {
        Member { side: self.side, number: self.number } == Member::ASKER && self.opened() == "apply"
    }

    /// Whether she left the mediation, which goes on with the others of her side.
    fn has_left(&self) -> bool {
        self.case.parties_of(self.side).get(self.number).is_some_and(|party| party.left_at.is_some())
    }

    /// Whether she consents to what she is asked now.
    fn has_consented(&self) -> bool {
        let party = self.case.parties_of(self.side).get(self.number);
        party.is_some_and(|party| party.consented_at.is_some())
    }

    /// What somebody is called who acts for her by a power.
    fn called(&self, power: &Power) -> String {
        match (power.row.fellow.as_str(), power.name.as_str()) {
            ("", "") => self.page.t("hearings-erased"),
            ("", name) => name.to_owned(),
            (fellow, _) => member_read(self.page, fellow, self.reader),
        }
    }

    /// Who consents and signs for her by law, as a fact of her page.
    fn guarded(&self, guardian: &Power) -> (String, String) {
        let told = self.page.t1("hearings-own-guardian-text", "name", self.called(guardian));
        (self.page.t("hearings-own-guardian"), told)
    }

    /// Who answers what she is asked now, in place of the button that is not hers; none where she is asked nothing.
    fn instead(&self, guardian: &Power) -> Option<String> {
        let question = self.question()?;
        let key = if guardian.row.is_shown() { "hearings-own-guardian-asked" } else { "hearings-own-guardian-unseen" };
        Some(self.page.t2(key, "name", self.called(guardian), "question", question))
    }

    /// The key of a text that says who is still waited for: the other side, or others too where a side is several
    /// people.
    fn waiting(&self, [one, several]: [&'static str; 2]) -> &'static str {
        if SIDES.into_iter().any(|side| is_several(self.case, side)) { several } else { one }
    }

    /// What the step is called about which both sides were asked.
    fn step(&self) -> Option<&str> {
        let step = asked(self.events, self.procedure)?;
        let plain = || self.procedure.actions.get(step).map(|step| &step.title);
        called(self.procedure, step).or_else(plain).map(|title| self.page.of(title))
    }

    /// When and where they meet, where she is asked whether they do.
    fn awaited(&self, coming: &[String]) -> Option<Section> {
        let is_meeting = asked(self.events, self.procedure).is_some_and(|step| MEETS.contains(&step));
        if !is_meeting || self.has_consented() {
            return None;
        }
        let none = || vec![self.page.t("hearings-own-no-time")];
        let lines = if coming.is_empty() { none() } else { coming.to_vec() };
        Some(Section { title: self.page.t("hearings-arranged"), lines })
    }

    /// What it means to ask the court together, and until when; nothing once that day is over.
    fn court(&self, calendar: &Calendar) -> Option<Section> {
        let page = self.page;
        let until = asked_until(self.case, effect_day(self.events), calendar);
        let last = until.filter(|last| *last >= page.today())?;
        let lines = vec![page.t1("hearings-own-court", "date", page.date(last))];
        Some(Section { title: page.t("hearings-court-title"), lines })
    }

    /// Where she reads what was agreed and says how it is kept, while it is to be kept.
    fn doors(&self) -> Vec<BesideLink> {
        if !is_kept_in(&self.case.state) {
            return Vec::new();
        }
        let door = |tail: &str, key: &str| BesideLink {
            href: format!("/follow/{}/agreement{tail}", self.case.number),
            text: self.page.t(key),
            is_open: false,
        };
        vec![door("", "hearings-own-read-agreement"), door("?broken=1", "hearings-own-broken")]
    }

    fn day(&self, at: Instant) -> String {
        self.page.date(self.page.zone().date(at))
    }

    /// What she is asked now, and that it is again where somebody joined after she had said yes, or where that came to
    /// count no longer.
    fn question(&self) -> Option<String> {
        let (page, question) = (self.page, self.asks()?);
        let member = Member { side: self.side, number: self.number };
        if lapsed_at(self.events, self.procedure, member).is_some() {
            return Some(format!("{}{}{question}", page.t("hearings-own-lapsed"), page.lang.pick("", " ")));
        }
        if !is_asked_again(self.events, self.procedure, member) {
            return Some(question);
        }
        Some(format!("{}{}{question}", page.t("hearings-own-joined"), page.lang.pick("", " ")))
    }

    fn asks(&self) -> Option<String> {
        let page = self.page;
        if self.has_consented() {
            return None;
        }
        match self.case.state.as_str() {
            INVITING => Some(page.t("hearings-own-asked-mediation")),
            TO_SIGN => Some(page.t("hearings-own-asked-sign")),
            state if ASKED_IN.contains(&state) => {
                let step = self.step()?;
                Some(match asked_about(self.events, self.procedure) {
                    Some(about) => page.t2("hearings-own-asked-about", "step", step, "about", about),
                    None => page.t1("hearings-own-asked-step", "step", step),
                })
            }
            // The other side has said that it wants to ask the court; she has not answered yet.
            state if COURT_IN.contains(&state) => {
                let mut others = SIDES.into_iter().filter(|side| *side != self.side);
                let is_open = of_step(self.events, self.procedure, self.side, Some(self.number)).is_none();
                (is_open && others.all(|side| consents(self.case, side))).then(|| page.t("hearings-own-asked-court"))
            }
            _ => None,
        }
    }

    /// The power by which an agent gave her answer of now; none where she gave it herself.
    fn power(&self) -> Option<&str> {
        let number = Some(self.number);
        if self.case.state == INVITING {
            return agent_on_mediation(self.events, self.side, number);
        }
        agent_on_step(self.events, self.procedure, self.side, number)
    }

    /// How it stands with her answer, and who gave it for her.
    fn stands(&self) -> Option<String> {
        let (page, stands) = (self.page, self.answered()?);
        Some(match &self.agent {
            Some(agent) if self.case.state != TO_SIGN => {
                let by_agent = page.t1("hearings-own-by-agent", "agent", agent);
                format!("{stands}{}{by_agent}", page.lang.pick("", " "))
            }
            _ => stands,
        })
    }

    fn answered(&self) -> Option<String> {
        let (page, state) = (self.page, self.case.state.as_str());
        let both = SIDES.into_iter().all(|side| consents(self.case, side));
        let number = Some(self.number);
        if state == INVITING {
            return match of_mediation(self.events, self.side, number)? {
                Said::Agreed(_) if both => Some(page.t("hearings-own-both-agreed")),
                Said::Agreed(at) => {
                    let key = self.waiting(["hearings-own-agreed", "hearings-own-agreed-others"]);
                    Some(page.t1(key, "at", self.day(at)))
                }
                Said::TookBack(at) => Some(page.t1("hearings-own-took-back", "at", self.day(at))),
            };
        }
        let said = of_step(self.events, self.procedure, self.side, number)?;
        if COURT_IN.contains(&state) {
            return match said {
                Said::Agreed(_) if both => Some(page.t("hearings-own-court-both")),
                Said::Agreed(at) => Some(page.t1("hearings-own-court-agreed", "at", self.day(at))),
                Said::TookBack(_) => None,
            };
        }
        if state == TO_SIGN {
            let Said::Agreed(at) = said else { return None };
            if let Some(agent) = &self.agent {
                let signed = self.waiting(["hearings-own-agent-signed", "hearings-own-agent-signed-others"]);
                let key = if both { "hearings-own-agent-both-signed" } else { signed };
                return Some(page.t2(key, "agent", agent, "at", self.day(at)));
            }
            let signed = self.waiting(["hearings-own-signed", "hearings-own-signed-others"]);
            let key = if both { "hearings-own-both-signed" } else { signed };
            return Some(page.t1(key, "at", self.day(at)));
        }
        let step = self.step().filter(|_| ASKED_IN.contains(&state))?;
        Some(match said {
            Said::Agreed(_) if both => page.t1("hearings-own-both-step", "step", step),
            Said::Agreed(_) => page.t1(self.waiting(["hearings-own-step", "hearings-own-step-others"]), "step", step),
            Said::TookBack(_) => page.t1("hearings-own-step-no", "step", step),
        })
    }

    /// Who mediates, and how it came that it is nobody whom the parties chose together.
    fn mediator(&self) -> Option<String> {
        let mut steps = self.events.iter().rev().filter_map(|one| match &one.event {
            Event::Acted { action, fields, .. } if MEDIATES.contains(&action.as_str()) => Some((action, fields)),
            _ => None,
        });
        let (step, fields) = steps.next()?;
        let name = fields.get(MEDIATOR)?;
        let is_apart = step == BEGIN
            && is_chosen(self.case, self.events)
            && agreed(self.case, self.events, str::to_owned).is_none();
        Some(if is_apart { self.page.t1("hearings-own-named-apart", "name", name) } else { name.clone() })
    }

    /// Whom she chose to mediate, who mediates once somebody does, and whether others may listen.
    fn facts(&self) -> Vec<(String, String)> {
        let page = self.page;
        let chose = choice(self.events, Member { side: self.side, number: self.number });
        let chose = chose.filter(|name| !name.is_empty()).map(|name| (page.t("hearings-own-chose"), name.to_owned()));
        let mediator = self.mediator().map(|name| (page.t("hearings-present-mediator"), name));
        let openness = self.events.iter().rev().find_map(|one| match &one.event {
            Event::Acted { action, fields, .. } if action == BEGIN || action == CHANGE_OPEN => fields.get(OPENNESS),
            _ => None,
        });
        let openness = openness.map(|open| {
            let key = if open == OPENNESS { "hearings-own-open" } else { "hearings-own-closed" };
            (page.t("hearings-own-openness"), page.t(key))
        });
        chose.into_iter().chain(mediator).chain(openness).collect()
    }

    /// What is left to her.
    fn after(&self) -> Section {
        let page = self.page;
        let mut lines = vec![page.t("hearings-own-after-text")];
        lines.extend((1..=WAYS_LEFT).map(|number| page.t(&format!("hearings-print-way-left-{number}"))));
        lines.push(page.t("hearings-own-after-law"));
        Section { title: page.t("hearings-own-after"), lines }
    }

    /// The paper that says that it ended.
    fn paper(&self) -> BesideLink {
        BesideLink {
            href: format!("/follow/{}/ended", self.case.number),
            text: self.page.t("hearings-print-ended"),
            is_open: false,
        }
    }
}
