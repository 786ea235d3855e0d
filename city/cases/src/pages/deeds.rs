//! What an office does with a case beside the steps comes as forms. Each deed has one address and gives one command or
//! several at once.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use kernel::case::{Command, Handler, LateReason, Relation};
use kernel::identifier::CaseNumber;
use kernel::language::Bilingual;
use kernel::line;
use kernel::permission::{Permission, Target};
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, date_plus_days};
use store::Tx;
use uuid::Uuid;
use web::{Page, PathPart, PostForm, TwoInPath, WebError};

use super::case::{Shown, show};
use super::steps::StepGiven;
use crate::Cases;
use crate::actions::{Doing, Known};
use crate::refusals::Why;
use hall::Fault;

/// The most days ahead of a day by which an opinion is asked for. A bound of the machine.
const OPINION_DAYS: i64 = 366;

/// What an office does with a case beside the steps, as the last part of an address names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It is given to a colleague.
    Hand,
    /// Its time is extended.
    Extend,
    /// It goes to another office.
    Transfer,
    /// Other offices are asked.
    Consult,
    /// An office that was asked answers.
    Answer,
    /// A higher level asks after it.
    Supervise,
    /// The office answers the higher level.
    Account,
    /// The office says why it is late.
    Explain,
    /// A poor rating is followed up.
    FollowUp,
    /// The applicant appeals.
    Appeal,
    /// The appeal is decided.
    DecideAppeal,
}

impl Deed {
    /// Every deed with its name in addresses.
    const ALL: [(Self, &'static str); 11] = [
        (Self::Hand, "hand"),
        (Self::Extend, "extend"),
        (Self::Transfer, "transfer"),
        (Self::Consult, "consult"),
        (Self::Answer, "answer"),
        (Self::Supervise, "supervise"),
        (Self::Account, "account"),
        (Self::Explain, "explain"),
        (Self::FollowUp, "follow-up"),
        (Self::Appeal, "appeal"),
        (Self::DecideAppeal, "decide-appeal"),
    ];

    /// Its name in addresses.
    fn code(self) -> &'static str {
        Self::ALL.iter().find(|(deed, _)| *deed == self).map_or("", |(_, code)| code)
    }
}

impl PathPart for Deed {
    fn read(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, code)| *code == text).map(|(deed, _)| *deed)
    }
}

/// `POST /cases/{number}/do/{deed}` does one of `hand`, `extend`, `transfer`, `consult`, `answer`, `supervise`,
/// `account`, `explain`, `follow-up`, `appeal`, `decide-appeal`. The page of the case, or the list of whoever gave it
/// out of her hands, says that it is done. After a refusal the page is shown again and says what to do.
///
/// # Errors
/// 404 for an unknown deed or a case that is not this visitor's, or a failure.
pub async fn post(
    State(cases): State<Arc<Cases>>,
    page: Page,
    TwoInPath(number, deed): TwoInPath<CaseNumber, Deed>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let given = StepGiven::of_deed(deed.code(), &form);
    let done = match cases.clone().does(&page, &number, deed, form).await {
        Ok(()) => cases.lands(&page, &number).await,
        Err(fault) => Err(fault),
    };
    let again = |refusal| Shown { refusal: Some(refusal), given, ..Shown::default() };
    web::answer(done, |refusal| show(cases, page, number, again(refusal))).await
}

/// Reads yes or no. Nothing is decided by a word that is neither.
fn answered(form: &PostForm, field: &str, label: &Bilingual) -> Result<bool, Fault> {
    let wrong = || Refusal::new(Code::FormChoice).field(field).with_both("label", label);
    Ok(kernel::switch::read(form.get(field)).ok_or_else(wrong)?)
}

impl Cases {
    async fn does(self: Arc<Self>, page: &Page, number: &CaseNumber, deed: Deed, form: PostForm) -> Result<(), Fault> {
        let (drawn, number, pass) = (page.clone(), number.clone(), page.cookie(crate::pass::COOKIE));
        let store = self.hall.store.clone();
        store
            .write(move |tx| {
                let actor = &drawn.visitor.actor;
                let mut known = self.seen(tx, number.as_str(), actor, pass.as_deref(), drawn.now)?;
                let commands = self.commands(tx, &drawn, &known, deed, &form)?;
                for (command, position) in commands.into_iter().zip(0_usize..) {
                    let once = format!("{}/{position}", form.key());
                    let relation = Relation::default();
                    let doing = Doing { command: &command, once: &once, actor, relation, drawn: None, now: drawn.now };
                    known = self.go_on(tx, known, &doing)?;
                }
                Ok(())
            })
            .await
    }

