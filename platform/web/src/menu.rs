//! Where people find things: the fixed headings, the services that departments put under them, and what of it stands in
//! the menu, in the foot and in the crumbs of one visitor.

use crate::heading::{Heading, Service};
use crate::list;
use crate::page::Page;
use crate::preferences::local_path;
use crate::views::Crumb;
use std::fmt::Display;

/// A menu has no more entries than this, so that each is a large target at the bottom of a phone.
const MOST: usize = 5;
/// The address of the one search for everything.
const FIND: &str = "/find";

/// One entry of the menu or of the foot as drawn for one visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuLink {
    /// The words.
    pub text: String,
    /// The local address.
    pub href: &'static str,
    /// Whether the page stands under it.
    pub current: bool,
}

/// A service as it is listed for one visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceLink {
    /// Its title.
    pub text: String,
    /// What it is for.
    pub purpose: String,
    /// The local address.
    pub href: &'static str,
}

/// A known page: a heading or a service.
#[derive(Clone, Copy)]
struct Spot {
    heading: Heading,
    key: &'static str,
    href: &'static str,
}

impl Page {
    /// All headings that the posts of today give, in their order; a resident's four for everybody else.
    pub fn given(&self) -> Vec<Heading> {
        if !self.visitor.staff() {
            return Heading::RESIDENT.to_vec();
        }
        let mut found: Vec<Heading> = Vec::new();
        for duty in self.frame().duties.iter().filter(|duty| (duty.held)(&self.visitor.actor)) {
            for heading in duty.headings {
                if !found.contains(heading) {
                    found.push(*heading);
                }
            }
        }
        found
    }

    /// The headings in this visitor's menu: what she is given, at most five. Who has more finds the rest under her own
    /// work.
    /// It is found once a page.
    pub fn headings(&self) -> &[Heading] {
        self.headings.get_or_init(|| self.of_menu())
    }

    fn of_menu(&self) -> Vec<Heading> {
        let mut found = self.given();
        if found.len() > MOST {
            found.truncate(MOST - 1);
            found.retain(|heading| *heading != Heading::Work);
            found.push(Heading::Work);
        }
        if found.is_empty() {
            found.push(Heading::Work);
        }
        found
    }

