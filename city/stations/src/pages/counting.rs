//! What a page of the circle is asked to count: the stations that are open on a day or at an hour, and how long ways of
//! each class take.

use kernel::calendar::Calendar;
use kernel::refusal::{Code, Refusal};
use kernel::time::{Date, show_minute_of_day};
use web::Page;

use crate::records::Station;
use crate::rules::hours::{Hours, minute};
use crate::words::Slower;

/// Minutes of a day.
const DAY: u32 = 1_440;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counting {
    /// The day, and perhaps the minute of it, at which a station must be open. None to take all stations.
    open: Option<(Date, Option<u32>)>,
    /// How long ways of each class take.
    pub(super) slower: Slower,
}

impl Counting {
    /// Reads what the address asks. What is wrong is left out and told.
    pub(super) fn of(page: &Page) -> (Self, Vec<Refusal>) {
        let mut faults = Vec::new();
        let (on, at) = (page.query.opt("on"), page.query.opt("at"));
        let day = on.and_then(|text| text.parse::<Date>().ok());
        let time = at.and_then(minute).filter(|minute| *minute < DAY);
        let slower = Slower::parse(page.query.get("slower"));
        if on.is_some() && day.is_none() {
            faults.push(Refusal::new(Code::FormDate).field("on"));
        }
        if at.is_some() && time.is_none() {
            faults.push(Refusal::new(Code::FormInvalid).field("at"));
        }
        if slower.is_none() {
            faults.push(Refusal::new(Code::FormInvalid).field("slower"));
        }
        // An hour without a day is one of today.
        let day = day.or_else(|| time.map(|_| page.today()));
        (Self { open: day.map(|day| (day, time)), slower: slower.unwrap_or(Slower::NONE) }, faults)
    }

    /// Says whether a station is counted.
    pub(super) fn takes(&self, station: &Station, calendar: &Calendar) -> bool {
        let Some((day, time)) = self.open else { return true };
        let spans = Hours::parse(&station.hours).unwrap_or_default().of(day, calendar);
        match time {
            Some(time) => spans.iter().any(|(from, to)| (*from..*to).contains(&time)),
            None => !spans.is_empty(),
        }
    }

    /// Says in words what is counted. It is empty where that is as usual.
    pub(super) fn said(&self, page: &Page) -> String {
        let open = self.open.map(|(day, time)| {
            let time = time.map(show_minute_of_day).unwrap_or_default();
            page.t2("stations-open-then", "day", page.date(day), "time", time)
        });
        let slower = self.slower.show();
        let slower = (!slower.is_empty()).then(|| page.t1("stations-slower", "percent", slower));
        open.into_iter().chain(slower).collect::<Vec<_>>().join(" · ")
    }
}
