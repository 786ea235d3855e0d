//! The list from which a page was opened stays known while forms are sent there: a form carries its address, and the
//! page to which the form leads is told it, so that whoever works through a list comes back to it.

use crate::form::{Form, encode};
use crate::preferences::local_path;
use crate::visitor::Seat;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;

/// What carries the list in an address.
const FROM: &str = "from";

/// The list that a form carried which was sent with this request.
pub(crate) fn kept(seat: &Seat) -> Option<&str> {
    seat.list.get().and_then(|list| local_path(list))
}

/// The list that an address carries.
pub(crate) fn carried(address: &str) -> Option<String> {
    let (_, query) = address.split_once('?')?;
    let query = Form::parse(query.as_bytes()).ok()?;
    query.opt(FROM).and_then(local_path).map(str::to_owned)
}

/// Tells the page to which a form leads from which list its own page was opened.
pub(crate) fn lead(method: &Method, uri: &Uri, answer: &mut Response, seat: &Seat) {
    if method != Method::POST || answer.status() != StatusCode::SEE_OTHER {
        return;
    }
    let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let address = location.zip(kept(seat)).and_then(|(to, list)| led(uri.path(), to, list));
    if let Some(address) = address.and_then(|address| HeaderValue::from_str(&address).ok()) {
        answer.headers_mut().insert(LOCATION, address);
    }
}

/// The address to which a form leads, with the list: where that is the page on which the form stood, whose address
/// begins that of the form.
fn led(sent: &str, to: &str, list: &str) -> Option<String> {
    let to = local_path(to)?;
    let (address, place) = to.split_once('#').map_or((to, None), |(address, place)| (address, Some(place)));
    let path = address.split('?').next().unwrap_or_default();
    let stood = sent == path || sent.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
    if !stood || path == "/" || carried(address).is_some() {
        return None;
    }
    let mark = if address.contains('?') { '&' } else { '?' };
    let place = place.map(|place| format!("#{place}")).unwrap_or_default();
    Some(format!("{address}{mark}{FROM}={}{place}", encode(list)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_page_on_which_the_form_stood_is_told_the_list() {
        let list = "/lamps?dark=1";
        let table = [
            ("/lamps/7/light", "/lamps/7?done=1", Some("/lamps/7?done=1&from=%2Flamps%3Fdark%3D1")),
            ("/lamps/7", "/lamps/7#way", Some("/lamps/7?from=%2Flamps%3Fdark%3D1#way")),
            ("/lamps/7/light", "/lamps/7?from=%2Fqueue", None),
            ("/lamps/7/light", "/lamps/70", None),
            ("/lamps/7/light", "/queue", None),
            ("/lamps/7/light", "/", None),
            ("/lamps/7/light", "https://elsewhere.cn/lamps/7", None),
        ];
        for (sent, to, expected) in table {
            assert_eq!(led(sent, to, list).as_deref(), expected, "{sent} to {to}");
        }
    }

    #[test]
    fn a_list_is_an_address_of_this_server() {
        assert_eq!(carried("/lamps/7?done=1&from=%2Flamps%3Fdark%3D1").as_deref(), Some("/lamps?dark=1"));
        for none in ["/lamps/7", "/lamps/7?from=2026-11-23", "/lamps/7?from=%2F%2Felsewhere.cn"] {
            assert_eq!(carried(none), None, "{none}");
        }
        for (sent, expected) in [("/lamps?dark=1", Some("/lamps?dark=1")), ("https://elsewhere.cn", None)] {
            let seat = Seat::default();
            seat.list.get_or_init(|| sent.to_owned());
            assert_eq!(kept(&seat), expected, "{sent}");
        }
    }
}
