//! This file writes what each letter says, in the reader's language: plain words, dates in full, and everything that
//! must be told.

use cases::{CaseView, DateStory, story};
use hall::Fault;
use kernel::case::{Case, CaseClock, Recorded};
use kernel::identifier::told;
use kernel::language::Lang;
use kernel::place::Level;
use kernel::procedure::Procedure;
use kernel::time::{Date, Instant};
use rulebook::Rule;
use rulebook::measure::Measure;
use web::{Page, Qr};

use crate::code::grouped;
use crate::words::{Asked, Check, Decision, Kind, Letter, MissingPaper, Named, Seal};
use crate::{Letters, rules};

/// Holds what a letter is written from.
pub struct Matter<'a> {
    /// The page for which it is drawn.
    pub page: &'a Page,
    /// The case.
    pub case: &'a Case,
    /// Its procedure.
    pub procedure: &'a Procedure,
    /// What happened to it.
    pub events: &'a [Recorded],
    /// What pages show of it.
    pub view: &'a CaseView,
    /// Whom the letter names.
    pub named: &'a Named,
}

impl Matter<'_> {
    fn fact(&self, key: &str, value: impl Into<String>) -> (String, String) {
        (self.page.t(key), value.into())
    }

    /// Returns her name as a letter addresses her.
    fn addressee(&self) -> String {
        match &self.named.name {
            Some(name) => self.page.t1("letters-addressee", "name", name),
            None => self.page.t("letters-addressee-unnamed"),
        }
    }

    /// Returns her identity number with the kind of her paper, where it is no identity card.
    fn paper(&self) -> Option<String> {
        self.named.resident_id.as_deref().map(|kept| told(kept, self.page.lang))
    }

    /// Returns the beginning of a letter that answers an application.
    fn begin(&self, key: &str) -> Vec<String> {
        let date = self.page.full_date(self.case.opened_at);
        vec![self.page.text(key, &[("date", &date), ("item", &self.view.item)])]
    }

    /// Returns the sentence of a certificate, which names the person as far as the item asks for.
    fn granted_to(&self) -> String {
        let (page, item) = (self.page, &self.view.item);
        match (&self.named.name, &self.paper()) {
            (Some(name), Some(id)) => page.text("letters-granted-id", &[("name", name), ("id", id), ("item", item)]),
            (Some(name), None) => page.t2("letters-granted-name", "name", name, "item", item),
            (None, _) => page.t1("letters-granted", "item", item),
        }
    }

    /// Returns what a decision rests on if nothing else was said: the city's catalogue.
    fn by_catalogue(&self) -> String {
        self.page.t2("letters-basis-catalogue", "code", &self.view.item_code, "item", &self.view.item)
    }
}

/// A figure of the rulebook and the clause it rests on, in words.
struct Cited<T> {
    figure: T,
    basis: String,
}

impl Letters {
    /// Writes a letter.
    ///
    /// # Errors
    /// Returns `NotFound` if the case has no such letter. Refuses if the rulebook lacks a figure.
    pub fn write(&self, kind: Kind, matter: &Matter<'_>) -> Result<Letter, Fault> {
        let decided = || rules::decision(matter.procedure, matter.events).ok_or(Fault::NotFound);
        match kind {
            Kind::Receipt => Ok(self.receipt(matter)),
            Kind::Missing => {
                let asked = rules::asked(matter.procedure, matter.events).ok_or(Fault::NotFound)?;
                self.missing(matter, &asked)
            }
            Kind::Accepted => self.accepted(matter, matter.case.accepted_at.ok_or(Fault::NotFound)?),
            Kind::NotAccepted | Kind::Refused => self.refused(kind, matter, &decided()?),
            Kind::Certificate => Ok(self.certificate(matter, &decided()?)),
        }
    }

