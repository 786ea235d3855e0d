//! This file knows names and codes of places: the kind that a code tells, the stem of a name, which names are alike,
//! and English display names.

use crate::words::Kind;
use kernel::place::Level;
use pinyin::ToPinyin;

/// Returns the kind that an official code of 12 or 15 digits tells, or nothing if it is no such code. GB/T 2260 rules
/// the first six digits; GB/T 10114 and the statistics bureau rule the rest.
pub fn kind_of(code: &str) -> Option<Kind> {
    if !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| code.get(from..to)?.parse::<u32>().ok();
    if code.len() == 15 {
        return Some(Kind::Grid);
    }
    if code.len() != 12 {
        return None;
    }
    let (county, street, community) = (part(4, 6)?, part(6, 9)?, part(9, 12)?);
    match (county, street, community) {
        (0, 0, 0) => Some(Kind::City),
        (1..=20, 0, 0) => Some(Kind::District),
        (21..=80, 0, 0) => Some(Kind::County),
        (81..=99, 0, 0) => Some(Kind::CountyCity),
        (_, 1..=99, 0) => Some(Kind::Street),
        (_, 100..=199, 0) => Some(Kind::Town),
        (_, 200..=399, 0) => Some(Kind::Township),
        (_, 400..=599, 0) => Some(Kind::TownshipLike),
        (_, 1.., 1..=199) => Some(Kind::Residents),
        (_, 1.., 200..=399) => Some(Kind::Villagers),
        (_, 1.., 400..=499) => Some(Kind::ResidentsLike),
        (_, 1.., 500..=599) => Some(Kind::VillagersLike),
        _ => None,
    }
}

impl Kind {
    /// Returns the level of places of this kind.
    pub const fn level(self) -> Level {
        match self {
            Self::City => Level::City,
            Self::District | Self::County | Self::CountyCity => Level::District,
            Self::Street | Self::Town | Self::Township | Self::TownshipLike => Level::Street,
            Self::Residents | Self::Villagers | Self::ResidentsLike | Self::VillagersLike => Level::Community,
            Self::Grid | Self::ExclusiveGrid => Level::Grid,
            Self::Building => Level::Building,
        }
    }

    const fn english(self) -> &'static str {
        match self {
            Self::City | Self::CountyCity => "City",
            Self::District => "District",
            Self::County => "County",
            Self::Street => "Subdistrict",
            Self::Town => "Town",
            Self::Township => "Township",
            Self::TownshipLike => "Area",
            Self::Residents | Self::ResidentsLike | Self::VillagersLike => "Community",
            Self::Villagers => "Village",
            Self::Grid | Self::ExclusiveGrid => "Grid",
            Self::Building => "Building",
        }
    }
}

/// Lists the words that end the names of communities and villages, the longest first.
const COMMUNITY_ENDINGS: [&str; 13] = [
    "社区居民委员会",
    "社区村民委员会",
    "村村民委员会",
    "屯村民委员会",
    "居民委员会",
    "村民委员会",
    "社区居委会",
    "社区村委会",
    "居委会",
    "村委会",
    "社区",
    "虚拟生活区",
    "村",
];
const STREET_ENDINGS: [&str; 5] = ["街道办事处", "街道", "地区", "镇", "乡"];
const DISTRICT_ENDINGS: [&str; 4] = ["新区", "区", "县", "市"];

/// Returns the stem of a name: 文安路 of 文安路社区, 高楼子 of 高楼子社区村民委员会. A name that is nothing but an
/// ending keeps it.
pub fn stem(name: &str, level: Level) -> &str {
    let endings: &[&str] = match level {
        Level::City | Level::District => &DISTRICT_ENDINGS,
        Level::Street => &STREET_ENDINGS,
        _ => &COMMUNITY_ENDINGS,
    };
    let stem = endings.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    if stem.is_empty() { name } else { stem }
}

/// Returns the stem without 屯 or 村. By it 前詹社区 and 前詹屯村民委员会 are compared.
pub fn core(name: &str, level: Level) -> &str {
    let stem = stem(name, level);
    let core = if level == Level::Community { stem.strip_suffix(['屯', '村']).unwrap_or(stem) } else { stem };
    if core.chars().count() < 2 { stem } else { core }
}

const ORDINALS: &str = "一二三四五六七八九十东西南北中ABCD123456789";

/// Returns a stem without the ordinal or direction that closes it: 新世界花园 of 新世界花园一. Returns nothing if the
/// stem has none.
pub fn unnumbered(stem: &str) -> Option<&str> {
    let base = stem.strip_suffix(|last| ORDINALS.contains(last))?;
    let base = base.strip_suffix('第').unwrap_or(base);
    (base.chars().count() >= 2).then_some(base)
}

