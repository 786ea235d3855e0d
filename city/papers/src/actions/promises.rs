//! Papers promised for later 容缺后补: agreed at a desk until a day, kept when the paper comes.

use crate::refusals::Why;
use cases::{Known, district};
use hall::Fault;
use kernel::case::Case;
use kernel::permission::Actor;
use kernel::refusal::Refusal;
use kernel::time::Instant;
use std::sync::Arc;
use store::Tx;

use super::{doer_or_refusal, once};
use crate::records::promise::{self, Promise};
use crate::{Papers, rules};

/// A promise to be made.
#[derive(Clone, Debug)]
pub struct NewPromise {
    /// Code of the material.
    pub material: String,
    /// The day as it was typed.
    pub until: String,
    /// Sent twice with the same key, done once.
    pub once: String,
}

impl Papers {
    /// Agrees that a paper which is not there comes until a day. `known` must be the actor's to see.
    ///
    /// # Errors
    /// A refusal (who, which paper, which day), or a failure of the store.
    pub async fn promise(
        self: &Arc<Self>,
        known: Known,
        new: NewPromise,
        actor: Actor,
        now: Instant,
    ) -> Result<(), Fault> {
        self.takes(&known, &actor)?;
        let doer = doer_or_refusal(&actor)?;
        if known.case.closed_at.is_some() || !rules::is_wanted(&known.case, &new.material) {
            return Err(Refusal::new(Why::PaperNotMissing).field("material").into());
        }
        let until = rules::later_date(&new.until, self.later_dates(now)?)?;
        let row = Promise {
            district: district(&known.case),
            case: known.case.id.0,
            material: new.material,
            number: known.case.number.clone(),
            item: known.case.item().to_owned(),
            until,
            made_by: doer.name,
            made_at: now,
            place: doer.desk.place,
            department: doer.desk.department,
            confidential: known.case.confidential,
            kept_at: None,
            ended_at: None,
        };
        let (key, digest) = (format!("{}/{}", row.case, new.once), format!("{} {until}", row.material));
        let write = move |tx: &mut dyn Tx| {
            if once(tx, "papers.promise", &key, &digest, now)?.is_some() {
                return Ok(());
            }
            promise::put(tx, &row)?;
            store::once::finish(tx, "papers.promise", &key, "")?;
            Ok::<_, Fault>(())
        };
        self.counter.cases.hall.store.write(write).await
    }

    /// Notes which promises of a case are kept by now, and that nothing is waited for once it has ended.
    ///
    /// # Errors
    /// A failure of the store.
    pub fn keep_promises(tx: &mut dyn Tx, case: &Case, now: Instant) -> Result<(), Fault> {
        let (shard, id) = (district(case), case.id.0);
        let open = promise::of_case(tx, shard, id)?;
        let open = open.iter().filter(|one| one.kept_at.is_none() && one.ended_at.is_none());
        for one in open.filter(|one| !rules::is_wanted(case, &one.material)) {
            promise::keep(tx, shard, id, &one.material, now)?;
        }
        if case.closed_at.is_some() {
            promise::end(tx, shard, id, now)?;
        }
        Ok(())
    }
}
