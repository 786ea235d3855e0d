//! These are the pages of the grid:
//!
//! - for everybody: `report` takes a report, with `alarm`, `meant`, `whereabouts` and `ticket`; `joined` tells
//!   whoever joined one, `near` shows what is known near here, `heard` how a report stands for those who joined it;
//! - for those who handle reports: `work` lists them, `found` takes what was found on the round, `photos` and
//!   `platforms` stand beside a case, `danger` says whether there may be danger, `appeal` takes an appeal, `duties`
//!   keeps whose duty a kind is, `field` is for
//!   phones;
//! - for those who supervise: `figures` with `filed` and `rows`, `hurts`, and `dots` and `shown` on pages of others;
//! - for editors and operators: `sheet` for the catalogue, `forwards` for reports that other platforms put right.

mod alarm;
pub mod appeal;
pub mod danger;
pub(crate) mod dots;
pub mod duties;
pub mod field;
pub mod figures;
pub mod filed;
pub mod forwards;
pub mod found;
pub mod heard;
pub mod hurts;
mod joined;
mod meant;
pub mod near;
pub mod photos;
mod pick;
pub mod platforms;
pub mod report;
pub mod rows;
pub mod services;
pub mod sheet;
pub mod shown;
mod ticket;
mod whereabouts;
pub mod work;

use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};

/// Beginning of the keys under which a form calls its fields.
pub(crate) const LABELS: &str = "grid-field-";
/// The policy under which a photo is shown. It may do nothing at all.
const POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";

/// Answers with a photo. It is a JPEG that we wrote ourselves; it runs nothing and is kept nowhere.
fn picture(bytes: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, "image/jpeg"),
        (CONTENT_DISPOSITION, "inline; filename=\"photo.jpg\""),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, bytes).into_response()
}
