//! This file invents people: residents with valid but made-up numbers, and staff at real places.

use std::sync::Arc;

use identity::{NewStaff, Post as GivenPost};
use kernel::language::Lang;
use kernel::permission::Actor;
use kernel::place::{Level, PlacePath};
use kernel::time::{Instant, date_plus_days};
use uuid::Uuid;

use super::SignIn;
use crate::{AppError, City};

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

/// Holds role, login, name, words for the place, level and department.
type Post = (&'static str, &'static str, &'static str, &'static str, Level, Option<&'static str>);

/// Says for how many days the demonstration's staff have been on duty.
const DAYS_ON_DUTY: i64 = 90;

const STAFF: [Post; 17] = [
    ("community_worker", "wang", "王晓燕", "文安路社区", Level::Community, None),
    ("community_worker", "lidesh", "李德顺", "翠华社区", Level::Community, None),
    ("street_handler", "zhao", "赵敏", "南湖街道", Level::Street, Some("civil_affairs")),
    ("district_handler", "chen", "陈国栋", "和平区", Level::District, Some("civil_affairs")),
    ("district_handler", "sun", "孙海燕", "大东区", Level::District, Some("civil_affairs")),
    ("district_handler", "huyong", "胡永福", "和平区", Level::District, Some("human_resources")),
    ("district_handler", "helih", "何丽华", "和平区", Level::District, Some("medical_insurance")),
    ("district_handler", "gao", "高志强", "和平区", Level::District, Some("disabled_federation")),
    ("city_handler", "lin", "林素琴", "沈阳市", Level::City, Some("human_resources")),
    ("secretary_community", "luo", "罗文博", "文安路社区", Level::Community, None),
    ("secretary_street", "guan", "关振东", "南湖街道", Level::Street, None),
    ("organiser_district", "tong", "佟建国", "和平区", Level::District, None),
    ("organiser_city", "nashu", "那淑珍", "沈阳市", Level::City, None),
    ("catalogue_editor", "shiyu", "石宇", "沈阳市", Level::City, None),
    ("auditor", "guo", "郭思远", "沈阳市", Level::City, None),
    ("protection_officer", "zhu", "朱玉兰", "沈阳市", Level::City, None),
    ("operator", "operator", "运维", "沈阳市", Level::City, None),
];

/// Opens the staff's accounts with generated passwords and gives each a post from ninety days ago.
///
/// # Errors
/// Fails with what identity refuses.
pub fn staff(city: &Arc<City>, now: Instant) -> Result<Vec<SignIn>, AppError> {
    let tree = city.places.tree();
    let mut made = Vec::new();
    for (role, login, name, words, level, department) in STAFF {
        let place =
            tree.of_level(level).find(|place| place.named(Lang::Zh) == words).or_else(|| tree.of_level(level).next());
        let Some(place) = place else { continue };
        let password = open_account(
            city,
            &NewPerson { role, login, name, place: &place.path, department, must_change: false },
            now,
        )?;
        let shown = tree.chain(&place.path, Lang::Zh);
        made.push(SignIn {
            role: role.to_owned(),
            login: login.to_owned(),
            password,
            name: name.to_owned(),
            place: shown,
            department: department.map(str::to_owned),
        });
    }
    Ok(made)
}

/// A person who gets an account and a post.
pub struct NewPerson<'p> {
    /// The code of the role.
    pub role: &'p str,
    /// The name to sign in with.
    pub login: &'p str,
    /// Her name.
    pub name: &'p str,
    /// Where she is on duty.
    pub place: &'p PlacePath,
    /// The department, for roles that need one.
    pub department: Option<&'p str>,
    /// Whether she must first choose another password.
    pub must_change: bool,
}

/// Opens one account with one post. Returns the generated password.
///
/// # Errors
/// Fails with what identity refuses.
pub fn open_account(city: &Arc<City>, person: &NewPerson<'_>, now: Instant) -> Result<String, AppError> {
    let today = city.cases.hall.calendar().zone().date(now);
    let post = GivenPost {
        id: Uuid::now_v7(),
        role: person.role.to_owned(),
        place: person.place.clone(),
        department: person.department.map(str::to_owned),
        from: date_plus_days(today, -DAYS_ON_DUTY).unwrap_or(today),
        to: None,
    };
    let password = identity::generate_password()?;
    let home = city
        .places
        .tree()
        .root()
        .map(|root| root.id)
        .ok_or_else(|| AppError::Said("There are no places.".to_owned()))?;
    let new = NewStaff {
        id: Uuid::now_v7(),
        district: home,
        login: person.login.to_owned(),
        name: person.name.to_owned(),
        password: identity::hash_password(&password, city.identity.rules())?,
        must_change: person.must_change,
    };
    let identity = city.identity.clone();
    city.store.write_blocking(move |tx| {
        identity::open_staff(tx, &new, &Actor::system(), now)?;
        identity::give_post(tx, new.id, &post, identity.roles(), &Actor::system(), now)
    })?;
    Ok(password.to_string())
}

/// Opens the account of the first operator of a real installation, at the city.
///
/// # Errors
/// Fails with what identity refuses.
pub fn first_operator(city: &Arc<City>, now: Instant) -> Result<SignIn, AppError> {
    let tree = city.places.tree();
    let home = tree.root().ok_or_else(|| AppError::Said("There are no places.".to_owned()))?;
    let person = NewPerson {
        role: "operator",
        login: "operator",
        name: "运维",
        place: &home.path,
        department: None,
        must_change: true,
    };
    let password = open_account(city, &person, now)?;
    Ok(SignIn {
        role: person.role.to_owned(),
        login: person.login.to_owned(),
        password,
        name: person.name.to_owned(),
        place: tree.chain(&home.path, Lang::Zh),
        department: None,
    })
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
