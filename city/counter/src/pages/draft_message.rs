//! The link to what was saved, sent to the telephone or mailbox that its owner names. The address is not kept.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use hall::Fault;
use jobs::ChannelKind;
use kernel::identifier::Telephone;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use uuid::Uuid;
use web::{InPath, Page, PostForm, WebError};

use super::draft::{Told, WAYS};
use super::gone::{self, Gone};
use crate::attempts::too_many_as;
use crate::chores::{Asked, Message};
use crate::words::{COUNTER_DRAFT_MESSAGES_PER_HOUR, COUNTER_DRAFT_MESSAGES_PER_RECIPIENT};
use crate::{Counter, Why, records, rules};

/// `POST /apply/resume/{code}/send`: sends the link to the address in the form.
///
/// # Errors
/// Answers 404 for a code under which nothing is saved.
pub async fn post(
    State(counter): State<Arc<Counter>>,
    page: Page,
    InPath(code): InPath<Option<Uuid>>,
    form: PostForm,
) -> Result<Response, WebError> {
    let Some(code) = code else { return gone::answer(page, Gone::Draft) };
    let short = form.get("saved").to_owned();
    let guess = counter.guess(&page, "draft");
    let Some(until) = counter.guarded(&guess, counter.kept_until(&page, code)).await? else {
        return gone::answer(page, Gone::Draft);
    };
    let sent = match counter.send_link(&page, code, until, &form).await {
        Err(Fault::NotFound) => return gone::answer(page, Gone::Draft),
        sent => sent.map_err(|fault| too_many_as(fault, Why::CounterMessagesTooMany)),
    };
    let sent = sent.map(|()| counter.to_sent(code, &short));
    let again = |refusal| async move { counter.saved(page, code, Some(until), &Told { short, faults: vec![refusal] }) };
    web::answer(sent, again).await
}

impl Counter {
    /// Puts the message in. So many go out from one network address and to one recipient.
    async fn send_link(&self, page: &Page, code: Uuid, until: Date, form: &PostForm) -> Result<(), Fault> {
        let hall = &self.cases.hall;
        let (channel, to) = self.recipient_in(form)?;
        let (district, saved) = self.draft_place(code).ok_or(Fault::NotFound)?;
        let today = page.today();
        let asked =
            Asked { channel, link: self.link(code), until, lang: page.lang, district, once: form.key().to_owned(), to };
        let what = "draft message";
        let from = self.bound_from(page, what, COUNTER_DRAFT_MESSAGES_PER_HOUR)?;
        let with = self.bound_to(page, what, &counted(channel, &asked.to), COUNTER_DRAFT_MESSAGES_PER_RECIPIENT)?;
        let (message, vault) = (Message::of(&asked, page.now, today)?, hall.vault.clone());
        let put = hall.store.write(move |tx| {
            if records::saved_until(tx, district, saved, today)?.is_none() {
                return Err(Fault::NotFound);
            }
            message.put(&vault, tx)
        });
        self.within(from.into_iter().chain(with), page.now, put).await
    }

    /// Returns where the form wants the link sent, as far as the city reaches it.
    fn recipient_in(&self, form: &PostForm) -> Result<(ChannelKind, String), Refusal> {
        let offered = WAYS.into_iter().filter(|(channel, _)| self.sends.contains(channel));
        let chosen = offered.clone().find(|(_, field)| form.has(field)).or_else(|| offered.clone().next());
        let Some((channel, field)) = chosen else { return Err(Refusal::new(Code::FormChoice)) };
        let typed = form.get(field).trim();
        if typed.is_empty() {
            return Err(Refusal::new(Code::FormMissing).field(field));
        }
        let read = match channel {
            ChannelKind::Email => {
                rules::mailbox(typed).ok_or_else(|| Refusal::new(Why::CounterMailbox).field(field))?
            }
            _ => texted(typed).map_err(|refusal| refusal.field(field))?,
        };
        Ok((channel, read))
    }
}

/// Returns what an address is counted as, so that another spelling of it gets no more messages.
fn counted(channel: ChannelKind, to: &str) -> String {
    if channel == ChannelKind::Email { rules::mailbox_counted(to) } else { to.to_owned() }
}

/// Reads the number to which a text message goes: a landline gets none.
fn texted(typed: &str) -> Result<String, Refusal> {
    let telephone = Telephone::parse(typed).map_err(|fault| fault.refusal("telephone"))?;
    let refusal = || Refusal::new(Why::CounterMobile);
    if telephone.is_mobile() { Ok(telephone.dialled().to_owned()) } else { Err(refusal()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_message_goes_to_a_mobile_number_alone() {
        for (typed, read) in [
            ("138 0013 0412", Ok("13800130412")),
            ("+86 19912345678", Ok("19912345678")),
            ("024-23456789", Err("counter.mobile")),
            ("024-23456789-801", Err("counter.mobile")),
            ("0411 8234567转12", Err("counter.mobile")),
            ("12", Err("form.telephone")),
        ] {
            let found = texted(typed);
            let told = found.as_deref().map_err(|refusal| refusal.code.as_str());
            assert_eq!(told, read, "{typed}");
        }
    }
}
