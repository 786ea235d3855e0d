//! Channels to people outside of the platform: set up from the configuration; address and text of a message are found when it goes out.

use std::collections::BTreeMap;
use std::sync::Arc;

use jobs::channels::{Email, EmailSettings, Encryption, Webhook, WebhookSettings};
use jobs::{ChannelKind, Delivery, DeliveryError, Envelope, Notice};
use kernel::language::Lang;
use kernel::place::PlaceId;
use kernel::time::Instant;
use store::Store;
use uuid::Uuid;
use vault::PersonField;
use web::Texts;

use crate::city::Opening;
use crate::{AppError, City};

/// How long a gateway may take to answer, in seconds.
pub const ANSWER_SECONDS: u32 = 20;

/// The channels of this installation that reach people outside of the platform.
pub fn kinds(opening: &Opening) -> Vec<ChannelKind> {
    opening.configuration.message_gateway.iter().map(|_| ChannelKind::Webhook).collect()
}

/// Delivers messages through the channels of the configuration.
///
/// # Errors
/// A channel that is configured but cannot be set up.
pub fn delivery(city: &Arc<City>, opening: &Opening) -> Result<Delivery, AppError> {
    let desk = city.clone();
    let texts = Texts::new(&crate::city::texts()).map_err(AppError::Faults)?;
    let resolver =
        Arc::new(move |store: &Store, notice: &Notice, now: Instant| resolve(&desk, &texts, store, notice, now));
    let calendars = city.cases.clone();
    let mut delivery = Delivery::new(resolver, Arc::new(move || calendars.calendar())).urgent(mobilization::TEMPLATES);
    let configuration = &opening.configuration;
    if let Some(url) = &configuration.message_gateway {
        let key = configuration.message_gateway_key.clone().unwrap_or_default().into_bytes();
        let settings = WebhookSettings { url: url.clone(), key, timeout_seconds: ANSWER_SECONDS };
        delivery = delivery.channel(ChannelKind::Webhook, Arc::new(Webhook::new(settings)));
    }
    if let Some(mail) = &configuration.mail {
        let channel = Email::new(&mail_settings(mail, configuration.mail_from.as_deref())?).map_err(AppError::Said)?;
        delivery = delivery.channel(ChannelKind::Email, Arc::new(channel));
    }
    Ok(delivery)
}

/// Reads `smtp://user:password@host:port`; `smtps` for TLS from the first byte, `starttls` for STARTTLS, `smtp` only on this machine.
fn mail_settings(mail: &str, from: Option<&str>) -> Result<EmailSettings, AppError> {
    let wrong = || {
        AppError::Said(format!(
            "mail = \"{mail}\" is not understood. Write smtps://user:password@host:465 or starttls://user:password@host:587"
        ))
    };
    let (scheme, rest) = mail.split_once("://").ok_or_else(wrong)?;
    let (credentials, server) =
        rest.rsplit_once('@').map_or((None, rest), |(who, server)| (who.split_once(':'), server));
    let (host, port) = server.rsplit_once(':').ok_or_else(wrong)?;
    let encryption = match scheme {
        "smtps" => Encryption::Tls,
        "starttls" => Encryption::StartTls,
        "smtp" => Encryption::None,
        _ => return Err(wrong()),
    };
    let from =
        from.ok_or_else(|| AppError::Said("mail is configured without mail_from, the sender's address".to_owned()))?;
    let domain = from.trim_end_matches('>').rsplit_once('@').map_or(host, |(_, domain)| domain);
    Ok(EmailSettings {
        host: host.to_owned(),
        port: port.parse().map_err(|_| wrong())?,
        encryption,
        credentials: credentials.map(|(name, password)| (name.to_owned(), password.to_owned())),
        from: from.to_owned(),
        domain: domain.to_owned(),
        timeout_seconds: ANSWER_SECONDS,
    })
}

/// Finds the telephone at the moment of delivery; the look is logged like any other. Nobody is found who looks herself.
pub(super) fn resolve(
    city: &Arc<City>,
    texts: &Texts,
    store: &Store,
    notice: &Notice,
    now: Instant,
) -> Result<Option<Envelope>, DeliveryError> {
    let retry = |fault: &dyn std::fmt::Display| DeliveryError::Retry(fault.to_string());
    if let Some(visit) = notice.recipient.strip_prefix(visits::RECIPIENT) {
        return resolve_visit(city, texts, store, (notice, visit), now);
    }
    if let Some(post) = notice.recipient.strip_prefix(mobilization::RECIPIENT) {
        return resolve_post(city, texts, store, (notice, post), now);
    }
    let (district, id) = handle(&notice.recipient)?;
    let (desk, vault) = (city.cases.clone(), city.vault.clone());
    let opened = store.write_blocking(move |tx| {
        let known = desk.known(tx, district, id)?;
        // Nothing is opened of somebody who does not want to be told.
        if cases::is_quiet(tx, district, id)? {
            return Ok(None);
        }
        let look = look("通知申请人办理进度", &known.case.number, now);
        Ok::<_, hall::Fault>(Some((vault.open(tx, district, known.person, &look)?, known.case)))
    });
    let Some((person, case)) = opened.map_err(|fault| retry(&fault))? else { return Err(DeliveryError::NotWanted) };
    let Some(telephone) = person.get(PersonField::Telephone) else { return Ok(None) };
    let procedure = city.cases.procedure_of(&case).map_err(|fault| retry(&fault))?;
    let state = procedure.states.get(&case.state).map(|state| state.title.zh.clone()).unwrap_or_default();
    let words: BTreeMap<&str, &str> = BTreeMap::from([("number", case.number.as_str()), ("state", state.as_str())]);
    let pairs: Vec<(&str, &str)> = words.into_iter().collect();
    let text = texts.get(Lang::Zh, &notice.template, &pairs);
    Ok(Some(Envelope { to: telephone.expose().clone(), subject: case.number, text }))
}

