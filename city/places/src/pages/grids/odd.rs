//! This file says in words why buildings that a place brings cannot be laid, and what to do.

use kernel::place::{PlaceId, PlacePath};
use web::Page;

use super::Desk;
use crate::rules::geography::Odd;

/// Says why buildings cannot be laid in a place.
pub(super) fn why(desk: &Desk, page: &Page, place: &PlacePath, odd: &Odd) -> String {
    let tree = desk.places.tree();
    let title = |id: PlaceId| tree.get(id).map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
    let comma = page.t("places-grids-comma");
    match odd {
        Odd::NoWays => page.t("places-bring-no-ways"),
        Odd::NoPlane => page.t("places-bring-no-plane"),
        Odd::NoColumn { communities, count } => {
            let names: Vec<String> = communities.iter().map(|id| title(*id)).collect();
            let mut names = names.join(&comma);
            if *count > communities.len() {
                names.push_str(&page.t("places-bring-and-others"));
            }
            let (here, count) = (title(place.id()), count.to_string());
            let values = [("place", here.as_str()), ("count", &count), ("names", &names)];
            page.text("places-bring-no-column", &values)
        }
        Odd::Communities { column, names, count, lines, rows, home } => {
            let names: Vec<String> = names.iter().map(|name| page.t1("places-bring-quoted", "name", name)).collect();
            let mut names = names.join(&comma);
            if *count > 1 {
                names.push_str(&page.t1("places-bring-of-all", "count", count));
            }
            let column = if column.is_empty() { page.t("places-grids-column-community") } else { column.clone() };
            let (here, at, its) =
                (title(place.id()), standing(page, lines, *rows), home.map(title).unwrap_or_default());
            let values =
                [("column", column.as_str()), ("names", &names), ("lines", &at), ("place", &here), ("home", &its)];
            page.text(if home.is_some() { "places-bring-other-place" } else { "places-bring-no-community" }, &values)
        }
        Odd::Nowhere(building) => page.t1("places-bring-nowhere", "building", building),
        Odd::Elsewhere { far, all, there, ways, lines } => {
            let (at, far, all) = (standing(page, lines, *far), far.to_string(), all.to_string());
            let values = [("far", far.as_str()), ("all", &all), ("there", there), ("ways", ways), ("lines", &at)];
            page.text("places-bring-elsewhere", &values)
        }
        Odd::Far { building, metres, line } => {
            let at = if *line > 0 { standing(page, &[*line], 1) } else { String::new() };
            let metres = metres.to_string();
            page.text("places-bring-far", &[("building", building), ("metres", &metres), ("lines", &at)])
        }
    }
}

/// Says in brackets in which lines of a sheet something stands: the first of them, and how many there are. The text is
/// empty if nobody knows it.
fn standing(page: &Page, lines: &[u64], rows: usize) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let numbers: Vec<String> = lines.iter().map(u64::to_string).collect();
    let numbers = numbers.join(&page.t("places-grids-comma"));
    if rows > lines.len() {
        return page.t2("places-bring-lines-of", "lines", numbers, "rows", rows);
    }
    page.t1("places-bring-lines", "lines", numbers)
}
