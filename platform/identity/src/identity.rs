//! What sign-in needs at run time. The app puts it together once.

use crate::actions::{Fact, Handed};
use crate::cache::{Cache, Snapshot};
use crate::password::HashedPassword;
use crate::permissions::May;
use crate::records::Request;
use crate::{IdentityError, Roles, Rules, password};
use kernel::language::Bilingual;
use kernel::permission::{Actor, Permission};
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Clock, Instant, Zone};
use sm3::{Digest as _, Sm3};
use std::sync::{Arc, PoisonError, RwLock};
use store::{Store, Tx};
use tokio::sync::Semaphore;
use tries::Guard;
use vault::Vault;
use zeroize::Zeroizing;

/// What identity must know of places. The app answers from the tree. This crate never holds names of places.
pub trait PlaceNames: Send + Sync {
    /// Returns the name of a place, with all that a reader needs to know which place is meant.
    fn name(&self, place: &PlacePath) -> Option<Bilingual>;

    /// Returns at most `limit` places that have this name or official code.
    fn find(&self, words: &str, limit: usize) -> Vec<PlacePath>;

    /// Returns the departments that a post can name: code and title.
    fn departments(&self) -> Vec<(String, Bilingual)> {
        Vec::new()
    }
}

/// A kind of request: what may be asked for, and how it is done. A department registers its own kinds with
/// [`Identity::register`].
pub trait Kind: Send + Sync {
    /// Returns the stable code, which begins with the name of the crate.
    fn code(&self) -> &'static str;

    /// Returns the key of the text that names what is asked for.
    fn title(&self) -> &'static str;

    /// Returns the key of the sentence that says what happens when it is confirmed.
    fn effect(&self) -> &'static str;

    /// Returns the keys of the facts that name whom or what it is about, in a line of a list.
    fn about(&self) -> &'static [&'static str] {
        &["identity-name"]
    }

    /// Says what makes a request the same as another of this kind. Of those that are the same one waits at a time.
    fn same_as(&self, request: &Request) -> String {
        let Request { place, department, subject, detail, .. } = request;
        let subject = subject.map(|subject| subject.simple().to_string()).unwrap_or_default();
        format!("{} {} {subject} {detail}", place.as_str(), department.as_deref().unwrap_or_default())
    }

    /// Returns what both people must be permitted at the place of the request.
    fn permission(&self) -> Permission {
        May::AccountManage
    }

    /// Says whether a password of two halves is made.
    fn halves(&self) -> bool {
        false
    }

    /// Returns the account names whose passwords are made, where it makes several, in their order.
    fn logins(&self, _request: &Request) -> Vec<String> {
        Vec::new()
    }

    /// Checks that somebody may ask for this or confirm it now. It answers that there is no such thing, or that a
    /// permission is missing, before it says anything else.
    ///
    /// # Errors
    /// Says why it cannot be done.
    fn permits(
        &self,
        identity: &Identity,
        tx: &mut dyn Tx,
        request: &Request,
        actor: &Actor,
    ) -> Result<(), IdentityError>;

    /// Says exactly what is asked for.
    ///
    /// # Errors
    /// The store failed.
    fn facts(&self, identity: &Identity, tx: &mut dyn Tx, request: &Request) -> Result<Vec<Fact>, IdentityError>;

    /// Does it, in the transaction in which it is confirmed. Returns what the second person is shown once.
    ///
    /// # Errors
    /// Says why it was not done.
    fn apply(&self, tx: &mut dyn Tx, doing: &Doing<'_>) -> Result<Option<Handed>, IdentityError>;
}

/// What a kind works with while it does what was confirmed.
pub struct Doing<'a> {
    /// Accounts and roles.
    pub identity: &'a Identity,
    /// What was asked for.
    pub request: &'a Request,
    /// Who confirms.
    pub by: &'a Actor,
    /// The moment.
    pub now: Instant,
    /// The passwords of two halves, where the kind makes some.
    pub passwords: &'a [HashedPassword],
}

/// Where and how this installation runs.
#[derive(Clone)]
pub struct Settings {
    /// The city. Residents' accounts and the events of all accounts are kept under it.
    pub home: PlacePath,
    /// This is set when pages are served over https. The cookie is then sent over https alone.
    pub secure: bool,
    /// The page to which staff go after sign-in, a path of this site.
    pub staff_home: String,
    /// The name of the installation in an authenticator.
    pub issuer: String,
    /// The clock.
    pub clock: Clock,
    /// The city's time zone. Posts begin and end with its days.
    pub zone: Zone,
    /// This is set in a demonstration. No role asks for the one-time code there, and the page of sign-in says so.
    pub demonstration: bool,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("home", &self.home)
            .field("secure", &self.secure)
            .finish_non_exhaustive()
    }
}

