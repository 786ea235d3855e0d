//! This page shows what phones sent and what needs somebody: to whoever sent it, and to whoever supervises the place.
//! It stands there until somebody acts.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use hall::Sent as Form;
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::place::{PlaceId, PlacePath};
use kernel::procedure::NeedKind;
use kernel::refusal::Refusal;
use uuid::Uuid;
use web::{Page, PostForm, Problem, WebError, render_status};

use super::entries::words_of;
use crate::Grid;
use crate::actions::deciding::{Decided, Deed, MINE, THEIRS};
use crate::actions::opened::Told;
use crate::permissions::May;
use crate::records::field::{self, After};
use crate::words::field::{Clash, DWELLING_FIELDS, Entry, MET, MET_CODES, STATE, Stands, Step, Versions, What};
use crate::words::{REPORT, Report};

/// The most open entries of one page.
const PAGE: usize = 30;
/// How the steps begin that say what became of a photo.
const OF_PHOTO: &str = "photo_";

#[derive(Template)]
#[template(path = "grid/field/open.html")]
struct OpenPage {
    page: Page,
    open: Vec<Shown>,
    /// Where the list goes on; empty where it ends.
    next: String,
    done: Vec<Shown>,
    /// What was decided just now; empty where nothing was.
    told: String,
    /// The case about which that was.
    about: Option<CaseNumber>,
    problem: Option<Problem>,
}

/// An entry as the page shows it.
struct Shown {
    key: String,
    title: String,
    place: String,
    name: String,
    day: String,
    number: String,
    class: &'static str,
    words: String,
    remedy: String,
    forced: bool,
    photos: String,
    /// What was sent: what it is called and what it says.
    said: Vec<(String, String)>,
    clashes: Vec<ClashShown>,
    /// On which version the phone and the thing of today stand; empty where nobody has to decide.
    versions: String,
    /// The version of today that the form of a decision sends back.
    today: i64,
    /// Of a step that can no longer be taken: what stands in its way.
    lost: Option<Lost>,
    /// What happened to it: the day, who, what.
    steps: Vec<(String, String, String)>,
    /// What became of photos that did not come to the report.
    remarks: Vec<String>,
    /// What can be tried with it now, as the form says it: `again`, `without` the photos that did not come, or nothing.
    tries: &'static str,
    can_undo: bool,
}

/// A step that can no longer be taken, as the page shows it.
struct Lost {
    says: String,
    /// Words were written, and the case keeps notes.
    notes: bool,
}

/// A field that somebody has to decide.
struct ClashShown {
    field: String,
    label: String,
    base: String,
    theirs: String,
    mine: String,
    /// The mark of what stands there today.
    seen: String,
    /// Who set what stands there today and when.
    theirs_by: String,
    /// Who set the other on a phone, and when it came.
    mine_by: String,
}

/// `GET /field/open?after=…`; `?done=…&case=…` tells what was decided just now, about which case
///
/// # Errors
/// Not permitted, or a failure.
pub async fn get(State(grid): State<Arc<Grid>>, page: Page) -> Result<Response, WebError> {
    grid.open_page(page, None).await
}

/// `POST /field/open`: decides one entry (`entry`, `deed`, and of a conflict `take-FIELD` and `saw-FIELD`, which is the
/// mark of what stood there when the page was shown, and of a case the `version` that it had then).
///
/// # Errors
/// Not permitted, no such entry, or a failure.
pub async fn post(State(grid): State<Arc<Grid>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    permitted(&page)?;
    let at = cases::handle(form.get("entry")).map_err(|_| WebError::NotFound)?;
    let deed = match form.get("deed") {
        "decide" => {
            let under = |before: &str| -> BTreeMap<String, String> {
                form.under(before).map(|(field, said)| (field.to_owned(), said.to_owned())).collect()
            };
            let version = form.get("version").parse().unwrap_or_default();
            Deed::Decide(Decided { chosen: under("take-"), seen: under("saw-"), version })
        }
        "keep" => Deed::Keep(grid.note_of(&page, at).await?),
        "again" => Deed::Again,
        "without" => Deed::Without,
        "let_go" => Deed::LetGo,
        "undo" => Deed::Undo,
        _ => return Err(WebError::NotFound),
    };
    let sent = Form::of(&form, form.get("entry"));
    let told = told_as(&deed);
    let done = grid.decide_entry(at, deed, sent, page.visitor.actor.clone(), page.now).await;
    let entry = grid.hall.store.read(move |tx| field::find(tx, at.0, at.1)).await?;
    let number = entry.map(|entry| entry.number).unwrap_or_default();
    let next = format!("/field/open?done={told}&case={number}");
    web::answer(done.map(|()| next), |refusal| grid.open_page(page, Some(refusal))).await
}

