//! Accounts for every request of a file, and sets what became of them beside what the file says.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::AtomicBool;

use kernel::language::Lang;
use kernel::time::Instant;
use serde_json::Value;

use super::file::{Contents, Request};
use super::ledger::{Entry, Ledger};
use super::sending::Desk;

/// How many reports are asked for at once.
const ASKED: usize = 50;

/// What became of every row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Rows of the file.
    pub rows: usize,
    /// Rows that could not be read.
    pub unread: usize,
    /// Requests that the platform took.
    pub accepted: usize,
    /// Requests that were not taken, by reason.
    pub refused: BTreeMap<String, usize>,
    /// Requests that were not sent yet.
    pub waiting: usize,
    /// How often something was sent again.
    pub retried: u64,
    /// Accepted requests that the file says are closed.
    pub to_close: usize,
    /// Those of them that the platform holds for closed.
    pub closed: usize,
    /// Why others are not, by reason.
    pub not_closed: BTreeMap<String, usize>,
}

impl Account {
    /// Counts what the ledger says of a file.
    #[must_use]
    pub fn of(contents: &Contents, ledger: &Ledger) -> Self {
        let unread = contents.unread.len();
        let mut account = Self { rows: contents.requests.len() + unread, unread, ..Self::default() };
        for request in &contents.requests {
            account.add(request, &ledger.entry(&request.number));
        }
        account
    }

    fn add(&mut self, request: &Request, entry: &Entry) {
        self.retried += entry.retried;
        match (&entry.id, &entry.refused) {
            (Some(_), _) => self.accepted += 1,
            (None, Some(why)) => *self.refused.entry(why.clone()).or_default() += 1,
            (None, None) => self.waiting += 1,
        }
        if entry.id.is_none() || request.closed.is_none() {
            return;
        }
        self.to_close += 1;
        match (entry.closed, &entry.not_closed) {
            (Some(true), _) => self.closed += 1,
            (_, Some(why)) => *self.not_closed.entry(why.clone()).or_default() += 1,
            _ => *self.not_closed.entry(String::new()).or_default() += 1,
        }
    }

    /// Whether every row is somewhere.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.unaccounted() == 0
    }

    /// How many rows are nowhere.
    fn unaccounted(&self) -> usize {
        let refused: usize = self.refused.values().sum();
        let rows = self.rows.abs_diff(self.unread + self.accepted + refused + self.waiting);
        rows + self.to_close.abs_diff(self.closed + self.still_open())
    }

    /// How many accepted requests are closed in the file and not here.
    fn still_open(&self) -> usize {
        self.not_closed.values().sum()
    }

    /// Why a replay is not whole: a sentence for each reason, with how many and what to do. There is none if every row
    /// is accounted for, all was sent, and what the file closes is closed here.
    #[must_use]
    pub fn missing(&self, beside: &Beside, lang: Lang) -> Vec<String> {
        let mut sentences = Vec::new();
        let mut say = |count: usize, what: &str, then: &str| {
            if count > 0 {
                sentences.push(match lang {
                    Lang::Zh => format!("{what} {count} 件。{then}"),
                    Lang::En => format!("{what}: {count}. {then}"),
                });
            }
        };
        say(
            self.unaccounted(),
            lang.pick("没有着落的有", "Rows that are not accounted for"),
            lang.pick(
                "请用 --ledger 另起一本账，再送一次；已经收下的不会再收一次。",
                "Play the file again with another --ledger; what was taken is not taken twice.",
            ),
        );
        say(
            self.waiting,
            lang.pick("还没有送的有", "Not sent yet"),
            lang.pick("再运行一次同样的命令，就接着送。", "Run the same command again; it goes on with them."),
        );
        say(
            self.still_open(),
            lang.pick("文件里已办结、这里没有办结的有", "Closed in the file and not here"),
            lang.pick(
                "原因写在上面“没有办结”后面；处理好了，再运行一次同样的命令，就接着办结。",
                "The reasons stand above beside “not closed”. Put them right and run the same command again; it closes \
                 them.",
            ),
        );
        say(
            beside.lost,
            lang.pick("收下后找不到的有", "Accepted and not found again"),
            lang.pick(
                "请核对 --to 和账本是不是同一个平台的；是的话，请查平台的日志。",
                "Check that --to and the ledger belong to the same platform. If they do, read the platform's log.",
            ),
        );
        sentences
    }
}

