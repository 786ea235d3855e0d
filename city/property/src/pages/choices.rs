//! The places that a form offers, and the one that it names.

use kernel::permission::Permission;
use kernel::place::{Level, PlaceId, PlacePath};
use web::{Choice, Page, WebError};

use crate::Companies;
use crate::actions::by::places_of;
use crate::words::register::Ground;

use super::grounds_in;

/// The most compounds that are offered to choose from. Where there are more, people write the name.
const COMPOUNDS_MOST: usize = 1_000;

impl Companies {
    /// The compounds that the places know where this person holds a permission; none if there are too many to choose
    /// from.
    pub(crate) async fn compounds(&self, page: &Page, permission: Permission) -> Result<Vec<Ground>, WebError> {
        let found = grounds_in(&self.hall, &places_of(&page.visitor.actor, permission)).await?;
        Ok(if found.len() > COMPOUNDS_MOST { Vec::new() } else { found })
    }

    /// The compounds as a choice, with where each lies.
    pub(crate) fn compound_choices(&self, page: &Page, grounds: &[Ground], current: &str) -> Vec<Choice> {
        let tree = self.hall.places.tree();
        let name = |ground: &Ground| format!("{} · {}", ground.name, tree.chain(&ground.path, page.lang));
        let mut sorted: Vec<&Ground> = grounds.iter().collect();
        sorted.sort_by(|one, other| (&one.path, &one.name).cmp(&(&other.path, &other.name)));
        let choices = sorted.into_iter().map(|ground| Choice::new(ground.id.to_string(), name(ground), current));
        with_none(page, choices.collect(), current)
    }

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
