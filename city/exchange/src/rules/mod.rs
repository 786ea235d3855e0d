//! These rules say what another system may do, where it may get messages, and what it must not send. They are pure.

mod moments;
mod retrying;

use crate::refusals::Why;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr};

use counter::catalogue::Item;
use data_encoding::BASE64URL_NOPAD;
use jobs::channels::Targets;
use kernel::case::{Case, Relation, may_read};
use kernel::language::Bilingual;
use kernel::line::line_fault;
use kernel::permission::{Actor, ActorKind, Grant, Target, may};
use kernel::place::{Level, PlaceId, PlacePath};
use kernel::refusal::{Code, Refusal};
use places::Tree;
use sm3::{Digest, Sm3};
use vault::PersonField;

use crate::words::{ApiScope, ROLE, System};

pub use moments::{instant, moment};
pub use retrying::{Attempt, GONE_FOR_GOOD, Next, Patience, asked_seconds, secret_text, signing_key};

/// Is the beginning of every token, so that people can find one that was published by mistake.
pub const TOKEN_MARK: &str = "lianglin_";
/// Says how many bytes a token's secret has.
pub const TOKEN_BYTES: usize = 32;
/// Limits the characters of a system's name.
const NAME_LIMIT: usize = 60;
/// Limits the characters of a webhook's address.
const ADDRESS_LIMIT: usize = 500;

/// Returns the system in the form in which the rest of the platform sees it: as staff with one grant, under its own
/// name.
#[must_use]
pub fn actor(system: &System) -> Actor {
    let grant = Grant {
        post: system.id,
        role: ROLE.to_owned(),
        place: system.place.clone(),
        department: system.department.clone(),
        permissions: system.scopes.iter().flat_map(|scope| scope.permissions()).copied().collect(),
    };
    Actor { account: Some(system.id), name: system.name.clone(), kind: ActorKind::Staff, grants: vec![grant] }
}

/// Checks that the system has one of the scopes. It succeeds if no scope is needed.
///
/// # Errors
/// The refusal names the first scope that would be enough.
pub fn needs(system: &System, scopes: &[ApiScope]) -> Result<(), Refusal> {
    match scopes.first() {
        Some(first) if !scopes.iter().any(|scope| system.has(*scope)) => {
            Err(Refusal::new(Why::ExchangeScopeMissing).with("scope", first.code()))
        }
        _ => Ok(()),
    }
}

/// Says whether the system is told of a case and sees it in lists: its place and department must allow it to read the
/// case. The contract speaks of applications alone: a case of another kind is none for it.
#[must_use]
pub fn sees(system: &System, case: &Case) -> bool {
    case.service.is_some()
        && system.has(ApiScope::CaseRead)
        && may_read(case, &actor(system), &Relation::default()).is_ok()
}

/// Checks that the actor registers and closes systems for this place and department. For that he must manage accounts
/// there.
///
/// # Errors
/// The refusal says why he does not.
pub fn governs(actor: &Actor, place: &PlacePath, department: Option<&str>) -> Result<(), Refusal> {
    let target = Target { place: place.clone(), department: department.map(str::to_owned) };
    may(actor, crate::words::GOVERNS, &target).map(drop)
}

/// Returns what is wrong with the name, the scopes and the calls of a system that is going to be registered.
#[must_use]
pub fn faults(name: &str, scopes: &BTreeSet<ApiScope>, calls: Option<i64>, most_calls: i64) -> Vec<Refusal> {
    let mut found = Vec::new();
    let length = name.trim().chars().count();
    if length == 0 {
        found.push(Refusal::new(Code::FormMissing).field("name"));
    } else if length > NAME_LIMIT {
        found.push(Refusal::new(Code::FormTooLong).field("name").with("limit", NAME_LIMIT));
    } else if let Some(code) = line_fault(name) {
        found.push(Refusal::new(code).field("name"));
    }
    if scopes.is_empty() {
        found.push(Refusal::new(Code::FormMissing).field("scopes"));
    }
    if !calls.is_some_and(|calls| (1..=most_calls).contains(&calls)) {
        found.push(Refusal::new(Code::FormNumber).field("calls").with("from", 1).with("to", most_calls));
    }
    found
}

/// Returns a token as it is handed over.
#[must_use]
pub fn token_text(secret: &[u8; TOKEN_BYTES]) -> String {
    format!("{TOKEN_MARK}{}", BASE64URL_NOPAD.encode(secret))
}

