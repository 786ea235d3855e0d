//! Reads the rows of a list of colleagues who get accounts: who, under which account name, and with which first post.

use crate::refusals::Why;
use crate::roles::Roles;
use crate::rules::{Post, check_days, check_post, login_sound};
use kernel::line::{name, name_fault};
use kernel::place::PlacePath;
use kernel::refusal::{Code, Refusal};
use kernel::time::Date;
use std::collections::BTreeMap;
use tables::{Limits, Row};
use uuid::Uuid;

/// The columns of such a list, in their order.
pub const COLUMNS: [&str; 7] = ["name", "login", "role", "place", "department", "from", "to"];
/// How large a list may be. A password is made for each row, which takes long on purpose.
pub const LIMITS: Limits = Limits { rows: 100, columns: 40, bytes: 5 * 1024 * 1024 };
/// What such columns are also called in the lists that offices keep.
pub const ALSO_CALLED: [(&str, &str); 12] = [
    ("登录名", "login"),
    ("用户名", "login"),
    ("账号", "login"),
    ("岗位", "role"),
    ("职务", "role"),
    ("地点", "place"),
    ("单位", "place"),
    ("社区", "place"),
    ("区划代码", "place"),
    ("所属部门", "department"),
    ("任职开始", "from"),
    ("任职结束", "to"),
];

/// A colleague as a row of a list means her.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name to sign in with.
    pub login: String,
    /// The name that is shown.
    pub name: String,
    /// Her first post. Its identity is given when it is asked for.
    pub post: Post,
}

/// What the words of a row are compared with.
pub struct Known<'a> {
    /// The day from which a post holds where the row names none.
    pub today: Date,
    /// The roles.
    pub roles: &'a Roles,
    /// The code of the role that a word means, by the folded word.
    pub role: BTreeMap<String, String>,
    /// The code of the department that a word means, by the folded word.
    pub department: BTreeMap<String, String>,
    /// The places that words mean, as far as they are the reader's.
    pub places: &'a dyn Fn(&str) -> Vec<PlacePath>,
}

/// Reads a row.
///
/// # Errors
/// Everything that must be corrected in it, each with its column.
pub fn listed(row: &Row, known: &Known<'_>) -> Result<Listed, Vec<Refusal>> {
    let mut faults = Vec::new();
    let name = noted(read_name(row), &mut faults);
    let login = noted(read_login(row), &mut faults);
    let role = noted(read_role(row, known), &mut faults);
    let place = noted(read_place(row, known), &mut faults);
    let department = noted(read_department(row, known), &mut faults);
    let from = noted(read_day(row, "from"), &mut faults);
    let to = noted(read_day(row, "to"), &mut faults);
    let (Some(name), Some(login), Some(role), Some(place)) = (name, login, role, place) else { return Err(faults) };
    let (Some(department), Some(from), Some(to)) = (department, from, to) else { return Err(faults) };
    let post = Post { id: Uuid::nil(), role, place, department, from: from.unwrap_or(known.today), to };
    faults.extend(check_days(post.from, post.to, known.today).err());
    faults.extend(known.roles.get(&post.role).and_then(|role| check_post(role, &post).err()));
    if faults.is_empty() { Ok(Listed { login, name, post }) } else { Err(faults) }
}

/// Keeps what was read, or notes why it could not be.
fn noted<T>(read: Result<T, Refusal>, faults: &mut Vec<Refusal>) -> Option<T> {
    read.map_err(|fault| faults.push(fault)).ok()
}

/// The text of a cell that must be there.
fn needed<'r>(row: &'r Row, column: &str) -> Result<&'r str, Refusal> {
    let text = row.text(column);
    if text.is_empty() { Err(Refusal::new(Code::FormMissing).field(column)) } else { Ok(text) }
}

fn read_name(row: &Row) -> Result<String, Refusal> {
    let text = needed(row, "name")?;
    match name_fault(text) {
        Some(code) => Err(Refusal::new(code).field("name")),
        None => Ok(name(text)),
    }
}

fn read_login(row: &Row) -> Result<String, Refusal> {
    let login = tables::plain(needed(row, "login")?).to_lowercase();
    if login_sound(&login) { Ok(login) } else { Err(Refusal::new(Code::FormInvalid).field("login")) }
}

fn read_role(row: &Row, known: &Known<'_>) -> Result<String, Refusal> {
    let text = needed(row, "role")?;
    let unknown = || Refusal::new(Why::IdentityRoleUnknown).field("role").with("role", text);
    known.role.get(&tables::folded(text)).cloned().ok_or_else(unknown)
}

fn read_place(row: &Row, known: &Known<'_>) -> Result<PlacePath, Refusal> {
    let text = tables::plain(needed(row, "place")?);
    let mut found = (known.places)(&text);
    match (found.pop(), found.is_empty()) {
        (Some(place), true) => Ok(place),
        (Some(_), false) => Err(Refusal::new(Why::IdentityPlaceSeveral).field("place").with("place", text)),
        (None, _) => Err(Refusal::new(Code::PlaceUnknown).field("place")),
    }
}

fn read_department(row: &Row, known: &Known<'_>) -> Result<Option<String>, Refusal> {
    let text = row.text("department");
    if text.is_empty() {
        return Ok(None);
    }
    let unknown = || Refusal::new(Why::IdentityDepartmentUnknown).field("department").with("department", text);
    known.department.get(&tables::folded(text)).cloned().map(Some).ok_or_else(unknown)
}

