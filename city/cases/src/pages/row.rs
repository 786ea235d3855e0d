//! A row tells a case in a list: what it is, how it stands, until when, where and whose it is.

use std::collections::BTreeMap;

use hall::Fault;
use kernel::case::SERVICE;
use kernel::time::{Date, Instant, days_between};
use uuid::Uuid;
use web::{Light, Page};

use super::parts::rating;
use super::standing::{due, late_of, light_of};
use crate::Cases;
use crate::notices::StateAt;
use crate::records::{self, CaseRow};

/// A row of a list of cases.
pub struct Row {
    /// The number.
    pub number: String,
    /// The item's name.
    pub item: String,
    /// What tells it from others for staff, as its kind says: what it is and where; empty where it says nothing.
    pub about: String,
    /// The state in words.
    pub state: String,
    /// The light.
    pub light: Light,
    /// The promised date in words.
    pub due: String,
    /// The day on which something is due: the promised date; before acceptance, until when it is to be accepted.
    pub due_on: Option<Date>,
    /// The light names that day already.
    pub is_day_told: bool,
    /// Who decides or handles it.
    pub office: String,
    /// What that is called in its kind.
    pub office_label: String,
    /// What it is called of all rows of the list.
    pub office_title: String,
    /// Where it came from: counter or online, and the resident's community.
    pub origin: String,
    /// The masked name of whoever applied; empty where nobody did.
    pub who: String,
    /// Somebody applied for one of the cases of the list at least, so that it has a column for names.
    pub has_applicants: bool,
    /// Rating or empty.
    pub rating: String,
    /// Rating from 1 to 5, for files.
    pub score: Option<i64>,
    /// The days since it was due, for files, 0 on the same day; none while it is open in time, or once it ended.
    pub days_late: Option<i64>,
    /// Who has it in hand; empty for nobody.
    pub handler: String,
    /// That something was said which this reader has not seen; empty where nothing was.
    pub said: String,
    /// Why it is late, as its office said; empty while nothing was said.
    pub late: String,
    /// A box to tick it with others, and whether it is ticked; none where nothing is done to many at once.
    pub pick: Option<bool>,
}

impl Cases {
    /// Rows for a list, with masked names read in one go.
    ///
    /// # Errors
    /// A failure of store or vault.
    pub fn rows(&self, tx: &mut dyn store::Tx, page: &Page, rows: &[CaseRow]) -> Result<Vec<Row>, Fault> {
        let handles: Vec<_> = rows.iter().filter_map(|row| Some((row.district, row.person?))).collect();
        let masks: BTreeMap<_, _> = self.hall.vault.masked(tx, &handles)?.into_iter().collect();
        let who = |row: &CaseRow| {
            let fields = row.person.filter(|_| self.has_applicant(&row.kind)).and_then(|person| masks.get(&person));
            fields.and_then(|fields| fields.get(&vault::PersonField::Name)).cloned().unwrap_or_default()
        };
        let supply = self.supply_days(tx, rows)?;
        let open: Vec<_> = rows.iter().filter(|row| row.open).map(|row| (row.district, row.id)).collect();
        let to_staff = page.visitor.staff();
        let unseen = records::talk::unseen(tx, &open, to_staff)?;
        let said = page.t(if to_staff { "cases-said-to-staff" } else { "cases-said-to-her" });
        let (about, office_title) = (self.told_apart(tx, page, rows)?, self.office_title(page, rows));
        let has_applicants = rows.iter().any(|row| self.has_applicant(&row.kind));
        let shown = |row: &CaseRow| Row {
            said: if unseen.contains(&row.id) { said.clone() } else { String::new() },
            about: about.get(&row.id).cloned().unwrap_or_default(),
            office_title: office_title.clone(),
            has_applicants,
            ..self.row(page, row, who(row), supply.get(&row.id).copied())
        };
        Ok(rows.iter().map(shown).collect())
    }

    /// By when the applicants hand in what is missing, of the matters of the counter among these that wait for them.
    fn supply_days(&self, tx: &mut dyn store::Tx, rows: &[CaseRow]) -> Result<BTreeMap<Uuid, Date>, Fault> {
        let waiting = rows.iter().filter(|row| row.waits_for_papers());
        let keys: Vec<_> = waiting.map(|row| (row.district, row.id)).collect();
        let mut days = BTreeMap::new();
        for folded in records::folds(tx, &keys)? {
            let case = crate::actions::known(&folded)?.case;
            let Some(state) = self.procedures.state(&case.procedure, &case.state) else { continue };
            days.extend(self.supply_day(&case, state)?.map(|day| (folded.id, day)));
        }
        Ok(days)
    }

    fn row(&self, page: &Page, row: &CaseRow, who: String, supply_by: Option<Date>) -> Row {
        let tree = self.hall.places.tree();
        let community =
            tree.get(row.residence_path.id()).map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
        let community = if row.is_unsettled() { page.t1("cases-home-unknown", "place", community) } else { community };
        let origin = match &row.counter_path {
            Some(counter) if *counter == row.residence_path => page.t1("cases-origin-here", "place", &community),
            Some(counter) => {
                let at = tree.get(counter.id()).map(|place| place.named(page.lang).to_owned()).unwrap_or_default();
                page.t2("cases-origin-elsewhere", "counter", &at, "place", &community)
            }
            None if row.kind != SERVICE => community,
            None => page.t1("cases-origin-online", "place", &community),
        };
        let day = |at: Instant| page.zone().date(at);
        let act_on = row.act_by.filter(|_| row.open).map(day);
        let due_on = act_on.or(row.promised_due).or_else(|| row.accept_by().map(day));
        let is_due = row.open && (row.clock == "running" || row.accept_by().or(row.act_by).is_some());
        let past = |due: Date| days_between(due, page.today());
        let light = light_of(page, row, supply_by);
        Row {
            score: row.rating,
            days_late: due_on.filter(|_| is_due).map(past).filter(|days| *days > 0 || light.class == "late"),
            number: row.number.clone(),
            item: self.title(&row.kind, &row.item, &row.procedure, page.lang),
            about: String::new(),
            state: self.state_of_row(page, row),
            is_day_told: due_on.is_some_and(|day| light.text.contains(&page.day(day))),
            light,
            due: due(page, row),
            due_on,
            office: self.office_name(
                &row.office_path,
                Some(row.office_department.as_str()).filter(|code| !code.is_empty()),
                page.lang,
            ),
            office_label: page.t(self.office_key(&row.kind)),
            office_title: String::new(),
            origin,
            who,
            has_applicants: false,
            handler: row.handler_name.clone().unwrap_or_default(),
            said: String::new(),
            late: late_of(page, row),
            pick: None,
            rating: row.rating.map(|score| rating(page, score)).unwrap_or_default(),
        }
    }

    /// The words for the state of a row, as its reader is told.
    fn state_of_row(&self, page: &Page, row: &CaseRow) -> String {
        match self.procedures.state(&row.procedure, &row.state) {
            Some(state) => {
                let item = Some(row.item.as_str()).filter(|_| row.kind == SERVICE);
                self.state_words(page, &StateAt { kind: &row.kind, item, name: &row.state, state })
            }
            None => row.state.clone(),
        }
    }
}
