//! The channels that leave the platform: e-mail and the city's gateway; and where requests may go.

mod email;
mod guard;
mod webhook;

pub use email::{Email, EmailSettings, Encryption};
pub use guard::{Targets, guarded, is_forbidden};
pub use webhook::{Fetched, PostFault, Posted, Poster, Webhook, WebhookSettings, signature, standard_signature};
