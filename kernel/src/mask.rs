//! Says what people see of personal data who do not need to see all of it.

use crate::identifier::{IdentityKind, split};
use crate::language::half_width;

const HIDDEN: &str = "****";

/// Masks a name: the first character stays, and each other one becomes a star. 王小明 → 王**. A single character is
/// hidden.
pub fn name(text: &str) -> String {
    let mut characters = text.trim().chars();
    let first = characters.next();
    let rest = characters.count();
    match first {
        Some(first) if rest > 0 => format!("{first}{}", "*".repeat(rest)),
        Some(_) => "*".into(),
        None => String::new(),
    }
}

/// Masks an identity number: the first four and the last four characters stay. 2101**********2418. Of an old permanent
/// resident card the country stays, CAN********0512, and of the shorter number of a passport or travel permit less,
/// passport:E1****678.
pub fn resident_id(text: &str) -> String {
    match split(text) {
        Some((IdentityKind::Unit, number)) => format!("{}:{}", IdentityKind::Unit.code(), ends(number, 4, 4)),
        Some((kind, number)) => format!("{}:{}", kind.code(), ends(number, 2, 3)),
        None if text.trim().starts_with(|first: char| first.is_ascii_uppercase()) => ends(text, 3, 4),
        None => ends(text, 4, 4),
    }
}

/// Masks a telephone number: the first three and the last four digits stay. 138****0412. An extension is hidden whole,
/// 024****6713-***.
pub fn telephone(text: &str) -> String {
    match text.split_once('-') {
        Some((number, extension)) if !number.is_empty() && !extension.is_empty() => {
            format!("{}-{}", ends(number, 3, 4), "*".repeat(extension.chars().count()))
        }
        _ => ends(text, 3, 4),
    }
}

/// Masks a bank card number: the first four and the last four digits stay, in groups, however long it is. 6222 ****
/// **** 1234.
pub fn bank_card(text: &str) -> String {
    let digits: Vec<char> = text.chars().filter(|character| !character.is_whitespace()).collect();
    match (digits.first_chunk::<4>(), digits.last_chunk::<4>()) {
        (Some(first), Some(last)) if digits.len() >= 12 => {
            format!("{} {HIDDEN} {HIDDEN} {}", String::from_iter(first), String::from_iter(last))
        }
        _ => "*".repeat(digits.len()),
    }
}

/// Masks an address: it stays down to the street or township, then come stars. 沈阳市和平区南湖街道文安路12号 →
/// 沈阳市和平区南湖街道****. Without a street it ends after the district. An address without either is hidden whole.
pub fn address(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    let characters: Vec<char> = text.chars().collect();
    let district = end_of_district(&characters);
    let kept = end_of_street(&characters, district).unwrap_or(district);
    let shown: String = characters.iter().take(kept).collect();
    format!("{shown}{HIDDEN}")
}

/// Returns where the district's name ends: after the first 区, 县 or 旗 that is not part of 小区, 社区, 园区 and the
/// like and stands before any house number; else after 市; else 0.
fn end_of_district(characters: &[char]) -> usize {
    let mut city = 0;
    let mut before = None;
    for (index, character) in characters.iter().enumerate() {
        match (before, character) {
            (_, number) if is_of_a_number(*number) => return city,
            (Some(kind), '区') if ESTATES.contains(kind) => return city,
            (Some(_), '区' | '县' | '旗') => return index + 1,
            (Some(_), '市') if city == 0 => city = index + 1,
            _ => {}
        }
        before = Some(*character);
    }
    city
}

/// What stands before 区 where it is no district: 小区, 社区, 住宅区, 家属区, 厂区, 一区 and the like.
const ESTATES: &str = "小社园片校库院宅住属活厂街景业一二三四五六七八九十甲乙丙丁";

/// Says whether a house number begins with this character, or ends with it: a district or street is named before it.
fn is_of_a_number(character: char) -> bool {
    character == '号' || half_width(character).is_ascii_alphanumeric()
}

/// Returns where the street's or township's name ends: at least one and at most twelve characters after the district,
/// and before any house number.
fn end_of_street(characters: &[char], district: usize) -> Option<usize> {
    if district == 0 {
        return None;
    }
    let name = characters.iter().enumerate().skip(district).take(13);
    let mut name = name.take_while(|(_, character)| !is_of_a_number(**character)).skip(1);
    name.find_map(|(index, character)| match (character, characters.get(index + 1)) {
        ('街', Some('道')) => Some(index + 2),
        ('镇' | '乡', Some('路' | '街' | '江' | '巷')) => None,
        ('镇' | '乡', _) => Some(index + 1),
        _ => None,
    })
}