/// Returns what is stored of a token, or nothing for a text that cannot be one.
#[must_use]
pub fn token_digest(text: &str) -> Option<[u8; 32]> {
    let secret = BASE64URL_NOPAD.decode(text.strip_prefix(TOKEN_MARK)?.as_bytes()).ok()?;
    (secret.len() == TOKEN_BYTES).then(|| Sm3::digest(&secret).into())
}

/// Returns the address to which messages may be sent. It is https, or http to this machine and private addresses if the
/// configuration allows it. A host that is written as a number must be among the targets; what a name leads to is seen
/// only when a message is sent, and checked then.
///
/// # Errors
/// Refuses anything else with `exchange.webhook_address`.
pub fn webhook_address(text: &str, private_http: bool, targets: &Targets) -> Result<String, Refusal> {
    let refusal = || Refusal::new(Why::ExchangeWebhookAddress).field("url");
    let plain = text.len() <= ADDRESS_LIMIT
        && text.chars().all(|letter| letter.is_ascii_graphic())
        && !text.contains(['#', '@', '\\', '"', '<', '>']);
    let (scheme, rest) = text.split_once("://").filter(|_| plain).ok_or_else(refusal)?;
    let host = host(rest.split(['/', '?']).next().unwrap_or_default()).ok_or_else(refusal)?;
    if host.parse::<IpAddr>().is_ok_and(|address| !targets.permits(address)) {
        return Err(refusal());
    }
    match scheme {
        "https" => Ok(text.to_owned()),
        "http" if private_http && is_inside(host) => Ok(text.to_owned()),
        _ => Err(refusal()),
    }
}

/// Returns the host of `host:port`, or nothing if the text has no such form.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']')?;
            host.parse::<Ipv6Addr>().ok()?;
            (host, after.strip_prefix(':').or_else(|| after.is_empty().then_some("443"))?)
        }
        None => authority.split_once(':').unwrap_or((authority, "443")),
    };
    let named = |host: &str| {
        !host.is_empty() && host.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-'))
    };
    let sound = named(host) || host.parse::<IpAddr>().is_ok();
    (sound && port.parse::<u16>().is_ok_and(|port| port > 0)).then_some(host)
}

/// Says whether this is this machine or a private address, written as a number. A name is refused, because it may lead
/// anywhere.
fn is_inside(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_private(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.is_unique_local(),
        Err(_) => host == "localhost",
    }
}

/// Returns a place by its official code (12 digits, or 15 for a grid) or by its identity.
///
/// # Errors
/// Refuses with `place.unknown`, which names the field.
pub fn place(tree: &Tree, field: &str, digits: &str) -> Result<PlacePath, Refusal> {
    let by_identity = || tree.get(PlaceId(digits.parse().ok()?));
    let found = tree.by_code(digits).or_else(by_identity);
    found.map(|place| place.path.clone()).ok_or_else(|| Refusal::new(Code::PlaceUnknown).field(field))
}

/// Returns the community where somebody lives. A grid or building leads to its community.
///
/// # Errors
/// Refuses with `place.unknown`, or with `place.not_deep_enough` for a street or a larger place.
pub fn residence(tree: &Tree, digits: &str) -> Result<PlacePath, Refusal> {
    let level = || Bilingual::new("社区（村）", "community");
    let wide = || Refusal::new(Code::PlaceNotDeepEnough).field("residence").with_both("level", &level());
    place(tree, "residence", digits)?.at(Level::Community).ok_or_else(wide)
}

/// Returns what an application brings although the item does not ask for it: personal data that nobody needs, and
/// papers that the item does not know.
#[must_use]
pub fn unasked<'a>(item: &Item, given: impl Iterator<Item = &'a str>, papers: &[String]) -> Vec<Refusal> {
    let not_asked = |name: &&str| PersonField::parse(name).is_some_and(|field| !asks(item, field));
    let fields = given.filter(not_asked).map(|name| Refusal::new(Code::FormFieldUnknown).field(name));
    let known = |code: &String| item.materials.iter().any(|material| material.code == *code);
    let unknown = papers.iter().filter(|code| !known(code));
    let unknown = unknown.map(|code| Refusal::new(Code::FormPaperUnknown).field("papers").with("label", code));
    fields.chain(unknown).collect()
}

