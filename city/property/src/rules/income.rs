//! Divides the income of shared parts, less the reasonable cost, by private floor area (Civil Code, articles 282 and
//! 283), to the fen.

use std::collections::BTreeSet;

use kernel::language::half_width;
use kernel::line::{line_fault, number};
use kernel::refusal::{Code, Refusal};

use crate::refusals::Why;
use crate::words::area::Area;
use crate::words::income::{UNIT_MOST, UNITS_MOST, Unit};

/// Divides an amount by area. Each unit gets the whole fen of its part; the fen that are left go to the units with the
/// largest remainders, of equal ones to those that stand first. The sum is exact. None if there is no area, or less
/// than nothing to divide.
#[must_use]
pub fn divided(fen: i64, areas: &[Area]) -> Option<Vec<i64>> {
    let whole: i128 = areas.iter().map(|area| i128::from(area.0)).sum();
    if fen < 0 || whole <= 0 || areas.iter().any(|area| area.0 < 0) {
        return None;
    }
    let parts = areas.iter().map(|area| i128::from(fen) * i128::from(area.0));
    let (mut shares, mut remainders) = (Vec::with_capacity(areas.len()), Vec::with_capacity(areas.len()));
    for (at, part) in parts.enumerate() {
        shares.push(i64::try_from(part / whole).ok()?);
        remainders.push((part % whole, at));
    }
    let left = usize::try_from(fen - shares.iter().sum::<i64>()).ok()?;
    remainders.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
    for (_, at) in remainders.into_iter().take(left) {
        if let Some(share) = shares.get_mut(at) {
            *share += 1;
        }
    }
    Some(shares)
}

/// Reads the units of a compound, one a line: the number on the door, and the area in square metres behind a comma.
///
/// # Errors
/// A line that cannot be read, a unit that stands there twice, no unit, or too many.
pub fn units(text: &str) -> Result<Vec<Unit>, Refusal> {
    let (mut found, mut known) = (Vec::new(), BTreeSet::new());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let fault =
            |why| Refusal::new(why).field("units").with("line", line.chars().take(UNIT_MOST).collect::<String>());
        let unit = unit(line).ok_or_else(|| fault(Why::PropertyUnitLine))?;
        if !known.insert(unit.name.clone()) {
            return Err(fault(Why::PropertyUnitAgain));
        }
        found.push(unit);
    }
    if found.is_empty() {
        return Err(Refusal::new(Code::FormMissing).field("units"));
    }
    if found.len() > UNITS_MOST {
        return Err(Refusal::new(Code::FormTooLong).field("units").with("limit", UNITS_MOST));
    }
    Ok(found)
}

/// The most digits in a row, and in all, of the number on a door: more is a telephone or the number of an identity.
const DIGITS_IN_A_ROW: usize = 6;
const DIGITS: usize = 9;

/// The characters with which people write where a door is, beside digits, single letters and what stands between them.
/// No other character stands on a door, so that nobody is named there: `1-101 张三` is none.
const OF_DOORS: &str = "号楼栋幢座单元室层区期门户商铺车位库地下网点东西南北中甲乙丙丁附第一二三四五六七八九十百";
/// What stands between the parts of it.
const BETWEEN: &str = "-—–_#/.、() ";

/// Whether a text is the number on a door, and neither a person nor her telephone: it has a digit and few of them, no
/// two letters beside each other, and of other characters those of doors alone.
fn is_door(name: &str) -> bool {
    let signs: Vec<char> = name.chars().map(half_width).collect();
    let longest = |is_one: fn(&char) -> bool| signs.split(|sign| !is_one(sign)).map(<[char]>::len).max().unwrap_or(0);
    let digits = signs.iter().filter(|sign| sign.is_ascii_digit()).count();
    let fits = |sign: &char| sign.is_ascii_alphanumeric() || OF_DOORS.contains(*sign) || BETWEEN.contains(*sign);
    (1..=DIGITS).contains(&digits)
        && longest(char::is_ascii_digit) <= DIGITS_IN_A_ROW
        && longest(char::is_ascii_alphabetic) <= 1
        && signs.iter().all(fits)
}