/// Keeps so many characters at both ends. A text of which less would be hidden than is kept at its end is hidden whole.
fn ends(text: &str, first: usize, last: usize) -> String {
    let characters: Vec<char> = text.trim().chars().collect();
    let hidden = characters.len().saturating_sub(first + last);
    if hidden < last {
        return "*".repeat(characters.len());
    }
    let head: String = characters.iter().take(first).collect();
    let tail: String = characters.iter().skip(first + hidden).collect();
    format!("{head}{}{tail}", "*".repeat(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Mask = fn(&str) -> String;

    #[test]
    fn what_is_left_of_each_kind() {
        let table: [(Mask, &str, &str); 53] = [
            (name, "王小明", "王**"),
            (name, "王芳", "王*"),
            (name, "王", "*"),
            (name, "欧阳娜娜", "欧***"),
            (name, "", ""),
            (name, " 　", ""),
            (name, " 王芳　", "王*"),
            (name, "Li Ling", "L******"),
            (resident_id, "210102199003072418", "2101**********2418"),
            (resident_id, "21010219900307", "2101******0307"),
            (resident_id, "2101020", "*******"),
            (resident_id, "21010219900", "***********"),
            (resident_id, "210102199003", "2101****9003"),
            (resident_id, "", ""),
            (resident_id, "CAN210141030512", "CAN********0512"),
            (resident_id, "passport:E12345678", "passport:E1****678"),
            (resident_id, "taiwan_permit:12345678", "taiwan_permit:12***678"),
            (resident_id, "hk_macao_permit:H1234567801", "hk_macao_permit:H1******801"),
            (resident_id, "credit_code:91350100M000100Y43", "credit_code:9135**********0Y43"),
            (telephone, "13800130412", "138****0412"),
            (telephone, "02423456789", "024****6789"),
            (telephone, "02423456713-801", "024****6713-***"),
            (telephone, "12345", "*****"),
            (telephone, "0412123456", "**********"),
            (telephone, " 13800130412 ", "138****0412"),
            (bank_card, "6222021234561234", "6222 **** **** 1234"),
            (bank_card, "6222 0212 3456 789 1234", "6222 **** **** 1234"),
            (bank_card, "1234", "****"),
            (bank_card, "62220212345", "***********"),
            (bank_card, "622202123456", "6222 **** **** 3456"),
            (bank_card, "", ""),
            (address, "沈阳市和平区南湖街道文安路12号3-2-1", "沈阳市和平区南湖街道****"),
            (address, "沈阳市新民市大柳屯镇某村5号", "沈阳市新民市大柳屯镇****"),
            (address, "沈阳市法库县大孤家子镇某村5号", "沈阳市法库县大孤家子镇****"),
            (address, "和平区镇江路8号", "和平区****"),
            (address, "和平区文安路12号", "和平区****"),
            (address, "和平区阳光小区", "和平区****"),
            (address, "阳光小区3号楼", "****"),
            (address, "沈阳市阳光小区3号楼", "沈阳市****"),
            (address, "辽中区茨榆坨镇", "辽中区茨榆坨镇****"),
            (address, "12 Wen'an Road", "****"),
            (address, "沈阳市文安路12号A区3-2-1", "沈阳市****"),
            (address, "沈阳市文安路１２号家属区3栋", "沈阳市****"),
            (address, "沈阳市文安路十二号住宅区", "沈阳市****"),
            (address, "铁西化工厂区3栋", "****"),
            (address, "望花二区8号", "****"),
            (address, "和平区文安路8号望乡楼", "和平区****"),
            (address, "和平区文安路8号望乡", "和平区****"),
            (address, "和平区镇", "和平区****"),
            (address, "康平县东关街道", "康平县东关街道****"),
            (address, "沈北新区清泉街道蒲河路", "沈北新区清泉街道****"),
            (address, "　法库县柏家沟镇 ", "法库县柏家沟镇****"),
            (address, "", ""),
        ];
        for (mask, text, expected) in table {
            assert_eq!(mask(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn at_least_four_characters_of_a_number_are_hidden(text in "[0-9X]{1,25}") {
            for shown in [resident_id(&text), telephone(&text), bank_card(&text)] {
                let kept = shown.chars().filter(|character| *character != '*' && *character != ' ').count();
                prop_assert!(kept == 0 || kept < text.len().saturating_sub(3), "{text} {shown}");
            }
        }

        #[test]
        fn any_text_is_masked(text in "\\PC{0,40}") {
            for shown in [name(&text), resident_id(&text), telephone(&text), bank_card(&text), address(&text)] {
                prop_assert!(text.trim().is_empty() || shown != text.trim() || text.contains('*'));
            }
        }
    }
}