    /// Returns what every letter has: title, issuer, number, date, seal.
    fn sheet(&self, kind: Kind, matter: &Matter<'_>, at: Instant) -> Letter {
        let page = matter.page;
        let sealed = kind.is_sealed() && matter.named.withheld.is_none();
        let seal =
            || Seal { name: self.issuer(kind, matter.case, Lang::Zh), line: page.in_chinese("letters-seal-line") };
        Letter {
            kind,
            title: page.t(&format!("letters-title-{}", kind.code())),
            issuer: self.issuer(kind, matter.case, page.lang),
            number: matter.case.number.clone(),
            date: page.full_date(at),
            addressee: matter.addressee(),
            seal: sealed.then(seal),
            withheld: matter.named.withheld.clone(),
            ..Letter::default()
        }
    }

    /// Returns who issues it. Receipt and acceptance come from the counter that took the papers in, and everything else
    /// from the office that decides. What a district took in at its own desk comes from that office too.
    fn issuer(&self, kind: Kind, case: &Case, lang: Lang) -> String {
        let desk = &self.counter.cases;
        match case.counter().filter(|counter| counter.level() >= Level::Street) {
            Some(counter) if matches!(kind, Kind::Receipt | Kind::Accepted) => desk.office_name(counter, None, lang),
            _ => desk.office_name(&case.office.place, case.office.department.as_deref(), lang),
        }
    }

    fn receipt(&self, matter: &Matter<'_>) -> Letter {
        let (page, case, view) = (matter.page, matter.case, matter.view);
        let opened = format!("{} {}", page.full_date(case.opened_at), page.time_of_day(case.opened_at));
        let at = view.counter.clone().unwrap_or_else(|| page.t("letters-online"));
        let applicant = [matter.named.name.clone(), matter.paper()];
        let applicant = applicant.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let mut facts = vec![matter.fact("letters-item", &view.item), matter.fact("letters-received-at", at)];
        if !applicant.is_empty() {
            facts.insert(0, matter.fact("letters-applicant", applicant));
        }
        facts.push(matter.fact("letters-received-on", opened));
        facts.push(matter.fact("letters-office", &view.office));
        let still = if view.missing.is_empty() { vec![view.to_bring.clone()] } else { view.missing.clone() };
        Letter {
            facts,
            promise: case.promised().zip(case.legal()).and_then(|clocks| self.promise(matter, clocks, page.now)),
            to_bring: still.into_iter().filter(|paper| !paper.is_empty()).collect(),
            path: view.path_told.iter().map(|step| (step.dated.clone(), step.title.clone())).collect(),
            closing: vec![page.t("letters-closing-follow")],
            follow: Qr::of(&format!("{}/follow?number={}", self.public_url, case.number)),
            ..self.sheet(Kind::Receipt, matter, case.opened_at)
        }
    }

    /// The promised date as seen at a moment, why it is that date, and the statutory one beside it.
    fn promise(&self, matter: &Matter<'_>, clocks: (&CaseClock, &CaseClock), seen: Instant) -> Option<DateStory> {
        let started = clocks.0.started?;
        let (page, calendar) = (matter.page, self.counter.cases.hall.calendar());
        let due = |clock: &CaseClock| {
            let pauses: Vec<_> = clock.pauses.iter().filter(|pause| pause.from < seen).cloned().collect();
            calendar.deadline(started, clock.limit, &pauses, clock.ended.map_or(seen, |ended| ended.min(seen)))
        };
        let (promised, legal) = (due(clocks.0), due(clocks.1));
        let mut told = story(page, &promised, clocks.0.limit);
        told.date = page.full_date(promised.due_on);
        let limit = cases::limit_words(page, clocks.1.limit);
        let key = if legal.provisional { "letters-promise-legal-provisional" } else { "letters-promise-legal" };
        told.reasons.push(page.t2(key, "limit", limit, "date", page.full_date(legal.due_on)));
        if promised.provisional || legal.provisional {
            told.reasons.push(page.t("letters-promise-provisional"));
        }
        Some(told)
    }

