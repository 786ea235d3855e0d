//! What a file of requests means here: which columns hold what, which kind of ours each of its kinds is, and on which
//! communities its places lie.

use std::collections::{BTreeMap, BTreeSet};

use grid::history::Dates;
use serde::Deserialize;
use tables::folded;

/// The columns that a mapping can name. Those without which nothing can be played come first.
pub const NAMES: [&str; 13] = [
    "number",
    "opened",
    "kind",
    "due",
    "closed",
    "place",
    "lat",
    "lon",
    "words",
    "status",
    "department",
    "channel",
    "on_time",
];
/// How many of them must be there.
const NEEDED: usize = 3;

/// A mapping, as its file says it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The titles of the columns that hold each thing. Where several are named, kinds are looked for in one after the
    /// other, and places are put together of all.
    pub columns: BTreeMap<String, Titles>,
    /// How far the file's moments are ahead of UTC, where they do not say it: `-05:00`.
    #[serde(default)]
    pub offset: Offset,
    /// The form of its moments, as `strptime` writes it; without it they are read as ISO 8601 and other systems write
    /// them.
    pub format: Option<String>,
    /// In which order the parts of its dates stand, where no form is said.
    #[serde(default)]
    pub dates: Dates,
    /// The condition of ours for each kind of the file: `event/0102/heap`; the kind alone where it has one condition,
    /// or one at each time of day. Kinds are compared without space, width and case.
    pub kinds: BTreeMap<String, String>,
    /// The condition for every other kind; where there is none, those are not sent.
    pub otherwise: Option<String>,
    /// Whether a state of the file means that a request is `open` or `closed`. Of any other state its day of closing
    /// says it.
    #[serde(default)]
    pub status: BTreeMap<String, String>,
    /// The code of the community of a place of the file.
    #[serde(default)]
    pub places: BTreeMap<String, String>,
    /// On which communities all other places are spread.
    #[serde(default)]
    pub spread: Spread,
}

/// The titles of one or several columns.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Titles {
    /// One.
    One(String),
    /// Several, in order.
    Several(Vec<String>),
}

impl Titles {
    /// The titles.
    pub fn all(&self) -> &[String] {
        match self {
            Self::One(title) => std::slice::from_ref(title),
            Self::Several(titles) => titles,
        }
    }
}

/// How far moments are ahead of UTC.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(try_from = "String")]
pub struct Offset {
    /// In minutes.
    pub minutes: i32,
}

impl TryFrom<String> for Offset {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let odd = || format!("offset {text} cannot be read. Write it as +08:00.");
        let (sign, rest) = match text.split_at_checked(1).ok_or_else(odd)? {
            ("+", rest) => (1, rest),
            ("-", rest) => (-1, rest),
            _ => return Err(odd()),
        };
        let (hours, minutes) = rest.split_once(':').ok_or_else(odd)?;
        let number = |part: &str| part.parse::<i32>().ok().filter(|number| (0..60).contains(number)).ok_or_else(odd);
        Ok(Self { minutes: sign * (number(hours)? * 60 + number(minutes)?) })
    }
}

/// On which communities places are spread.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// The beginning of their codes; all of the city where none is given.
    #[serde(default)]
    pub inside: String,
    /// Whether points are sent as they are, where a request has one: for a file of this very city.
    #[serde(default)]
    pub points: bool,
}

