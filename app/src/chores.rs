//! What the server does by itself: tell applicants, seal days, erase what has been kept long enough, recompute provisional dates.

use std::collections::BTreeMap;
use std::sync::Arc;

use cases::TOPIC_MOVED;
use jobs::channels::{Email, EmailSettings, Encryption, Webhook, WebhookSettings};
use jobs::{
    ChannelKind, Delivery, DeliveryError, Envelope, Heard, Job, JobError, NewNotice, Notice, Runner, Running, handler,
};
use kernel::language::Lang;
use kernel::place::PlaceId;
use kernel::procedure::Notify;
use kernel::time::{Instant, date_plus_days};
use store::Store;
use store::audit::AuditKey;
use uuid::Uuid;
use vault::PersonField;
use web::Texts;

use crate::city::Opening;
use crate::{AppError, City, settings};

/// Records looked at in one unit of work.
const BATCH: i64 = 200;
/// Minutes after midnight when the day before is sealed, and when what is over its time is erased.
const SEAL_AT: u32 = 10;
const ERASE_AT: u32 = 130;
/// How long a gateway may take to answer, in seconds.
const ANSWER_SECONDS: u32 = 20;

/// Starts the runner on a thread of its own.
///
/// # Errors
/// A channel that is configured but cannot be set up, or no thread.
pub fn start(city: &Arc<City>, opening: &Opening) -> Result<Running, AppError> {
    let zone = city.cases.calendar().zone();
    let rules = settings::job_rules(&city.rulebook, zone.date((city.clock)()))?;
    let key = AuditKey::new(city.vault.derive_key("store.audit"));
    let channels = kinds(opening);
    let (telling, erasing) = (city.clone(), city.clone());
    let runner = Runner::new(city.store.clone(), city.clock.clone(), rules)
        .on(
            TOPIC_MOVED,
            "app.tell_applicant",
            handler(move |store, job, now| tell(&telling, &channels, store, job, now)),
        )
        .daily("app.seal_day", zone, SEAL_AT, handler(move |store, _, now| seal(store, &key, zone, now)))
        .daily("app.erase_expired", zone, ERASE_AT, handler(move |store, _, now| erase(&erasing, store, now)))
        .deliver(delivery(city, opening)?);
    recompute(city)?;
    runner.start().map_err(AppError::outside("starting the thread of jobs"))
}

/// The channels of this installation that reach people outside of the platform.
fn kinds(opening: &Opening) -> Vec<ChannelKind> {
    opening.configuration.message_gateway.iter().map(|_| ChannelKind::Webhook).collect()
}