/// District and identity of what a message is about.
fn handle(recipient: &str) -> Result<(PlaceId, Uuid), DeliveryError> {
    let (district, id) = recipient.split_once('/').ok_or_else(|| DeliveryError::Never("no handle".to_owned()))?;
    let district = PlaceId(district.parse().map_err(|_| DeliveryError::Never("not a district".to_owned()))?);
    Ok((district, Uuid::parse_str(id).map_err(|fault| DeliveryError::Never(fault.to_string()))?))
}

/// The platform's own look at a telephone, as the person reads it.
fn look(purpose: &str, number: &str, now: Instant) -> vault::Look {
    vault::Look {
        account: None,
        name: "两邻".to_owned(),
        place: String::new(),
        purpose: purpose.to_owned(),
        case_number: Some(number.to_owned()),
        at: now,
    }
}

/// The reminder of a visit; none when it was called off or moved since.
fn resolve_visit(
    city: &Arc<City>,
    texts: &Texts,
    store: &Store,
    (notice, recipient): (&Notice, &str),
    now: Instant,
) -> Result<Option<Envelope>, DeliveryError> {
    let ((district, id), vault) = (handle(recipient)?, city.vault.clone());
    let today = city.cases.hall.calendar().zone().date(now);
    let opened = store.write_blocking(move |tx| {
        let Some(visit) = visits::still_agreed(tx, (district, id), today)? else { return Ok(None) };
        let person = vault.open(tx, district, visit.person, &look("提醒预约的时间", &visit.number, now))?;
        Ok::<_, vault::VaultError>(Some((person, visit)))
    });
    let Some((person, visit)) = opened.map_err(|fault| DeliveryError::Retry(fault.to_string()))? else {
        return Ok(None);
    };
    let Some(telephone) = person.get(PersonField::Telephone) else { return Ok(None) };
    let tree = city.places.tree();
    let place = tree.at(&visit.path).map(|place| place.named(Lang::Zh)).unwrap_or_default();
    let (month, day) = (visit.day.month().to_string(), visit.day.day().to_string());
    let time = kernel::time::show_minute_of_day(visit.slot().minute);
    let told = [("month", month.as_str()), ("day", day.as_str()), ("time", time.as_str()), ("place", place)];
    let pairs: Vec<(&str, &str)> = told.into_iter().chain([("number", visit.number.as_str())]).collect();
    let text = texts.get(Lang::Zh, &notice.template, &pairs);
    Ok(Some(Envelope { to: telephone.expose().clone(), subject: visit.number, text }))
}

/// Where somebody who was sent goes, when, and whom she asks; none when she left since.
fn resolve_post(
    city: &Arc<City>,
    texts: &Texts,
    store: &Store,
    (notice, post): (&Notice, &str),
    now: Instant,
) -> Result<Option<Envelope>, DeliveryError> {
    let post: Uuid = post.parse().map_err(|_| DeliveryError::Never("no handle of a post".to_owned()))?;
    let desk = city.mobilization.clone();
    let told = store.write_blocking(move |tx| desk.told(tx, post, now));
    let Some(told) = told.map_err(|fault| DeliveryError::Retry(fault.to_string()))? else { return Ok(None) };
    let zone = city.cases.hall.calendar().zone();
    let role = texts.get(Lang::Zh, &format!("mobilization-role-{}", told.role), &[]);
    let (starts, ends) = (zone.show_minute(told.starts), zone.show_minute(told.ends));
    let pairs = [
        ("title", told.title.as_str()),
        ("compound", &told.compound),
        ("role", &role),
        ("starts", &starts),
        ("ends", &ends),
        ("meet", &told.meet),
        ("contact", &told.contact),
    ];
    let text = texts.get(Lang::Zh, &notice.template, &pairs);
    Ok(Some(Envelope { to: told.telephone, subject: told.title.clone(), text }))
}
