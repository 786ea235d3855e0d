//! Tests the press with programs that only pretend, and with the real program where `LIANGLIN_PRINT` names it.

use super::*;
use serde_json::json;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;

/// A program cannot be run while another test has it open for writing and starts a process ("text file busy"), so one
/// test runs at a time.
static TURN: Mutex<()> = Mutex::new(());

/// All these tests send this request. Its bytes are counted with the length that stands before them.
const TEMPLATE: &str = "receipt";
const FRAME_BYTES: usize = 4 + r#"{"template":"receipt","data":{}}"#.len();

/// A script in a folder of its own.
struct Pretence {
    folder: TempDir,
    _turn: MutexGuard<'static, ()>,
}

impl Pretence {
    /// Makes the script. It notes each start in `starts`; `FRAME` in it stands for the number of bytes of one request.
    fn new(script: &str) -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let pretence = Self { folder: TempDir::new().unwrap(), _turn: turn };
        let script = script.replace("FRAME", &FRAME_BYTES.to_string());
        std::fs::write(pretence.program(), format!("#!/bin/sh\necho $$ >> \"$0.starts\"\n{script}\n")).unwrap();
        std::fs::set_permissions(pretence.program(), Permissions::from_mode(0o755)).unwrap();
        pretence
    }

    fn program(&self) -> PathBuf {
        self.folder.path().join("program")
    }

    /// Returns the process numbers, one for each start.
    fn starts(&self) -> Vec<String> {
        let starts = std::fs::read_to_string(self.folder.path().join("program.starts")).unwrap_or_default();
        starts.lines().map(str::to_owned).collect()
    }

    fn press(&self) -> Press {
        Press::new(Settings { program: Some(self.program()), ..Settings::default() })
    }
}

/// Answers every request with a very short PDF.
const ANSWERS: &str = r#"while [ -n "$(head -c FRAME | tr -d '\000')" ]; do printf '\000\000\000\006\000%%PDF-'; done"#;

fn ask(press: &Press) -> Result<Vec<u8>, PressError> {
    press.pdf(TEMPLATE, &json!({}))
}

#[test]
fn one_process_lays_out_many_letters_and_ends_with_the_press() {
    let pretence = Pretence::new(ANSWERS);
    let press = pretence.press();
    assert!(press.available() && pretence.starts().is_empty(), "started before it was needed");
    for _ in 0..3 {
        assert_eq!(ask(&press), Ok(b"%PDF-".to_vec()));
    }
    let starts = pretence.starts();
    assert_eq!(starts.len(), 1);
    drop(press);
    assert!(!Path::new("/proc").join(&starts[0]).exists());
}

#[test]
fn a_program_that_is_not_there_is_said_at_once() {
    let press = Press::new(Settings { program: Some("/nowhere/lianglin-print".into()), ..Settings::default() });
    assert!(!press.available());
    assert_eq!(ask(&press), Err(PressError::NotInstalled));
    let pretence = Pretence::new(ANSWERS);
    std::fs::set_permissions(pretence.program(), Permissions::from_mode(0o644)).unwrap();
    assert_eq!(ask(&pretence.press()), Err(PressError::NotInstalled));
}

#[test]
fn one_that_died_is_started_anew() {
    let pretence = Pretence::new(&format!("if [ $(wc -l < \"$0.starts\") -eq 1 ]; then exit 3; fi\n{ANSWERS}"));
    let press = pretence.press();
    assert_eq!(ask(&press), Err(PressError::Died));
    assert_eq!(ask(&press), Ok(b"%PDF-".to_vec()));
    assert_eq!(pretence.starts().len(), 2);
}

#[test]
fn one_that_ended_while_idle_costs_no_letter() {
    let pretence = Pretence::new(r"head -c FRAME > /dev/null; printf '\000\000\000\006\000%%PDF-'");
    let press = pretence.press();
    for _ in 0..3 {
        assert_eq!(ask(&press), Ok(b"%PDF-".to_vec()));
    }
    assert_eq!(pretence.starts().len(), 3);
}

#[test]
fn one_that_takes_too_long_is_killed_and_started_anew() {
    let hang = "if [ $(wc -l < \"$0.starts\") -eq 1 ]; then exec sleep 1000; fi";
    let pretence = Pretence::new(&format!("{hang}\n{ANSWERS}"));
    let mut press = pretence.press();
    press.patience = Duration::from_secs(2);
    assert_eq!(ask(&press), Err(PressError::TimedOut));
    assert!(!Path::new("/proc").join(&pretence.starts()[0]).exists(), "it still runs");
    press.patience = Duration::from_secs(20);
    assert_eq!(ask(&press), Ok(b"%PDF-".to_vec()));
}

