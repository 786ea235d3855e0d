//! Names of this department: what somebody says when something is wrong, and the figures that it uses.

pub mod field;
pub mod figures;
pub mod forward;
mod hurts;
pub mod open311;

pub use hurts::{Compared, Course, Gone, Kinds, Night, Placed, Rise, Seen, Share, Since};

use kernel::earth::Point;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use serde::{Deserialize, Serialize};
use store::record;
use uuid::Uuid;
use vault::Slip;

/// The code of its kind of cases, and the name of their procedure.
pub const REPORT: &str = "report";
/// The role of whoever reports.
pub const REPORTER: &str = "reporter";
/// The code of the cases in which a unit appeals against having been late, and the name of their procedure.
pub const APPEAL: &str = "late_appeal";
/// The role of the unit that appeals.
pub const UNIT: &str = "unit";
/// The answer that names the report that an appeal is about.
pub const APPEALED: &str = "report";
/// The step with which a worker files what she found on the round.
pub const FIND: &str = "find";
/// The same, where somebody else looks at it first.
pub const FIND_TO_CHECK: &str = "find_to_check";
/// The step that joins a report to another, and its answer, the number of the other.
pub const MERGE: &str = "merge";
/// The step that sends a report out, and its answer that says how severe the matter is.
pub const DISPATCH: &str = "dispatch";
/// See [`DISPATCH`].
pub const SEVERITY: &str = "severity";
/// The step that sends out a report whose duty was settled.
pub const REDISPATCH: &str = "redispatch";
/// The step by which the level above settles whose duty a report is.
pub const SETTLE: &str = "settle";
/// The step that says that a report is put right, and the clock that runs until then.
pub const HANDLE: &str = "handle";
/// The state in which a report lies with the unit that puts it right.
pub const HANDLING: &str = "handling";
/// The states in which somebody goes and sees a report: whether it is there, and whether it is done.
const LOOKED_AT: [&str; 2] = ["reported", "handled"];

/// Whether a report waits in a state for somebody to go and see it.
#[must_use]
pub fn is_looked_at(state: &str) -> bool {
    LOOKED_AT.contains(&state)
}

/// The state in which whoever reported is asked whether it is done.
pub const ASKED: &str = "asked";
/// The state of a report that was joined to another.
pub const MERGED: &str = "merged";
/// What an address says that leads on to the next report of a list: the number of the one that was opened last.
pub const NEXT: &str = "next";
/// What an address of a photo says that asks for it small.
pub const SMALL: &str = "small";
/// The answer that says why there is no photo of the work (为什么没有照片).
pub const NO_PHOTO: &str = "no_photo";
/// The most characters of why there is no photo: a sentence.
pub const NO_PHOTO_MOST: usize = 100;
/// What stands there where another platform put the report right: it told so, and sent no photo.
pub const TOLD_BY_PLATFORM: &str = "told_by_platform";
/// The step that asks for a report to be put off, and the answer that names the day.
pub const ASK_SHELVE: &str = "ask_shelve";
/// See [`ASK_SHELVE`].
pub const UNTIL: &str = "until";
/// The step that puts a report off until a day.
pub const SHELVE: &str = "shelve";
/// The step that says that it was checked and is done.
pub const VERIFY: &str = "verify";
/// The step that asks whoever reported something.
pub const ASK_REPORTER: &str = "ask_reporter";
/// The answer that says how it was checked, and what stands there where another platform said it, where whoever
/// reported was asked on the telephone, and where the photos were looked at.
pub const CHECKED: &str = "checked";
/// See [`CHECKED`].
pub const CHECKED_BY_PLATFORM: &str = "told";
/// See [`CHECKED`].
pub const CHECKED_BY_CALL: &str = "called";
/// See [`CHECKED`].
pub const CHECKED_BY_PHOTOS: &str = "photos";
/// The answer that names the other report.
pub const OTHER: &str = "number";
/// The answer that says why a matter is somebody's duty, where that is not as usual.
pub const DUTY: &str = "duty";
/// The most characters of the document that a kept decision rests on.
pub const BASIS_MOST: usize = 200;
/// The answer that names the kind and the condition: `event/0102/heap`.
pub const KIND: &str = "kind";
/// The answer that holds what she adds in her own words.
pub const WORDS_FIELD: &str = "words";
/// The answer that holds where it is, as it was written.
pub const ADDRESS_FIELD: &str = "address";
/// The most characters of where it is, as it is written.
pub const ADDRESS_MOST: usize = 200;
/// The answer that names the edition of the catalogue under which it was opened; none for the city's files.
pub const EDITION: &str = "edition";
/// The answer that names the compound where it is.
pub const COMPOUND: &str = "compound";
/// The most characters of what somebody adds in her own words.
pub const WORDS_MOST: usize = 500;

