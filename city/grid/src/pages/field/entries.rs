//! Takes entries and pieces of photos from phones, and says how each stands.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use kernel::refusal::{Code, Refusal};
use serde::Serialize;
use web::{InPath, Page, PostForm, UploadForm, WebError};

use super::answers::json;
use crate::Grid;
use crate::actions::opened;
use crate::actions::pieces::NewPiece;
use crate::permissions::May;
use crate::words::field::{Entry, Photo, Sent, Stands};

/// How an entry stands, as its phone is told.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// Its identity.
    id: uuid::Uuid,
    /// How the server names it.
    key: String,
    /// `done`, `photos`, `parked`, `came`, `conflict`, `refused`, `over`.
    state: String,
    /// What is said of it.
    words: String,
    /// What to do.
    remedy: String,
    /// The number of the case.
    number: String,
    /// How much of each photo is there.
    photos: Vec<PhotoTold>,
}

/// How much is there of a photo.
#[derive(Clone, Debug, Serialize)]
struct PhotoTold {
    id: uuid::Uuid,
    have: i64,
    whole: bool,
}

/// What comes of a piece.
#[derive(Serialize)]
struct PieceTold {
    have: i64,
    whole: bool,
    damaged: bool,
    /// How the entry stands, with its last photo.
    entry: Option<Line>,
}

/// `POST /field/entries`: one entry as JSON in the field `entry`, and in `who` whose phone kept it.
///
/// # Errors
/// Not permitted, an entry of somebody else or one that cannot be read at all, or a failure. What a rule refuses is an
/// answer.
pub async fn post(State(grid): State<Arc<Grid>>, page: Page, form: PostForm) -> Result<Response, WebError> {
    page.require(May::FieldWork)?;
    grid.check_keeper(&page, &form)?;
    let unreadable = |_| WebError::from(Refusal::new(Code::FormInvalid).field("entry").with("label", "entry"));
    let sent: Sent = serde_json::from_str(form.get("entry")).map_err(unreadable)?;
    let told = grid.enter(sent, page.visitor.actor.clone(), page.now).await?;
    json(&line(&page, &told.entry, &told.photos))
}

/// `POST /field/photos/{file}?entry=KEY&at=OFFSET`: a piece of a photo in the file field `piece`, and in `who` whose
/// phone kept it.
///
/// # Errors
/// Not permitted, a photo of somebody else, no such photo, a piece that cannot be, or a failure.
pub async fn photo(
    State(grid): State<Arc<Grid>>,
    page: Page,
    InPath(photo): InPath<uuid::Uuid>,
    form: UploadForm,
) -> Result<Response, WebError> {
    page.require(May::FieldWork)?;
    grid.check_keeper(&page, &form)?;
    let (district, entry) = cases::handle(page.query.get("entry")).map_err(|_| WebError::NotFound)?;
    let start = page.query.get("at").parse().map_err(|_| WebError::NotFound)?;
    let piece = form.files().iter().find(|file| file.field == "piece");
    let bytes = piece.map(|file| file.bytes.to_vec()).unwrap_or_default();
    let piece = NewPiece { district, entry, photo, start, bytes };
    let have = grid.take_piece(piece, &page.visitor.actor, page.now).await?;
    let entry = if have.whole { Some(grid.entry_told(district, entry).await?) } else { None };
    let entry = entry.map(|told| line(&page, &told.entry, &told.photos));
    let told = PieceTold { have: have.bytes, whole: have.whole, damaged: have.damaged, entry };
    json(&told)
}

impl Grid {
    /// Takes nothing in that somebody else kept on the same phone: it would stand under the wrong name. She has to sign
    /// in there herself. Pages of an earlier version do not say whose it is.
    fn check_keeper(&self, page: &Page, form: &PostForm) -> Result<(), WebError> {
        match form.opt("who") {
            Some(who) if who != self.phone_of(page) => Err(WebError::SignIn),
            _ => Ok(()),
        }
    }

    /// What a worker sent that is not finished.
    pub(super) async fn lines_of(self: &Arc<Self>, page: &Page) -> Result<Vec<Line>, Fault> {
        let own = self.own_lines(page.visitor.actor.account.ok_or(Fault::NotFound)?).await?;
        Ok(own.iter().map(|opened::Line { entry, photos }| line(page, entry, photos)).collect())
    }
}

/// What is said of how an entry stands, and what to do.
pub(super) fn words_of(page: &Page, entry: &Entry) -> (String, String) {
    let stands = entry.stands();
    if stands != Stands::Refused {
        let code = stands.code();
        return (page.t(&format!("grid-field-stands-{code}")), page.t(&format!("grid-field-remedy-{code}")));
    }
    let said = entry.told();
    let (sentence, remedy) = match page.lang {
        kernel::language::Lang::Zh => (0, 1),
        kernel::language::Lang::En => (2, 3),
    };
    let refused = |at: usize| said.refused.get(at).cloned().unwrap_or_default();
    (refused(sentence).replace("{label}", &page.t("grid-field-entry")), refused(remedy))
}

/// How an entry stands, in words.
fn line(page: &Page, entry: &Entry, photos: &[Photo]) -> Line {
    let (words, remedy) = words_of(page, entry);
    let photos = photos.iter().map(|photo| PhotoTold { id: photo.id, have: photo.there, whole: photo.whole });
    Line {
        id: entry.id,
        key: entry.key(),
        state: entry.state.clone(),
        words,
        remedy,
        number: entry.number.clone(),
        photos: photos.collect(),
    }
}