/// Says whether two stems are so alike that one place may have been renamed: one contains the other, or they share more
/// than half of the shorter one in the same order. Stems that differ only in the ordinals that close them are siblings,
/// so they are not alike.
pub fn alike(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    if unnumbered(one).is_some() && unnumbered(one) == unnumbered(other) {
        return false;
    }
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let shorter = one.len().min(other.len());
    let common = common_in_order(&one, &other);
    common >= 2 && common * 2 > shorter
}

/// Returns the length of the longest sequence of characters that both have in the same order.
fn common_in_order(one: &[char], other: &[char]) -> usize {
    let mut above = vec![0_usize; other.len() + 1];
    for left in one {
        let mut row = vec![0_usize];
        for ((right, diagonal), up) in other.iter().zip(&above).zip(above.iter().skip(1)) {
            let before = row.last().copied().unwrap_or_default();
            row.push(if left == right { diagonal + 1 } else { before.max(*up) });
        }
        above = row;
    }
    above.last().copied().unwrap_or_default()
}

/// Lists characters that names of places usually read in another way than the dictionary's first one.
const READINGS: [(char, &str); 6] =
    [('沈', "shen"), ('长', "chang"), ('乐', "le"), ('重', "chong"), ('朝', "chao"), ('行', "hang")];

/// Returns the reading of a character without its tone, as in a place's name.
pub fn reading(character: char) -> Option<&'static str> {
    let own = READINGS.iter().find(|(known, _)| *known == character).map(|(_, reading)| *reading);
    own.or_else(|| character.to_pinyin().map(pinyin::Pinyin::plain))
}

/// Returns the English name that is shown for a place: "Wenanlu Community". A rule makes it, and it has no official
/// standing.
pub fn english(name: &str, kind: Kind) -> String {
    if kind.level() == Level::Grid
        && let Some(number) = name.strip_prefix('第').and_then(|rest| rest.strip_suffix("网格"))
    {
        return format!("Grid {number}");
    }
    let mut spelled = String::new();
    for character in stem(name, kind.level()).chars() {
        let part = reading(character).map_or_else(|| character.to_string(), str::to_owned);
        let mut letters = part.chars();
        if spelled.is_empty() {
            spelled.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        }
        spelled.extend(letters);
    }
    let new = kind == Kind::District && name.ends_with("新区");
    format!("{spelled} {}{}", if new { "New " } else { "" }, kind.english())
}