kernel::rules! {
    /// The time to look at a report before it is filed.
    GRID_CHECK = "grid.check_hours" as Limit;
    /// The time to send out a report that was filed.
    GRID_DISPATCH = "grid.dispatch_hours" as Limit;
    /// The time to check before a report is finished.
    GRID_VERIFY = "grid.verify_hours" as Limit;
    /// The days in which whoever reported can say that it is not done.
    GRID_CONFIRM = "grid.confirm_days" as Limit;
    /// Within how many metres two reports of one kind may be the same.
    GRID_NEAR_METRES = "grid.near_metres" as Metres;
    /// Within how long two reports of one kind may be the same.
    GRID_NEAR_HOURS = "grid.near_hours" as Hours;
    /// The days in which whoever reported can answer a question.
    GRID_ANSWER = "grid.answer_days" as Limit;
    /// The time to examine an appeal against being late.
    GRID_APPEAL = "grid.appeal_days" as Limit;
    /// Whether somebody else looks at what a worker found before it is filed.
    GRID_FOUND_CHECKED = "grid.found_checked" as Switch;
    /// The weight of what is closed in the score.
    GRID_SCORE_CLOSED = "grid.score_closed" as Share;
    /// The weight of satisfaction in the score.
    GRID_SCORE_SATISFIED = "grid.score_satisfied" as Share;
    /// The weight of what is on time in the score.
    GRID_SCORE_ON_TIME = "grid.score_on_time" as Share;
    /// How many reports one network address may send in an hour.
    GRID_REPORTS_PER_HOUR = "grid.reports_per_hour" as Count;
    /// The most photos of one report.
    GRID_PHOTOS_MOST = "grid.photos_most" as Count;
    /// The most bytes of a photo as it is sent.
    GRID_PHOTO_BYTES = "grid.photo_bytes" as Bytes;
    /// The pixels of the longer side to which a photo is made smaller.
    GRID_PHOTO_SIDE = "grid.photo_side" as Count;
    /// For how long photos wait whose report was not sent.
    GRID_TRAY_HOURS = "grid.tray_hours" as Hours;
    /// How often one network address may send photos in an hour.
    GRID_PHOTOS_PER_HOUR = "grid.photos_per_hour" as Count;
    /// How many may hear the news of one report beside whoever reported it.
    GRID_FOLLOWERS_MOST = "grid.followers_most" as Count;
    /// How many reports one telephone may join in a day.
    GRID_JOINS_PER_DAY = "grid.joins_per_day" as Count;
    /// The days for which an entry of a phone waits for the one that was made before it.
    GRID_FIELD_WAIT = "grid.field_wait_days" as Days;
    /// The days for which a finished entry of a phone is kept.
    GRID_FIELD_KEEP = "grid.field_keep_days" as Days;
    /// The days for which a dwelling is kept after its last change.
    GRID_DWELLING_KEEP = "grid.dwelling_keep_days" as Days;
    /// How many photos an entry of a phone may have.
    GRID_FIELD_PHOTOS = "grid.field_photos" as Count;
    /// How many photos of the work a report needs before it counts as done, where its kind can be photographed and
    /// nobody says why there are none.
    GRID_PROOF_PHOTOS = "grid.proof_photos" as Count;
    /// How large one of them may be.
    GRID_FIELD_PHOTO_BYTES = "grid.field_photo_bytes" as Bytes;
    /// The days after which a grid is to be walked again.
    GRID_PATROL = "grid.patrol_days" as Days;
    /// The days of history with which the scan of a night compares.
    GRID_RISE_HISTORY = "grid.rise_history_days" as Days;
    /// The longest window of days in which something rises.
    GRID_RISE_WINDOW = "grid.rise_window_days" as Days;
    /// How far apart communities of one zone may be on foot.
    GRID_RISE_WALK = "grid.rise_walk_minutes" as Minutes;
    /// The most communities of one zone.
    GRID_RISE_PLACES = "grid.rise_places" as Count;
    /// The fewest reports of something that rises.
    GRID_RISE_LEAST = "grid.rise_least" as Count;
    /// How often the days of reports are dealt anew.
    GRID_RISE_REPLICATES = "grid.rise_replicates" as Count;
    /// In how many nights a rise may happen once by chance, and is not told yet.
    GRID_RISE_ONCE_IN = "grid.rise_once_in_days" as Days;
    /// The days over which places are compared.
    GRID_HURTS_DAYS = "grid.hurts_days" as Days;
    /// Within how many metres reports of one kind are at the same spot.
    GRID_SPOT_METRES = "grid.spot_metres" as Metres;
    /// How many reports of one kind at the same spot are too many.
    GRID_SPOT_TIMES = "grid.spot_times" as Count;
    /// How many lines each list of where it hurts has.
    GRID_HURTS_LINES = "grid.hurts_lines" as Rows;
    /// The most open reports of a visitor that a wide map shows one by one.
    GRID_MAP_ONE_BY_ONE = "grid.map_one_by_one" as Count;
    /// How many days one question of another program reaches over.
    GRID_OPEN311_DAYS = "grid.open311_days" as Days;
    /// How many reports one answer to another program holds at most.
    GRID_OPEN311_MOST = "grid.open311_most" as Count;
    /// After how many minutes another platform is asked again how a report stands there.
    GRID_OPEN311_ASK_MINUTES = "grid.open311_ask_minutes" as Minutes;
}