impl Mapping {
    /// Reads a mapping.
    ///
    /// # Errors
    /// What is wrong with it, and what to do.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut mapping: Self = toml::from_str(text).map_err(|fault| fault.to_string())?;
        let known = |name: &&String| !NAMES.contains(&name.as_str());
        if let Some(name) = mapping.columns.keys().find(known) {
            return Err(format!("[columns] has no {name}. Use {}.", NAMES.join(", ")));
        }
        if let Some(name) = NAMES.iter().take(NEEDED).find(|name| !mapping.columns.contains_key(**name)) {
            return Err(format!("[columns] needs {name}. Name the column of the file that holds it."));
        }
        let mut conditions = mapping.kinds.values().chain(&mapping.otherwise);
        if let Some(odd) = conditions.find(|condition| !(2..=3).contains(&condition.split('/').count())) {
            return Err(format!("[kinds] {odd} is no condition. Write it as event/0102/heap."));
        }
        if let Some(odd) = mapping.status.values().find(|meant| !matches!(meant.as_str(), "open" | "closed")) {
            return Err(format!("[status] a request is not {odd}. Write open or closed."));
        }
        mapping.kinds = mapping.kinds.into_iter().map(|(kind, condition)| (folded(&kind), condition)).collect();
        mapping.status = mapping.status.into_iter().map(|(state, meant)| (folded(&state), meant)).collect();
        Ok(mapping)
    }

    /// The condition of a request by the words of its kind, the first that is known.
    pub fn condition<'m>(&'m self, kinds: &[String]) -> Option<&'m str> {
        let known = kinds.iter().find_map(|kind| self.kinds.get(&folded(kind)));
        known.or(self.otherwise.as_ref()).map(String::as_str)
    }

    /// Whether a state means that a request is closed; none where the mapping does not know it.
    pub fn closes(&self, state: &str) -> Option<bool> {
        self.status.get(&folded(state)).map(|meant| meant == "closed")
    }

    /// Puts each place on a community. Those that the mapping does not name are spread over the communities in the
    /// order of both, so that neighbours stay near one another and the same file gives the same.
    pub fn spread(&self, places: &BTreeSet<&str>, communities: &[String]) -> BTreeMap<String, String> {
        let inside: Vec<&String> = communities.iter().filter(|code| code.starts_with(&self.spread.inside)).collect();
        let free: Vec<&&str> = places.iter().filter(|place| !self.places.contains_key(**place)).collect();
        let spread = free.iter().enumerate().filter_map(|(at, place)| {
            let code = inside.get(at * inside.len() / free.len().max(1))?;
            Some(((**place).to_owned(), (*code).clone()))
        });
        let named = self.places.iter().map(|(place, code)| (place.clone(), code.clone()));
        spread.chain(named).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
        otherwise = "event/0199/there"
        offset = "-05:00"
        [columns]
        number = "id"
        opened = "opened_at"
        kind = ["type", "reason"]
        [kinds]
        "Street Light Outages" = "component/0118/out"
        "Sanitation" = "event/0102/heap"
        [places]
        "3 › 1" = "210104001001"
        [spread]
        inside = "2101"
    "#;

    #[test]
    fn the_first_kind_that_is_known_counts() {
        let mapping = Mapping::read(TEXT).unwrap();
        for (kinds, expected) in [
            (["Street Light Outages", "Street Lights"], "component/0118/out"),
            (["Missed Trash", "Sanitation"], "event/0102/heap"),
            (["Missed Trash", "SANITATION"], "event/0102/heap"),
            (["Bed Bugs", "Housing"], "event/0199/there"),
        ] {
            let kinds = kinds.map(str::to_owned);
            assert_eq!(mapping.condition(&kinds), Some(expected), "{kinds:?}");
        }
        let none = Mapping { otherwise: None, ..mapping };
        assert_eq!(none.condition(&["Housing".to_owned()]), None);
    }

    #[test]
    fn an_offset_is_written_as_moments_write_it() {
        for (text, minutes) in [("+08:00", Some(480)), ("-05:30", Some(-330)), ("+8", None), ("", None), ("东八", None)]
        {
            assert_eq!(Offset::try_from(text.to_owned()).ok().map(|offset| offset.minutes), minutes, "{text}");
        }
    }

    #[test]
    fn places_are_spread_in_their_order_and_always_alike() {
        let mapping = Mapping::read(TEXT).unwrap();
        let codes = ["210101", "210102", "210103", "210104", "220101"].map(str::to_owned);
        let places = BTreeSet::from(["3 › 1", "3 › 2", "3 › 3", "4 › 1", "4 › 2"]);
        let spread = mapping.spread(&places, &codes);
        let found: Vec<&str> = places.iter().map(|place| spread[*place].as_str()).collect();
        assert_eq!(found, ["210104001001", "210101", "210102", "210103", "210104"]);
        assert_eq!(spread, mapping.spread(&places, &codes));
        assert!(mapping.spread(&places, &[]).len() == 1, "only what is named where there is no community");
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (change, said) in [
            (("number = \"id\"", "nummer = \"id\""), "nummer"),
            (("number = \"id\"", ""), "number"),
            (("event/0102/heap", "0102"), "0102"),
            (("-05:00", "EST"), "EST"),
            (("inside = \"2101\"", "inside = 2101"), "string"),
        ] {
            let fault = Mapping::read(&TEXT.replace(change.0, change.1)).unwrap_err();
            assert!(fault.contains(said), "{fault}");
        }
    }
}
