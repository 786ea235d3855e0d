//! The channels to people outside of the platform are set up here from the configuration. A message gets its address
//! and its text only when it goes out.

use std::sync::Arc;

use jobs::channels::{Email, Webhook, WebhookSettings};
use jobs::{ChannelKind, Delivery, DeliveryError, Envelope, Notice};
use kernel::time::Instant;
use store::Store;

use crate::{AppError, City, Opening};

/// How long a gateway may take to answer, in seconds.
pub const ANSWER_SECONDS: u32 = 20;

/// Delivers messages through the channels of the configuration.
///
/// # Errors
/// A channel that is configured but cannot be set up.
pub fn delivery(city: &Arc<City>, opening: &Opening) -> Result<Delivery, AppError> {
    let (desk, hall) = (city.clone(), city.hall.clone());
    let resolver = Arc::new(move |store: &Store, notice: &Notice, now: Instant| resolve(&desk, store, notice, now));
    let delivery = Delivery::new(resolver, Arc::new(move || hall.calendar()));
    let mut delivery = city.work.urgent.iter().fold(delivery, |delivery, key| delivery.urgent(key));
    let configuration = &opening.configuration;
    if let Some(url) = &configuration.message_gateway {
        let key = configuration.message_gateway_key.clone().unwrap_or_default().into_bytes();
        let settings = WebhookSettings { url: url.clone(), key, timeout_seconds: ANSWER_SECONDS };
        delivery = delivery.channel(ChannelKind::Webhook, Arc::new(Webhook::new(settings)));
    }
    if let Some(server) = configuration.mail_server(ANSWER_SECONDS).map_err(AppError::Said)? {
        let channel = Email::new(&server).map_err(AppError::Said)?;
        delivery = delivery.channel(ChannelKind::Email, Arc::new(channel));
    }
    Ok(delivery)
}

/// Whether a department that knows recipients by a prefix knows this one. No prefix means the handles that have none
/// and so no colon; a handle whose department is not there is not taken for one of those.
fn knows(prefix: &str, recipient: &str) -> bool {
    if prefix.is_empty() { !recipient.contains(':') } else { recipient.starts_with(prefix) }
}

/// Finds the address and the text of a notice at the moment of delivery. Of the departments whose prefix fits, the one
/// with the longest prefix answers.
pub(super) fn resolve(
    city: &Arc<City>,
    store: &Store,
    notice: &Notice,
    now: Instant,
) -> Result<Option<Envelope>, DeliveryError> {
    let fitting = city.work.recipients.iter().filter(|known| knows(known.prefix, &notice.recipient));
    let known = fitting.max_by_key(|known| known.prefix.len());
    let known = known.ok_or_else(|| DeliveryError::Never("no department knows this recipient".to_owned()))?;
    let handle = notice.recipient.strip_prefix(known.prefix).unwrap_or_default();
    (known.resolve)(store, notice, handle, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_without_a_prefix_has_no_colon() {
        for (prefix, recipient, known) in [
            ("", "4/0192aa", true),
            ("", "hearing:4/0192aa", false),
            ("", "", true),
            ("visit:", "visit:4/0192aa", true),
            ("visit:", "4/0192aa", false),
            ("visit:", "visits", false),
        ] {
            assert_eq!(knows(prefix, recipient), known, "{prefix:?} {recipient}");
        }
    }
}