/// A unit of a line.
fn unit(line: &str) -> Option<Unit> {
    let (name, area) = line.rsplit_once([',', '，', '\t'])?;
    let name = name.trim();
    let fits = is_door(name) && name.chars().count() <= UNIT_MOST && line_fault(name).is_none();
    Some(Unit { name: name.to_owned(), area: Area::parse(&number(area))? }).filter(|_| fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn income_less_cost_is_divided_by_area() {
        // 12,000 yuan came in, 2,000 were spent; two flats of 80 and 120 square metres.
        let table: [(i64, &[i64], Option<&[i64]>); 9] = [
            (1_200_000 - 200_000, &[800_000, 1_200_000], Some(&[400_000, 600_000])),
            (100, &[1, 1, 1], Some(&[34, 33, 33])),
            (101, &[1, 1, 1], Some(&[34, 34, 33])),
            (1, &[1, 2], Some(&[0, 1])),
            (0, &[5, 7], Some(&[0, 0])),
            (7, &[0, 3], Some(&[0, 7])),
            (100, &[], None),
            (100, &[0, 0], None),
            (-1, &[1], None),
        ];
        for (fen, areas, expected) in table {
            let areas: Vec<Area> = areas.iter().copied().map(Area).collect();
            assert_eq!(divided(fen, &areas).as_deref(), expected, "{fen} {areas:?}");
        }
        // Whatever the areas are, the sum is exact and nobody gets a fen more than one above the whole part.
        let areas: Vec<Area> = (1..=997).map(|at| Area(300_000 + at * 7_919 % 900_001)).collect();
        let whole: i128 = areas.iter().map(|area| i128::from(area.0)).sum();
        for fen in [1, 996, 997, 998, 123_456_789, 99_999_999_999] {
            let shares = divided(fen, &areas).unwrap();
            assert_eq!(shares.iter().sum::<i64>(), fen);
            for (share, area) in shares.iter().zip(&areas) {
                let least = i128::from(fen) * i128::from(area.0) / whole;
                assert!((least..=least + 1).contains(&i128::from(*share)));
            }
        }
    }

    #[test]
    fn units_stand_one_a_line() {
        let unit = |name: &str, cm2| Unit { name: name.to_owned(), area: Area(cm2) };
        let read = units("1-101, 80\n\n1-102，120.5\n2号楼 1-103\t95\n");
        assert_eq!(read, Ok(vec![unit("1-101", 800_000), unit("1-102", 1_205_000), unit("2号楼 1-103", 950_000)]));
        for door in ["3号楼二单元501", "Ａ座１２０３", "地下车库B12", "东区5幢1-2-302室", "商铺 7"]
        {
            assert!(units(&format!("{door},80")).is_ok(), "{door}");
        }
        for (text, code) in [
            ("", Code::FormMissing),
            ("1-101", Why::PropertyUnitLine),
            ("1-101,", Why::PropertyUnitLine),
            (",80", Why::PropertyUnitLine),
            ("1-101,-80", Why::PropertyUnitLine),
            ("张三 13800000000,1", Why::PropertyUnitLine),
            ("张三 138-0000-0000,1", Why::PropertyUnitLine),
            ("张三,80", Why::PropertyUnitLine),
            ("1-101 张三,80", Why::PropertyUnitLine),
            ("1-101（王芳）,80", Why::PropertyUnitLine),
            ("1-101 Li Wei,80", Why::PropertyUnitLine),
            ("1-101 业主,80", Why::PropertyUnitLine),
            ("1-101,80\n1-101,90", Why::PropertyUnitAgain),
        ] {
            assert_eq!(units(text).map_err(|refusal| refusal.code), Err(code), "{text}");
        }
    }
}