/// What was decided, as the address says it of the page that tells so.
fn told_as(deed: &Deed) -> &'static str {
    match deed {
        Deed::Decide(decided) if decided.chosen.values().all(|one| one == THEIRS) => "theirs",
        Deed::Decide(decided) if decided.chosen.values().all(|one| one == MINE) => "mine",
        Deed::Decide(_) => "each",
        Deed::Keep(_) => "kept",
        Deed::Again | Deed::Without => "again",
        Deed::LetGo => "let-go",
        Deed::Undo => "undone",
    }
}

/// The same in words.
fn told(page: &Page) -> String {
    match page.query.get("done") {
        "theirs" => page.t("grid-open-told-theirs"),
        "mine" => page.t("grid-open-told-mine"),
        "each" => page.t("grid-open-told-each"),
        "kept" => page.t("grid-open-told-kept"),
        "again" => page.t("grid-open-told-again"),
        "let-go" => page.t("grid-open-told-let-go"),
        "undone" => page.t("grid-open-told-undone"),
        _ => String::new(),
    }
}

/// Whoever works in the field sees her own, whoever supervises sees those of her places.
fn permitted(page: &Page) -> Result<(), WebError> {
    if page.may(Permission::CaseSupervise) { Ok(()) } else { page.require(May::FieldWork) }
}

impl Grid {
    async fn open_page(self: &Arc<Self>, page: Page, refusal: Option<Refusal>) -> Result<Response, WebError> {
        permitted(&page)?;
        let actor = page.visitor.actor.clone();
        let after = After::parse(page.query.get("after"));
        let is_further = after.is_some();
        let (open, next) = self.open_entries(actor.clone(), after.unwrap_or_default(), PAGE).await?;
        let done = match actor.account.filter(|_| page.may(May::FieldWork) && !is_further) {
            Some(account) => self.done_entries(account).await?,
            None => Vec::new(),
        };
        let shown = |told: &Vec<Told>| told.iter().map(|told| self.shown(&page, told)).collect::<Vec<_>>();
        let (open, done) = (shown(&open), shown(&done));
        let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let problem = refusal.map(|refusal| page.problem(&refusal));
        let next = next.as_ref().map(After::show).unwrap_or_default();
        let (told, about) = (told(&page), CaseNumber::parse(page.query.get("case")).ok());
        render_status(status, &OpenPage { page, open, next, done, told, about, problem })
    }

    fn shown(&self, page: &Page, told: &Told) -> Shown {
        let entry = &told.entry;
        let (words, remedy) = words_of(page, entry);
        let (title, said) = self.entry_said(page, told);
        let stands = entry.stands();
        let whole = told.photos.iter().filter(|photo| photo.whole).count();
        let photos = match told.photos.len() {
            0 => String::new(),
            all => page.t2("grid-field-photos-there", "n", whole, "all", all),
        };
        let deed = |step: &Step| page.t(&format!("grid-field-deed-{}", step.deed.replace('_', "-")));
        let step = |step: &Step| (page.day(step.day), step.name.clone(), deed(step));
        let lost = self.lost(page, told, &said);
        let remedy = if lost.is_some() { page.t("grid-field-remedy-lost") } else { remedy };
        let remarks = told.steps.iter().filter(|step| step.deed.starts_with(OF_PHOTO)).map(deed).collect();
        Shown {
            key: entry.key(),
            title,
            place: self.hall.places.tree().chain(&entry.path, page.lang),
            name: entry.name.clone(),
            day: page.date(entry.arrived_on),
            number: entry.number.clone(),
            class: class_of(stands),
            words,
            remedy,
            forced: entry.forced,
            photos,
            lost,
            said,
            clashes: told.clashes.iter().map(|clash| self.clash(page, told, clash)).collect(),
            versions: self.versions(page, told),
            today: told.versions.map_or(0, |versions| versions.today),
            steps: told.steps.iter().map(step).collect(),
            remarks,
            tries: self.tries(page, entry),
            can_undo: stands == Stands::Done && entry.kind == "dwelling",
        }
    }