#[test]
fn a_refusal_is_handed_on_and_the_process_stays() {
    let json = r#"{"code":"character_missing","message":"no font","character":"𠮷"}"#;
    let answer = format!("printf '\\000\\000\\000\\{:03o}\\001'; printf %s '{json}'", json.len() + 1);
    let script = ANSWERS.replace(r"printf '\000\000\000\006\000%%PDF-'", &answer);
    let pretence = Pretence::new(&script);
    let press = pretence.press();
    let refused = PressError::Refused {
        code: "character_missing".into(),
        message: "no font".into(),
        character: Some("𠮷".into()),
    };
    assert_eq!(ask(&press), Err(refused.clone()));
    assert_eq!(ask(&press), Err(refused.clone()));
    assert_eq!(pretence.starts().len(), 1);
    assert_eq!(refused.to_string(), "the letter was refused: character_missing");
}

#[test]
fn an_answer_that_cannot_be_understood_ends_the_process() {
    for answer in
        [r"\000\000\000\002\007x", r"\000\000\000\003\001{}", r"\000\000\000\000", r"\377\377\377\377", r"\000"]
    {
        let pretence = Pretence::new(&format!("head -c FRAME > /dev/null; printf '{answer}'"));
        assert_eq!(ask(&pretence.press()), Err(PressError::Died), "{answer}");
    }
}

#[test]
fn too_many_at_once_are_told_so() {
    let pretence = Pretence::new(ANSWERS);
    let mut press = pretence.press();
    press.most_waiting = 0;
    let taken = press.place().unwrap();
    assert_eq!(ask(&press), Err(PressError::Busy));
    drop(taken);
    assert_eq!(ask(&press), Ok(b"%PDF-".to_vec()));

    press.most_waiting = 1;
    press.patience = Duration::from_millis(10);
    let taken = press.place().unwrap();
    assert_eq!(ask(&press), Err(PressError::Busy), "it waited for its turn in vain");
    assert_eq!(press.desk().waiting, 0);
    drop(taken);

    press.patience = Duration::from_secs(20);
    std::thread::scope(|scope| {
        let letters: Vec<_> = (0..2).map(|_| scope.spawn(|| ask(&press))).collect();
        for letter in letters {
            assert_eq!(letter.join().unwrap(), Ok(b"%PDF-".to_vec()));
        }
    });
}

#[test]
fn a_request_that_is_too_large_starts_nothing() {
    let pretence = Pretence::new(ANSWERS);
    let data = json!({"text": "x".repeat(LONGEST_REQUEST)});
    let refused = pretence.press().pdf(TEMPLATE, &data);
    assert!(matches!(refused, Err(PressError::Refused { code, .. }) if code == "request_too_large"));
    assert!(pretence.starts().is_empty());
}

#[test]
fn the_real_program_lays_out_a_letter() {
    let Some(program) = std::env::var_os("LIANGLIN_PRINT") else {
        eprintln!("passed over: LIANGLIN_PRINT does not name a built lianglin-print");
        return;
    };
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let fonts = std::env::var_os("LIANGLIN_FONTS").map(|folders| std::env::split_paths(&folders).collect());
    let press = Press::new(Settings {
        program: Some(program.into()),
        fonts: fonts.unwrap_or_default(),
        seconds: 120,
        ..Settings::default()
    });
    assert!(press.available());
    let unknown = press.pdf("no_such_template", &json!({}));
    assert!(matches!(unknown, Err(PressError::Refused { code, .. }) if code == "template_unknown"));
    let letter = json!({
        "lang": "en", "title": "R", "issuer": "C", "number": "1",
        "labels": {"number": "No", "page": "{page}/{pages}"},
        "columns": [{"title": "A"}], "rows": [["1"]],
    });
    match press.pdf("roster", &letter) {
        Ok(pdf) => assert!(pdf.starts_with(b"%PDF")),
        Err(PressError::Refused { code, .. }) if code == "fonts_missing" => {
            eprintln!("passed over: no fonts are installed");
        }
        Err(fault) => panic!("{fault:?}"),
    }
}
