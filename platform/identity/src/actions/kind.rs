//! What a kind of request is: what may be asked for, what it says of itself, and how it is done.

use crate::password::HashedPassword;
use crate::records::Request;
use crate::{Identity, IdentityError, May};
use kernel::language::Bilingual;
use kernel::permission::{Actor, Permission};
use kernel::time::Instant;
use store::Tx;
use zeroize::Zeroizing;

/// A kind of request: what may be asked for, and how it is done. A department registers its own kinds with
/// [`Identity::register`].
pub trait Kind: Send + Sync {
    /// Returns the stable code, which begins with the name of the crate.
    fn code(&self) -> &'static str;

    /// Returns the key of the text that names what is asked for.
    fn title(&self) -> &'static str;

    /// Returns the key of the sentence that says what happens when it is confirmed.
    fn effect(&self) -> &'static str;

    /// Returns what both people must be permitted at the place of the request.
    fn permission(&self) -> Permission {
        May::AccountManage
    }

    /// Says whether a password of two halves is made.
    fn halves(&self) -> bool {
        false
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

/// One thing that a request says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The key of its name.
    pub key: &'static str,
    /// What stands there.
    pub said: Said,
}

impl Fact {
    /// Returns a fact that is the same in every language.
    pub fn text(key: &'static str, text: impl Into<String>) -> Self {
        Self { key, said: Said::Text(text.into()) }
    }

    /// Returns a fact that has a name in both languages.
    pub const fn both(key: &'static str, name: Bilingual) -> Self {
        Self { key, said: Said::Both(name) }
    }
}

/// What stands in a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A text, the same in every language.
    Text(String),
    /// A name.
    Both(Bilingual),
    /// Keys of texts, one after the other.
    Keys(Vec<&'static str>),
}

/// What is shown once.
pub struct Handed {
    /// The key of what to do with it.
    pub what: &'static str,
    /// The key of its name.
    pub term: &'static str,
    /// What it is.
    pub secret: Zeroizing<String>,
}

impl Handed {
    /// Returns what is shown once: the keys of what to do with it and of its name, and what it is.
    pub fn new(what: &'static str, term: &'static str, secret: String) -> Self {
        Self { what, term, secret: Zeroizing::new(secret) }
    }
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
    /// The password of two halves, where the kind makes one.
    pub password: Option<&'a HashedPassword>,
}
