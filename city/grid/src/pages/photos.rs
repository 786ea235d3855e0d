//! This page shows those who handle a report its photos and her words: photos open after a purpose was stated, and each
//! is released to the public, or taken back, by itself.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use cases::{Key, Known, PAPERS_LOOK_MINUTES};
use hall::{Fault, PurposeFields, Sent, Stated};
use house::{BesideLink, CaseAt};
use kernel::case::{Case, Event, Recorded};
use kernel::identifier::CaseNumber;
use kernel::permission::Permission;
use kernel::refusal::Refusal;
use papers::purpose::Purpose;
use store::{StoreError, Tx};
use uuid::Uuid;
use web::{Choice, InPath, Next, Page, PostForm, Problem, TwoInPath, Upload, UploadForm, WebError, render_status};

use crate::Grid;
use crate::actions::photos::{Part, Releasing};
use crate::actions::proof::Proof;
use crate::actions::tray::PhotoLimits;
use crate::kind::{looked_at, photo_shown};
use crate::records::photo::{self, Photo};
use crate::records::{self, shown};
use crate::words::{LOOK_COOKIE, PHOTO_AFTER, PHOTO_BEFORE, REPORT, SMALL, Shows};

/// What a form sends for her words in place of a photo.
const WORDS: &str = "words";
/// The field of photos of which it is chosen what they show.
const PHOTO: &str = "photo";
/// What a form that states a purpose on the page of the case sends, to lead back there.
const CASE: &str = "case";
const KIBIBYTE: i64 = 1024;

#[derive(Template)]
#[template(path = "grid/photos.html")]
struct PhotosPage {
    page: Page,
    number: String,
    title: String,
    photos: Vec<PhotoLine>,
    /// Her words; empty where she said nothing.
    words: String,
    /// Who released her words and when; empty where nobody did.
    words_released: String,
    /// Whether whoever reported lets others see the report.
    public: bool,
    may_look: bool,
    may_release: bool,
    /// Which photos this visitor may add; none if she may not.
    adding: Option<PhotoLimits>,
    /// What photos may show that are added.
    shows: Vec<Choice>,
    /// What is wrong with the photos that were sent.
    wrong: String,
    /// Why this visitor looks, and until when.
    purpose: Option<(String, String)>,
    why: PurposeFields,
    problem: Option<Problem>,
}

/// A photo as the page shows it.
struct PhotoLine {
    id: String,
    place: usize,
    /// What it shows; empty where nobody knows.
    shows: String,
    /// At which step it came, and when.
    came: String,
    what: String,
    /// Who released it and when; empty where nobody did.
    released: String,
    /// Who added it; empty where it came with the report.
    added: String,
}

/// What stands on the page.
struct Found {
    known: Known,
    /// The photos, each with the step at which it came, in words.
    photos: Vec<(Photo, String)>,
    words: String,
    words_released: String,
    public: bool,
}

/// The link that stands beside a report for those who handle it.
///
/// # Errors
/// The store failed.
pub fn beside(tx: &mut dyn Tx, page: &Page, case: CaseAt<'_>) -> Result<Vec<BesideLink>, StoreError> {
    if case.kind != REPORT || !page.visitor.staff() {
        return Ok(Vec::new());
    }
    let count = photo::count(tx, case.district, case.id)?;
    let (href, text) = (format!("/cases/{}/photos", case.number), page.t1("grid-photos-link", "n", count));
    Ok(vec![BesideLink { href, text, is_open: false }])
}

/// `GET /cases/{number}/photos`
///
/// # Errors
/// 404 if this visitor may not see the case, or if it is no report.
pub async fn get(
    State(grid): State<Arc<Grid>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
) -> Result<Response, WebError> {
    grid.photos_page(page, number, None, None).await
}

/// `POST /cases/{number}/photos`: releases a photo or her words to the public, or takes them back.
///
/// # Errors
/// As the page, and a missing permission.
pub async fn release(
    State(grid): State<Arc<Grid>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    let part = match form.get("part") {
        WORDS => Part::Words,
        id => Part::Photo(Uuid::parse_str(id).map_err(|_| WebError::NotFound)?),
    };
    let releasing = Releasing { part, public: form.get("public") == "yes" };
    let (desk, drawn, asked, sent) = (grid.clone(), page.clone(), number.clone(), Sent::of(&form, &number));
    let write = move |tx: &mut dyn Tx| {
        let known = desk.seen(tx, &drawn, &asked)?;
        Grid::may_release(&known, &drawn.visitor.actor)?;
        if !sent.is_first(tx, "grid.release", drawn.now)? {
            return Ok(());
        }
        desk.release(tx, &known, &releasing, &drawn.visitor.actor, drawn.now)
    };
    let done = grid.hall.store.write(write).await.map(|()| address(&number));
    web::answer_permitted(done, |refusal| grid.photos_page(page, number, Some(refusal), None)).await
}