    /// What can be tried with an entry now.
    fn tries(&self, page: &Page, entry: &Entry) -> &'static str {
        let is_lost = || self.may_leave_photos(entry, &page.visitor.actor, page.now).unwrap_or_default();
        match entry.stands() {
            Stands::Refused | Stands::Parked => "again",
            Stands::Photos if is_lost() => "without",
            _ => "",
        }
    }

    /// What an entry is called, and what it says.
    fn entry_said(&self, page: &Page, told: &Told) -> (String, Vec<(String, String)>) {
        let Some(sent) = &told.sent else { return (page.t("grid-field-erased"), Vec::new()) };
        match &sent.what {
            What::Report { condition, words, .. } => {
                let known = self.catalogue.condition(condition);
                let what =
                    known.map(|(kind, one)| format!("{} · {}", kind.name.get(page.lang), one.when.get(page.lang)));
                let words = Some(words.clone()).filter(|words| !words.is_empty());
                let said = words.map(|words| (page.t("grid-field-words"), words)).into_iter().collect();
                (page.t1("grid-field-title-report", "what", what.unwrap_or_default()), said)
            }
            What::Act { action, fields, .. } => {
                let title = self.action_title(page, action);
                let said = fields.iter().filter(|(_, text)| !text.is_empty());
                let said = said.map(|(name, text)| self.answered(page, action, name, text)).collect();
                let title = match &told.report {
                    Some(report) => page.t2("grid-field-title-about", "what", title, "about", self.about(page, report)),
                    None => page.t1("grid-field-title-act", "what", title),
                };
                (title, said)
            }
            What::Dwelling { door, fields, .. } => {
                let at = page.text(
                    "grid-field-door-words",
                    &[
                        ("entrance", &door.entrance.to_string()),
                        ("floor", &door.floor.to_string()),
                        ("door", &door.door),
                    ],
                );
                let said =
                    fields.iter().map(|(name, edit)| (field_label(page, name), field_value(page, name, &edit.set)));
                let what = self.building_words(door.building).into_iter().chain([at]).collect::<Vec<_>>().join(" · ");
                (page.t1("grid-field-title-dwelling", "what", what), said.collect())
            }
            What::Round { grid, day, .. } => {
                let tree = self.hall.places.tree();
                let place = tree.get(PlaceId(*grid)).map(|place| place.named(page.lang).to_owned());
                let day = day.parse::<kernel::time::Date>().map_or_else(|_| day.clone(), |day| page.date(day));
                let what = [place, Some(day)].into_iter().flatten().collect::<Vec<_>>().join(" · ");
                (page.t1("grid-field-title-round", "what", what), Vec::new())
            }
        }
    }

    /// What a building is called, with its compound; nothing where no such building is laid.
    fn building_words(&self, id: i64) -> Option<String> {
        let ground = self.hall.places.geography_known()?;
        let at = ground.buildings.binary_search_by_key(&id, |building| building.id).ok()?;
        let building = ground.buildings.get(at)?;
        let compound = ground.compound_of(building).map(|compound| compound.name.clone());
        Some(compound.into_iter().chain([building.name.clone()]).collect::<Vec<_>>().join(" "))
    }

    /// On which version the phone and the thing of today stand, in words.
    fn versions(&self, page: &Page, told: &Told) -> String {
        let Some(Versions { phone, today }) = told.versions else { return String::new() };
        if told.entry.kind != "dwelling" && !(0..=today).contains(&phone) {
            return page.t2("grid-open-version-ahead", "phone", phone, "today", today);
        }
        // The same state stands on both sides: the case left it and came back.
        let again = told.clashes.iter().find(|clash| clash.field == STATE && clash.base == clash.theirs);
        if let Some(clash) = again {
            let (state, phone, today) = (self.state_title(page, &clash.theirs), phone.to_string(), today.to_string());
            let words = [("state", state.as_str()), ("phone", phone.as_str()), ("today", today.as_str())];
            return page.text("grid-open-version-again", &words);
        }
        let key = if told.entry.kind == "dwelling" { "grid-open-version-dwelling" } else { "grid-open-version-case" };
        page.t2(key, "phone", phone, "today", today)
    }

    fn clash(&self, page: &Page, told: &Told, clash: &Clash) -> ClashShown {
        let Clash { field, base, theirs, mine } = clash;
        let seen = self.seen_mark(theirs);
        let [base, theirs, mine] = if field == STATE {
            [self.state_title(page, base), self.state_title(page, theirs), self.action_title(page, mine)]
        } else {
            [base, theirs, mine].map(|value| field_value(page, field, value))
        };
        let none = |text: String| if text.is_empty() { page.t("grid-field-nothing") } else { text };
        let label = if field == STATE { page.t("grid-field-label-state") } else { field_label(page, field) };
        let (entry, set_by) = (&told.entry, told.set_by.get(field));
        let theirs_by = set_by.map_or_else(
            || page.t("grid-open-theirs"),
            |set_by| {
                let at = set_by.at.map_or_else(|| page.day(set_by.on), |at| page.minute(at));
                let key = if set_by.name.is_empty() { "grid-open-theirs-at" } else { "grid-open-theirs-by" };
                page.t2(key, "who", &set_by.name, "at", at)
            },
        );
        let own = page.visitor.actor.account == Some(entry.account);
        let key = if own { "grid-open-mine-own" } else { "grid-open-mine" };
        ClashShown {
            field: field.clone(),
            label,
            base: none(base),
            theirs: none(theirs),
            mine: none(mine),
            seen,
            theirs_by,
            mine_by: page.t2(key, "who", &entry.name, "at", page.day(entry.arrived_on)),
        }
    }

    fn action_title(&self, page: &Page, name: &str) -> String {
        let procedure = self.cases.procedure(REPORT).ok();
        let action = procedure.and_then(|procedure| procedure.actions.get(name));
        action.map_or_else(|| name.to_owned(), |action| page.of(&action.title).to_owned())
    }

    /// What a step asked and what was answered, as people read both.
    fn answered(&self, page: &Page, action: &str, name: &str, text: &str) -> (String, String) {
        let procedure = self.cases.procedure(REPORT).ok();
        let action = procedure.and_then(|procedure| procedure.actions.get(action));
        let need = action.and_then(|action| action.needs.iter().find(|need| need.name == name));
        let Some(need) = need else { return (name.to_owned(), text.to_owned()) };
        let said = match &need.kind {
            NeedKind::Choice { options } => {
                options.iter().find(|option| option.code == text).map(|option| page.of(&option.title).to_owned())
            }
            NeedKind::Unit => text.split_once('@').and_then(|(department, path)| {
                let path = PlacePath::parse(path).ok()?;
                Some(self.cases.office_name(&path, Some(department), page.lang))
            }),
            _ => None,
        };
        (page.of(&need.title).to_owned(), said.unwrap_or_else(|| text.to_owned()))
    }

    /// What a report is about and where it is, in a few words.
    fn about(&self, page: &Page, report: &Report) -> String {
        let condition = self.catalogue.condition_ever(&format!("{}/{}", report.kind, report.condition));
        let kind = condition.map_or(report.kind.as_str(), |(kind, _)| kind.name.get(page.lang));
        let tree = self.hall.places.tree();
        let place = tree.at(&report.path).map(|place| place.named(page.lang).to_owned());
        [Some(kind.to_owned()), place].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// What stands in the way of a step that can no longer be taken.
    fn lost(&self, page: &Page, told: &Told, said: &[(String, String)]) -> Option<Lost> {
        let today = told.step.filter(|step| !step.possible)?;
        let clash = told.clashes.iter().find(|clash| clash.field == STATE)?;
        let (stands, step) = (self.state_title(page, &clash.theirs), self.action_title(page, &clash.mine));
        let says = page.t2("grid-open-lost", "state", stands, "step", step);
        Some(Lost { says, notes: today.notes && !said.is_empty() })
    }

    fn state_title(&self, page: &Page, code: &str) -> String {
        let procedure = self.cases.procedure(REPORT).ok();
        let state = procedure.and_then(|procedure| procedure.states.get(code));
        state.map_or_else(|| code.to_owned(), |state| page.of(&state.title).to_owned())
    }

    /// What was written on a phone, as a note of the case tells it.
    async fn note_of(self: &Arc<Self>, page: &Page, at: (PlaceId, Uuid)) -> Result<String, WebError> {
        let told = self.entry_told(at.0, at.1).await?;
        let (title, said) = self.entry_said(page, &told);
        let head = page.t2("grid-open-note", "who", &told.entry.name, "what", title);
        let lines = said.iter().map(|(term, text)| page.t2("grid-open-note-line", "term", term, "text", text));
        Ok(std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n"))
    }
}

/// What a field of a dwelling is called.
pub(super) fn field_label(page: &Page, name: &str) -> String {
    if name != STATE && !DWELLING_FIELDS.contains(&name) {
        return page.t("grid-field-label-unknown");
    }
    page.t(&format!("grid-field-label-{}", name.replace('_', "-")))
}

/// What a field of a dwelling says, in words.
pub(super) fn field_value(page: &Page, name: &str, value: &str) -> String {
    match (name, value.parse::<kernel::time::Date>()) {
        (MET, _) if MET_CODES.contains(&value) => page.t(&format!("grid-field-met-{value}")),
        (crate::words::field::COME_ON, Ok(day)) => page.date(day),
        _ => value.to_owned(),
    }
}

const fn class_of(stands: Stands) -> &'static str {
    match stands {
        Stands::Conflict | Stands::Refused => "late",
        Stands::Parked | Stands::Photos | Stands::Came => "soon",
        Stands::Done | Stands::Over => "done",
    }
}
