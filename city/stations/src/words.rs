//! These are the names of stations: what they offer, their rooms, who walks, and what is asked of the next ones.

use kernel::line::number;
use store::worded;
use store::words::Words;

worded! {
    /// What a station offers (服务).
    Service {
        /// Sit down and rest (休息).
        Rest = "rest",
        /// Drinking water (饮水).
        Water = "water",
        /// Charge a telephone (充电).
        Charging = "charging",
        /// Toilet (卫生间).
        Toilet = "toilet",
        /// Books and newspapers (书报).
        Books = "books",
        /// Rooms for meetings (会议).
        Meetings = "meetings",
        /// Ask about services and policies (咨询).
        Advice = "advice",
        /// Sign up for and do voluntary service (志愿服务).
        Volunteering = "volunteering",
        /// Room for mothers with babies (母婴室).
        Nursing = "nursing",
        /// First aid (急救).
        FirstAid = "first_aid",
    }
}

worded! {
    /// Who walks.
    Walker {
        /// An adult.
        Adult = "adult",
        /// An old person.
        Elderly = "elderly",
    }
}

worded! {
    /// What is asked of the next stations.
    Aim {
        /// Most households within the time.
        Reach = "reach",
        /// The least walking in all.
        Walk = "walk",
        /// The fewest that reach a share of the households.
        Share = "share",
    }
}

/// Classes of ways that can be told apart.
const CLASSES: usize = 8;
/// The least and the greatest share of its time that a way may take, percent.
const PERCENT: std::ops::RangeInclusive<u32> = 10..=1_000;

/// How long ways of each class take (坡道、积雪): percent of their time, for the classes 0 to 7.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slower([u32; CLASSES]);

impl Slower {
    /// No way takes longer than it is.
    pub const NONE: Self = Self([100; CLASSES]);

    /// Reads percentages of the classes 0, 1, 2 and so on, with commas or blanks between them. Classes that are not
    /// named take 100. Returns nothing if it is not understood.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut slower = Self::NONE;
        let mut classes = slower.0.iter_mut();
        for word in text.split([',', '，', '、', ' ']).filter(|word| !word.trim().is_empty()) {
            let percent = number(word).trim_end_matches('%').parse::<u32>().ok();
            *classes.next()? = percent.filter(|percent| PERCENT.contains(percent))?;
        }
        Some(slower)
    }

    /// Writes the percentages up to the last class that is not 100. It is empty where no way takes longer.
    #[must_use]
    pub fn show(self) -> String {
        let count = self.0.iter().rposition(|percent| *percent != 100).map_or(0, |last| last + 1);
        self.0.iter().take(count).map(u32::to_string).collect::<Vec<_>>().join(", ")
    }

    /// Returns the percentage of each class.
    #[must_use]
    pub fn percent(self) -> Vec<u32> {
        if self == Self::NONE { Vec::new() } else { self.0.to_vec() }
    }
}

/// What a station offers.
pub type Services = Words<Service>;

/// A room (活动室).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// What it is called.
    pub name: String,
    /// How many people it seats.
    pub seats: u32,
}

/// Most rooms of a station, most seats of a room, most characters of its name.
const ROOMS: usize = 30;
const SEATS: u32 = 10_000;
const NAME: usize = 40;

/// Reads rooms, one a line: the name, a comma and the seats. Returns the first wrong line if there is one.
///
/// # Errors
/// Returns the line that is not understood, or the last one if they are too many.
pub fn read_rooms(text: &str) -> Result<Vec<Room>, String> {
    let mut rooms = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let split = line.rsplit_once([',', '，']);
        let read = split.and_then(|(name, seats)| {
            let seats = number(seats);
            let seats = seats.trim_end_matches(['人', '座', '位']).trim().parse::<u32>().ok()?;
            let name = name.trim().to_owned();
            let good = !name.is_empty() && name.chars().count() <= NAME && (1..=SEATS).contains(&seats);
            good.then_some(Room { name, seats })
        });
        rooms.push(read.ok_or_else(|| line.to_owned())?);
        if rooms.len() > ROOMS {
            return Err(line.to_owned());
        }
    }
    Ok(rooms)
}

