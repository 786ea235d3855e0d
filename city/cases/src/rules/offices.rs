//! How an office is called: by the names of its place and of its department.

use kernel::language::{Bilingual, Lang};

/// What the department of a street is called, and of a town or a township, which has a government of its own.
const STREET_OFFICE: &str = "街道办事处";
const TOWN_OFFICE: &str = "人民政府";
const TOWNS: [char; 2] = ['镇', '乡'];

/// The name of an office in one language.
#[must_use]
pub fn office_words(place: &str, department: &Bilingual, lang: Lang) -> String {
    match lang {
        Lang::Zh => office_zh(place, &department.zh),
        Lang::En => format!("{}, {place}", department.en),
    }
}

/// The name of an office in Chinese. What the place ends in and the department begins with is written once: 南湖街道
/// and 街道办事处 are 南湖街道办事处.
fn office_zh(place: &str, department: &str) -> String {
    if department == STREET_OFFICE && place.ends_with(TOWNS) {
        return format!("{place}{TOWN_OFFICE}");
    }
    let ends = department.char_indices().map(|(at, sign)| at + sign.len_utf8());
    let mut heads = ends.filter_map(|end| department.get(..end)).filter(|head| place.ends_with(head));
    let shared = heads.next_back().unwrap_or_default();
    format!("{place}{}", department.strip_prefix(shared).unwrap_or(department))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_place_and_department_share_is_written_once() {
        let table = [
            ("南湖街道", "街道办事处", "南湖街道办事处"),
            ("南湖街道", "街道", "南湖街道"),
            ("浑河站西街道", "街道办事处", "浑河站西街道办事处"),
            ("四方台镇", "街道办事处", "四方台镇人民政府"),
            ("大东区", "环卫", "大东区环卫"),
            ("大东区", "区医疗保障局", "大东区医疗保障局"),
            ("南湖街道", "物业管理", "南湖街道物业管理"),
            ("大东区", "", "大东区"),
            ("", "环卫", "环卫"),
        ];
        for (place, department, expected) in table {
            assert_eq!(office_zh(place, department), expected, "{place} + {department}");
        }
    }
}
