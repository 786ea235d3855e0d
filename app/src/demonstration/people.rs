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

/// Holds role, login, name, words for the place, level and department.
type Post = (&'static str, &'static str, &'static str, &'static str, Level, Option<&'static str>);

/// Says for how many days the demonstration's staff have been on duty.
const DAYS_ON_DUTY: i64 = 90;

const STAFF: [Post; 21] = [
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
    ("operator", "operator2", "代班运维", "沈阳市", Level::City, None),
    ("street_handler", "song", "宋春梅", "南湖街道", Level::Street, Some("street")),
    ("district_handler", "wuzhig", "吴志刚", "和平区", Level::District, Some("sanitation")),
    ("mediator", "qiuyan", "邱雁", "文安路社区", Level::Community, Some("mediation")),
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

/// Names the sign-in of a community worker who takes part in what departments demonstrate.
const WORKER: &str = "wang";

/// Names the sign-in of the mediator who holds what the demonstration mediates.
const MEDIATOR: &str = "qiuyan";

/// Returns the account of that worker.
///
/// # Errors
/// The store failed.
pub fn worker(city: &Arc<City>) -> Result<Option<Uuid>, AppError> {
    Ok(city.store.read_blocking(|tx| identity::account_of_login(tx, WORKER))?)
}

/// Returns the account of that mediator.
///
/// # Errors
/// The store failed.
pub fn mediator(city: &Arc<City>) -> Result<Option<Uuid>, AppError> {
    Ok(city.store.read_blocking(|tx| identity::account_of_login(tx, MEDIATOR))?)
}