/// Writes rooms, one a line.
#[must_use]
pub fn show_rooms(rooms: &[Room]) -> String {
    rooms.iter().map(|room| format!("{}，{}", room.name, room.seats)).collect::<Vec<_>>().join("\n")
}

kernel::rules! {
    /// Minutes of walking to a station.
    STATIONS_WALK_MINUTES = "stations.walk_minutes" as Minutes;
    /// Most new stations that are asked for at once.
    STATIONS_NEXT_MOST = "stations.next_most" as Count;
    /// Millimetres that an old person walks in a second.
    WALK_ELDERLY_SPEED = "walk.elderly_speed" as Speed;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_are_written_one_a_line() {
        let rooms = read_rooms("大会议室，40人\n\n 书画室, 12 \n").unwrap();
        assert_eq!(show_rooms(&rooms), "大会议室，40\n书画室，12");
        assert_eq!(read_rooms(&show_rooms(&rooms)).unwrap(), rooms);
        assert_eq!(show_rooms(&read_rooms("书画室，１２位").unwrap()), "书画室，12");
        for wrong in ["大会议室", "，4", "室，0", "室，很多", "室，99999"] {
            assert_eq!(read_rooms(wrong), Err(wrong.to_owned()));
        }
    }

    #[test]
    fn rooms_are_read_as_people_write_them() {
        for (line, name, seats) in [
            ("一楼,东,会议室, 40 座", "一楼,东,会议室", 40),
            ("室，1", "室", 1),
            ("室，10000", "室", 10_000),
            ("Hall 2，１０人", "Hall 2", 10),
        ] {
            assert_eq!(read_rooms(line), Ok(vec![Room { name: name.to_owned(), seats }]), "{line}");
        }
        for (letters, good) in [(40, true), (41, false)] {
            assert_eq!(read_rooms(&format!("{}，4", "室".repeat(letters))).is_ok(), good, "{letters}");
        }
        for wrong in ["室，10001", "室，-4", "室，4.5", "室，", "室 40", "室，4人吗", "室，99999999999"]
        {
            let text = format!("大厅，9\n{wrong}\n坏");
            assert_eq!(read_rooms(&text), Err(wrong.to_owned()), "the first wrong line is named");
        }
        let many: Vec<String> = (1..=31).map(|number| format!("{number}号，5")).collect();
        assert_eq!(read_rooms(&many[..30].join("\n")).map(|rooms| rooms.len()), Ok(30));
        assert_eq!(read_rooms(&many.join("\n")), Err("31号，5".to_owned()));
        assert_eq!((read_rooms(" \n\n"), show_rooms(&[])), (Ok(vec![]), String::new()));
    }

    #[test]
    fn percentages_of_ways_are_read_and_written() {
        for (text, shown) in [
            ("", ""),
            ("100", ""),
            ("100, 130", "100, 130"),
            ("100 130,100,100", "100, 130"),
            ("１５０％、 200", "150, 200"),
            ("10,1000,100,100,100,100,100,99", "10, 1000, 100, 100, 100, 100, 100, 99"),
        ] {
            let read = Slower::parse(text);
            assert_eq!(read.map(Slower::show), Some(shown.to_owned()), "{text}");
            assert_eq!(Slower::parse(shown), read, "{text}");
        }
        for wrong in ["9", "1001", "-100", "1.5", "snow", "100,100,100,100,100,100,100,100,100"] {
            assert_eq!(Slower::parse(wrong), None, "{wrong}");
        }
        assert_eq!((Slower::NONE.percent(), Slower::parse("150").map(|one| one.percent().len())), (vec![], Some(8)));
    }

    #[test]
    fn stored_words_are_known_and_others_are_none() {
        assert!(Service::ALL.iter().all(|one| Service::parse(one.code()) == Some(*one)));
        for odd in ["", "Rest", "rest ", "休息"] {
            assert_eq!((Service::parse(odd), Walker::parse(odd), Aim::parse(odd)), (None, None, None), "{odd}");
        }
        let offered = Services::parse(["water", "rest", "nothing", "water"]);
        assert_eq!(offered.0.iter().map(|one| one.code()).collect::<Vec<_>>(), ["rest", "water"]);
    }
}
