//! Knows at which addresses programs ask, and in which words each of them tells what goes wrong there: whatever it is
//! that goes wrong, and whichever layer finds it.

use crate::cost::{Cost, Said};

/// How a part of an address that is written in the route, a name, and the rest of an address fit: the smaller, the
/// closer.
const WRITTEN: u8 = 0;
const NAME: u8 = 1;
const REST: u8 = 2;

/// In which words an address tells what goes wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Voice {
    /// Those of a page.
    Page,
    /// Those of a page for whoever opens it in a browser, and JSON for every script.
    Data,
    /// Those of an interface for programs, whatever the program says that it takes.
    Own(Said),
}

/// The addresses of all routes, each with its words.
#[derive(Debug, Default)]
pub(crate) struct Voices(Vec<(String, Voice)>);

impl Voices {
    /// Takes the words of each route from what the route declares.
    pub(crate) fn of<'r>(routes: impl Iterator<Item = (&'r str, &'r Cost)>) -> Self {
        let voice = |cost: &Cost| match cost.said {
            Some(said) => Voice::Own(said),
            None if cost.bare => Voice::Data,
            None => Voice::Page,
        };
        Self(routes.map(|(path, cost)| (path.to_owned(), voice(cost))).collect())
    }

    /// The words at an address: those of the route that fits it best. Where none fits it is a page.
    pub(crate) fn at(&self, path: &str) -> Voice {
        let fitting = self.0.iter().filter_map(|(route, voice)| Some((fit(route, path)?, *voice)));
        let best = fitting.min_by(|(one, _), (other, _)| one.cmp(other));
        best.map_or(Voice::Page, |(_, voice)| voice)
    }
}

/// How each part of a route fits an address; none where it does not. The rest of an address may be empty: what lies
/// above an interface is told in its words too.
fn fit(route: &str, path: &str) -> Option<Vec<u8>> {
    let (mut given, mut how) = (path.split('/'), Vec::new());
    for part in route.split('/') {
        if part.starts_with("{*") {
            how.push(REST);
            return Some(how);
        }
        let found = given.next()?;
        let is_name = part.starts_with('{');
        if (is_name && found.is_empty()) || (!is_name && part != found) {
            return None;
        }
        how.push(if is_name { NAME } else { WRITTEN });
    }
    given.next().is_none().then_some(how)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::Need;
    use crate::error::WebError;
    use axum::http::{HeaderMap, Uri};
    use axum::response::{IntoResponse, Response};

    fn said(error: WebError, _: &Uri, _: &HeaderMap) -> Response {
        error.into_response()
    }

    #[test]
    fn an_address_speaks_as_the_route_that_fits_it_best() {
        let (page, data) = (Cost::page(Need::Anyone), Cost::data(Need::Anyone));
        let (call, feed) = (Cost::call(Need::Anyone, said), Cost::feed(Need::Anyone, said));
        let routes = [
            ("/", &page),
            ("/cases/{number}/photos/add", &page),
            ("/cases/{number}/photos/{photo}", &data),
            ("/map/tiles/{zoom}/{column}/{row}", &data),
            ("/api", &page),
            ("/api/v1/items/{code}", &call),
            ("/api/{*rest}", &call),
            ("/features/{*rest}", &feed),
        ];
        let voices = Voices::of(routes.into_iter());
        for (path, expected) in [
            ("/", "page"),
            ("/nothing", "page"),
            ("/cases/1/photos/add", "page"),
            ("/cases/1/photos/2", "data"),
            ("/cases/1/photos/", "page"),
            ("/cases/1/photos/2/3", "page"),
            ("/map/tiles/1/2/3", "data"),
            ("/map/tiles/1/2", "page"),
            ("/api", "page"),
            ("/api/", "own"),
            ("/api/v2", "own"),
            ("/api/v1/items/MZ-11", "own"),
            ("/api/v1/items/MZ-11/more", "own"),
            ("/apis", "page"),
            ("/features", "own"),
            ("/features/a/b", "own"),
        ] {
            let found = match voices.at(path) {
                Voice::Page => "page",
                Voice::Data => "data",
                Voice::Own(_) => "own",
            };
            assert_eq!(found, expected, "{path}");
        }
    }
}
