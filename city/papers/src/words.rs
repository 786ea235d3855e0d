//! These are the names of papers: files and what they are, data checks, promises, originals and those who hold them.

use kernel::case::Case;
use kernel::figure::{Indicator, Part, Rows};
use kernel::permission::{Permission, Target};
use kernel::place::{PlaceId, PlacePath};
use kernel::time::Date;
use uuid::Uuid;

/// The page of the papers behind a figure.
pub const ROWS_PAGE: &str = "/papers/rows";
/// The list of the papers that a sum counts, for whoever sees their cases.
pub const ROWS: Rows = Rows { permission: Permission::CaseRead, address };

fn address(code: &str, part: &Part) -> String {
    part.address(ROWS_PAGE, code)
}

/// Papers that a source confirmed, so that nobody had to bring them, where the applicant lives.
pub const CONFIRMED: Indicator =
    Indicator::sum("papers.confirmed", "papers-figure-confirmed", 1).better_high().opens(ROWS);

/// What this department publishes.
pub const INDICATORS: &[Indicator] = &[CONFIRMED];

/// Says what a file is. Its content tells that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The file is a picture in JPEG.
    Jpeg,
    /// The file is a picture in PNG.
    Png,
    /// The file is a document in PDF.
    Pdf,
}

impl Kind {
    /// Lists all kinds.
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::Pdf];

    /// Returns the name as stored: `jpeg`, `png`, `pdf`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Pdf => "pdf",
        }
    }

    /// Reads the name that [`Kind::code`] gives.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Returns the one content type with which it is sent.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
        }
    }

    /// Returns the ending of the name of such a file.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Pdf => "pdf",
        }
    }
}

/// A file that may be kept. It was checked and has no metadata.
#[derive(PartialEq, Eq)]
pub struct Content {
    /// What kind of file it is.
    pub kind: Kind,
    /// The bytes that are kept.
    pub bytes: Vec<u8>,
    /// The width and height of a picture.
    pub size: Option<(u32, u32)>,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Content({}, {} bytes)", self.kind.code(), self.bytes.len())
    }
}

/// Says how large a file may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The largest number of bytes.
    pub bytes: u64,
    /// The largest number of pixels of a picture.
    pub pixels: u64,
}

/// Says what a data check said about a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The data confirm what the paper would show, so nobody needs to hand it in (免提交).
    Confirmed,
    /// The data do not confirm it.
    Refuted,
    /// There was no answer.
    Unavailable,
}

impl Outcome {
    /// Returns the name as stored: `confirmed`, `refuted`, `unavailable`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Refuted => "refuted",
            Self::Unavailable => "unavailable",
        }
    }
}

/// Names one paper of one case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PaperOf {
    /// The shard of the case.
    pub district: PlaceId,
    /// The case.
    pub case: Uuid,
    /// The code of the material.
    pub material: String,
}

impl PaperOf {
    /// Returns the text for a box of a form: `4~0191…~HK`.
    #[must_use]
    pub fn show(&self) -> String {
        format!("{}~{}~{}", self.district.0, self.case.simple(), self.material)
    }

    /// Reads what [`PaperOf::show`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '~');
        let district = PlaceId(parts.next()?.parse().ok()?);
        let case = Uuid::parse_str(parts.next()?).ok()?;
        let material = parts.next().filter(|code| !code.is_empty())?.to_owned();
        Some(Self { district, case, material })
    }
}

/// Names who may hold an original: a counter (without a department) or an office.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holder {
    /// The place of the desk.
    pub place: PlacePath,
    /// The department, which is empty for a counter.
    pub department: String,
}

impl Holder {
    /// Returns the office that decides a case.
    #[must_use]
    pub fn office(case: &Case) -> Self {
        Self { place: case.office.place.clone(), department: case.office.department.clone().unwrap_or_default() }
    }

    /// Returns it as the target of a deed.
    #[must_use]
    pub fn target(&self) -> Target {
        let department = Some(self.department.clone()).filter(|code| !code.is_empty());
        Target { place: self.place.clone(), department }
    }
}

/// How many digits of a district's code stand in a list's number.
const DISTRICT_DIGITS: usize = 6;
/// The beginning of a list's number: 交接.
const SHEET_MARK: &str = "JJ";

/// The number of a hand-over list (交接清单): `JJ-210104-2026-00012`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetNumber(String);

impl SheetNumber {
    /// Makes the number from the official code of the list's district, the year and the running number.
    #[must_use]
    pub fn new(district_code: &str, year: i16, running: i64) -> Self {
        let code: String = district_code.chars().take(DISTRICT_DIGITS).collect();
        Self(format!("{SHEET_MARK}-{code}-{year}-{running:05}"))
    }

    /// Reads a number as it is printed.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = Self(text.to_owned());
        let parts = number.0.split('-').count();
        let code = number.code();
        let is_code = code.len() == DISTRICT_DIGITS && code.bytes().all(|digit| digit.is_ascii_digit());
        let is_number = text.split('-').next() == Some(SHEET_MARK) && is_code && parts == 4;
        is_number.then_some(number)
    }

    /// Returns the number as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the official code of the list's district, which has 12 digits.
    #[must_use]
    pub fn district_code(&self) -> String {
        format!("{}000000", self.code())
    }

    /// Returns the digits of the district.
    fn code(&self) -> &str {
        self.0.split('-').nth(1).unwrap_or_default()
    }
}

/// Says who does something with papers, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doer {
    /// The account, if somebody is signed in.
    pub account: Option<Uuid>,
    /// The name of staff, which is empty for the applicant.
    pub name: String,
    /// The code of the role, or `applicant`, or `system`.
    pub role: String,
    /// The desk at which she sits.
    pub desk: Holder,
}

