//! Puts reports on their way to other platforms, sends them again, and does here what was done there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cases::Doing;
use hall::Fault;
use jobs::NewJob;
use kernel::case::{Case, Command, Relation, possible};
use kernel::permission::{Actor, ActorKind, Grant, Permission};
use kernel::place::PlaceId;
use kernel::time::Instant;
use serde_json::json;
use store::Tx;
use uuid::Uuid;

use crate::words::KIND;
use crate::words::forward::{Forward, LANE, SEND};
use crate::{Grid, records};

/// The state in which a report lies with the unit that puts it right, and the step that says that it is done.
const HANDLING: &str = "handling";
const HANDLE: &str = "handle";

impl Grid {
    /// Puts a report on its way to the platform that puts its kind right there, if there is one and it lies with the
    /// unit now. A report goes to one platform once.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn forward(&self, tx: &mut dyn Tx, case: &Case, now: Instant) -> Result<(), Fault> {
        let condition = case.fields.get(KIND).map(String::as_str).unwrap_or_default();
        let tree = self.hall.places.tree();
        let community = tree.at(&case.place).map(|place| place.code.as_str()).unwrap_or_default();
        let Some((peer, service)) = self.peers.of(condition, community).filter(|_| case.state == HANDLING) else {
            return Ok(());
        };
        let forward = Forward {
            district: cases::district(case),
            id: Uuid::new_v5(&case.id.0, peer.code.as_bytes()),
            case_id: case.id.0,
            number: case.number.clone(),
            path: case.place.clone(),
            peer: peer.code.clone(),
            service: service.to_owned(),
            kind: condition.to_owned(),
            at: now,
            attempts: 0,
            first_attempted_at: None,
            attempted_at: None,
            failure: None,
            failed_at: None,
            sent_at: None,
            foreign_id: None,
            foreign_status: None,
            asked: 0,
        };
        if records::forward::add(tx, &forward)? {
            jobs::enqueue(tx, &queued(&forward, "", now))?;
        }
        Ok(())
    }

    /// Puts a message that was given up on its way again. Sent twice it is done once.
    ///
    /// # Errors
    /// There is no such message for this actor, or the store failed.
    pub async fn forward_again(
        self: &Arc<Self>,
        actor: &Actor,
        district: PlaceId,
        id: Uuid,
        once: String,
        now: Instant,
    ) -> Result<(), Fault> {
        let scopes = actor.scopes(identity::May::AccountManage);
        let again = move |tx: &mut dyn Tx| {
            let found = records::forward::find(tx, district, id)?;
            let own = |forward: &Forward| scopes.iter().any(|scope| scope.place.contains(&forward.path));
            let forward = found.filter(own).ok_or(Fault::NotFound)?;
            if records::forward::again(tx, &forward)? {
                jobs::enqueue(tx, &queued(&forward, &once, now))?;
            }
            Ok::<_, Fault>(())
        };
        self.hall.store.write(again).await
    }

    /// Takes the step here that says that a report is put right, in the name of the platform where it was, if that is
    /// the next one.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn done_there(&self, tx: &mut dyn Tx, forward: &Forward, said: &str, now: Instant) -> Result<(), Fault> {
        let Some(peer) = self.peers.get(&forward.peer) else { return Ok(()) };
        let known = self.cases.known(tx, forward.district, forward.case_id)?;
        let grant = Grant {
            post: forward.id,
            role: exchange::ROLE.to_owned(),
            // The unit may be one of the street, the district or the city.
            place: known.case.office.place.clone(),
            department: None,
            permissions: BTreeSet::from([Permission::CaseHandle]),
        };
        let actor = Actor { account: None, name: peer.name.zh.clone(), kind: ActorKind::Staff, grants: vec![grant] };
        let procedure = self.cases.procedure_of(&known.case)?;
        let steps = possible(procedure, &known.case, &actor, &Relation::default());
        if !steps.iter().any(|(name, _)| *name == HANDLE) {
            return Ok(());
        }
        let command = Command::Act {
            action: HANDLE.to_owned(),
            fields: BTreeMap::from([("report".to_owned(), format!("{} {said}", peer.name.zh))]),
            papers: Vec::new(),
            counter: None,
            on_behalf: false,
        };
        let once = format!("open311/forward/{}", forward.id);
        let doing = Doing { command: &command, once: &once, actor: &actor, relation: Relation::default(), now };
        let known = self.cases.go_on(tx, known, &doing)?;
        self.share(tx, &known.case, None).map(drop)
    }
}

/// The job that sends a message. Those to one platform stand in its lane.
fn queued(forward: &Forward, again: &str, now: Instant) -> NewJob {
    let payload = json!({ "district": forward.district.0, "forward": forward.id });
    NewJob::new(SEND, format!("{SEND}:{}:{again}", forward.id), payload, now)
        .in_lane(format!("{LANE}:{}", forward.peer))
}