/// The accounts, sessions and posts of one installation.
pub struct Identity {
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) roles: Roles,
    pub(crate) rules: Rules,
    pub(crate) settings: Settings,
    pub(crate) places: Arc<dyn PlaceNames>,
    pub(crate) cache: Cache,
    hashing: Semaphore,
    /// The places of those whose passwords are computed and of those who wait for that.
    waiting: Semaphore,
    telephone_key: Zeroizing<[u8; 32]>,
    pub(crate) guard: Guard,
    kinds: RwLock<Vec<Arc<dyn Kind>>>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Identity").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Identity {
    /// Puts identity together.
    #[expect(clippy::similar_names, reason = "roles and rules are the words of the house")]
    pub fn new(
        store: Store,
        vault: Vault,
        roles: Roles,
        rules: Rules,
        settings: Settings,
        places: Arc<dyn PlaceNames>,
    ) -> Arc<Self> {
        // A burst of sign-ins leaves half of the processors to people who are working, and takes no more memory than so
        // many computations do.
        let half = std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2));
        let at_once = half.min(rules.passwords_at_once.max(1).try_into().unwrap_or(half));
        let waiting = at_once.saturating_add(rules.passwords_waiting.try_into().unwrap_or(0));
        Arc::new(Self {
            telephone_key: Zeroizing::new(vault.derive_key("identity, telephone of an account")),
            guard: Guard::new(vault.derive_key(tries::KEY), settings.secure),
            hashing: Semaphore::new(at_once),
            waiting: Semaphore::new(waiting.min(Semaphore::MAX_PERMITS)),
            cache: Cache::new(rules.session_cache_seconds),
            kinds: RwLock::default(),
            store,
            vault,
            roles: if settings.demonstration { roles.without_codes() } else { roles },
            rules,
            settings,
            places,
        })
    }

    /// Returns the roles of the city.
    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    /// Returns the figures in use.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Takes up a kind of request of a department: from now on it can be asked for and confirmed.
    pub fn register(&self, kind: Arc<dyn Kind>) {
        self.kinds.write().unwrap_or_else(PoisonError::into_inner).push(kind);
    }

    /// Returns the kinds of requests that departments took up.
    pub(crate) fn registered(&self) -> Vec<Arc<dyn Kind>> {
        self.kinds.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn now(&self) -> Instant {
        (self.settings.clock)()
    }

    pub(crate) fn district(&self) -> PlaceId {
        self.settings.home.district()
    }

    /// Hashes a password on a thread for long work. Few do this at once, and not many wait for it.
    ///
    /// # Errors
    /// [`IdentityError::Busy`] when too many wait already.
    pub(crate) async fn hash(&self, password: Zeroizing<String>) -> Result<HashedPassword, IdentityError> {
        let rules = self.rules;
        self.long_work(move || password::hash_password(&password, &rules)).await
    }

    pub(crate) async fn verify(
        &self,
        password: Zeroizing<String>,
        stored: Option<String>,
    ) -> Result<bool, IdentityError> {
        let rules = self.rules;
        self.long_work(move || password::verify_password(&password, stored.as_deref(), &rules)).await
    }

    async fn long_work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, IdentityError> + Send + 'static,
    ) -> Result<T, IdentityError> {
        let failed = |error: &dyn std::fmt::Display| IdentityError::Failed(format!("password thread: {error}"));
        let _place = self.waiting.try_acquire().map_err(|_| IdentityError::Busy)?;
        let permit = self.hashing.acquire().await.map_err(|error| failed(&error))?;
        let result = tokio::task::spawn_blocking(work).await.map_err(|error| failed(&error))?;
        drop(permit);
        result
    }

    pub(crate) fn telephone_digest(&self, telephone: &str) -> Vec<u8> {
        keyed(&self.telephone_key, telephone)
    }

    /// Returns the name of a place, or its path where it is gone.
    pub fn place_name(&self, place: &PlacePath) -> Bilingual {
        self.places.name(place).unwrap_or_else(|| Bilingual::new(place.as_str(), place.as_str()))
    }

    pub(crate) async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        mut work: impl FnMut(&Self, &mut dyn Tx) -> Result<T, IdentityError> + Send + 'static,
    ) -> Result<T, IdentityError> {
        let identity = Arc::clone(self);
        self.store.write(move |tx| work(&identity, tx)).await
    }

    pub(crate) async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        mut work: impl FnMut(&Self, &mut dyn Tx) -> Result<T, IdentityError> + Send + 'static,
    ) -> Result<T, IdentityError> {
        let identity = Arc::clone(self);
        self.store.read(move |tx| work(&identity, tx)).await
    }

    /// Returns the grants of an account today.
    pub(crate) fn actor_of(&self, snapshot: &Snapshot, now: Instant) -> kernel::permission::Actor {
        crate::actions::actor_from(&snapshot.account, &snapshot.posts, self.settings.zone.date(now), &self.roles)
    }
}

/// Returns an SM3 under a key that stands at both ends, so that nothing can be appended.
fn keyed(key: &[u8; 32], text: &str) -> Vec<u8> {
    let mut digest = Sm3::new();
    digest.update(key);
    digest.update(text.as_bytes());
    digest.update(key);
    digest.finalize().to_vec()
}
