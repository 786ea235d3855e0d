//! The places that a form offers, and the one that it names.

use kernel::permission::Permission;
use kernel::place::{Level, PlaceId, PlacePath};
use web::{Choice, Page};

use crate::Companies;
use crate::actions::by::places_of;

impl Companies {
    /// The community of an identity.
    pub(crate) fn community(&self, id: &str) -> Option<PlacePath> {
        self.place(id).filter(|place| place.level() == Level::Community)
    }

    /// The place of an identity.
    pub(crate) fn place(&self, id: &str) -> Option<PlacePath> {
        let tree = self.hall.places.tree();
        tree.path(PlaceId(id.parse().ok()?)).cloned()
    }

    /// The communities in which this person holds a permission. One alone is chosen already.
    pub(crate) fn communities(&self, page: &Page, permission: Permission, current: &str) -> Vec<Choice> {
        let (tree, own) = (self.hall.places.tree(), places_of(&page.visitor.actor, permission));
        let is_own = |path: &PlacePath| own.iter().any(|place| place.contains(path));
        let places = tree.of_level(Level::Community).filter(|place| is_own(&place.path));
        let choice =
            |place: &places::Place| Choice::new(place.id.to_string(), tree.chain(&place.path, page.lang), current);
        with_none(page, places.map(choice).collect(), current)
    }

    /// The places of this person's posts that hold a permission. One alone is chosen already.
    pub(crate) fn posts(&self, page: &Page, permission: Permission, current: &str) -> Vec<Choice> {
        let tree = self.hall.places.tree();
        let choice = |path: PlacePath| Choice::new(path.id().to_string(), tree.chain(&path, page.lang), current);
        with_none(page, places_of(&page.visitor.actor, permission).into_iter().map(choice).collect(), current)
    }
}

/// Chooses the only choice, or puts one before them that chooses nothing.
pub(crate) fn with_none(page: &Page, mut choices: Vec<Choice>, current: &str) -> Vec<Choice> {
    if let [only] = choices.as_mut_slice() {
        only.chosen = true;
    } else {
        choices.insert(0, Choice::new("", page.t("property-form-choose"), current));
    }
    choices
}
