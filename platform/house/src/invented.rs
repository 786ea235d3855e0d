//! Invents residents for demonstrations and tests: their numbers are valid, and nobody has them.

use kernel::time::date_plus_days;

/// A small generator of chance. It gives the same sequence for the same seed (SplitMix64).
pub struct Seed(u64);

impl Seed {
    /// Begins a sequence.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the next number below `bound`. For a bound of 0 it returns 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(mixed % bound).unwrap_or(0)
    }

    /// Returns one element of a list, or the default if the list is empty.
    pub fn pick<T: Clone + Default>(&mut self, list: &[T]) -> T {
        let at = self.below(list.len());
        list.get(at).cloned().unwrap_or_default()
    }
}

const SURNAMES: [&str; 24] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭", "何", "高", "林",
    "罗", "佟", "关", "那", "欧阳",
];
const GIVEN: [&str; 24] = [
    "秀英", "桂兰", "淑珍", "玉兰", "建国", "志强", "海燕", "晓明", "永福", "凤霞", "德顺", "岺", "丽华", "金生",
    "文博", "雨桐", "子涵", "春梅", "振东", "国栋", "素琴", "长林", "思远", "艳",
];

/// A resident who does not exist.
pub struct Invented {
    /// Her name.
    pub name: String,
    /// Her identity number, with a right check digit and a birthday long ago.
    pub resident_id: String,
    /// Her telephone number.
    pub telephone: String,
    /// Her bank card, with a right check digit.
    pub bank_card: String,
    /// Her house and door.
    pub address: String,
}

impl Invented {
    /// Returns the next resident of a sequence. She was born between 1936 and 2005, and her number begins with the code
    /// of her district.
    pub fn next(seed: &mut Seed, district_code: &str) -> Self {
        let born = date_plus_days(jiff::civil::date(1936, 1, 1), i64::try_from(seed.below(25_000)).unwrap_or(0))
            .unwrap_or(jiff::civil::date(1950, 1, 1));
        let seventeen = format!("{district_code}{}{:03}", born.strftime("%Y%m%d"), seed.below(1_000));
        Self {
            name: format!("{}{}", seed.pick(&SURNAMES), seed.pick(&GIVEN)),
            resident_id: format!("{seventeen}{}", mod_11_2(&seventeen)),
            telephone: format!("13{:09}", seed.below(1_000_000_000)),
            bank_card: luhn(&format!("621700{:012}", seed.below(1_000_000_000_000))),
            address: format!(
                "{}号楼{}单元{}0{}",
                seed.below(40) + 1,
                seed.below(6) + 1,
                seed.below(7) + 1,
                seed.below(3) + 1
            ),
        }
    }
}

/// Returns the check character of GB 11643 for seventeen digits (ISO 7064, MOD 11-2). It makes the whole number 1
/// modulo 11.
fn mod_11_2(seventeen: &str) -> char {
    let weighted = seventeen.bytes().fold(0_u32, |sum, digit| (sum + u32::from(digit.saturating_sub(b'0'))) * 2 % 11);
    match (12 - weighted) % 11 {
        10 => 'X',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    }
}

/// Returns a card number that ends with its Luhn digit.
fn luhn(body: &str) -> String {
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let digit = u32::from(digit.saturating_sub(b'0'));
            if at % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit }
        })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invented_numbers_pass_the_checks_of_real_ones() {
        let mut seed = Seed::new(7);
        for _ in 0..500 {
            let person = Invented::next(&mut seed, "210102");
            kernel::identifier::ResidentId::parse(&person.resident_id).unwrap();
            kernel::identifier::Telephone::parse(&person.telephone).unwrap();
            kernel::identifier::BankCard::parse(&person.bank_card).unwrap();
        }
    }
}
