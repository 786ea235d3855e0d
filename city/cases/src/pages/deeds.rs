//! What an office does with a case beside the steps comes as forms. Each deed has one address and gives one command or
//! several at once.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use kernel::case::{Command, Handler, LateReason, Relation};
use kernel::identifier::CaseNumber;
use kernel::language::Bilingual;
use kernel::permission::{Permission, Target};
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use store::Tx;
use uuid::Uuid;
use web::{Page, PostForm, TwoInPath, WebError};

use super::case::acted;
use super::steps::StepGiven;
use crate::Cases;
use crate::actions::{Doing, Known};
use hall::Fault;

/// `POST /cases/{number}/do/{deed}` does one of `hand`, `extend`, `transfer`, `consult`, `answer`, `supervise`,
/// `account`, `explain`, `follow-up`, `appeal`, `decide-appeal`. After a refusal the page is shown again and says what
/// to do.
///
/// # Errors
/// 404 for an unknown deed or a case that is not this visitor's, or a failure.
pub async fn post(
    State(cases): State<Arc<Cases>>,
    page: Page,
    TwoInPath(number, deed): TwoInPath<CaseNumber, String>,
    form: PostForm,
) -> Result<Response, WebError> {
    page.require(Permission::CaseRead)?;
    let done = cases.clone().does(&page, &number, deed, form).await;
    acted(cases, page, number, done, StepGiven::default()).await
}

impl Cases {
    async fn does(
        self: Arc<Self>,
        page: &Page,
        number: &CaseNumber,
        deed: String,
        form: PostForm,
    ) -> Result<(), Fault> {
        let (drawn, number, pass) = (page.clone(), number.clone(), page.cookie(crate::pass::COOKIE));
        let store = self.hall.store.clone();
        store
            .write(move |tx| {
                let actor = &drawn.visitor.actor;
                let mut known = self.seen(tx, number.as_str(), actor, pass.as_deref(), drawn.now)?;
                let commands = self.commands(tx, &drawn, &known, &deed, &form)?;
                for (command, position) in commands.into_iter().zip(0_usize..) {
                    let once = format!("{}/{position}", form.key());
                    let relation = Relation::default();
                    let doing = Doing { command: &command, once: &once, actor, relation, now: drawn.now };
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
        deed: &str,
        form: &PostForm,
    ) -> Result<Vec<Command>, Fault> {
        let text = |name: &str| form.get(name).to_owned();
        let number = || form.get("number").parse().unwrap_or(usize::MAX);
        let one = match deed {
            "hand" => Command::Assign { to: Self::given_to(tx, page, known, form.get("to"))? },
            "extend" => Command::Extend {
                amount: form.get("amount").parse().unwrap_or(0),
                reason: text("reason"),
                most: self.hall.figure(crate::words::CASE_EXTENSION_MOST, page.now)?,
            },
            "transfer" => {
                let department = form.get("department");
                Command::Transfer { to: self.office_of(form.get("place"), department)?, reason: text("reason") }
            }
            "consult" => return self.consultations(page, form),
            "answer" => Command::Answer { number: number(), agrees: form.get("agrees") == "yes", text: text("text") },
            "supervise" => {
                let answer_by = self.hall.day_after(page.now, crate::words::SUPERVISION_ANSWER, page.now)?;
                Command::Supervise { note: text("note"), answer_by }
            }
            "account" => Command::Account { number: number(), answer: text("answer") },
            "explain" => {
                let label = Bilingual::new("超期原因", "why it is late");
                let wrong = || Refusal::new(Code::FormChoice).field("reason").with_both("label", &label);
                let reason = LateReason::parse(form.get("reason")).ok_or_else(wrong)?;
                Command::Explain { reason, note: text("note") }
            }
            "follow-up" => Command::FollowUp { answer: text("answer") },
            "appeal" => Command::Appeal { reason: text("reason") },
            "decide-appeal" => Command::DecideAppeal { upheld: form.get("upheld") == "yes", reason: text("reason") },
            _ => return Err(Fault::NotFound),
        };
        Ok(vec![one])
    }

    /// Whom a case is given to: `me`, `nobody`, or the account of a colleague at the desk.
    pub(super) fn given_to(tx: &mut dyn Tx, page: &Page, known: &Known, to: &str) -> Result<Option<Handler>, Fault> {
        let actor = &page.visitor.actor;
        let wrong = || Refusal::new(Code::FormChoice).field("to").with("label", "to");
        match to {
            "nobody" => Ok(None),
            "me" => {
                let account = actor.account.ok_or_else(wrong)?;
                Ok(Some(Handler { account, name: actor.name.clone() }))
            }
            account => {
                let account = Uuid::parse_str(account).map_err(|_| wrong())?;
                Ok(Some(Self::handler(tx, page, known, account)?.ok_or_else(wrong)?))
            }
        }
    }

    /// Several offices are asked at once: one consultation each.
    fn consultations(&self, page: &Page, form: &PostForm) -> Result<Vec<Command>, Fault> {
        let label = |field: &str| Refusal::new(Code::FormDate).field(field).with("label", field);
        let due: Date = form.get("due").parse().map_err(|_| label("due"))?;
        if due < page.today() {
            return Err(label("due").into());
        }
        let departments = form.all("department");
        if departments.is_empty() {
            return Err(Refusal::new(Code::FormMissing).field("department").with("label", "department").into());
        }
        let joint = form.get("joint") == "yes";
        let asked = |department: &&str| {
            let office = self.office_of(form.get("place"), department)?;
            Ok(Command::Consult { office, question: form.get("question").to_owned(), due, joint })
        };
        departments.iter().map(asked).collect()
    }

    /// An office from the form: a place of the tree above the communities, and a department that the catalogue knows.
    fn office_of(&self, place: &str, department: &str) -> Result<Target, Fault> {
        let wrong = |field: &str| Refusal::new(Code::FormChoice).field(field).with("label", field);
        let place = PlacePath::parse(place).map_err(|_| wrong("place"))?;
        let tree = self.hall.places.tree();
        let known = tree.at(&place).filter(|place| place.level < kernel::place::Level::Community);
        let place = known.ok_or_else(|| wrong("place"))?.path.clone();
        self.items.department(department).ok_or_else(|| wrong("department"))?;
        Ok(Target { place, department: Some(department.to_owned()) })
    }
}
