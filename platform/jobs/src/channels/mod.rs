//! The channels that leave the platform: e-mail and the city's gateway.

mod email;
mod webhook;

pub use email::{Email, EmailSettings, Encryption};
pub use webhook::{PostFault, Posted, Poster, Webhook, WebhookSettings, signature};
