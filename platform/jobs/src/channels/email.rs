//! Delivers notices as e-mail through the city's mail server (SMTP).

use crate::notice::{Channel, DeliveryError, Envelope, Receipt};
use crate::records::Notice;
use kernel::time::Instant;
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::extension::ClientId;
use lettre::{Message, SmtpTransport, Transport};
use std::fmt;
use std::sync::mpsc::{SendError, sync_channel};
use std::thread;
use std::time::Duration;

/// How the connection to the mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// The connection uses TLS from the first byte (usually port 465).
    Tls,
    /// The connection uses TLS after STARTTLS (usually port 587).
    StartTls,
    /// The connection is not encrypted. This is only for a mail server on the same machine.
    None,
}

/// Where and how mail is handed in. It does not print its password.
#[derive(Clone)]
pub struct EmailSettings {
    /// The host name of the mail server.
    pub host: String,
    /// The port of the mail server.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// The name and password, if the server wants them.
    pub credentials: Option<(String, String)>,
    /// The sender, such as `两邻 <noreply@city.gov.cn>`.
    pub from: String,
    /// The domain by which this server names itself and under which messages are numbered.
    pub domain: String,
    /// How long one answer of the mail server may take.
    pub answer_seconds: u32,
    /// How long the whole delivery of a message may take.
    pub delivery_seconds: u32,
}

impl fmt::Debug for EmailSettings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "EmailSettings({}:{}, {:?})", self.host, self.port, self.encryption)
    }
}

/// The e-mail channel.
pub struct Email {
    transport: SmtpTransport,
    from: Mailbox,
    domain: String,
    deadline: Duration,
}

impl Email {
    /// Sets the channel up. It connects only when something is sent.
    ///
    /// # Errors
    /// Fails with a sentence that says which setting is wrong.
    pub fn new(settings: &EmailSettings) -> Result<Self, String> {
        let from = settings.from.parse().map_err(|_| "the sender is no e-mail address".to_owned())?;
        let builder = match settings.encryption {
            Encryption::Tls => SmtpTransport::relay(&settings.host),
            Encryption::StartTls => SmtpTransport::starttls_relay(&settings.host),
            Encryption::None => Ok(SmtpTransport::builder_dangerous(&settings.host)),
        };
        let seconds = |seconds: u32| Duration::from_secs(u64::from(seconds));
        let mut builder = builder
            .map_err(|fault| format!("the mail server's name cannot be used: {fault}"))?
            .port(settings.port)
            .hello_name(ClientId::Domain(settings.domain.clone()))
            .timeout(Some(seconds(settings.answer_seconds)));
        if let Some((name, password)) = &settings.credentials {
            builder = builder.credentials(Credentials::new(name.clone(), password.clone()));
        }
        let deadline = seconds(settings.delivery_seconds);
        Ok(Self { transport: builder.build(), from, domain: settings.domain.clone(), deadline })
    }
}

/// What is kept of a mail server that gave no answer in time.
fn unanswered() -> DeliveryError {
    DeliveryError::Retry("the mail server did not take the message (no answer)".to_owned())
}

/// Says whether the mail server took a message when nobody waited for its answer any more.
fn is_taken_late<T, E>(told: &Result<(), SendError<Result<T, E>>>) -> bool {
    matches!(told, Err(SendError(Ok(_))))
}

impl Channel for Email {
    /// Repeated deliveries carry the same Message-ID, so mail servers know that they are one message. That holds also
    /// for a message that the server took after the deadline: it is sent again, and the log says so.
    fn deliver(&self, notice: &Notice, envelope: &Envelope, _now: Instant) -> Result<Receipt, DeliveryError> {
        let never = |what: &str| DeliveryError::Never(what.to_owned());
        let to: Mailbox = envelope.to.parse().map_err(|_| never("the address is no e-mail address"))?;
        let number = format!("<{}@{}>", notice.id, self.domain);
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .message_id(Some(number.clone()))
            .subject(envelope.subject.clone())
            .body(envelope.text.clone())
            .map_err(|_| never("the message cannot be written as e-mail"))?;
        // A server that gives each answer just in time could hold the delivery for minutes, so it has a thread of its
        // own, which is left to itself once the time is over.
        let (tell, told) = sync_channel(1);
        let (transport, id) = (self.transport.clone(), notice.id);
        let begun = thread::Builder::new().name("mail".to_owned()).spawn(move || {
            if is_taken_late(&tell.send(transport.send(&message))) {
                tracing::warn!(notice = %id, "a mail was taken after the deadline; it is sent again");
            }
        });
        begun.map_err(|_| DeliveryError::Retry("the system gives no thread for the delivery".to_owned()))?;
        match told.recv_timeout(self.deadline).map_err(|_| unanswered())? {
            Ok(response) => Ok(Receipt { reference: format!("{number} {}", response.code()) }),
            // The server's own words may contain the address, so only its code is kept. A code 55x is about the
            // recipient or the message. Other refusals (a wrong password, a full disk) are about the server, and
            // somebody may repair them.
            Err(fault) => {
                let Some(code) = fault.status().map(|code| code.to_string()) else { return Err(unanswered()) };
                let text = format!("the mail server did not take the message ({code})");
                Err(if code.starts_with("55") { DeliveryError::Never(text) } else { DeliveryError::Retry(text) })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_mail_that_was_taken_for_nobody_is_taken_late() {
        for (answer, is_awaited, late) in
            [(Ok(250), true, false), (Ok(250), false, true), (Err(451), true, false), (Err(451), false, false)]
        {
            let (tell, told) = sync_channel::<Result<u16, u16>>(1);
            let waiting = is_awaited.then_some(told);
            assert_eq!(is_taken_late(&tell.send(answer)), late, "{answer:?} {is_awaited}");
            drop(waiting);
        }
    }
}