/// Due, closed and overdue: as the file says, and as it stands here. Of the requests that were accepted alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Requests that were accepted and found again.
    pub requests: usize,
    /// Requests that were accepted and are not there. There are none.
    pub lost: usize,
    /// Requests with a date in the file, and with one here.
    pub due: (usize, usize),
    /// Requests that are closed.
    pub closed: (usize, usize),
    /// Requests that were closed after their date, or are open past it when the file ends: as the file says or by its
    /// dates, and, at the file's pace, by the limits that the platform gave them.
    pub overdue: (usize, usize),
}

/// Asks for what became of every request that was accepted.
///
/// # Errors
/// The platform gives no answer.
pub fn beside(contents: &Contents, ledger: &Ledger, desk: &Desk, stop: &AtomicBool) -> Result<Beside, String> {
    let ends = contents.requests.iter().map(|request| request.opened).max().unwrap_or_default();
    let accepted = contents.requests.iter().filter_map(|request| Some((ledger.entry(&request.number).id?, request)));
    let accepted: BTreeMap<String, &Request> = accepted.collect();
    let numbers: Vec<String> = accepted.keys().cloned().collect();
    let mut beside = Beside::default();
    for part in numbers.chunks(ASKED) {
        let answer = desk.ask(part, stop).answer?;
        let found = answer.as_array().cloned().unwrap_or_default();
        for report in &found {
            let number = report.get("service_request_id").and_then(Value::as_str).unwrap_or_default();
            if let Some(request) = accepted.get(number) {
                beside.add(request, report, ends);
            }
        }
    }
    beside.lost = accepted.len() - beside.requests.min(accepted.len());
    Ok(beside)
}

impl Beside {
    fn add(&mut self, request: &Request, report: &Value, ends: Instant) {
        let moment = |name: &str| {
            let text = report.get(name).and_then(Value::as_str)?;
            text.parse::<jiff::Timestamp>().ok().map(|at| Instant::from_micros(at.as_microsecond()))
        };
        self.requests += 1;
        let limit = moment("expected_datetime").zip(moment("requested_datetime"));
        let here = limit.map(|(due, from)| request.opened.plus_seconds(due.seconds_since(from)));
        self.due.0 += usize::from(request.due.is_some());
        self.due.1 += usize::from(here.is_some());
        self.closed.0 += usize::from(request.closed.is_some());
        self.closed.1 += usize::from(report.get("status").and_then(Value::as_str) == Some("closed"));
        let late = |due: Option<Instant>| due.is_some_and(|due| request.closed.unwrap_or(ends) > due);
        self.overdue.0 += usize::from(request.late.unwrap_or_else(|| late(request.due)));
        self.overdue.1 += usize::from(late(here));
    }
}

