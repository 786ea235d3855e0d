//! What papers show on the pages of others: originals that are held and papers that were promised, as lanes of work.

use std::sync::Arc;

use house::{Lane, Work};
use kernel::permission::Permission;
use web::{Heading, Service};

use crate::actions::desks;
use crate::records::{custody, promise};

/// Puts together everything that papers show elsewhere.
pub(crate) fn shown() -> Work {
    let service = |key, purpose, href, order| Service {
        heading: Heading::Tasks,
        key,
        purpose,
        href,
        permission: Some(Permission::CaseAccept),
        order,
    };
    let held = Lane {
        key: "papers-nav-custody",
        href: "/papers/custody",
        permission: Permission::CaseAccept,
        order: 22,
        count: Arc::new(|tx, actor, _| custody::count_held(tx, &desks(actor))),
    };
    let promised = Lane {
        key: "papers-nav-promises",
        href: "/papers/promises",
        permission: Permission::CaseAccept,
        order: 24,
        count: Arc::new(|tx, actor, _| promise::count_open(tx, &desks(actor))),
    };
    Work {
        services: vec![
            service("papers-nav-custody", "papers-nav-custody-for", "/papers/custody", 22),
            service("papers-nav-promises", "papers-nav-promises-for", "/papers/promises", 24),
        ],
        lanes: vec![held, promised],
        ..Work::default()
    }
}