/// `POST /cases/{number}/photos/add`: adds photos that show the work, and takes the step with which they are handed in
/// if the form is that of a step. Sent twice they are there once.
///
/// # Errors
/// As the page, and 404 for whoever neither looks after the report nor handles it.
pub async fn add(
    State(grid): State<Arc<Grid>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: UploadForm,
) -> Result<Response, WebError> {
    let known = grid.looked_up(&page, &number).await?.known;
    if !Grid::may_prove(&known, &page.visitor.actor) {
        return Err(WebError::NotFound);
    }
    let (photos, is_step) = (sent_photos(&form), form.has("action"));
    // A step is handed in without photos too. Where it cannot be taken, nothing of it is kept; its refusal says why.
    let has_to_prove = !is_step || (!photos.is_empty() && grid.cases.takes(&page, &number, &form).await?);
    let (at, by) = (known.key(), page.visitor.actor.name.clone());
    let batch = Uuid::new_v5(&at.id, form.key().as_bytes());
    let proof = Proof { at, batch, photos, by, sent_at: page.now, before_work: false };
    let done = if has_to_prove { grid.prove(proof, page.now).await } else { Ok(()) };
    if !is_step {
        let done = done.map(|()| address(&number));
        return web::answer_permitted(done, |refusal| grid.photos_page(page, number, Some(refusal), None)).await;
    }
    match web::settled(done)? {
        Ok(()) => cases::act_on(State(grid.cases.clone()), page, InPath(number), PostForm::clone(&form)).await,
        Err(refusal) => cases::refused_on(grid.cases.clone(), page, number, &form, refusal).await,
    }
}

/// `POST /cases/{number}/photos/open`: states a purpose. For a while each look is written down with it.
///
/// # Errors
/// As the page, and a missing permission to open personal data.
pub async fn open(
    State(grid): State<Arc<Grid>>,
    page: Page,
    InPath(number): InPath<CaseNumber>,
    form: PostForm,
) -> Result<Response, WebError> {
    let known = grid.looked_up(&page, &number).await?.known;
    page.require(Permission::PersonOpen)?;
    let to = if form.get("back") == CASE { format!("/cases/{number}#pictures") } else { address(&number) };
    let stated = grid.stated(&page, &known, &form).map(|cookie| Next::with_cookie(&to, cookie));
    let sent = Stated::of(&form);
    web::answer_permitted(stated, |refusal| grid.photos_page(page, number, Some(refusal), Some(sent))).await
}

/// `GET /cases/{number}/photos/{photo}`: one photo, after a purpose was stated. The look is written down.
///
/// # Errors
/// As the page, 404 for a photo that is not there, and a missing permission to open personal data.
pub async fn photo(
    State(grid): State<Arc<Grid>>,
    page: Page,
    TwoInPath(number, photo): TwoInPath<CaseNumber, Option<Uuid>>,
) -> Result<Response, WebError> {
    let known = grid.looked_up(&page, &number).await?.known;
    page.require(Permission::PersonOpen)?;
    let photo = photo.ok_or(WebError::NotFound)?;
    let Some(purpose) = grid.looking(&page, &known) else {
        return Ok(Redirect::to(&address(&number)).into_response());
    };
    let bytes = grid.look_at(known, photo, &page.visitor.actor, &purpose, page.now).await?;
    Ok(super::picture(bytes))
}

/// `GET /follow/{number}/photos/{photo}`: a photo of the work, or one that she sent in, for whoever follows her own
/// report. It is no look at anybody else's data.
///
/// # Errors
/// 404 for everybody else, for a photo that others sent in, and for one of the work while nobody is told yet what was
/// done.
pub async fn of_work(
    State(grid): State<Arc<Grid>>,
    page: Page,
    TwoInPath(number, photo): TwoInPath<CaseNumber, Uuid>,
) -> Result<Response, WebError> {
    let (desk, drawn) = (grid.clone(), page.clone());
    let known = grid.hall.store.read(move |tx| desk.counter.as_applicant(tx, &drawn, &number)).await?;
    if known.case.kind != REPORT {
        return Err(WebError::NotFound);
    }
    let bytes = grid.photo_for_reporter(known, photo).await?;
    Ok(super::picture(grid.as_asked(&page, bytes).await?))
}