/// Says whether the item asks for a field. Every item asks for a telephone number, and name and identity number go
/// together.
fn asks(item: &Item, field: PersonField) -> bool {
    match field {
        PersonField::Telephone => true,
        PersonField::ResidentId => item.asks(PersonField::Name),
        other => item.asks(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::network::Network;
    use kernel::permission::Permission;
    use places::{Kind, Place};
    use std::collections::BTreeMap;
    use uuid::Uuid;

    fn system(scopes: &[ApiScope]) -> System {
        System {
            id: Uuid::from_u128(1),
            district: PlaceId(4),
            name: "城管平台".to_owned(),
            place: PlacePath::parse("1.4.").unwrap(),
            department: None,
            scopes: scopes.iter().copied().collect(),
            calls_per_minute: 60,
            webhook_url: None,
            created_at: kernel::time::Instant::from_micros(0),
            created_by: String::new(),
            closed_at: None,
            listening: crate::words::Reception::default(),
        }
    }

    #[test]
    fn an_actor_has_what_the_scopes_give_and_nothing_else() {
        let permitted = |scopes: &[ApiScope]| actor(&system(scopes)).grants[0].permissions.clone();
        assert!(permitted(&[ApiScope::FiguresRead, ApiScope::CaseFollow]).is_empty());
        assert!(permitted(&[ApiScope::CaseRead]).into_iter().eq([Permission::CaseRead]));
        let all = permitted(&ApiScope::ALL);
        for never in [Permission::PersonOpen, crate::words::GOVERNS, Permission::CaseExport, Permission::CaseSupervise]
        {
            assert!(!all.contains(&never), "{never}");
        }
        assert_eq!(actor(&system(&[])).name, "城管平台");
    }

    #[test]
    fn one_of_the_scopes_is_enough() {
        let held = system(&[ApiScope::CaseFollow]);
        assert!(needs(&held, &[]).is_ok());
        assert!(needs(&held, &[ApiScope::CaseRead, ApiScope::CaseFollow]).is_ok());
        let refusal = needs(&held, &[ApiScope::CaseRead]).unwrap_err();
        assert_eq!((refusal.code, refusal.detail["scope"].as_str()), (Why::ExchangeScopeMissing, "case.read"));
    }

    #[test]
    fn a_token_is_found_by_its_digest_alone() {
        let text = token_text(&[7; TOKEN_BYTES]);
        assert_eq!(text.len(), TOKEN_MARK.len() + 43);
        assert_eq!(token_digest(&text), Some(Sm3::digest([7; TOKEN_BYTES]).into()));
        let odd = [
            text.replace("lianglin_", ""),
            format!("{text}A"),
            format!("{text}="),
            format!(" {text}"),
            text.replace("lianglin_", "LIANGLIN_"),
            text.replace("Bw", "B+"),
        ];
        for odd in ["", "lianglin_", "lianglin_AAAA", "x"].into_iter().chain(odd.iter().map(String::as_str)) {
            assert_eq!(token_digest(odd), None, "{odd}");
        }
        assert_ne!(token_digest(&token_text(&[8; TOKEN_BYTES])), token_digest(&text));
    }

    #[test]
    fn messages_go_to_https_or_where_the_city_allows_it() {
        let table = [
            ("https://hub.city.test/in?x=1", true, true),
            ("https://hub.city.test:8443", true, true),
            ("https://[2001:db8::1]/in", true, true),
            ("https://10.1.2.3/in", false, true),
            ("https://127.0.0.1:9000/in", false, true),
            ("https://[fd00::1]/in", false, true),
            ("https://8.8.8.8/in", true, true),
            ("https://169.254.169.254/latest", false, false),
            ("https://[::ffff:169.254.169.254]/", false, false),
            ("https://0.0.0.0/in", false, false),
            ("http://127.0.0.1:9000/in", false, true),
            ("http://localhost/in", false, true),
            ("http://10.1.2.3/in", false, true),
            ("http://192.168.0.9:80/", false, true),
            ("http://[::1]:9000/in", false, true),
            ("http://[fd00::1]/in", false, true),
            ("http://hub.city.test/in", false, false),
            ("http://8.8.8.8/in", false, false),
            ("http://169.254.169.254/latest", false, false),
            ("https://user@hub.city.test/", false, false),
            ("https://hub.city.test/#x", false, false),
            ("https:///in", false, false),
            ("https://hub.city.test:0/", false, false),
            ("https://hub.city.test:x/", false, false),
            ("ftp://hub.city.test/", false, false),
            ("file:///etc/passwd", false, false),
            ("https://社区.cn/", false, false),
            ("https://[hub.city.test]/in", false, false),
            ("https://[::1", false, false),
            ("https://[::1]9000/", false, false),
            ("https://[::1]:/", false, false),
            ("https://2001:db8::1/in", false, false),
            ("https://hub.city.test:65535/in", true, true),
            ("https://hub.city.test:65536/in", false, false),
            ("https://hub.city.test/in?to=a/b", true, true),
            ("https://hub.city.test?x=1", true, true),
            ("https://hub.city.test/a b", false, false),
            ("https://hub.city.test/\n", false, false),
            ("https://hub.city.test\\@evil.test/", false, false),
            ("HTTPS://hub.city.test/", false, false),
            ("https:/hub.city.test/", false, false),
            ("http://[127.0.0.1]/in", false, false),
            ("http://[::ffff:169.254.169.254]/", false, false),
            ("http://[fe80::1]/in", false, false),
            ("http://172.16.0.1/in", false, true),
            ("http://172.32.0.1/in", false, false),
            ("http://127.0.0.1.evil.test/", false, false),
            ("http://0.0.0.0/in", false, false),
            ("hub.city.test", false, false),
            ("", false, false),
        ];
        let inside = ["127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8"];
        let inside = Targets::new(inside.iter().map(|text| Network::parse(text).unwrap()).collect());
        let none = Targets::default();
        for (text, always, where_allowed) in table {
            assert_eq!(webhook_address(text, false, &none).is_ok(), always, "{text}");
            assert_eq!(webhook_address(text, true, &inside).is_ok(), where_allowed, "{text}");
        }
        for address in ["http://10.1.2.3/in", "http://127.0.0.1/in", "http://[fd00::1]/in"] {
            assert!(webhook_address(address, true, &none).is_err(), "{address} is not listed");
            assert!(webhook_address(address, false, &inside).is_err(), "{address} goes without TLS");
        }
        let fits = format!("https://hub.city.test/{}", "x".repeat(ADDRESS_LIMIT - 22));
        assert_eq!(webhook_address(&fits, false, &none).as_deref(), Ok(fits.as_str()));
        let refusal = webhook_address(&format!("{fits}x"), true, &inside).unwrap_err();
        assert_eq!((refusal.code, refusal.field.as_deref()), (Why::ExchangeWebhookAddress, Some("url")));
    }

    #[test]
    fn a_registration_is_checked_field_by_field() {
        let some = BTreeSet::from([ApiScope::ItemsRead]);
        let table = [
            ("城管平台", &some, Some(60), vec![]),
            (" ", &some, Some(60), vec!["name"]),
            ("a\u{7}b", &some, Some(60), vec!["name"]),
            ("城管平台", &BTreeSet::new(), Some(0), vec!["scopes", "calls"]),
            ("城管平台", &some, None, vec!["calls"]),
            ("城管平台", &some, Some(6_001), vec!["calls"]),
        ];
        for (name, scopes, calls, expected) in table {
            let found: Vec<String> =
                faults(name, scopes, calls, 6_000).into_iter().filter_map(|refusal| refusal.field).collect();
            assert_eq!(found, expected, "{name:?}");
        }
        let (most, more) = ("长".repeat(60), "长".repeat(61));
        let table = [
            ("", Some(60), vec![(Code::FormMissing, "name")]),
            (most.as_str(), Some(1), vec![]),
            (" 城管平台 ", Some(6_000), vec![]),
            (more.as_str(), Some(1), vec![(Code::FormTooLong, "name")]),
            ("a\nb", Some(1), vec![(Code::FormInvalid, "name")]),
            ("城管平台", Some(0), vec![(Code::FormNumber, "calls")]),
            ("城管平台", Some(-1), vec![(Code::FormNumber, "calls")]),
            ("城管平台", Some(6_001), vec![(Code::FormNumber, "calls")]),
        ];
        for (name, calls, expected) in table {
            let found = faults(name, &some, calls, 6_000);
            let found: Vec<(Code, &str)> =
                found.iter().map(|refusal| (refusal.code, refusal.field.as_deref().unwrap_or_default())).collect();
            assert_eq!(found, expected, "{name:?} {calls:?}");
        }
    }

    fn manager(place: &str, department: Option<&str>, permission: Permission) -> Actor {
        let grant = Grant {
            post: Uuid::nil(),
            role: "operator".to_owned(),
            place: PlacePath::parse(place).unwrap(),
            department: department.map(str::to_owned),
            permissions: [permission].into(),
        };
        Actor { account: None, name: String::new(), kind: ActorKind::Staff, grants: vec![grant] }
    }

    #[test]
    fn whoever_manages_accounts_at_a_place_governs_its_systems() {
        use crate::words::GOVERNS;
        let table = [
            ("1.4.", None, GOVERNS, "1.4.", None, true),
            ("1.4.", None, GOVERNS, "1.4.57.", Some("civil_affairs"), true),
            ("1.4.", None, GOVERNS, "1.", None, false),
            ("1.4.", None, GOVERNS, "1.40.", None, false),
            ("1.4.", Some("civil_affairs"), GOVERNS, "1.4.", Some("civil_affairs"), true),
            ("1.4.", Some("civil_affairs"), GOVERNS, "1.4.", None, false),
            ("1.4.", Some("civil_affairs"), GOVERNS, "1.4.", Some("health"), false),
            ("1.", None, Permission::CaseRead, "1.4.", None, false),
        ];
        for (own, held, permission, place, department, expected) in table {
            let path = PlacePath::parse(place).unwrap();
            let found = governs(&manager(own, held, permission), &path, department);
            assert_eq!(found.is_ok(), expected, "{own} {held:?} {place} {department:?}");
            assert!(found.err().is_none_or(|refusal| refusal.code.is_permission()));
        }
        assert!(governs(&Actor::nobody(), &PlacePath::parse("1.").unwrap(), None).is_err());
    }

    #[test]
    fn a_moment_is_written_as_programs_read_it() {
        let table = [
            (0, "1970-01-01T00:00:00Z"),
            (1_795_399_200_000_000, "2026-11-23T02:00:00Z"),
            (1_835_395_199_999_999, "2028-02-28T23:59:59.999999Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (i64::MAX, ""),
            (i64::MIN, ""),
        ];
        for (micros, text) in table {
            assert_eq!(moment(kernel::time::Instant::from_micros(micros)), text);
        }
    }

    fn tree() -> Tree {
        let place = |path: &str, kind: Kind, code: &str| {
            let path = PlacePath::parse(path).unwrap();
            let (level, name) = (path.level(), Bilingual::new(code, code));
            Place {
                id: path.id(),
                level,
                kind,
                name,
                parent: path.parent().map(|above| above.id()),
                path,
                code: code.to_owned(),
            }
        };
        let places = vec![
            place("1.", Kind::City, "210100000000"),
            place("1.4.", Kind::District, "210104000000"),
            place("1.4.57.", Kind::Street, "210104008000"),
            place("1.4.57.890.", Kind::Residents, "210104008006"),
            place("1.4.57.890.7.", Kind::Grid, "210104008006001"),
        ];
        Tree::new(places, BTreeMap::from([(PlaceId(891), PlaceId(890))]))
    }

    #[test]
    fn a_place_is_found_by_its_code_or_its_identity() {
        let tree = tree();
        let table = [
            ("210104008006", Some("1.4.57.890.")),
            ("890", Some("1.4.57.890.")),
            ("891", Some("1.4.57.890.")),
            ("210104008006001", Some("1.4.57.890.7.")),
            ("1", Some("1.")),
            ("210104008007", None),
            ("21010400800", None),
            ("99999999999999999999", None),
            ("和平区", None),
            ("", None),
        ];
        for (digits, expected) in table {
            let found = place(&tree, "place", digits);
            assert_eq!(found.as_ref().ok().map(PlacePath::as_str), expected, "{digits}");
            let told = found.err().map(|refusal| (refusal.code, refusal.field));
            assert!(told.is_none_or(|told| told == (Code::PlaceUnknown, Some("place".to_owned()))), "{digits}");
        }
    }

    #[test]
    fn somebody_lives_in_a_community() {
        let tree = tree();
        let table = [
            ("890", Ok("1.4.57.890.")),
            ("210104008006001", Ok("1.4.57.890.")),
            ("57", Err(Code::PlaceNotDeepEnough)),
            ("210100000000", Err(Code::PlaceNotDeepEnough)),
            ("5", Err(Code::PlaceUnknown)),
        ];
        for (digits, expected) in table {
            let found = residence(&tree, digits);
            let found = found.as_ref().map(PlacePath::as_str).map_err(|refusal| refusal.code);
            assert_eq!(found, expected, "{digits}");
        }
        let refusal = residence(&tree, "57").unwrap_err();
        assert_eq!((refusal.field.as_deref(), refusal.detail["level.en"].as_str()), (Some("residence"), "community"));
    }
}