/// What a photo of a report shows (照片内容), as whoever adds it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shows {
    /// What it was like before it was put right (处置前).
    Before,
    /// What it is like now that it is put right (处置后).
    After,
    /// The place, without anything of the work (现场).
    Place,
}

impl Shows {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Before, Self::After, Self::Place];

    /// The name as stored and as forms send it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
            Self::Place => "place",
        }
    }

    /// Reads the name that [`Shows::code`] gives.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// The key of its word.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Before => "grid-shows-before",
            Self::After => "grid-shows-after",
            Self::Place => "grid-shows-place",
        }
    }
}

/// The cookie that keeps why a member of staff looks at the photos of a report.
pub const LOOK_COOKIE: &str = "grid_look";

/// The fields in which a form sends photos of before the work and of after it.
pub const PHOTO_BEFORE: &str = "photo_before";
/// See [`PHOTO_BEFORE`].
pub const PHOTO_AFTER: &str = "photo_after";

/// A photo after it was cleaned, as it waits in the tray.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its identity, the same for the same picture in the same tray.
    pub id: Uuid,
    /// The digest under which it lies on the shelf.
    pub digest: String,
    /// Its width in pixels.
    pub width: i64,
    /// Its height in pixels.
    pub height: i64,
    /// Its bytes before it was sealed.
    pub bytes: i64,
    /// What tells the picture from others, wherever it lies; none where it was laid before this was kept.
    pub picture: Option<String>,
    /// The same picture, small and sealed, as its sender sees it again; none where nobody does.
    pub small: Option<Vec<u8>>,
}

/// Where something is: a community, and the compound or the spot if it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The community.
    pub community: PlacePath,
    /// The compound.
    pub compound: Option<i64>,
    /// East and north on the ground of the geography, in decimetres.
    pub at: Option<(i64, i64)>,
    /// The point of the map, if somebody gave one.
    pub point: Option<Point>,
}

/// What somebody says.
#[derive(Clone, Debug)]
pub struct Saying {
    /// The kind and the condition: `event/0102/heap`.
    pub condition: String,
    /// Where.
    pub spot: Spot,
    /// Where it is as she wrote it, beyond the names of the spot; may be empty.
    pub written: String,
    /// What she adds in her own words; may be empty.
    pub words: String,
    /// The telephone at which she is told; may be empty.
    pub telephone: String,
    /// Whether others may see that it was reported: kind, place and how it stands, never her or her words.
    pub public: bool,
    /// The slip of the tray in which her photos wait.
    pub tray: Option<Slip>,
    /// The minute of the day in which it was seen; none where nobody said it.
    pub seen: Option<u32>,
}

record! {
    /// A report as this department remembers it.
    pub struct Report {
        /// The district that keeps it.
        pub district: PlaceId,
        /// Its case.
        pub case_id: Uuid,
        /// The number of its case.
        pub number: String,
        /// The community where it is.
        pub path: PlacePath,
        /// The compound where it is.
        pub compound: Option<i64>,
        /// East, in decimetres.
        pub x: Option<i64>,
        /// North, in decimetres.
        pub y: Option<i64>,
        /// The kind: `event/0102`.
        pub kind: String,
        /// The condition: `heap`.
        pub condition: String,
        /// Whether others may see it.
        pub public: bool,
        /// Whether it is not finished.
        pub open: bool,
        /// How many met with it, the first one among them.
        pub met: i64,
        /// When it was reported.
        pub reported_at: Instant,
    }
}

record! {
    /// A decision whose duty a kind is in a place, kept as a rule (会商定下的职责).
    pub struct KeptDuty {
        /// The district that keeps it; the city for its own.
        pub district: PlaceId,
        /// Its identity.
        pub id: Uuid,
        /// The kind: `event/0102`.
        pub kind: String,
        /// The place in which it holds.
        pub path: PlacePath,
        /// The unit, a code of the catalogue.
        pub unit: String,
        /// The first day.
        pub from_on: Date,
        /// The day from which it holds no more.
        pub until_on: Option<Date>,
        /// The document or the minutes that it rests on.
        pub basis: String,
        /// The number of the report over which it was decided.
        pub number: Option<String>,
        /// When it was kept.
        pub made_at: Instant,
    }
}

record! {
    /// A report that was joined to another.
    pub struct Merged {
        /// The district that keeps it.
        pub district: PlaceId,
        /// The case that was joined.
        pub case_id: Uuid,
        /// Its number.
        pub number: String,
        /// The district that keeps the one to which it was joined.
        pub into_district: PlaceId,
        /// The case to which it was joined.
        pub into_case: Uuid,
        /// The number of that one.
        pub into_number: String,
    }
}

record! {
    /// An appeal against having been late, as it stands.
    pub struct Appealed {
        /// The case of the appeal.
        pub appeal_id: Uuid,
        /// Its number.
        pub appeal_number: String,
        /// The name of its state.
        pub state: String,
    }
}
