//! Reads the features of a collection that another system publishes by OGC API – Features – Part 1: Core: page after
//! page along the links that are called next, and in longitude and latitude of WGS 84 (CRS84) alone.

use std::collections::BTreeSet;
use std::time::Duration;

use kernel::language::{Bilingual, Lang};
use serde_json::{Value, json};

/// How long an answer may take.
const ANSWER_WITHIN: Duration = Duration::from_mins(1);
/// The most pages of a collection.
const MOST_PAGES: usize = 200;
/// The most features of a collection; a file of grids holds no more either.
const MOST_FEATURES: usize = 2_000;
/// The largest answer that is read, and all of them together, in bytes.
const LARGEST: u64 = 8 * 1024 * 1024;
/// How many features a page is asked to hold where the link to them does not say it.
const PAGE: &str = "limit=500";
/// What is taken of an answer.
const ACCEPTED: &str = "application/geo+json, application/json;q=0.9";
/// The names of longitude and latitude of WGS 84.
const CRS84: [&str; 5] = [
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    "https://www.opengis.net/def/crs/OGC/1.3/CRS84",
    "urn:ogc:def:crs:OGC:1.3:CRS84",
    "OGC:CRS84",
    "CRS84",
];

/// Why features cannot be read, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(Bilingual);

impl Fault {
    fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self(Bilingual::new(zh, en))
    }

    /// The sentence.
    #[must_use]
    pub fn told(&self, lang: Lang) -> &str {
        self.0.get(lang)
    }
}

/// Reads a collection as one `FeatureCollection` of GeoJSON. The address is that of the collection
/// (`https://…/collections/grids`) or of its items.
///
/// # Errors
/// There is no answer that can be read, it is too large, it does not end, or its coordinates are not CRS84.
pub fn read(address: &str) -> Result<Vec<u8>, Fault> {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(ANSWER_WITHIN))
        .http_status_as_error(false)
        .max_redirects(3)
        .build();
    Reader { agent: ureq::Agent::new_with_config(config), left: LARGEST }.collection(address.trim())
}

/// Takes a file with a `FeatureCollection` as it was saved.
///
/// # Errors
/// Its coordinates are said not to be CRS84.
pub fn saved(bytes: &[u8]) -> Result<(), Fault> {
    // What is no JSON at all is told where the shapes are read.
    serde_json::from_slice::<Value>(bytes).map_or(Ok(()), |file| in_crs84(&file, None))
}

/// Asks for pages. What is left of all that may be read becomes less with each.
struct Reader {
    agent: ureq::Agent,
    left: u64,
}

/// An answer.
struct Answer {
    body: Value,
    /// The coordinates that its head names.
    crs: Option<String>,
}

impl Reader {
    fn collection(&mut self, address: &str) -> Result<Vec<u8>, Fault> {
        if origin(address).is_none() {
            let zh = format!("{address} 不是地址。请写 https://…/collections/名称。");
            return Err(Fault::new(zh, format!("{address} is no address. Write https://…/collections/NAME.")));
        }
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let path = path.trim_end_matches('/');
        let collection = path.strip_suffix("/items").unwrap_or(path);
        let described = self.get(collection)?.body;
        publishes_crs84(&described)?;
        let items = if path.ends_with("/items") {
            with(path, query)
        } else {
            let link = link(&described, "items").map(|href| resolved(collection, href));
            link.unwrap_or_else(|| format!("{collection}/items"))
        };
        let first = if items.contains("limit=") { items } else { with(&items, PAGE) };
        let features = self.pages(first)?;
        serde_json::to_vec(&json!({ "type": "FeatureCollection", "features": features }))
            .map_err(|fault| Fault::new(fault.to_string(), fault.to_string()))
    }

    fn pages(&mut self, first: String) -> Result<Vec<Value>, Fault> {
        let (host, mut next, mut matched) = (origin(&first).map(str::to_owned), Some(first), None);
        let (mut features, mut seen) = (Vec::new(), BTreeSet::new());
        while let Some(address) = next {
            if seen.len() >= MOST_PAGES || !seen.insert(address.clone()) {
                let zh = format!("{address}：翻页没有尽头。请看对方的 next 链接。");
                return Err(Fault::new(zh, format!("{address}: the pages do not end. See its links called next.")));
            }
            if origin(&address).map(str::to_owned) != host {
                let zh = format!("下一页指向另一台服务器：{address}。请让对方改好，或者存成文件再导入。");
                let en = format!("The next page is on another server: {address}. Save the collection as a file.");
                return Err(Fault::new(zh, en));
            }
            let answer = self.get(&address)?;
            in_crs84(&answer.body, answer.crs.as_deref())?;
            let Some(page) = answer.body.get("features").and_then(Value::as_array) else {
                let zh = format!("{address} 没有给出要素（FeatureCollection）。请核对地址。");
                return Err(Fault::new(zh, format!("{address} gives no FeatureCollection. Check the address.")));
            };
            features.extend(page.iter().cloned());
            if features.len() > MOST_FEATURES {
                return Err(large());
            }
            matched = answer.body.get("numberMatched").and_then(Value::as_u64).or(matched);
            next = link(&answer.body, "next").map(|href| resolved(&address, href));
        }
        match matched.filter(|matched| u64::try_from(features.len()).ok() != Some(*matched)) {
            Some(matched) => {
                let count = features.len();
                let zh = format!("对方说有 {matched} 个要素，只给了 {count} 个。请再试一次。");
                Err(Fault::new(zh, format!("There are said to be {matched} features, and {count} came. Try again.")))
            }
            None => Ok(features),
        }
    }

