//! What becomes of an agreement that names a party whose name is corrected because she asked for it: no name changes
//! below a text to which somebody consented, and an agreement that holds keeps the name under which it was signed.

use cases::events_of;
use cases::kind::Correcting;
use hall::Fault;
use store::Tx;
use vault::PersonField;

use super::{Mediations, key};
use crate::actions::reading::BEFORE;
use crate::records::renamed;
use crate::rules::agreement::{is_agreed_in, may_name};
use crate::rules::people::member_of;
use crate::words::asking::{ASKED_IN, TO_SIGN};
use crate::words::inside::RenamedRow;

impl Mediations {
    /// Refuses a correction of a name to which somebody consented as a part of the text, until the text is changed; of
    /// an agreement that holds the name before is kept.
    pub(super) fn keeps_name(&self, tx: &mut dyn Tx, correcting: &Correcting<'_>) -> Result<(), Fault> {
        let Correcting { case, record, name, look } = *correcting;
        let Some(after) = name.filter(|_| member_of(case, record).is_some()) else { return Ok(()) };
        let state = case.state.as_str();
        if state == TO_SIGN || ASKED_IN.contains(&state) {
            let desk = self.desk()?;
            return Ok(may_name(case, desk.procedure_of(case)?, &events_of(tx, case)?)?);
        }
        if !is_agreed_in(state) {
            return Ok(());
        }
        let key = key(case);
        let person = self.hall.vault.open(tx, key.district, record, look)?;
        // Where she was called so already, nothing of the agreement is corrected.
        let before = person.get(PersonField::Name).filter(|before| before.expose() != after);
        let Some(before) = before else { return Ok(()) };
        let sealed = self.hall.vault.cover(tx, key.district, record, BEFORE, before.expose().as_bytes())?;
        Ok(renamed::add(tx, &key, &RenamedRow { record, renamed_at: look.at, sealed })?)
    }
}