/// The photos of a form with what each shows: as its field says, or as it was chosen beside it.
fn sent_photos(form: &UploadForm) -> Vec<(Option<Shows>, Vec<u8>)> {
    let photo = |file: &Upload| {
        let shows = match file.field.as_str() {
            PHOTO_BEFORE => Some(Shows::Before),
            PHOTO_AFTER => Some(Shows::After),
            PHOTO => Shows::parse(form.get("shows")),
            _ => return None,
        };
        Some((shows, file.bytes.to_vec()))
    };
    form.files().iter().filter_map(photo).collect()
}

/// What photos that are added may show. Nothing is chosen that nobody chose.
fn choices(page: &Page) -> Vec<Choice> {
    let choice = |shows: Shows| Choice::new(shows.code(), page.t(shows.key()), "");
    let unsaid = Choice::new("", page.t("grid-shows-unsaid"), "");
    std::iter::once(unsaid).chain(Shows::ALL.map(choice)).collect()
}

fn address(number: &CaseNumber) -> String {
    format!("/cases/{number}/photos")
}

impl Grid {
    /// A report that this member of staff may see.
    pub(super) fn seen(&self, tx: &mut dyn Tx, page: &Page, number: &CaseNumber) -> Result<Known, Fault> {
        let pass = page.cookie(cases::PASS_COOKIE);
        let known = self.cases.seen(tx, number.as_str(), &page.visitor.actor, pass.as_deref(), page.now)?;
        if known.case.kind == REPORT { Ok(known) } else { Err(Fault::NotFound) }
    }

    /// A photo as its address asks for it: whole, or small as a list shows it.
    pub(super) async fn as_asked(&self, page: &Page, photo: Vec<u8>) -> Result<Vec<u8>, Fault> {
        if page.query.has(SMALL) { self.made_small(photo, page.now).await } else { Ok(photo) }
    }

    async fn looked_up(self: &Arc<Self>, page: &Page, number: &CaseNumber) -> Result<Found, WebError> {
        page.require(Permission::CaseRead)?;
        let (desk, drawn, asked) = (self.clone(), page.clone(), number.clone());
        let read = move |tx: &mut dyn Tx| {
            let known = desk.seen(tx, &drawn, &asked)?;
            let Key { district, id } = known.key();
            let photos = photo::of_case(tx, district, id)?;
            let events = if photos.is_empty() { Vec::new() } else { cases::events_of(tx, &known.case)? };
            let stood = |photo: Photo| {
                let step = desk.step_of(&drawn, &known, &events, &photo);
                (photo, step)
            };
            let photos = looked_at(&known.case, &events, photos).into_iter().map(stood).collect();
            let words = desk.said(tx, &known)?.unwrap_or_default();
            let shown = shown::find(tx, district, id)?;
            let released = shown.map(|shown| released(&drawn, shown.released_at, shown.released_by.as_deref()));
            let public = records::find(tx, district, id)?.is_some_and(|report| report.public);
            Ok::<_, Fault>(Found { known, photos, words, words_released: released.unwrap_or_default(), public })
        };
        Ok(self.hall.store.read(read).await?)
    }