fn delivery(city: &Arc<City>, opening: &Opening) -> Result<Delivery, AppError> {
    let desk = city.clone();
    let texts = Texts::new(&crate::city::texts()).map_err(AppError::Faults)?;
    let resolver =
        Arc::new(move |store: &Store, notice: &Notice, now: Instant| resolve(&desk, &texts, store, notice, now));
    let calendars = city.cases.clone();
    let mut delivery = Delivery::new(resolver, Arc::new(move || calendars.calendar()));
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

/// A case moved: if its procedure says that the applicant is told, she is, once, through every channel there is.
fn tell(city: &Arc<City>, channels: &[ChannelKind], store: &Store, job: &Job, now: Instant) -> Result<(), JobError> {
    let heard: Heard = job.heard()?;
    let text = |name: &str| heard.payload.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let id = Uuid::parse_str(&text("id")).map_err(|fault| JobError::Never(fault.to_string()))?;
    let (desk, district, action) = (city.cases.clone(), heard.district, text("action"));
    let known = store
        .read_blocking(move |tx| desk.known(tx, district, id))
        .map_err(|fault| JobError::Retry(fault.to_string()))?;
    let procedure = city.cases.procedure(&known.case.procedure).map_err(|fault| JobError::Never(fault.to_string()))?;
    let told = procedure.actions.get(&action).is_some_and(|action| action.notify.contains(&Notify::Applicant));
    if !told {
        return Ok(());
    }
    let calendar = city.cases.calendar();
    let notices: Vec<NewNotice> = channels
        .iter()
        .map(|channel| {
            NewNotice::new(
                *channel,
                format!("{}:{}", heard.id, channel.code()),
                &format!("{}/{id}", district.0),
                &calendar,
                now,
            )
            .template("cases-notice")
            .with("number", known.case.number.as_str())
            .with("state", known.case.state.as_str())
        })
        .collect();
    Ok(store.write_blocking(move |tx| notices.iter().try_for_each(|notice| jobs::notify(tx, notice).map(drop)))?)
}

/// Finds the telephone at the moment of delivery; the look is logged like any other.
fn resolve(
    city: &Arc<City>,
    texts: &Texts,
    store: &Store,
    notice: &Notice,
    now: Instant,
) -> Result<Option<Envelope>, DeliveryError> {
    let retry = |fault: &dyn std::fmt::Display| DeliveryError::Retry(fault.to_string());
    let (district, id) =
        notice.recipient.split_once('/').ok_or_else(|| DeliveryError::Never("not a case".to_owned()))?;
    let district = PlaceId(district.parse().map_err(|_| DeliveryError::Never("not a district".to_owned()))?);
    let id = Uuid::parse_str(id).map_err(|fault| DeliveryError::Never(fault.to_string()))?;
    let (desk, vault) = (city.cases.clone(), city.vault.clone());
    let opened = store.write_blocking(move |tx| {
        let known = desk.known(tx, district, id)?;
        let look = vault::Look {
            account: None,
            name: "两邻".to_owned(),
            place: String::new(),
            purpose: "通知申请人办理进度".to_owned(),
            case_number: Some(known.case.number.clone()),
            at: now,
        };
        Ok::<_, cases::Fault>((vault.open(tx, district, known.person, &look)?, known.case))
    });
    let (person, case) = opened.map_err(|fault| retry(&fault))?;
    let Some(telephone) = person.get(PersonField::Telephone) else { return Ok(None) };
    let procedure = city.cases.procedure(&case.procedure).map_err(|fault| retry(&fault))?;
    let state = procedure.states.get(&case.state).map(|state| state.title.zh.clone()).unwrap_or_default();
    let words: BTreeMap<&str, &str> = BTreeMap::from([("number", case.number.as_str()), ("state", state.as_str())]);
    let pairs: Vec<(&str, &str)> = words.into_iter().collect();
    let text = texts.get(Lang::Zh, &notice.template, &pairs);
    Ok(Some(Envelope { to: telephone.expose().clone(), subject: case.number, text }))
}

fn seal(store: &Store, key: &AuditKey, zone: kernel::time::Zone, now: Instant) -> Result<(), JobError> {
    let Some(day) = date_plus_days(zone.date(now), -1) else { return Ok(()) };
    let key = key.clone();
    Ok(store.write_blocking(move |tx| store::audit::seal_day(tx, day, zone, &key, now).map(drop))?)
}

/// Erases sealed records whose time is over, a batch at a time.
fn erase(city: &Arc<City>, store: &Store, now: Instant) -> Result<(), JobError> {
    let on = city.cases.calendar().zone().date(now);
    loop {
        let vault = city.vault.clone();
        let erased = store.write_blocking(move |tx| {
            let over = vault.expired(tx, on, BATCH)?;
            for (district, id) in &over {
                vault.erase(tx, *district, *id, now)?;
            }
            Ok::<_, vault::VaultError>(over.len())
        });
        if erased.map_err(|fault| JobError::Retry(fault.to_string()))? == 0 {
            return Ok(());
        }
    }
}

/// Dates that ran into a year without notice are computed again with today's calendar.
fn recompute(city: &Arc<City>) -> Result<(), AppError> {
    let now = (city.clock)();
    let mut after = Some(Uuid::nil());
    while let Some(last) = after {
        let desk = city.cases.clone();
        after = city.store.write_blocking(move |tx| desk.recompute(tx, last, BATCH, now))?;
    }
    Ok(())
}
