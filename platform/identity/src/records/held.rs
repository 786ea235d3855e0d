//! Posts: a role at a place, from a day to a day.

use super::MANY;
use crate::rules::Post;
use kernel::place::PlacePath;
use kernel::time::Date;
use store::{StoreError, Tx, Val, all, args, record};
use uuid::Uuid;

record! {
    struct PostRow {
        id: Uuid,
        role: String,
        place: PlacePath,
        department: Option<String>,
        from: Date,
        to: Option<Date>,
    }
}

impl From<PostRow> for Post {
    fn from(row: PostRow) -> Self {
        let PostRow { id, role, place, department, from, to } = row;
        Self { id, role, place, department, from, to }
    }
}

/// Stores a new post. Returns false when one with this id is there already (the same form was sent twice).
pub fn insert_post(tx: &mut dyn Tx, account: Uuid, post: &Post) -> Result<bool, StoreError> {
    let written = tx.exec(
        "insert into identity_post (id, account, role, place, department, from_date, to_date) \
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing",
        &args![post.id, account, post.role.as_str(), &post.place, post.department.clone(), post.from, post.to],
    )?;
    Ok(written == 1)
}

pub fn posts(tx: &mut dyn Tx, account: Uuid) -> Result<Vec<Post>, StoreError> {
    let sql = "select id, role, place, department, from_date, to_date from identity_post where account = $1 \
               order by from_date, id limit $2";
    Ok(all::<PostRow>(tx, sql, &args![account, MANY])?.into_iter().map(Post::from).collect())
}

record! {
    struct HeldRow {
        account: Uuid,
        id: Uuid,
        role: String,
        place: PlacePath,
        department: Option<String>,
        from: Date,
        to: Option<Date>,
    }
}

impl HeldRow {
    fn post(self) -> (Uuid, Post) {
        let Self { account, id, role, place, department, from, to } = self;
        (account, Post { id, role, place, department, from, to })
    }
}

/// Returns the posts of several accounts, each with its account. At most as many are read for each as one account may
/// have.
pub fn posts_of(tx: &mut dyn Tx, accounts: &[Uuid]) -> Result<Vec<(Uuid, Post)>, StoreError> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Val> = accounts.iter().map(|id| Val::from(*id)).collect();
    let list: Vec<String> = (1..=values.len()).map(|number| format!("${number}")).collect();
    values.push(Val::from(MANY * i64::try_from(accounts.len()).unwrap_or(1)));
    let sql = format!(
        "select account, id, role, place, department, from_date, to_date from identity_post where account in ({}) \
         order by account, from_date, id limit ${}",
        list.join(", "),
        values.len()
    );
    Ok(all::<HeldRow>(tx, &sql, &values)?.into_iter().map(HeldRow::post).collect())
}

/// Which posts of a place manage something there.
pub struct Managing<'a> {
    /// The place.
    pub place: &'a PlacePath,
    /// The codes of the roles that do.
    pub roles: &'a [&'a str],
}

/// Returns the posts of some roles at exactly this place that began by a day, whatever became of them, each with its
/// account. Posts of one department are left out.
pub fn posts_begun(
    tx: &mut dyn Tx,
    managing: &Managing<'_>,
    by: Date,
    limit: i64,
) -> Result<Vec<(Uuid, Post)>, StoreError> {
    if managing.roles.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = args![managing.place, by, limit].to_vec();
    let mut list = Vec::with_capacity(managing.roles.len());
    for role in managing.roles {
        values.push(Val::from(*role));
        list.push(format!("${}", values.len()));
    }
    let sql = format!(
        "select account, id, role, place, department, from_date, to_date from identity_post where place = $1 \
         and from_date <= $2 and department is null and role in ({}) order by account, id limit $3",
        list.join(", ")
    );
    Ok(all::<HeldRow>(tx, &sql, &values)?.into_iter().map(HeldRow::post).collect())
}

/// Returns the accounts that hold a post of some roles at exactly this place on a day, each once, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn holders(tx: &mut dyn Tx, managing: &Managing<'_>, on: Date, limit: i64) -> Result<Vec<Uuid>, StoreError> {
    if managing.roles.is_empty() {
        return Ok(Vec::new());
    }
    let mut values = args![managing.place, on, limit].to_vec();
    let mut list = Vec::with_capacity(managing.roles.len());
    for role in managing.roles {
        values.push(Val::from(*role));
        list.push(format!("${}", values.len()));
    }
    let sql = format!(
        "select distinct p.account from identity_post p join identity_account a on a.id = p.account \
         where p.place = $1 and p.from_date <= $2 and (p.to_date is null or p.to_date >= $2) and a.closed_at is null \
         and p.role in ({}) order by p.account limit $3",
        list.join(", ")
    );
    tx.rows(&sql, &values)?.iter().map(|row| row.get(0)).collect()
}

/// Returns the accounts that hold a post of a department at exactly this place on a day, each once, at most `limit`.
///
/// # Errors
/// The store failed.
pub fn holders_for(
    tx: &mut dyn Tx,
    place: &PlacePath,
    department: &str,
    on: Date,
    limit: i64,
) -> Result<Vec<Uuid>, StoreError> {
    let sql = "select distinct p.account from identity_post p join identity_account a on a.id = p.account \
               where p.place = $1 and p.from_date <= $2 and (p.to_date is null or p.to_date >= $2) \
               and a.closed_at is null and p.department = $3 order by p.account limit $4";
    tx.rows(sql, &args![place, on, department, limit])?.iter().map(|row| row.get(0)).collect()
}

/// Gives a post its last day.
pub fn end_post(tx: &mut dyn Tx, account: Uuid, post: Uuid, last_day: Date) -> Result<(), StoreError> {
    tx.exec("update identity_post set to_date = $1 where id = $2 and account = $3", &args![last_day, post, account])?;
    Ok(())
}

/// Ends every post that would still be held after a day.
pub fn end_posts(tx: &mut dyn Tx, account: Uuid, last_day: Date) -> Result<(), StoreError> {
    tx.exec(
        "update identity_post set to_date = $1 where account = $2 and (to_date is null or to_date > $3)",
        &args![last_day, account, last_day],
    )?;
    Ok(())
}
