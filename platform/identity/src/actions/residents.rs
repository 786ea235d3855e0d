//! A resident opens and closes an account of her own. What is known of her is in the vault and is erased with it.

use super::{Current, note, to_change};
use crate::device::Device;
use crate::records::{self, NewAccount};
use crate::refusals::Why;
use crate::{Identity, IdentityError, rules, words};
use kernel::identifier::Telephone;
use kernel::permission::{Actor, ActorKind};
use kernel::refusal::Refusal;
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;
use vault::{Logged, Masked, NewRecord, Person, PersonField};
use zeroize::Zeroizing;

/// What a resident gives to open an account: only what is needed to call her back and to sign in.
pub struct NewResident {
    /// The name by which she wants to be addressed.
    pub name: Zeroizing<String>,
    /// Her telephone, with which she signs in.
    pub telephone: Zeroizing<String>,
    /// Her password.
    pub password: Zeroizing<String>,
}

impl Identity {
    /// Opens a resident's account. Nothing proves that the telephone is hers. Therefore her account shows her only what
    /// she does with it, never what the platform knows of that telephone from elsewhere.
    ///
    /// # Errors
    /// Fails when the telephone is malformed or taken, the name is missing, the password is weak, or too many accounts
    /// come from one network address.
    pub async fn open_resident(self: &Arc<Self>, new: NewResident, device: &Device) -> Result<Uuid, IdentityError> {
        let telephone = Telephone::parse(&new.telephone).map_err(|fault| fault.refusal("telephone"))?;
        rules::check_password(&new.password, &self.rules, &[telephone.as_str(), &new.name])?;
        let (at, openings) = (self.now(), self.limit_of_address("account opened from", device));
        self.read(move |_, tx| Ok(tries::look(tx, &[openings], at)??)).await?;
        let hashed = self.hash(new.password).await?;
        let person =
            Person::new().with(PersonField::Name, new.name.as_str()).with(PersonField::Telephone, telephone.as_str());
        let id = Uuid::now_v7();
        let (district, digest) = (self.district(), self.telephone_digest(telephone.as_str()));
        let purpose = words::RESIDENT_PURPOSE.to_owned();
        let record = NewRecord { id: Uuid::now_v7(), district, person, purpose, retain_until: None, at };
        self.write(move |identity, tx| {
            // Each opening counts as a try of its network address, so that nobody opens accounts by the hundred.
            drop(tries::reserve(tx, &[openings], at)??);
            let account = NewAccount {
                id,
                district,
                kind: words::KIND_RESIDENT,
                login: None,
                telephone_digest: Some(&digest),
                name: "",
                password: &hashed.0,
                must_change: false,
                person: Some(record.id),
            };
            if !records::insert_account(tx, &account, at)? {
                return Ok(false);
            }
            identity.vault.seal(tx, &record)?;
            let opened = to_change(tx, id)?;
            let herself = Actor { account: Some(id), name: String::new(), kind: ActorKind::Resident, grants: vec![] };
            note(tx, &opened, words::ACCOUNT_OPENED, &json!({ "kind": words::KIND_RESIDENT }), &herself, at)?;
            Ok(true)
        })
        .await?
        .then_some(id)
        .ok_or_else(|| {
            let shown = PersonField::Telephone.mask(telephone.as_str());
            Refusal::new(Why::IdentityLoginTaken).field("telephone").with("login", shown).into()
        })
    }

    /// Closes a resident's account. Her data are erased and her sessions end. The facts that there was an account, and
    /// who looked at it, are kept.
    ///
    /// # Errors
    /// Fails when the password is wrong or the account is not a resident's.
    pub(crate) async fn close_resident(
        self: &Arc<Self>,
        current: &Current,
        password: Zeroizing<String>,
    ) -> Result<(), IdentityError> {
        self.check_own_password(current, password).await?;
        let (account, now) = (current.account(), self.now());
        let actor = self.actor_of(&current.snapshot, now);
        self.write(move |identity, tx| {
            let found = to_change(tx, account)?;
            if found.kind != words::KIND_RESIDENT {
                return Err(IdentityError::NotFound);
            }
            if let Some(person) = found.person {
                identity.vault.erase(tx, found.district, person, now)?;
            }
            records::close_account(tx, account, now)?;
            records::revoke_sessions(tx, account, Uuid::nil())?;
            note(tx, &found, words::ACCOUNT_CLOSED, &json!({}), &actor, now)
        })
        .await?;
        self.cache.forget(account);
        Ok(())
    }

    /// Returns what is kept of a resident with her account, masked, and who looked at it: the newest looks, or those
    /// older than a line.
    pub(crate) async fn own_data(
        self: &Arc<Self>,
        current: &Current,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<(Masked, Vec<Logged>), IdentityError> {
        let (district, person) = (current.record().district, current.record().person);
        let Some(person) = person else { return Ok((Masked::new(), Vec::new())) };
        self.read(move |identity, tx| {
            let shown = identity.vault.masked(tx, &[(district, person)])?;
            let looks = identity.vault.accesses_before(tx, district, person, before, limit)?;
            Ok((shown.into_iter().next().map(|(_, fields)| fields).unwrap_or_default(), looks))
        })
        .await
    }
}