/// Tells it in a language.
#[must_use]
pub fn told(account: &Account, beside: Option<&Beside>, lang: Lang) -> String {
    let mut lines = String::new();
    let mut line = |zh: &str, en: &str, count: String| {
        let _ = writeln!(lines, "{}  {count}", lang.pick(zh, en));
    };
    line("文件共有", "rows of the file", account.rows.to_string());
    line("读不出来", "could not be read", account.unread.to_string());
    line("已收下", "accepted", account.accepted.to_string());
    for (why, count) in &account.refused {
        line("没有收下", "refused", format!("{count}  {why}"));
    }
    line("还没有送", "not sent yet", account.waiting.to_string());
    line("重发次数", "sent again", account.retried.to_string());
    line("文件里已办结的", "closed in the file", account.to_close.to_string());
    line("其中这里已办结", "of them closed here", account.closed.to_string());
    for (why, count) in &account.not_closed {
        let why = if why.is_empty() { lang.pick("还没有说完", "not all was said yet") } else { why };
        line("没有办结", "not closed", format!("{count}  {why}"));
    }
    let sum = lang.pick("每一行都有着落", "every row is accounted for");
    let gap = lang.pick("有的行没有着落", "the rows do not add up");
    let _ = writeln!(lines, "{}", if account.adds_up() { sum } else { gap });
    if let Some(beside) = beside {
        let _ = writeln!(lines, "\n{}", lang.pick("收下的各件：文件里 / 这里", "of those accepted: the file / here"));
        let pairs =
            [("有时限", "due", beside.due), ("已办结", "closed", beside.closed), ("超期", "overdue", beside.overdue)];
        for (zh, en, (file, here)) in pairs {
            let _ = writeln!(lines, "{}  {file} / {here}", lang.pick(zh, en));
        }
        let _ = writeln!(lines, "{}  {}", lang.pick("收下后找不到", "accepted and not found again"), beside.lost);
        let how = lang.pick(
            "“超期”：文件一边按文件自己说的，没有说的按它的时限；这里一边按平台给的时限，以文件里实际用的时间来算。",
            "overdue: in the file as it says, or else by its dates; here by the limits that the platform gave, with \
             the time that it took in the file.",
        );
        let _ = writeln!(lines, "{how}");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(second: i64) -> Instant {
        Instant::from_micros(0).plus_seconds(second)
    }

    fn request(number: &str, due: Option<i64>, closed: Option<i64>) -> Request {
        Request {
            number: number.to_owned(),
            opened: at(0),
            due: due.map(at),
            closed: closed.map(at),
            late: None,
            kinds: Vec::new(),
            place: String::new(),
            point: None,
            words: String::new(),
        }
    }

    #[test]
    fn every_row_is_somewhere() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::open(&folder.path().join("ledger")).unwrap();
        let requests = ["a", "b", "c", "d"].map(|number| request(number, None, Some(9))).to_vec();
        let contents = Contents { requests, unread: vec![(7, "no number".to_owned())] };
        let entry = |number: &str| Entry { number: number.to_owned(), ..Entry::default() };
        let id = Some("W1".to_owned());
        ledger.put(Entry { id: id.clone(), closed: Some(true), retried: 3, ..entry("a") }).unwrap();
        ledger.put(Entry { id, not_closed: Some("400 no".to_owned()), ..entry("b") }).unwrap();
        ledger.put(Entry { refused: Some("404 kind".to_owned()), ..entry("c") }).unwrap();
        let account = Account::of(&contents, &ledger);
        assert!(account.adds_up(), "{account:?}");
        assert_eq!((account.rows, account.unread, account.accepted, account.waiting), (5, 1, 2, 1));
        assert_eq!((account.to_close, account.closed, account.retried), (2, 1, 3));
        let text = told(&account, Some(&Beside::default()), Lang::En);
        assert!(text.contains("refused  1  404 kind") && text.contains("every row is accounted for"), "{text}");
        assert!(!Account { waiting: 0, ..account }.adds_up());
    }

    #[test]
    fn a_replay_is_whole_only_if_nothing_is_missing() {
        let account = Account { rows: 4, accepted: 4, to_close: 3, closed: 3, ..Account::default() };
        assert!(account.missing(&Beside::default(), Lang::En).is_empty());

        let refused = BTreeMap::from([("404 kind".to_owned(), 1)]);
        let named = Account { rows: 6, unread: 1, refused, ..account.clone() };
        assert!(named.missing(&Beside::default(), Lang::En).is_empty(), "what was refused has its reason");

        let not_closed = BTreeMap::from([("400 no".to_owned(), 2), (String::new(), 1)]);
        let open = Account { to_close: 6, not_closed, ..account.clone() };
        let told = open.missing(&Beside::default(), Lang::En);
        assert!(matches!(told.as_slice(), [one] if one.starts_with("Closed in the file and not here: 3.")), "{told:?}");

        let waiting = Account { rows: 9, waiting: 5, ..account.clone() };
        let told = waiting.missing(&Beside { lost: 2, ..Beside::default() }, Lang::Zh);
        assert!(matches!(told.as_slice(), [sent, lost] if sent.contains("5 件") && lost.contains("2 件")), "{told:?}");

        let told = Account { rows: 5, ..account }.missing(&Beside::default(), Lang::En);
        assert!(matches!(told.as_slice(), [one] if one.starts_with("Rows that are not accounted for: 1.")), "{told:?}");
    }

    #[test]
    fn overdue_is_counted_at_the_pace_of_the_file() {
        let report = json!({
            "status": "closed",
            "requested_datetime": "2026-11-23T10:00:00+08:00",
            "expected_datetime": "2026-11-23T10:01:40+08:00",
        });
        let mut beside = Beside::default();
        for (due, closed) in [(Some(50), Some(60)), (Some(200), Some(120)), (None, None)] {
            beside.add(&request("a", due, closed), &report, at(1_000));
        }
        assert_eq!(beside.due, (2, 3));
        assert_eq!(beside.closed, (2, 3));
        assert_eq!(beside.overdue, (1, 2), "100 seconds were given here");
    }
}
