//! The headings under which people find everything, the services that departments put under them, and whose work has
//! which.

use kernel::permission::{Actor, Permission};

/// A heading (栏目) under which services stand. The list is fixed: a department adds services, never a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Heading {
    /// What a resident can get done (办事).
    Affairs,
    /// What a resident tells the city (反映).
    Report,
    /// What is a resident's own: progress, drafts, appointments (我的).
    Mine,
    /// The community around a resident (附近).
    Nearby,
    /// What stands in the foot of every page and in no menu.
    Foot,
    /// Taking applications at a counter (窗口).
    Window,
    /// The day of a worker (今天).
    Today,
    /// What waits for somebody's work (待办).
    Tasks,
    /// The community of a worker (社区).
    Community,
    /// Searching cases (查件).
    Find,
    /// The unit of somebody who decides (本单位).
    Unit,
    /// The figures of a leader (总览).
    Overview,
    /// The deadlines of others (督办).
    Supervise,
    /// The places of a leader with their figures (地图).
    Map,
    /// What a leader follows beside cases (专项).
    Topics,
    /// The own work of auditor, protection officer, editor and operator, and everything that somebody may (我的工作).
    Work,
}

impl Heading {
    /// What residents and everybody else who is not on duty find.
    pub const RESIDENT: [Self; 4] = [Self::Affairs, Self::Report, Self::Mine, Self::Nearby];

    /// Every heading with a page of its own, in the order in which menus show them.
    pub const ALL: [Self; 15] = [
        Self::Affairs,
        Self::Report,
        Self::Mine,
        Self::Nearby,
        Self::Window,
        Self::Today,
        Self::Tasks,
        Self::Community,
        Self::Find,
        Self::Unit,
        Self::Overview,
        Self::Supervise,
        Self::Map,
        Self::Topics,
        Self::Work,
    ];

    /// The key of its words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Affairs => "web-heading-affairs",
            Self::Report => "web-heading-report",
            Self::Mine => "web-heading-mine",
            Self::Nearby => "web-heading-nearby",
            Self::Foot => "web-heading-foot",
            Self::Window => "web-heading-window",
            Self::Today => "web-heading-today",
            Self::Tasks => "web-heading-tasks",
            Self::Community => "web-heading-community",
            Self::Find => "web-heading-find",
            Self::Unit => "web-heading-unit",
            Self::Overview => "web-heading-overview",
            Self::Supervise => "web-heading-supervise",
            Self::Map => "web-heading-map",
            Self::Topics => "web-heading-topics",
            Self::Work => "web-heading-work",
        }
    }

    /// The local address of its page; that of the foot is the front page.
    pub const fn href(self) -> &'static str {
        match self {
            Self::Affairs => "/items",
            Self::Report => "/report",
            Self::Mine => "/mine",
            Self::Nearby => "/nearby",
            Self::Foot => "/",
            Self::Window => "/desk",
            Self::Today => "/today",
            Self::Tasks => "/queue",
            Self::Community => "/community",
            Self::Find => "/search",
            Self::Unit => "/unit",
            Self::Overview => "/overview",
            Self::Supervise => "/supervise",
            Self::Map => "/map",
            Self::Topics => "/topics",
            Self::Work => "/work",
        }
    }

    /// Whether it is for everybody, not for staff on duty alone.
    pub fn is_public(self) -> bool {
        self == Self::Foot || Self::RESIDENT.contains(&self)
    }
}

/// A service that a department offers under a heading: a page with its title and one line of what it is for.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// Under which heading it stands.
    pub heading: Heading,
    /// The key of its title.
    pub key: &'static str,
    /// The key of the line that says what it is for.
    pub purpose: &'static str,
    /// The local address.
    pub href: &'static str,
    /// What one must be permitted, anywhere; none: nothing.
    pub permission: Option<Permission>,
    /// Small comes first.
    pub order: i32,
}

/// A kind of work that gives headings to whoever does it.
#[derive(Clone, Copy, Debug)]
pub struct Duty {
    /// Says whether the posts of today make this somebody's work.
    pub held: fn(&Actor) -> bool,
    /// The headings that it gives, in their order.
    pub headings: &'static [Heading],
}