    fn commands(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        known: &Known,
        deed: Deed,
        form: &PostForm,
    ) -> Result<Vec<Command>, Fault> {
        let text = |name: &str| form.get(name).to_owned();
        let number = || form.get("number").parse().unwrap_or(usize::MAX);
        let one = match deed {
            Deed::Hand => Command::Assign { to: self.given_to(tx, page, known, form.get("to"))? },
            Deed::Extend => Command::Extend {
                amount: line::number(form.get("amount")).parse().unwrap_or(0),
                reason: text("reason"),
                most: self.hall.figure(crate::words::CASE_EXTENSION_MOST, page.now)?,
            },
            Deed::Transfer if self.moves_by_steps(&known.case) => return Err(Fault::NotFound),
            Deed::Transfer => {
                let to = self.office_of(form.get("place"), form.get("department"))?;
                self.somebody_is_at(tx, &to, page.today())?;
                Command::Transfer { to, reason: text("reason") }
            }
            Deed::Consult => return self.consultations(tx, page, form),
            Deed::Answer => {
                let agrees = answered(form, "agrees", &Bilingual::new("是否同意", "Whether you agree"))?;
                Command::Answer { number: number(), agrees, text: text("text") }
            }
            Deed::Supervise => {
                let answer_by = self.hall.day_after(page.now, crate::words::SUPERVISION_ANSWER, page.now)?;
                Command::Supervise { note: text("note"), answer_by }
            }
            Deed::Account => Command::Account { number: number(), answer: text("answer") },
            Deed::Explain => {
                let label = Bilingual::new("超期原因", "Why it is late");
                let wrong = || Refusal::new(Code::FormChoice).field("reason").with_both("label", &label);
                let reason = LateReason::parse(form.get("reason")).ok_or_else(wrong)?;
                Command::Explain { reason, note: text("note") }
            }
            Deed::FollowUp => Command::FollowUp { answer: text("answer") },
            Deed::Appeal => Command::Appeal { reason: text("reason") },
            Deed::DecideAppeal => {
                let upheld = answered(form, "upheld", &Bilingual::new("是否支持", "Whether it is upheld"))?;
                Command::DecideAppeal { upheld, reason: text("reason") }
            }
        };
        Ok(vec![one])
    }

    /// Whom a case is given to: `me`, `nobody`, or the account of a colleague at the desk.
    pub(super) fn given_to(
        &self,
        tx: &mut dyn Tx,
        page: &Page,
        known: &Known,
        to: &str,
    ) -> Result<Option<Handler>, Fault> {
        let actor = &page.visitor.actor;
        let label = Bilingual::new("交给谁", "To");
        let wrong = || Refusal::new(Code::FormChoice).field("to").with_both("label", &label);
        match to {
            "nobody" => Ok(None),
            "me" => {
                let account = actor.account.ok_or_else(wrong)?;
                Ok(Some(Handler { account, name: actor.name.clone() }))
            }
            account => {
                let account = Uuid::parse_str(account).map_err(|_| wrong())?;
                let cannot = || Refusal::new(Why::CaseNotForColleague).field("to");
                Ok(Some(self.handler(tx, page, known, account)?.ok_or_else(cannot)?))
            }
        }
    }

    /// Several offices are asked at once: one consultation each.
    fn consultations(&self, tx: &mut dyn Tx, page: &Page, form: &PostForm) -> Result<Vec<Command>, Fault> {
        let due = opinion_due(form.get("due"), page.today())?;
        let departments = form.all("department");
        if departments.is_empty() {
            let label = Bilingual::new("哪些部门", "Departments");
            return Err(Refusal::new(Code::FormMissing).field("department").with_both("label", &label).into());
        }
        let label = Bilingual::new("联合办理", "Joint case");
        let joint = form.opt("joint").is_some() && answered(form, "joint", &label)?;
        let mut asked = Vec::with_capacity(departments.len());
        for department in departments {
            let office = self.office_of(form.get("place"), department)?;
            self.somebody_is_at(tx, &office, page.today())?;
            asked.push(Command::Consult { office, question: form.get("question").to_owned(), due, joint });
        }
        Ok(asked)
    }

    /// An office from the form: a place of the tree above the communities, and a department that the catalogue knows.
    fn office_of(&self, place: &str, department: &str) -> Result<Target, Fault> {
        let wrong = |field: &str, zh: &str, en: &str| {
            Refusal::new(Code::FormChoice).field(field).with_both("label", &Bilingual::new(zh, en))
        };
        let no_place = || wrong("place", "哪一级、哪个地方", "Level and place");
        let place = PlacePath::parse(place).map_err(|_| no_place())?;
        let tree = self.hall.places.tree();
        let known = tree.at(&place).filter(|place| place.level < kernel::place::Level::Community);
        let place = known.ok_or_else(no_place)?.path.clone();
        self.department(department).ok_or_else(|| wrong("department", "哪个部门", "Department"))?;
        Ok(Target { place, department: Some(department.to_owned()) })
    }
}

/// The day by which an opinion is asked for: today at the earliest, a year ahead at the latest.
fn opinion_due(typed: &str, today: Date) -> Result<Date, Refusal> {
    let label = Bilingual::new("最迟哪天答复", "Answer needed by");
    let wrong = |code: Code| Refusal::new(code).field("due").with_both("label", &label);
    let due: Date = typed.parse().map_err(|_| wrong(Code::FormDate))?;
    if due < today {
        return Err(wrong(Why::CaseDayPast));
    }
    let last = date_plus_days(today, OPINION_DAYS).unwrap_or(today);
    if due > last {
        return Err(wrong(Code::CaseDayOutside).with("from", today).with("to", last));
    }
    Ok(due)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_opinion_is_asked_for_by_a_day_that_lies_ahead_within_a_year() {
        let today: Date = "2026-11-23".parse().unwrap();
        let table = [
            ("2026-11-23", None),
            ("2027-11-23", None),
            ("2026-11-22", Some("case.day_past")),
            ("2027-11-25", Some("case.day_outside")),
            ("9999-12-31", Some("case.day_outside")),
            ("soon", Some("form.date")),
        ];
        for (typed, expected) in table {
            let found = opinion_due(typed, today).err();
            assert_eq!(found.as_ref().map(|refusal| refusal.code.as_str()), expected, "{typed}");
            assert!(found.is_none_or(|refusal| !refusal.to_string().contains("due")), "{typed}");
        }
    }
}