    fn accepted(&self, matter: &Matter<'_>, at: Instant) -> Result<Letter, Fault> {
        let page = matter.page;
        let on = self.counter.cases.hall.calendar().zone().date(at);
        let basis = self.cited(matter, cases::CASE_ACCEPT_OR_TELL_MISSING, on)?.basis;
        let is_whole = matter.case.papers().values().all(|paper| !paper.later);
        let mut facts = vec![matter.fact("letters-item", &matter.view.item)];
        facts.push(matter.fact("letters-accepted-on", page.full_date(at)));
        facts.push(matter.fact("letters-office", &matter.view.office));
        facts.push(matter.fact("letters-basis", basis));
        Ok(Letter {
            lead: matter.begin(if is_whole { "letters-lead-accepted" } else { "letters-lead-accepted-partly" }),
            facts,
            promise: matter
                .case
                .promised()
                .zip(matter.case.legal())
                .and_then(|clocks| self.promise(matter, clocks, at)),
            papers: matter.view.papers.clone(),
            closing: vec![page.t("letters-closing-free"), page.t("letters-closing-follow")],
            ..self.sheet(Kind::Accepted, matter, at)
        })
    }

    fn missing(&self, matter: &Matter<'_>, asked: &Asked<'_>) -> Result<Letter, Fault> {
        let mut lead = matter.begin("letters-lead-missing");
        if !asked.reason.is_empty() {
            lead.push(matter.page.t1("letters-missing-said", "text", asked.reason));
        }
        Ok(Letter {
            lead,
            facts: vec![
                matter.fact("letters-item", &matter.view.item),
                matter.fact("letters-office", &matter.view.office),
            ],
            missing: asked.papers.iter().map(|code| self.missing_paper(matter, code)).collect(),
            until: self.until(matter, asked)?,
            ..self.sheet(Kind::Missing, matter, asked.at)
        })
    }

    /// Returns a paper by its code: its name, what is wrong, and how to supply it.
    fn missing_paper(&self, matter: &Matter<'_>, code: &str) -> MissingPaper {
        let (page, case) = (matter.page, matter.case);
        let papers = self.counter.book.papers_of(case.item(), case.item_version());
        let found = papers.iter().find(|material| material.code == *code);
        let note = found.and_then(|material| material.note.as_ref()).map(|note| page.of(note).to_owned());
        MissingPaper {
            paper: found.map_or_else(|| code.to_owned(), |material| page.of(&material.name).to_owned()),
            fault: page.t("letters-missing-fault"),
            remedy: note.unwrap_or_else(|| page.t("letters-missing-remedy")),
        }
    }

    /// Says by when and where to supply papers, what follows after that day, what the clock does meanwhile and on which
    /// ground, and which clause asks the office to tell everything at once.
    fn until(&self, matter: &Matter<'_>, asked: &Asked<'_>) -> Result<Vec<String>, Fault> {
        let page = matter.page;
        let on = self.counter.cases.hall.calendar().zone().date(asked.at);
        let limit = self.cited(matter, cases::CASE_SUPPLY_MISSING, on)?.figure;
        let last = self.counter.cases.hall.calendar().deadline_of_applicant(asked.at, limit, &[], asked.at).due_on;
        let law = self.cited(matter, cases::CASE_ACCEPT_OR_TELL_MISSING, on)?.basis;
        let clock = match asked.ground {
            Some(ground) => {
                let ground = page.t(&format!("cases-ground-{}", ground.replace(['.', '_'], "-")));
                page.t2("letters-until-stopped", "date", page.full_date(asked.at), "ground", ground)
            }
            None => page.t("letters-until-not-started"),
        };
        let day = page.t2("letters-until-day", "date", page.full_date(last), "limit", cases::limit_words(page, limit));
        // What follows then is what the case's own page says.
        let then = self.counter.cases.ends_without_papers(matter.case, asked.state)?;
        let then = then.map(|then| page.t1("cases-asked-then", "outcome", page.of(&then)));
        let rest = [page.t("letters-until-where"), clock, page.t1("letters-until-law", "basis", law)];
        Ok([day].into_iter().chain(then).chain(rest).collect())
    }