    /// The address of the page with which this visitor starts.
    pub fn start(&self) -> &'static str {
        if !self.visitor.staff() {
            return "/";
        }
        self.headings().first().map_or("/", |heading| heading.href())
    }

    /// The menu. Whoever has no heading but the own work finds its first services beside it.
    pub fn menu(&self) -> Vec<MenuLink> {
        let headings = self.headings();
        let current = self.current(headings);
        let own = headings == [Heading::Work];
        let here_href = self.spot(&self.path).map(|spot| spot.href);
        let mut services = if own { self.services(Heading::Work) } else { Vec::new() };
        services.truncate(MOST - 1);
        // A service that found no room in the menu is marked at its heading.
        let below = services.iter().any(|service| here_href == Some(service.href));
        let mut links: Vec<MenuLink> = Vec::new();
        for &heading in headings {
            let current = current == Some(heading) && !below;
            links.push(MenuLink { text: self.t(heading.key()), href: heading.href(), current });
        }
        links.extend(services.into_iter().map(|service| MenuLink {
            current: here_href == Some(service.href),
            text: service.text,
            href: service.href,
        }));
        links
    }

    /// The heading of the menu under which this page stands: the one from which it was opened, else its own, else that
    /// of the list from which it was opened. A resident's front page is the beginning of what she can get done.
    fn current(&self, headings: &[Heading]) -> Option<Heading> {
        if self.path == "/" && !self.visitor.staff() {
            return Some(Heading::Affairs);
        }
        let own = self.spot(&self.path);
        let opened = own.and_then(|spot| self.opened_from(spot));
        let came = self.came_from().map(|(spot, _)| spot.heading);
        let known = [opened, own.map(|spot| spot.heading), came].into_iter().flatten();
        known.into_iter().find(|heading| headings.contains(heading))
    }

    /// The heading from whose own page a service was opened: a lane or a number there leads to services of any heading.
    fn opened_from(&self, service: Spot) -> Option<Heading> {
        if service.href != self.path || service.href == service.heading.href() || service.heading == Heading::Foot {
            return None;
        }
        let (came, _) = self.came_from()?;
        let given = came.heading.href() == came.href && self.headings().contains(&came.heading);
        given.then_some(came.heading)
    }

    /// The heading that leads to a service: the one from which it was opened, else its own. Of a heading that this
    /// member of staff does not have, the first of her own stands in its place.
    fn heading_of(&self, service: Spot) -> Heading {
        let own = self.opened_from(service).unwrap_or(service.heading);
        let hers = own.is_public() || !self.visitor.staff() || own == Heading::Work || self.given().contains(&own);
        if hers { own } else { self.headings().first().copied().unwrap_or(own) }
    }

    /// What stands in the foot for everybody: what one may look up.
    pub fn foot(&self) -> Vec<MenuLink> {
        self.services(Heading::Foot).into_iter().map(|service| self.link(service.text, service.href)).collect()
    }

    /// What residents see, for staff to look up; nothing for others, whose menu it is.
    pub fn seen_by_residents(&self) -> Vec<MenuLink> {
        if !self.visitor.staff() {
            return Vec::new();
        }
        Heading::RESIDENT.map(|heading| self.link(self.t(heading.key()), heading.href())).to_vec()
    }

    /// The page with everything that a member of staff may do, unless it stands in the menu.
    pub fn own_work(&self) -> Option<MenuLink> {
        let apart = self.visitor.staff() && !self.headings().contains(&Heading::Work);
        apart.then(|| self.link(self.t(Heading::Work.key()), Heading::Work.href()))
    }

    fn link(&self, text: String, href: &'static str) -> MenuLink {
        MenuLink { text, href, current: self.path == href }
    }

    /// The services under a heading that this visitor may use, in their order.
    pub fn services(&self, heading: Heading) -> Vec<ServiceLink> {
        let mut found: Vec<&Service> =
            self.frame().services.iter().filter(|one| one.heading == heading && self.offered(one)).collect();
        found.sort_by_key(|service| (service.order, service.href));
        let link = |service: &Service| ServiceLink {
            text: self.t(service.key),
            purpose: self.t(service.purpose),
            href: service.href,
        };
        found.into_iter().map(link).collect()
    }

    fn offered(&self, service: &Service) -> bool {
        let audience = service.heading.is_public() || self.visitor.staff();
        audience && service.permission.is_none_or(|permission| self.may(permission))
    }

    /// The known page at or above a path, the nearest one; of two at the same address the one in this visitor's menu.
    /// A page that this visitor may not open is no way of hers: what lies below it stands under nothing, as somebody's
    /// own appointment below the list of the counter.
    fn spot(&self, path: &str) -> Option<Spot> {
        let headings = self.headings();
        let of_heading = |heading: Heading| Spot { heading, key: heading.key(), href: heading.href() };
        let services = self.frame().services.iter().filter(|one| self.offered(one));
        let services = services.map(|one| Spot { heading: one.heading, key: one.key, href: one.href });
        let finding = if headings.contains(&Heading::Find) { Heading::Find } else { Heading::Foot };
        let finding = Spot { heading: finding, key: "web-find-crumb", href: FIND };
        let hers = Heading::ALL.into_iter().filter(|heading| heading.is_public() || self.visitor.staff());
        let known = services.chain(hers.map(of_heading)).chain([finding]);
        let near = known.filter(|spot| is_at(path, spot.href));
        near.max_by_key(|spot| (spot.href.len(), headings.contains(&spot.heading)))
    }

    /// The list from which this page was opened, as far as it is known: the address of `?from=`, the one that a form
    /// carried, the page before, or the list from which that one was opened.
    fn came_from(&self) -> Option<(Spot, String)> {
        let asked = self.query.opt("from").and_then(local_path).map(str::to_owned);
        let kept = list::kept(&self.seat).map(str::to_owned);
        let before = self.came.as_deref().and_then(list::carried);
        let mut known = [asked, kept, self.came.clone(), before].into_iter().flatten();
        known.find_map(|address| {
            let path = path_of(&address);
            let spot = self.spot(path).filter(|spot| spot.href == path && path != self.path)?;
            Some((spot, address))
        })
    }

    /// The address of the list from which a member of staff opened this page, which is no list itself: its forms carry
    /// it, so that she comes back there.
    pub fn list(&self) -> Option<String> {
        let is_known = self.spot(&self.path).is_some_and(|spot| spot.href == self.path);
        let came = self.came_from().filter(|_| self.visitor.staff() && !is_known);
        came.map(|(_, address)| address)
    }

    /// The way that leads to this page: its heading, and the list from which it was opened with what was asked there.
    /// A page that is a heading itself has none.
    pub fn trail(&self) -> Vec<Crumb> {
        // What lies below a resident's own list is no way that staff came.
        let hers = |spot: &Spot| spot.heading != Heading::Mine || spot.href == self.path || !self.visitor.staff();
        let own = self.spot(&self.path).filter(hers);
        if self.path == "/" || own.is_some_and(|spot| spot.href == self.path && spot.href == spot.heading.href()) {
            return Vec::new();
        }
        let itself = own.filter(|spot| spot.href == self.path);
        let above = match itself {
            Some(_) => None,
            None => self.came_from().or_else(|| own.map(|spot| (spot, spot.href.to_owned()))),
        };
        let first = self.headings().first().copied().filter(|_| self.visitor.staff());
        let led = above.as_ref().map(|(spot, _)| *spot).or(own);
        let heading = led.map(|spot| self.heading_of(spot)).or(first);
        let mut crumbs = Vec::new();
        if let Some(heading) = heading.filter(|heading| *heading != Heading::Foot) {
            crumbs.push(Crumb { text: self.t(heading.key()), href: heading.href().to_owned() });
        }
        if let Some((spot, address)) = above {
            if spot.href == spot.heading.href() {
                crumbs.clear();
            }
            crumbs.push(Crumb { text: self.t(spot.key), href: address });
        }
        crumbs
    }

    /// The way that leads to this page as far as a page's own crumbs do not show it. Unless she came from a list, it
    /// is the way to the first of them, wherever this page has its address.
    pub fn trail_before(&self, own: &[Crumb]) -> Vec<Crumb> {
        let first = own.first().and_then(|crumb| self.spot(path_of(&crumb.href)));
        let is_hers = |spot: &Spot| spot.heading != Heading::Mine || !self.visitor.staff();
        let first = first.filter(|spot| is_hers(spot) && spot.href != self.path && self.came_from().is_none());
        let mut crumbs = first.map_or_else(|| self.trail(), |spot| self.way_to(spot));
        crumbs.retain(|crumb| own.iter().all(|one| !is_shown(crumb, one)));
        crumbs
    }

    /// The same for a page that stands below one other page, whose address is given in two parts.
    pub fn trail_above(&self, path: &str, id: impl Display) -> Vec<Crumb> {
        self.trail_before(&[Crumb { text: String::new(), href: format!("{path}{id}") }])
    }

    /// The way to a known page, with its heading.
    fn way_to(&self, spot: Spot) -> Vec<Crumb> {
        let heading = self.heading_of(spot);
        let above = (heading != Heading::Foot && heading.href() != spot.href).then(|| (heading.key(), heading.href()));
        let crumb = |(key, href): (&'static str, &'static str)| Crumb { text: self.t(key), href: href.to_owned() };
        above.into_iter().chain([(spot.key, spot.href)]).map(crumb).collect()
    }
}

