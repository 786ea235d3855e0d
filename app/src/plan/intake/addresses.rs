//! This file finds the compound of a building in its address or its name: what stands before the number of the
//! building.

/// Words that stand behind the number of a building.
const BUILDING: [&str; 10] = ["号楼", "号栋", "#楼", "栋", "幢", "座", "楼", "bldg", "building", "block"];
/// Words that stand behind the number of a part of a building.
const PART: [&str; 6] = ["单元", "门洞", "门", "室", "户", "层"];
/// Words that stand before the number of a building or a part of it.
const BEFORE: [&str; 10] = ["building", "block", "bldg.", "bldg", "tower", "entrance", "unit", "no.", "no", "第"];

/// Returns what stands before the number of the building, or nothing if the text has no such number or nothing stands
/// before it: 幸福里3号楼2单元 leads to 幸福里, 幸福里小区 第3栋 to 幸福里小区, and Sunny Court, Building 3 to Sunny
/// Court.
pub fn compound(address: &str) -> Option<String> {
    let mut rest = trimmed(address);
    let mut found = false;
    loop {
        if let Some(before) = PART.iter().find_map(|word| numbered(rest, word)) {
            rest = before;
        } else if let Some(before) = BUILDING.iter().find_map(|word| numbered(rest, word)) {
            (rest, found) = (before, true);
        } else if let Some(before) = BEFORE.iter().find_map(|word| preceded(rest, word)) {
            (rest, found) = (before, true);
        } else {
            break;
        }
    }
    (found && rest.chars().any(char::is_alphabetic)).then(|| rest.to_owned())
}

/// Returns what an address says of the building inside of its compound: 3号楼 of 幸福里3号楼, the whole where no
/// compound stands before it.
pub fn building(address: &str) -> &str {
    let address = address.trim();
    let rest = compound(address).and_then(|compound| address.strip_prefix(compound.as_str()));
    let rest = rest.map(|rest| rest.trim_start_matches([' ', ',', '，', '-', '—', '、']));
    rest.filter(|rest| !rest.is_empty()).unwrap_or(address)
}

/// Takes away what divides parts of an address.
fn trimmed(text: &str) -> &str {
    text.trim_end_matches(|sign: char| {
        sign.is_whitespace() || matches!(sign, ',' | '，' | '-' | '—' | '、' | '（' | '(')
    })
    .trim_start()
}

fn is_number(sign: char) -> bool {
    sign.is_ascii_digit()
        || matches!(sign, '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '０'..='９')
}

/// Returns what stands before a number that a word follows, where a text ends with these. A single letter is a number
/// too: A座.
fn numbered<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let before = without_end(text, word)?;
    let before = before.trim_end();
    let bare = before.trim_end_matches(is_number);
    let bare = bare.strip_suffix('第').unwrap_or(bare);
    if bare.len() < before.len() {
        return Some(trimmed(bare));
    }
    let letter = before.strip_suffix(|sign: char| sign.is_ascii_alphabetic())?;
    let is_alone = !letter.ends_with(|sign: char| sign.is_ascii_alphanumeric());
    is_alone.then(|| trimmed(letter))
}

/// Returns what stands before a word that a number or a letter follows, where a text ends with these.
fn preceded<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let bare = text.trim_end_matches(|sign: char| sign.is_ascii_digit());
    let bare = if bare.len() < text.len() {
        bare
    } else {
        text.strip_suffix(|sign: char| sign.is_ascii_alphabetic()).filter(|bare| bare.ends_with([' ', '.']))?
    };
    let before = without_end(bare.trim_end(), word)?;
    // A word of which this is the end is another one.
    let is_whole = !before.ends_with(|sign: char| sign.is_ascii_alphabetic());
    is_whole.then(|| trimmed(before))
}

/// Returns a text without its end, whether that is written in small letters or in capitals.
fn without_end<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(end.len())?;
    let (before, found) = text.split_at_checked(at)?;
    found.eq_ignore_ascii_case(end).then_some(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compound_is_what_stands_before_the_number_of_the_building() {
        let table = [
            ("幸福里3号楼2单元", "幸福里"),
            ("幸福里小区 第3栋", "幸福里小区"),
            ("和平区中山路12号3栋", "和平区中山路12号"),
            ("中山路12号院-3#楼", "中山路12号院"),
            ("阳光花园A座1门", "阳光花园"),
            ("阳光花园十二号楼", "阳光花园"),
            ("Sunny Court, Building 3", "Sunny Court"),
            ("Sunny Court block B", "Sunny Court"),
            ("12 Elm Street Bldg. 4", "12 Elm Street"),
            ("Sunny Court 7 Building", "Sunny Court"),
            ("3号楼", ""),
            ("中山路12号", ""),
            ("12", ""),
            ("图书大楼", ""),
            ("Piano 3", ""),
            ("", ""),
        ];
        for (address, wanted) in table {
            assert_eq!(compound(address).unwrap_or_default(), wanted, "{address}");
        }
    }

    #[test]
    fn the_building_is_what_stands_behind_its_compound() {
        let table = [
            ("幸福里3号楼2单元", "3号楼2单元"),
            ("幸福里小区 第3栋", "第3栋"),
            ("Sunny Court, Building 3", "Building 3"),
            ("中山路12号", "中山路12号"),
            ("", ""),
        ];
        for (address, wanted) in table {
            assert_eq!(building(address), wanted, "{address}");
        }
    }
}