fn read_day(row: &Row, column: &str) -> Result<Option<Date>, Refusal> {
    let text = row.text(column);
    if text.is_empty() {
        return Ok(None);
    }
    tables::date(text).map(Some).ok_or_else(|| Refusal::new(Code::FormDate).field(column))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::May;
    use kernel::permission::Permission;
    use tables::Cell;

    fn roles() -> Roles {
        let worker = "code = \"worker\"\ntitle = { zh = \"社区社工\", en = \"Worker\" }\npermissions = [\"case.read\"]\n\
                      levels = [\"community\"]\n";
        let handler = "code = \"handler\"\ntitle = { zh = \"经办人\", en = \"Handler\" }\n\
                       permissions = [\"case.read\"]\nlevels = [\"district\"]\ndepartment_required = true\n";
        let files = [("worker".to_owned(), worker.to_owned()), ("handler".to_owned(), handler.to_owned())];
        Roles::load(&files, &[Permission::ALL, May::ALL].concat()).unwrap()
    }

    fn places(words: &str) -> Vec<PlacePath> {
        let found: &[&str] = match words {
            "文安路社区" | "210102001001" => &["1.4.5.6."],
            "新华社区" => &["1.4.5.7.", "1.9.8.7."],
            "大东区" => &["1.9."],
            _ => &[],
        };
        found.iter().map(|path| PlacePath::parse(path).unwrap()).collect()
    }

    fn read(cells: &str) -> Result<Listed, Vec<(String, String)>> {
        let pairs = cells.split(';').filter_map(|pair| pair.split_once('='));
        let named = |(column, text): (&str, &str)| {
            let column = COLUMNS.into_iter().find(|known| *known == column).unwrap();
            (column, Cell { text: text.to_owned(), ..Cell::default() })
        };
        let (row, roles) = (Row { line: 2, cells: pairs.map(named).collect() }, roles());
        let words = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(word, code)| ((*word).to_owned(), (*code).to_owned())).collect::<BTreeMap<_, _>>()
        };
        let known = Known {
            today: Date::constant(2026, 11, 23),
            roles: &roles,
            role: words(&[("worker", "worker"), ("社区社工", "worker"), ("经办人", "handler")]),
            department: words(&[("民政", "civil")]),
            places: &places,
        };
        let told = |fault: Refusal| (fault.code.as_str().to_owned(), fault.field.unwrap_or_default());
        listed(&row, &known).map_err(|faults| faults.into_iter().map(told).collect())
    }

    #[test]
    fn a_row_means_a_colleague_with_a_post() {
        let good = read("name=古丽•艾山;login=ＧＵＬＩ.AS;role=社区 社工;place=文安路社区").unwrap();
        assert_eq!((good.name.as_str(), good.login.as_str()), ("古丽·艾山", "guli.as"));
        assert_eq!((good.post.role.as_str(), good.post.place.as_str()), ("worker", "1.4.5.6."));
        assert_eq!((good.post.from, good.post.to), (Date::constant(2026, 11, 23), None));
        let by_code =
            read("name=赵敏;login=zhaomin;role=WORKER;place=２１０１０２００１００１;from=2026年12月1日;to=20271231")
                .unwrap();
        assert_eq!(by_code.post.place.as_str(), "1.4.5.6.");
        assert_eq!(by_code.post.from, Date::constant(2026, 12, 1));
        assert_eq!(by_code.post.to, Some(Date::constant(2027, 12, 31)));
        let handler = read("name=孙海燕;login=sunhaiyan;role=经办人;place=大东区;department=民政").unwrap();
        assert_eq!(handler.post.department.as_deref(), Some("civil"));
    }

    #[test]
    fn everything_that_is_wrong_is_named_with_its_column() {
        for (cells, faults) in [
            ("", "form.missing name;form.missing login;form.missing role;form.missing place"),
            ("name=李?;login=li;role=worker;place=文安路社区", "form.garbled name;form.invalid login"),
            ("name=李娜;login=李娜;role=局长;place=文安路社区", "form.invalid login;identity.role_unknown role"),
            ("name=李娜;login=li.na;role=worker;place=新华社区", "identity.place_several place"),
            ("name=李娜;login=li.na;role=worker;place=没有的社区", "place.unknown place"),
            ("name=李娜;login=li.na;role=worker;place=大东区", "identity.role_not_here place"),
            ("name=李娜;login=li.na;role=经办人;place=大东区", "identity.department_needed department"),
            (
                "name=李娜;login=li.na;role=经办人;place=大东区;department=水利",
                "identity.department_unknown department",
            ),
            ("name=李娜;login=li.na;role=worker;place=文安路社区;from=明天", "form.date from"),
            (
                "name=李娜;login=li.na;role=worker;place=文安路社区;from=2026-12-01;to=2026-11-01",
                "identity.post_dates to",
            ),
            ("name=<b>郑</b>;login=zheng;role=worker;place=文安路社区", "form.name_signs name"),
            ("name==cmd|calc;login=zheng;role=worker;place=文安路社区", "form.name_signs name"),
            ("name=李娜;login=li.na;role=worker;place=文安路社区;from=1900-01-01", "identity.post_begins from"),
            ("name=李娜;login=li.na;role=worker;place=文安路社区;from=2027-12-01", "identity.post_begins from"),
            ("name=李娜;login=li.na;role=worker;place=文安路社区;to=9999-12-31", "identity.post_ends to"),
        ] {
            let found = read(cells).unwrap_err();
            let told: Vec<String> = found.iter().map(|(code, column)| format!("{code} {column}")).collect();
            assert_eq!(told.join(";"), faults, "{cells}");
        }
    }
}