/// Returns the name of a grid by its running number within the community.
pub fn grid_name(number: u32) -> String {
    format!("第{number:03}网格")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_code_tells_the_kind_whatever_the_name() {
        let table = [
            ("210100000000", Some(Kind::City)),
            ("210102000000", Some(Kind::District)),
            ("210123000000", Some(Kind::County)),
            ("210181000000", Some(Kind::CountyCity)),
            ("210102007000", Some(Kind::Street)),
            ("210112100000", Some(Kind::Town)),
            ("210124200000", Some(Kind::Township)),
            ("210114401000", Some(Kind::TownshipLike)),
            ("210102007001", Some(Kind::Residents)),
            ("210111001200", Some(Kind::Villagers)),
            ("210102019400", Some(Kind::ResidentsLike)),
            ("210104018500", Some(Kind::VillagersLike)),
            ("210102007001003", Some(Kind::Grid)),
            ("21010200700", None),
            ("21010200700a", None),
            ("210102007999", None),
        ];
        for (code, expected) in table {
            assert_eq!(kind_of(code), expected, "{code}");
        }
    }

    #[test]
    fn stems_and_likeness() {
        let community = Level::Community;
        let table = [
            ("文安路社区", "文安路"),
            ("高楼子社区村民委员会", "高楼子"),
            ("满融村村民委员会", "满融"),
            ("社区", "社区"),
        ];
        for (name, expected) in table {
            assert_eq!(stem(name, community), expected);
        }
        assert_eq!(core("前詹屯村民委员会", community), core("前詹社区", community));
        assert_eq!(unnumbered("新世界花园三"), Some("新世界花园"));
        assert_eq!(unnumbered("太原街"), None);
        let alike_table = [
            ("兴华北街", "兴华北", true),
            ("大高花", "高花", true),
            ("万科新里程", "新里程", true),
            ("地王", "建院", false),
            ("曾家", "曾子沟", false),
            ("雪莲一", "雪莲二", false),
            ("建赏欧洲", "辽大北", false),
        ];
        for (one, other, expected) in alike_table {
            assert_eq!(alike(one, other), expected, "{one} {other}");
            assert_eq!(alike(other, one), expected, "{other} {one}");
        }
    }

    #[test]
    fn english_names_are_made_by_rule() {
        let table = [
            ("文安路社区", Kind::Residents, "Wenanlu Community"),
            ("南湖街道", Kind::Street, "Nanhu Subdistrict"),
            ("沈阳市", Kind::City, "Shenyang City"),
            ("沈北新区", Kind::District, "Shenbei New District"),
            ("大东区", Kind::District, "Dadong District"),
            ("长白街道", Kind::Street, "Changbai Subdistrict"),
            ("满融村村民委员会", Kind::Villagers, "Manrong Village"),
        ];
        for (name, kind, expected) in table {
            assert_eq!(english(name, kind), expected);
        }
    }

    #[test]
    fn each_range_of_codes_ends_where_the_next_begins() {
        for (code, expected) in [
            ("210101000000", Some(Kind::District)),
            ("210120000000", Some(Kind::District)),
            ("210121000000", Some(Kind::County)),
            ("210180000000", Some(Kind::County)),
            ("210199000000", Some(Kind::CountyCity)),
            ("210102099000", Some(Kind::Street)),
            ("210102199000", Some(Kind::Town)),
            ("210102399000", Some(Kind::Township)),
            ("210102400000", Some(Kind::TownshipLike)),
            ("210102599000", Some(Kind::TownshipLike)),
            ("210102300000", Some(Kind::Township)),
            ("210102600000", None),
            ("210102001199", Some(Kind::Residents)),
            ("210102001399", Some(Kind::Villagers)),
            ("210102001499", Some(Kind::ResidentsLike)),
            ("210102001599", Some(Kind::VillagersLike)),
            ("210102001600", None),
            ("210102000001", None),               // A community lies in a street.
            ("210100001000", Some(Kind::Street)), // A city without districts has streets.
            ("210100000001", None),
            ("", None),
            ("2101020070010", None),
            ("2101020070010031", None),
            ("２１０１０２００００００", None),
        ] {
            assert_eq!(kind_of(code), expected, "{code}");
        }
    }

    #[test]
    fn a_stem_is_never_empty() {
        for (name, level, expected) in [
            ("沈北新区", Level::District, "沈北"),
            ("浑南区", Level::District, "浑南"),
            ("新区", Level::District, "新区"),
            ("沈阳市", Level::City, "沈阳"),
            ("南湖街道办事处", Level::Street, "南湖"),
            ("街道", Level::Street, "街道"),
            ("大民屯镇", Level::Street, "大民屯"),
            ("居民委员会", Level::Community, "居民委员会"),
            ("浑河社区居委会", Level::Community, "浑河"),
            ("", Level::Community, ""),
            ("第003网格", Level::Grid, "第003网格"),
        ] {
            assert_eq!(stem(name, level), expected, "{name}");
        }
        for (name, expected) in [("前屯社区", "前屯"), ("李村", "李"), ("大前屯社区", "大前"), ("屯", "屯")]
        {
            assert_eq!(core(name, Level::Community), expected, "{name}");
        }
        for (stem, expected) in
            [("花园第二", Some("花园")), ("第一", None), ("东北", None), ("湖畔A", Some("湖畔")), ("", None)]
        {
            assert_eq!(unnumbered(stem), expected, "{stem}");
        }
    }

    #[test]
    fn siblings_are_not_alike_and_one_without_a_number_may_be_the_other() {
        for (one, other, expected) in [
            ("", "", true),
            ("", "文安", false),
            ("和平东", "和平西", false),
            ("新世界花园一", "新世界花园", true),
            ("文安路", "文安里", true),
            ("文", "文", true),
            ("文", "文安", false),
            ("安文路", "路文安", false),
        ] {
            assert_eq!((alike(one, other), alike(other, one)), (expected, expected), "{one} {other}");
        }
    }

    #[test]
    fn display_names_of_grids_counties_and_letters() {
        for (name, kind, expected) in [
            ("第003网格", Kind::Grid, "Grid 003"),
            ("河畔网格", Kind::Grid, "Hepanwangge Grid"),
            ("康平县", Kind::County, "Kangping County"),
            ("新民市", Kind::CountyCity, "Xinmin City"),
            ("A1社区", Kind::Residents, "A1 Community"),
            ("重工社区", Kind::Residents, "Chonggong Community"),
        ] {
            assert_eq!(english(name, kind), expected);
        }
        assert_eq!((grid_name(7), grid_name(1_000)), ("第007网格".to_owned(), "第1000网格".to_owned()));
        assert_eq!((reading('沈'), reading('A'), reading('1')), (Some("shen"), None, None));
    }

    proptest! {
        #[test]
        fn a_stem_begins_its_name_and_likeness_is_mutual(
            one in "[文安路社区村屯居委会街道乡镇一二东西第A1]{0,8}", other in "[文安路社区村屯一二东西第A1]{0,8}",
        ) {
            for level in Level::ALL {
                let (stem, core) = (stem(&one, level), core(&one, level));
                prop_assert!(one.starts_with(stem) && stem.starts_with(core), "{stem} {core}");
                prop_assert_eq!(core.is_empty(), one.is_empty());
            }
            prop_assert_eq!(alike(&one, &other), alike(&other, &one));
            prop_assert!(alike(&one, &one));
        }
    }
}
