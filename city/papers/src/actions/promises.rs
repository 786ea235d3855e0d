//! This file handles papers that are promised for later (容缺后补). A promise is agreed at a desk until a day, and it
//! is kept when the paper comes.

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

/// A promise that is going to be made.
#[derive(Clone, Debug)]
pub struct NewPromise {
    /// The code of the material.
    pub material: String,
    /// The day as it was typed.
    pub until: String,
    /// The key of the form. The same key twice has the same effect as once.
    pub once: String,
}

impl Papers {
    /// Agrees that a missing paper comes until a day. The actor must be allowed to see `known`.
    ///
    /// # Errors
    /// Refuses if the actor may not agree, if the paper cannot be promised, or if the day is not possible.
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

    /// Notes which promises of a case are kept by now. Once the case has ended, it notes that nothing is expected any
    /// more.
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