/// The path of a local address.
fn path_of(href: &str) -> &str {
    href.split('?').next().unwrap_or_default()
}

/// Whether a page's own crumb shows one of the way: it is the same page. A page with what was asked there stands below
/// the page without.
fn is_shown(crumb: &Crumb, own: &Crumb) -> bool {
    let narrows = own.href.contains('?') && !crumb.href.contains('?');
    path_of(&crumb.href) == path_of(&own.href) && !narrows
}

/// Whether a path is at or under an address; the root is only itself.
fn is_at(path: &str, href: &str) -> bool {
    path == href || (href != "/" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heading::Duty;
    use crate::{Frame, Preferences, Texts, Visitor};
    use kernel::permission::{Actor, ActorKind, Grant, Permission};
    use kernel::place::{PlaceId, PlacePath};
    use kernel::time::Instant;
    use std::sync::Arc;
    use uuid::Uuid;

    const TEXTS: (&str, &str) = ("demo-list = 名单\ndemo-list-for = 看\n", "demo-list = List\ndemo-list-for = See\n");

    const DUTIES: &[Duty] = &[
        Duty {
            held: |actor| actor.has(Permission::CaseAccept),
            headings: &[Heading::Window, Heading::Today, Heading::Tasks, Heading::Community],
        },
        Duty { held: |actor| actor.has(Permission::CaseSupervise), headings: &[Heading::Overview, Heading::Supervise] },
    ];

    fn page(path: &str, permissions: &[Permission]) -> Page {
        let list = |heading, href, permission| Service {
            heading,
            key: "demo-list",
            purpose: "demo-list-for",
            href,
            permission,
            order: 1,
        };
        let frame = Frame {
            services: vec![
                list(Heading::Work, "/accounts", Some(Permission::AuditRead)),
                list(Heading::Today, "/visits", Some(Permission::CaseRead)),
                list(Heading::Foot, "/rules", None),
                list(Heading::Map, "/places/list", None),
            ],
            duties: DUTIES,
            ..Frame::sample(Texts::new(&[crate::LOCALES, TEXTS]).unwrap(), Arc::new(|| Instant::from_micros(0)))
        };
        let mut visitor = Visitor::default();
        if !permissions.is_empty() {
            visitor.actor = Actor {
                account: Some(Uuid::nil()),
                name: "王".to_owned(),
                kind: ActorKind::Staff,
                grants: vec![Grant {
                    post: Uuid::nil(),
                    role: "role".to_owned(),
                    place: PlacePath::root(PlaceId(1)),
                    department: None,
                    permissions: permissions.iter().copied().collect(),
                }],
            };
        }
        Page::sample(Arc::new(frame), path, Preferences::default(), visitor)
    }

    fn hrefs(links: &[MenuLink]) -> Vec<&str> {
        links.iter().map(|link| link.href).collect()
    }

    #[test]
    fn a_menu_has_what_the_posts_of_today_give_and_no_more_than_five() {
        use Permission as May;
        let table: [(&[Permission], &[&str]); 5] = [
            (&[], &["/items", "/report", "/mine", "/nearby"]),
            (&[May::CaseAccept], &["/desk", "/today", "/queue", "/community"]),
            (&[May::CaseSupervise], &["/overview", "/supervise"]),
            (&[May::CaseAccept, May::CaseSupervise], &["/desk", "/today", "/queue", "/community", "/work"]),
            (&[May::AuditRead], &["/work", "/accounts"]),
        ];
        for (permissions, expected) in table {
            assert_eq!(hrefs(&page("/", permissions).menu()), expected, "{permissions:?}");
        }
        assert_eq!(page("/", &[]).start(), "/");
        assert_eq!(page("/", &[May::CaseSupervise]).start(), "/overview");
    }

    #[test]
    fn the_entry_above_a_page_is_current() {
        let links = page("/visits/12", &[Permission::CaseAccept, Permission::CaseRead]).menu();
        assert_eq!(links.iter().find(|link| link.current).map(|link| link.href), Some("/today"));
        let links = page("/accounts", &[Permission::AuditRead]).menu();
        assert_eq!(links.iter().find(|link| link.current).map(|link| link.href), Some("/accounts"));
        assert!(page("/rules", &[]).menu().iter().all(|link| !link.current));
        assert!(page("/rules", &[]).foot().iter().any(|link| link.current));
    }

    #[test]
    fn a_page_of_no_heading_marks_where_it_was_opened() {
        let worker: &[Permission] = &[Permission::CaseAccept, Permission::CaseRead];
        let table: [(&[Permission], &str, Option<&str>, Option<&str>); 7] = [
            (&[], "/", None, Some("/items")),
            (worker, "/cases/1", Some("/queue"), Some("/queue")),
            (worker, "/cases/1", Some("/find?q=1"), None),
            (worker, "/cases/1", None, None),
            (worker, "/visits", Some("/queue"), Some("/queue")),
            (worker, "/visits", Some("/visits?day=2026-11-23"), Some("/today")),
            (worker, "/rules", Some("/community"), Some("/community")),
        ];
        for (permissions, path, came, expected) in table {
            let mut page = page(path, permissions);
            page.came = came.map(str::to_owned);
            let marked = page.menu().into_iter().find(|link| link.current).map(|link| link.href);
            assert_eq!(marked, expected, "{path} {came:?}");
        }
    }

    #[test]
    fn staff_find_what_residents_see_apart() {
        let resident = page("/", &[]);
        assert!(resident.seen_by_residents().is_empty() && resident.own_work().is_none());
        let worker = page("/desk", &[Permission::CaseAccept]);
        assert_eq!(hrefs(&worker.seen_by_residents()), ["/items", "/report", "/mine", "/nearby"]);
        assert_eq!(worker.own_work().map(|link| link.href), Some("/work"));
        assert!(page("/work", &[Permission::AuditRead]).own_work().is_none(), "it stands in the menu");
        assert_eq!(hrefs(&worker.foot()), ["/rules"]);
    }

    #[test]
    fn crumbs_lead_back_to_where_one_came_from() {
        let worker: &[Permission] = &[Permission::CaseAccept, Permission::CaseRead];
        let table: [(&str, Option<&str>, &[&str]); 12] = [
            ("/desk", None, &[]),
            ("/visits", None, &["/today"]),
            ("/visits/12", None, &["/today", "/visits"]),
            ("/visits/12", Some("/visits?day=2026-11-23"), &["/today", "/visits?day=2026-11-23"]),
            ("/cases/1", Some("/queue?after=3"), &["/queue?after=3"]),
            ("/cases/1", Some("/elsewhere"), &["/desk"]),
            ("/rules/1", None, &["/rules"]),
            ("/visits", Some("/queue"), &["/queue"]),
            ("/cases/1", Some("/find?q=1"), &["/find?q=1"]),
            ("/accounts", None, &["/desk"]),
            ("/places/list", None, &["/desk"]),
            ("/mine/1", None, &["/desk"]),
        ];
        for (path, came, expected) in table {
            let mut page = page(path, worker);
            page.came = came.map(str::to_owned);
            let found: Vec<String> = page.trail().into_iter().map(|crumb| crumb.href).collect();
            assert_eq!(found, expected, "{path} {came:?}");
        }
        assert_eq!(page("/accounts/1", &[Permission::AuditRead]).trail().len(), 2, "the list and its heading");
    }

    #[test]
    fn own_crumbs_follow_the_way_to_the_first_of_them() {
        let worker: &[Permission] = &[Permission::CaseAccept, Permission::CaseRead];
        let table: [(&str, Option<&str>, &str, &[&str]); 8] = [
            ("/visits/12", None, "/visits", &["/today"]),
            ("/slots/12/move", None, "/visits", &["/today"]),
            ("/slots/12/move", None, "/visits/12", &["/today", "/visits"]),
            ("/slots/12/move", Some("/queue?after=3"), "/visits", &["/queue?after=3"]),
            ("/slots/12/move", None, "/visits?day=2026-11-23", &["/today", "/visits"]),
            ("/rules/1/text", None, "/rules/1", &["/rules"]),
            ("/cases/1/papers", None, "/cases/1", &["/desk"]),
            ("/mine/1/papers", None, "/mine/1", &["/desk"]),
        ];
        for (path, came, own, expected) in table {
            let mut page = page(path, worker);
            page.came = came.map(str::to_owned);
            let found: Vec<String> = page.trail_above(own, "").into_iter().map(|crumb| crumb.href).collect();
            assert_eq!(found, expected, "{path} {came:?} {own}");
        }
    }

    #[test]
    fn a_list_stays_known_over_the_pages_that_are_opened_from_it() {
        let worker: &[Permission] = &[Permission::CaseAccept, Permission::CaseRead];
        let table: [(&str, Option<&str>, Option<&str>, Option<&str>); 6] = [
            ("/cases/1", Some("/queue?after=3"), None, Some("/queue?after=3")),
            ("/cases/1/act", Some("/cases/1"), Some("/queue?after=3"), Some("/queue?after=3")),
            ("/cases/1/papers", Some("/cases/1?from=%2Fqueue"), None, Some("/queue")),
            ("/cases/1", Some("/cases/1/papers"), None, None),
            ("/visits", Some("/queue"), None, None),
            ("/cases/1", Some("/elsewhere"), None, None),
        ];
        for (path, came, kept, expected) in table {
            let mut page = page(path, worker);
            page.came = came.map(str::to_owned);
            if let Some(kept) = kept {
                page.seat.list.get_or_init(|| kept.to_owned());
            }
            assert_eq!(page.list().as_deref(), expected, "{path} {came:?}");
        }
        let mut resident = page("/mine/1", &[]);
        resident.came = Some("/mine".to_owned());
        assert_eq!(resident.list(), None, "her addresses stay as they are");
    }

    #[test]
    fn nobody_is_led_over_a_page_that_is_not_hers() {
        for (path, came) in [("/visits/12", None), ("/visits/12", Some("/visits?day=2026-11-23")), ("/today/1", None)] {
            let mut resident = page(path, &[]);
            resident.came = came.map(str::to_owned);
            assert!(resident.trail().is_empty(), "{path} {came:?}");
            assert!(resident.menu().iter().all(|link| !link.current), "{path} {came:?}");
        }
        let mut resident = page("/visits/12", &[]);
        resident.came = Some("/mine".to_owned());
        let found: Vec<String> = resident.trail().into_iter().map(|crumb| crumb.href).collect();
        assert_eq!(found, ["/mine"]);
    }
}