    fn refused(&self, kind: Kind, matter: &Matter<'_>, decision: &Decision<'_>) -> Result<Letter, Fault> {
        let page = matter.page;
        let on = self.counter.cases.hall.calendar().zone().date(decision.at);
        let review = self.cited(matter, crate::words::APPEAL_REVIEW, on)?;
        let lawsuit = self.cited(matter, crate::words::APPEAL_LAWSUIT_MONTHS, on)?;
        let mut reasons = rules::lines(decision.said("reason"));
        if reasons.is_empty() {
            reasons.push(page.t("letters-reason-none"));
        }
        let mut basis = rules::lines(decision.said("basis"));
        if basis.is_empty() {
            basis.push(matter.by_catalogue());
        }
        let mut remedies = rules::lines(decision.said("remedy"));
        let within = cases::limit_words(page, review.figure);
        remedies.push(page.t2("letters-remedy-review", "limit", within, "basis", review.basis));
        remedies.push(page.t2("letters-remedy-lawsuit", "months", lawsuit.figure, "basis", lawsuit.basis));
        Ok(Letter {
            lead: matter.begin(&format!("letters-lead-{}", kind.code())),
            facts: vec![matter.fact("letters-decided-on", page.full_date(decision.at))],
            reasons,
            basis,
            remedies,
            closing: vec![page.t("letters-closing-refused")],
            ..self.sheet(kind, matter, decision.at)
        })
    }

    fn certificate(&self, matter: &Matter<'_>, decision: &Decision<'_>) -> Letter {
        let (page, view) = (matter.page, matter.view);
        let date = page.full_date(decision.at);
        let check = if matter.named.withheld.is_none() { self.check(matter, decision) } else { None };
        let basis = decision.said("basis");
        let basis = if basis.is_empty() { matter.by_catalogue() } else { basis.to_owned() };
        let mut facts = vec![
            matter.fact("letters-item", page.t2("letters-item-coded", "item", &view.item, "code", &view.item_code)),
        ];
        facts.push(matter.fact("letters-result", &view.result));
        facts.push(matter.fact("letters-office", &view.office));
        facts.push(matter.fact("letters-issued-on", &date));
        facts.push(matter.fact("letters-valid", page.t1("letters-valid-from", "date", &date)));
        facts.push(matter.fact("letters-basis", basis));
        let reason = decision.said("reason");
        if !reason.is_empty() {
            facts.push(matter.fact("letters-explained", reason));
        }
        Letter {
            addressee: String::new(),
            lead: vec![matter.granted_to()],
            facts,
            check,
            ..self.sheet(Kind::Certificate, matter, decision.at)
        }
    }

    /// Says how anybody can check a result.
    fn check(&self, matter: &Matter<'_>, decision: &Decision<'_>) -> Option<Check> {
        let on = self.counter.cases.hall.calendar().zone().date(decision.at);
        let code = self.code_key.code(matter.case.id, decision.outcome, on);
        let address = format!("{}/verify?n={}&c={code}", self.public_url, matter.case.number);
        let qr = Qr::of(&address)?;
        Some(Check { address, code: grouped(&code), qr })
    }

    fn cited<M: Measure>(&self, matter: &Matter<'_>, rule: Rule<M>, on: Date) -> Result<Cited<M::Figure>, Fault> {
        let (page, book) = (matter.page, &self.counter.cases.hall.rulebook);
        let value = book.value(rule.code(), matter.case.residence(), on)?;
        let document = book.document(&value.document).map_or(value.document.as_str(), |found| page.of(&found.title));
        let basis = page.text("letters-clause", &[("document", document), ("clause", &value.clause)]);
        Ok(Cited { figure: rule.read(value.number, value.unit)?, basis })
    }
}