/// Says what happened to an original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It was taken in from the resident.
    Taken,
    /// It was put on a list and sent.
    Sent,
    /// The receiver confirmed it.
    Received,
    /// It did not arrive, so it is with the sender again.
    Missing,
    /// It was given back to the resident.
    Returned,
}

impl Deed {
    /// Returns the name as stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Missing => "missing",
            Self::Returned => "returned",
        }
    }
}

/// Says until when a missing paper may be promised (容缺后补).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LaterDates {
    /// The first day that may be chosen.
    pub first: Date,
    /// The day that is proposed.
    pub usual: Date,
    /// The last day that may be chosen.
    pub last: Date,
}

kernel::rules! {
    /// Bytes of the largest file of a paper.
    PAPERS_FILE_BYTES = "papers.file_bytes" as Bytes;
    /// Most pixels of a picture.
    PAPERS_IMAGE_PIXELS = "papers.image_pixels" as Count;
    /// Most files of one paper of a case.
    PAPERS_FILES_PER_MATERIAL = "papers.files_per_material" as Count;
    /// Most files that an applicant has sent for one case.
    PAPERS_FILES_PER_CASE = "papers.files_per_case" as Count;
    /// Most bytes that an applicant has sent for one case.
    PAPERS_BYTES_PER_CASE = "papers.bytes_per_case" as Bytes;
    /// Seconds that a data check may take.
    PAPERS_CHECK_SECONDS = "papers.check_seconds" as Seconds;
    /// The time that is proposed for a paper to follow.
    PAPERS_LATER = "papers.later_working_days" as Limit;
    /// The longest time for a paper to follow.
    PAPERS_LATER_MOST = "papers.later_most_working_days" as Limit;
    /// The time after which an original should be given back.
    PAPERS_ORIGINAL_BACK = "papers.original_back_working_days" as Limit;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_list_leads_to_its_district_and_nothing_else_does() {
        for (district, year, running, expected) in [
            ("210104000000", 2026, 12, "JJ-210104-2026-00012"),
            ("210102000000", 2026, 1, "JJ-210102-2026-00001"),
            ("210181000000", 2027, 99_999, "JJ-210181-2027-99999"),
            ("210104000000", 2026, 100_000, "JJ-210104-2026-100000"),
            ("210100000000", 2026, 12, "JJ-210100-2026-00012"),
        ] {
            let number = SheetNumber::new(district, year, running);
            assert_eq!(number.as_str(), expected);
            assert_eq!(number.district_code(), district);
            assert_eq!(SheetNumber::parse(expected), Some(number));
        }
        for odd in [
            "",
            "JJ",
            "JJ-21010x-2026-00012",
            "XX-210104-2026-00012",
            "JJ-210104-2026",
            "JJ-210104-2026-1-2",
            "JJ-二一-2026-00012",
            "JJ-２１０１０４-2026-00012",
            "jj-210104-2026-00012",
            "JJ-2101040-2026-1",
            "210104-JJ-2026-1",
        ] {
            assert_eq!(SheetNumber::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_paper_survives_a_form_and_anything_else_is_none() {
        let paper = PaperOf { district: PlaceId(4), case: Uuid::from_u128(7), material: "HK~1".to_owned() };
        assert_eq!(PaperOf::parse(&paper.show()), Some(paper));
        for odd in
            ["", "4", "4~x~HK", "4~00000000000000000000000000000007", "4~00000000000000000000000000000007~", "中~文"]
        {
            assert_eq!(PaperOf::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn kinds_lead_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.code()), Some(kind));
        }
        assert_eq!(Kind::parse("exe"), None);
    }

    #[test]
    fn a_form_brings_back_what_it_was_given_however_odd() {
        for (district, case, material) in
            [(2, 1, "HK"), (i64::MAX, u128::MAX, "户口本"), (-1, 0, "~"), (1, 10, "a~b~c")]
        {
            let paper =
                PaperOf { district: PlaceId(district), case: Uuid::from_u128(case), material: material.to_owned() };
            assert_eq!(PaperOf::parse(&paper.show()), Some(paper));
        }
        let long = "99999999999999999999~00000000000000000000000000000007~HK";
        for odd in
            [long, "~~", "4~~HK", "４~00000000000000000000000000000007~HK", "4 ~00000000000000000000000000000007~HK"]
        {
            assert_eq!(PaperOf::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn each_kind_is_sent_as_itself() {
        for (kind, code, content_type, ending) in [
            (Kind::Jpeg, "jpeg", "image/jpeg", "jpg"),
            (Kind::Png, "png", "image/png", "png"),
            (Kind::Pdf, "pdf", "application/pdf", "pdf"),
        ] {
            assert_eq!((kind.code(), kind.content_type(), kind.ending()), (code, content_type, ending));
        }
        for odd in ["", "JPEG", "jpg", "pdf "] {
            assert_eq!(Kind::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_file_prints_its_size_and_never_its_content() {
        let content = Content { kind: Kind::Png, bytes: b"secret".to_vec(), size: Some((1, 1)) };
        assert_eq!(format!("{content:?}"), "Content(png, 6 bytes)");
    }

    #[test]
    fn stored_words_are_as_they_were_written_once() {
        let outcomes = [Outcome::Confirmed, Outcome::Refuted, Outcome::Unavailable].map(Outcome::code);
        assert_eq!(outcomes, ["confirmed", "refuted", "unavailable"]);
        let deeds = [Deed::Taken, Deed::Sent, Deed::Received, Deed::Missing, Deed::Returned].map(Deed::code);
        assert_eq!(deeds, ["taken", "sent", "received", "missing", "returned"]);
    }
}
