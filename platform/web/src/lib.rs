//! The frame of every page: language, display, forms, refusals, downloads. It knows nothing of the city.
//!
//! A department writes pages with [`Page`] and [`render`], reads addresses with [`InPath`] and forms with
//! [`PostForm`], answers forms with [`answer()`], shows lists with [`table::Table`], and reports errors with
//! [`WebError`]. It adds its routes to [`Routes`], each with its [`Cost`]; the app joins all of them and wraps them
//! once with [`layers_behind`] (or [`layers()`], without limits and sign-in of its own), then with [`over_https`] and
//! [`addressed`].

mod address;
mod answer;
mod binding;
mod came;
mod cost;
mod csrf;
mod dates;
mod done;
pub mod download;
mod draw;
mod error;
mod form;
mod frame;
mod headers;
mod heading;
mod layers;
mod list;
mod map;
mod menu;
mod noted;
mod page;
mod path;
mod preferences;
mod routes;
mod sheet;
mod square;
pub mod table;
mod telephone;
mod texts;
mod upload;
mod views;
mod visitor;
mod voices;

pub use address::{NetworkAddress, Origin, Proxies, addressed};
pub use answer::{Next, answer, answer_permitted, settled, too_often};
pub use binding::cookie;
pub use cost::{Bounds, Class, Cost, Doors, Limits, Need, Place};
pub use dates::{DueAt, Light};
pub use done::done_meanwhile;
pub use error::{FormFault, WebError};
pub use form::{Form, FormCommand, PostForm};
pub use frame::{Frame, Post, Waiting, WaitingHook};
pub use headers::{may_ask_where, over_https};
pub use heading::{Duty, Heading, Service};
pub use layers::{layers, layers_behind, layers_with};
pub use map::Map;
pub use menu::{MenuLink, ServiceLink};
pub use noted::SECURITY;
pub use page::{Page, render, render_refused, render_status};
pub use path::{InPath, PathPart, ThreeInPath, TwoInPath};
pub use preferences::{Preferences, Theme, local_path};
pub use routes::{Declared, Routes};
pub use square::Qr;
pub use telephone::{Piece, pieces};
pub use texts::Texts;
pub use upload::{Upload, UploadForm};
pub use views::{Choice, Crumb, Pager, Problem, Step, Working, problem_of};
pub use visitor::Visitor;

/// The texts of the frame itself, to be given to [`Texts::new`] beside those of the departments: (Chinese, English).
pub const LOCALES: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));
