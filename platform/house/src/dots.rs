//! This file holds what departments show on the map: things at a place on the ground.

use std::sync::Arc;

use kernel::place::PlacePath;
use store::{StoreError, Tx};
use web::Page;

/// Where something is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum At {
    /// At metres east and north on the ground of the geography.
    Ground(f64, f64),
    /// At a compound, by its identity.
    Compound(i64),
    /// In its community, nobody knows where.
    Community,
}

/// A thing on the map as one visitor sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// Its identity among the things of its layer: letters, digits and hyphens.
    pub id: String,
    /// Where it is.
    pub at: At,
    /// The community in which it is.
    pub place: PlacePath,
    /// What it is, in the visitor's language.
    pub title: String,
    /// The local address of its page. It is empty if there is none.
    pub href: String,
    /// How many things it stands for: more than one only if things near to one another were asked for together.
    pub count: i64,
}

/// A part of the ground, in metres east and north.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// The western edge.
    pub west: f64,
    /// The southern edge.
    pub south: f64,
    /// The eastern edge.
    pub east: f64,
    /// The northern edge.
    pub north: f64,
    /// Things that are nearer to one another than so many metres may be given as one, in their middle; 0 if each is
    /// wanted by itself. One that stands for others has no title and no address.
    pub together: f64,
    /// The places whose middle lies there, so that what is known only to be in one of them is shown there; none if all
    /// of that is wanted.
    pub places: Option<Vec<PlacePath>>,
}

/// Asks a department for its things in a part of the ground; all of them if none is given. It may give more than lie
/// there: the map leaves out what it does not show. It gives all of which it knows only the place, of the places that
/// are named.
pub type AskDots = Arc<dyn Fn(&mut dyn Tx, &Page, Option<&Window>) -> Result<Vec<Dot>, StoreError> + Send + Sync>;

/// What a department shows on the map: exactly what this visitor may see, each thing once.
#[derive(Clone)]
pub struct Dots {
    /// The name of the layer in the tiles: one word in small letters.
    pub layer: &'static str,
    /// The key of its text.
    pub key: &'static str,
    /// The zoom from which it is shown.
    pub from_zoom: u8,
    /// Small comes first, and lies below.
    pub order: i32,
    /// What is there for this visitor.
    pub show: AskDots,
    /// What anybody may take away as data; nothing where that is not for everybody.
    pub public: Option<AskDots>,
}
