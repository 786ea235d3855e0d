//! The exchange (平台整合) is the interface through which the city's other systems read, apply, track and act. It also
//! sends them webhooks.
//!
//! It serves the platforms of party work, government services, comprehensive management and city management (MISSION
//! part 15). A system acts under its own name within its place and department. Each call is done once, and each change
//! leaves a record.

pub mod actions;
pub mod api;
mod contract;
pub mod delivery;
mod limits;
pub mod pages;
mod records;
mod refusals;
mod rules;
mod words;

pub use actions::{Fault, NewSystem};
pub use api::{LetIn, language, refusal_of, status_of};
pub use contract::{CODE_HEADER, KEY_HEADER, openapi};
pub use delivery::{ANSWER_SECONDS, DELIVER, REPLAY, TELL};
pub use records::{forget, relocate};
pub use refusals::Why;
pub use words::{
    ApiScope, EXCHANGE_LOG_DAYS, EXCHANGE_OFF_DAYS, EXCHANGE_OLD_SECRET_HOURS, EXCHANGE_TOKEN_DAYS, ROLE, RULES, System,
};

use std::sync::Arc;

use cases::{Cases, TOPIC_MOVED};
use counter::Counter;
use house::{Chore, Department, House, OpenFault, When, Work, each_move};
use identity::Identity;
use jobs::JobError;
use jobs::channels::{Poster, Targets};
use kernel::refusal::Code;
use kernel::time::{Clock, Instant};
use store::{Migration, Store};
use web::Routes;

use crate::actions::{AskAddress, AskToken};
use crate::limits::Limits;

/// Lists the migrations of this department.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "exchange/0001_exchange", sql: include_str!("../migrations/0001_exchange.sql") },
    Migration { name: "exchange/0002_order", sql: include_str!("../migrations/0002_order.sql") },
    Migration { name: "exchange/0003_webhooks", sql: include_str!("../migrations/0003_webhooks.sql") },
];

/// Holds the texts of this department: Chinese, English.
pub const TEXTS: (&str, &str) = (include_str!("../locales/zh-CN.ftl"), include_str!("../locales/en.ftl"));

/// The exchange as a department.
pub const DEPARTMENT: Department = Department {
    name: "exchange",
    migrations: MIGRATIONS,
    texts: Some(TEXTS),
    refusals: Why::ALL,
    rules: RULES,
    indicators: words::INDICATORS,
    open,
    work,
    ..Department::EMPTY
};

/// Minutes after midnight at which old calls and messages are forgotten.
const FORGET_AT: u32 = 162;

fn open(house: &mut House) -> Result<(), OpenFault> {
    let desk = Exchange::new(
        house.get::<Counter>()?,
        house.clock.clone(),
        house.refusals.clone(),
        house.installation.private_http,
        house.installation.targets.clone(),
        house.get::<Identity>()?,
    );
    desk.identity.register(Arc::new(AskToken { counter: desk.counter.clone() }));
    desk.identity.register(Arc::new(AskAddress {
        counter: desk.counter.clone(),
        private_http: desk.private_http,
        targets: desk.targets.clone(),
    }));
    house.keep(Arc::new(desk));
    Ok(())
}

fn work(house: &House) -> Result<Work, OpenFault> {
    let desk = house.get::<Exchange>()?;
    let (hearing, sending, forgetting, replaying) = (desk.clone(), desk.clone(), desk.clone(), desk.clone());
    let chores = vec![
        Chore::new(TELL, When::Heard(TOPIC_MOVED), move |store, job, now| hearing.tell(store, job, now)).in_order(),
        Chore::new(DELIVER, When::Asked, move |store, job, now| sending.deliver(store, job, now)),
        Chore::new(REPLAY, When::Asked, move |store, job, now| replaying.replay_part(store, job, now)),
        Chore::new("exchange.forget", When::AtMinute(FORGET_AT), move |store, _, now| forgetting.forget(store, now)),
    ];
    Ok(Work { routes: routes(desk), chores, moved: vec![each_move(relocate)], ..pages::shown::shown() })
}

/// The exchange: the counter it speaks for, and what keeps systems within their limits.
pub struct Exchange {
    /// The desk of cases.
    pub cases: Arc<Cases>,
    /// The counter with its catalogue.
    pub counter: Arc<Counter>,
    /// Accounts, and what waits for a second person.
    pub identity: Arc<Identity>,
    /// The clock.
    pub clock: Clock,
    /// The reasons of refusal that the interface may answer with.
    pub refusals: Vec<Code>,
    /// Messages may go to http addresses inside the network.
    pub private_http: bool,
    /// The addresses inside the network to which messages may go.
    pub targets: Targets,
    limits: Limits,
    poster: Poster,
    once_key: [u8; 32],
}

impl Exchange {
    /// Makes an exchange over a counter. Messages stay out of the network except for `targets`; `private_http` allows
    /// them to go there without TLS.
    #[must_use]
    pub fn new(
        counter: Arc<Counter>,
        clock: Clock,
        refusals: Vec<Code>,
        private_http: bool,
        targets: Targets,
        identity: Arc<Identity>,
    ) -> Self {
        let cases = counter.cases.clone();
        Self {
            once_key: cases.hall.vault.derive_key("exchange.once"),
            limits: Limits::default(),
            poster: Poster::guarded(ANSWER_SECONDS, &targets),
            targets,
            cases,
            counter,
            identity,
            clock,
            refusals,
            private_http,
        }
    }

    /// Forgets what other systems called and were told, once it is older than the rulebook keeps it, and destroys
    /// secrets that were renewed once they sign no more.
    fn forget(&self, store: &Store, now: Instant) -> Result<(), JobError> {
        let (hall, vault) = (&self.cases.hall, self.cases.hall.vault.clone());
        let before = now.plus_days(-hall.figure(EXCHANGE_LOG_DAYS, now)?);
        let day = hall.day(before);
        let forgotten = store.write_blocking(move |tx| {
            for system in records::with_old_secret(tx, now)? {
                vault.drop_secret(tx, words::OLD_SECRET, system)?;
                records::set_old_secret(tx, system, None)?;
            }
            forget(tx, day, before).map(drop).map_err(Fault::from)
        });
        Ok(forgotten?)
    }

    pub(crate) fn store(&self) -> &Store {
        &self.cases.hall.store
    }
}

/// Returns the pages for people who look after other systems, and the interface itself.
pub fn routes(exchange: Arc<Exchange>) -> Routes {
    pages::routes(exchange.clone()).merge(api::routes(exchange))
}
