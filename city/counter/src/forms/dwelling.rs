//! Finds the community that an address names, so that the text of an identity card fills in where somebody lives.

use kernel::place::Level;
use places::{Place, Tree};

/// Returns the communities that an address names: those with the longest name in it, and of these the ones whose
/// district and street stand there too. Several are left where the address does not tell them apart.
#[must_use]
pub fn communities<'t>(tree: &'t Tree, address: &str) -> Vec<&'t Place> {
    let mut found: Vec<&Place> =
        tree.of_level(Level::Community).filter(|place| address.contains(place.name.zh.as_str())).collect();
    let letters = |place: &&Place| place.name.zh.chars().count();
    let longest = found.iter().map(letters).max().unwrap_or_default();
    found.retain(|place| letters(place) == longest);
    for level in [Level::District, Level::Street] {
        let named = |place: &&Place| {
            let above = place.path.at(level);
            let above = above.and_then(|path| tree.at(&path));
            above.is_some_and(|above| address.contains(above.name.zh.as_str()))
        };
        if found.iter().any(named) {
            found.retain(named);
        }
    }
    found
}