    fn get(&mut self, address: &str) -> Result<Answer, Fault> {
        let failed = |why: &str| {
            let zh = format!("{address}：{why}。请核对地址，再试一次。");
            Fault::new(zh, format!("{address}: {why}. Check the address and try again."))
        };
        let asked = self.agent.get(address).header("accept", ACCEPTED).call();
        let mut response = asked.map_err(|fault| failed(&fault.to_string()))?;
        let status = response.status();
        if !status.is_success() {
            return Err(failed(&format!("HTTP {}", status.as_u16())));
        }
        let crs = response.headers().get("content-crs").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let read = response.body_mut().with_config().limit(self.left).read_to_vec();
        let bytes = read.map_err(|fault| match fault {
            ureq::Error::BodyExceedsLimit(_) => large(),
            other => failed(&other.to_string()),
        })?;
        self.left = self.left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        let body = serde_json::from_slice(&bytes).map_err(|fault| failed(&fault.to_string()))?;
        Ok(Answer { body, crs })
    }
}

fn large() -> Fault {
    let megabytes = LARGEST / 1024 / 1024;
    Fault::new(
        format!("要素太多：最多 {MOST_FEATURES} 个、{megabytes} MB。请在地址里用 bbox 等条件缩小，分几次导入。"),
        format!("There are too many features: at most {MOST_FEATURES}, {megabytes} MB. Narrow them by bbox."),
    )
}

/// A collection publishes CRS84 unless it names other systems of coordinates alone.
fn publishes_crs84(collection: &Value) -> Result<(), Fault> {
    let Some(named) = collection.get("crs").and_then(Value::as_array).filter(|named| !named.is_empty()) else {
        return Ok(());
    };
    // A reference to the list that all collections share.
    let fits = |name: &str| is_crs84(name) || name.starts_with('#');
    let systems: Vec<&str> = named.iter().filter_map(Value::as_str).collect();
    if systems.iter().any(|name| fits(name)) { Ok(()) } else { Err(other_crs(&systems.join(", "))) }
}

/// Features are in CRS84 unless the head of the answer, or a member of older files, says otherwise.
fn in_crs84(body: &Value, head: Option<&str>) -> Result<(), Fault> {
    let member = body.get("crs").and_then(|crs| crs.get("properties")?.get("name")?.as_str());
    let mut named = head.map(|name| name.trim().trim_matches(['<', '>'])).into_iter().chain(member);
    match named.find(|name| !is_crs84(name)) {
        Some(other) => Err(other_crs(other)),
        None => Ok(()),
    }
}

fn is_crs84(name: &str) -> bool {
    CRS84.iter().any(|known| known.eq_ignore_ascii_case(name.trim()))
}

fn other_crs(name: &str) -> Fault {
    Fault::new(
        format!("坐标系是 {name}，只能读 CRS84（WGS 84 的经度、纬度）。请向对方要 CRS84 的。"),
        format!("The coordinates are {name}; only CRS84 is read (longitude and latitude of WGS 84). Ask for that one."),
    )
}

/// The address of a link, preferring the one of GeoJSON or JSON.
fn link<'b>(body: &'b Value, rel: &str) -> Option<&'b str> {
    let links = body.get("links").and_then(Value::as_array)?;
    let own = || links.iter().filter(|link| text(link, "rel") == Some(rel));
    let json = own().find(|link| text(link, "type").is_some_and(|kind| kind.contains("json")));
    text(json.or_else(|| own().next())?, "href")
}

fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str)
}

/// An address with something more asked for.
fn with(address: &str, query: &str) -> String {
    match (query.is_empty(), address.contains('?')) {
        (true, _) => address.to_owned(),
        (false, true) => format!("{address}&{query}"),
        (false, false) => format!("{address}?{query}"),
    }
}

/// Where an address lies: protocol, host and port.
fn origin(address: &str) -> Option<&str> {
    let (protocol, rest) = address.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().filter(|host| !host.is_empty())?;
    let known = matches!(protocol, "http" | "https");
    address.get(..protocol.len() + "://".len() + host.len()).filter(|_| known)
}