    async fn photos_page(
        self: &Arc<Self>,
        page: Page,
        number: CaseNumber,
        refusal: Option<Refusal>,
        sent: Option<Stated>,
    ) -> Result<Response, WebError> {
        let Found { known, photos, words, words_released, public } = self.looked_up(&page, &number).await?;
        let status = if refusal.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let refused_look = refusal.as_ref().filter(|_| sent.is_some());
        let adds = Self::may_prove(&known, &page.visitor.actor);
        let at_photo = refusal.as_ref().filter(|refusal| refusal.field.as_deref() == Some("photo"));
        let why = sent.clone().unwrap_or_else(|| Stated::chosen("handling"));
        let shown = |purpose: Purpose| {
            let text = self.hall.purposes.shown(&purpose.text, page.lang);
            (text, page.time_of_day(purpose.until))
        };
        let kind = known.case.fields.get(crate::words::KIND).and_then(|key| self.catalogue.kind_ever(key));
        let drawn = PhotosPage {
            title: kind.map(|kind| kind.name.get(page.lang).to_owned()).unwrap_or_default(),
            photos: photos
                .iter()
                .zip(1..)
                .map(|(one, place)| line(&page, &known.case, &one.0, &one.1, place))
                .collect(),
            shows: choices(&page),
            may_look: Self::may_look(&known, &page.visitor.actor),
            may_release: Self::may_release(&known, &page.visitor.actor).is_ok(),
            adding: if adds { Some(self.proof_limits(page.now)?) } else { None },
            wrong: at_photo.map(|refusal| refusal.sentence(page.lang)).unwrap_or_default(),
            purpose: self.looking(&page, &known).map(shown),
            why: self.hall.purposes.fields(&page, &why, refused_look),
            number: known.case.number,
            words,
            words_released,
            public,
            problem: refusal.map(|refusal| page.problem(&refusal)),
            page,
        };
        render_status(status, &drawn)
    }

    /// The cookie that keeps why this visitor looks at the photos of a report.
    fn stated(&self, page: &Page, known: &Known, form: &PostForm) -> Result<String, Fault> {
        let account = page.visitor.actor.account.ok_or(Fault::NotFound)?;
        let text = self.hall.purposes.stated(form.get("purpose"), form.get("purpose_word"))?;
        if !Self::may_look(known, &page.visitor.actor) {
            return Err(Fault::NotFound);
        }
        let minutes = self.hall.figure(PAPERS_LOOK_MINUTES, page.now)?;
        let (case, until) = (known.case.id.0, page.now.plus_minutes(minutes));
        let value = self.looks.write(&Purpose { case, account, until, text });
        let secure = if self.https { "; Secure" } else { "" };
        // The page of the case shows the photos too.
        let (path, seconds) = (format!("/cases/{}", known.case.number), minutes * 60);
        Ok(format!("{LOOK_COOKIE}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"))
    }

    /// At which step a report stood when a photo was added, in words.
    fn step_of(&self, page: &Page, known: &Known, events: &[Recorded], photo: &Photo) -> String {
        if photo.added_by.is_none() {
            let is_hers = known.person.is_none_or(|reporter| photo.is_of(reporter));
            let is_later = photo.at > known.case.opened_at;
            return page.t(match (is_hers, is_later) {
                (false, _) => "grid-photo-joined",
                (true, true) => "grid-photo-later",
                (true, false) => "grid-photo-with-report",
            });
        }
        let before = events.iter().take_while(|one| one.at <= photo.at);
        let came_to = before.filter_map(|one| match &one.event {
            Event::Opened(opened) => Some(opened.to.as_str()),
            Event::Acted { to, .. } => Some(to.as_str()),
            _ => None,
        });
        let state = came_to.last().and_then(|state| self.cases.procedures().state(&known.case.procedure, state));
        state.map(|state| state.title.get(page.lang).to_owned()).unwrap_or_default()
    }

    /// Why this visitor looks at the photos of a report, if she said so a while ago.
    fn looking(&self, page: &Page, known: &Known) -> Option<Purpose> {
        let account = page.visitor.actor.account?;
        self.looks.read(&page.cookie(LOOK_COOKIE)?, known.case.id.0, account, page.now)
    }
}

fn line(page: &Page, case: &Case, photo: &Photo, step: &str, place: usize) -> PhotoLine {
    let size = (photo.bytes / KIBIBYTE).max(1);
    PhotoLine {
        id: photo.id.to_string(),
        place,
        shows: photo_shown(page, case, photo).unwrap_or_default(),
        came: page.t2("grid-photo-came", "step", step, "at", page.minute(photo.at)),
        what: format!("{} × {} · {size} KB", photo.width, photo.height),
        released: released(page, photo.released_at, photo.released_by.as_deref()),
        added: photo.added_by.as_ref().map(|who| page.t1("grid-photo-added", "who", who)).unwrap_or_default(),
    }
}

/// Who released something and when; empty where nobody did.
fn released(page: &Page, at: Option<kernel::time::Instant>, by: Option<&str>) -> String {
    at.map(|at| page.t2("grid-released", "at", page.minute(at), "who", by.unwrap_or_default())).unwrap_or_default()
}