/// An address as a link gives it, from where the link stands.
fn resolved(from: &str, href: &str) -> String {
    let own = origin(from).unwrap_or_default();
    let path = from.split(['?', '#']).next().unwrap_or_default();
    if origin(href).is_some() {
        href.to_owned()
    } else if href.starts_with('/') {
        format!("{own}{href}")
    } else if href.starts_with('?') {
        format!("{path}{href}")
    } else {
        let folder = path.rsplit_once('/').map_or(path, |(folder, _)| folder);
        format!("{folder}/{href}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    /// A server that answers each address with a body and a head line, and everything else with 404.
    fn served(answers: &'static [(&'static str, &'static str, &'static str)]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = format!("http://{}", listener.local_addr().unwrap());
        let root = own.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let asked = lines.next().unwrap().unwrap();
                lines.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
                let address = asked.split(' ').nth(1).unwrap();
                let found = answers.iter().find(|(known, ..)| *known == address);
                let (status, head, body) = found.map_or((404, "", ""), |(_, head, body)| (200, *head, *body));
                let body = body.replace("ROOT", &root);
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
                     {head}connection: close\r\n\r\n"
                );
                stream.write_all(head.as_bytes()).unwrap();
                stream.write_all(body.as_bytes()).unwrap();
            }
        });
        own
    }

    const COLLECTION: &str = r#"{"id":"grids","crs":["http://www.opengis.net/def/crs/OGC/1.3/CRS84"],"links":[
        {"rel":"items","type":"text/html","href":"/html"},
        {"rel":"items","type":"application/geo+json","href":"/c/grids/items"}]}"#;

    fn count(address: &str) -> Result<usize, String> {
        let read = read(address).map_err(|fault| fault.told(Lang::En).to_owned())?;
        let body: Value = serde_json::from_slice(&read).unwrap();
        Ok(body["features"].as_array().unwrap().len())
    }

    #[test]
    fn pages_are_followed_to_their_end() {
        let own = served(&[
            ("/c/grids", "", COLLECTION),
            (
                "/c/grids/items?limit=500",
                "content-crs: <http://www.opengis.net/def/crs/OGC/1.3/CRS84>\r\n",
                r#"{"features":[{"id":1},{"id":2}],"numberMatched":3,"links":[{"rel":"next","href":"?page=2"}]}"#,
            ),
            (
                "/c/grids/items?page=2",
                "",
                r#"{"features":[{"id":3}],"numberMatched":3,"links":[{"rel":"self","href":"ROOT/x"}]}"#,
            ),
            ("/c/grids/items?bbox=1,2,3,4&limit=500", "", r#"{"features":[{"id":2}]}"#),
        ]);
        assert_eq!(count(&format!("{own}/c/grids")), Ok(3));
        assert_eq!(count(&format!("{own}/c/grids/")), Ok(3));
        assert_eq!(count(&format!("{own}/c/grids/items?bbox=1,2,3,4")), Ok(1), "what is asked for stays");
    }

    #[test]
    fn what_cannot_be_taken_is_told() {
        let own = served(&[
            ("/far", "", r#"{"crs":["http://www.opengis.net/def/crs/EPSG/0/4490"],"links":[]}"#),
            ("/head", "", "{}"),
            (
                "/head/items?limit=500",
                "content-crs: <http://www.opengis.net/def/crs/EPSG/0/3857>\r\n",
                r#"{"features":[]}"#,
            ),
            ("/loop", "", "{}"),
            ("/loop/items?limit=500", "", r#"{"features":[],"links":[{"rel":"next","href":"/loop/items?limit=500"}]}"#),
            ("/away", "", "{}"),
            ("/away/items?limit=500", "", r#"{"features":[],"links":[{"rel":"next","href":"http://10.0.0.1/items"}]}"#),
            ("/less", "", "{}"),
            ("/less/items?limit=500", "", r#"{"features":[{"id":1}],"numberMatched":9}"#),
            ("/page", "", "<html>"),
            ("/none", "", "{}"),
            ("/none/items?limit=500", "", r#"{"type":"Feature"}"#),
        ]);
        for (path, said) in [
            ("far", "EPSG/0/4490"),
            ("head", "EPSG/0/3857"),
            ("loop", "do not end"),
            ("away", "another server"),
            ("less", "said to be 9"),
            ("page", "Check the address"),
            ("none", "no FeatureCollection"),
            ("gone", "HTTP 404"),
        ] {
            let told = count(&format!("{own}/{path}")).unwrap_err();
            assert!(told.contains(said), "{path}: {told}");
        }
        for address in ["grids.geojson", "ftp://a/b", "http://"] {
            assert!(count(address).unwrap_err().contains("is no address"), "{address}");
        }
    }

    #[test]
    fn a_saved_file_says_in_which_coordinates_it_is() {
        let named = |name: &str| json!({ "type": "FeatureCollection", "crs": { "properties": { "name": name } } });
        for (name, fits) in [("urn:ogc:def:crs:OGC:1.3:CRS84", true), ("urn:ogc:def:crs:EPSG::4549", false)] {
            assert_eq!(saved(named(name).to_string().as_bytes()).is_ok(), fits, "{name}");
        }
        assert!(saved(b"{\"type\":\"FeatureCollection\"}").is_ok());
    }

    #[test]
    fn links_are_read_from_where_they_stand() {
        for (href, expected) in [
            ("https://b.example/x", "https://b.example/x"),
            ("/items?p=2", "https://a.example/items?p=2"),
            ("?p=2", "https://a.example/c/grids/items?p=2"),
            ("next", "https://a.example/c/grids/next"),
        ] {
            assert_eq!(resolved("https://a.example/c/grids/items?p=1", href), expected, "{href}");
        }
    }
}
