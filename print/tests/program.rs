//! Tests the program as the server sees it: frames go in, frames come out, and nothing ends it.
#![expect(clippy::unwrap_used, reason = "in a test, what cannot be had must fail the test at once")]

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_lianglin-print");

/// A running program. It is killed when it is dropped.
struct Program {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
}

impl Program {
    fn start() -> Self {
        let mut child = Command::new(PROGRAM).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, input, output }
    }

    /// Sends a frame and returns the answer's status and bytes.
    fn ask(&mut self, request: &[u8]) -> (u8, Vec<u8>) {
        self.input.write_all(&u32::try_from(request.len()).unwrap().to_be_bytes()).unwrap();
        self.input.write_all(request).unwrap();
        self.input.flush().unwrap();
        let mut head = [0; 4];
        self.output.read_exact(&mut head).unwrap();
        let mut answer = vec![0; usize::try_from(u32::from_be_bytes(head)).unwrap()];
        self.output.read_exact(&mut answer).unwrap();
        let bytes = answer.split_off(1);
        (answer.pop().unwrap(), bytes)
    }

    fn pdf(&mut self, template: &str, data: &Value) -> Vec<u8> {
        let (status, bytes) = self.ask(json!({"template": template, "data": data}).to_string().as_bytes());
        assert_eq!(status, 0, "{template}: {}", String::from_utf8_lossy(&bytes));
        assert!(bytes.starts_with(b"%PDF"), "{template}");
        bytes
    }

    fn refusal(&mut self, request: &[u8]) -> Value {
        let (status, bytes) = self.ask(request);
        assert_eq!(status, 1, "{} bytes", bytes.len());
        serde_json::from_slice(&bytes).unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Returns what `--check` says. It is asked once.
fn report() -> &'static str {
    static REPORT: OnceLock<String> = OnceLock::new();
    REPORT.get_or_init(|| {
        let output = Command::new(PROGRAM).arg("--check").output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    })
}

/// Says whether the fonts that a test needs are here. If not, it prints why the test is passed over.
/// `LIANGLIN_REQUIRE_FONTS=1` makes that a fault.
fn fonts(wanted: &str) -> bool {
    let found = report().lines().any(|line| line.starts_with("family") && line.contains(wanted));
    if !found {
        let reason = format!("no font {wanted:?} was found; install fonts-noto-cjk or name a folder in LIANGLIN_FONTS");
        assert!(std::env::var_os("LIANGLIN_REQUIRE_FONTS").is_none(), "{reason}");
        eprintln!("passed over: {reason}");
    }
    found
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// Makes a short letter whose only text of interest is the name.
fn letter(lang: &str, name: &str) -> Value {
    json!({
        "lang": lang,
        "title": "R",
        "issuer": "C",
        "number": "1",
        "labels": {"number": "No", "page": "{page}/{pages}", "missing": "M", "nothing_missing": "0"},
        "facts": [{"label": "N", "value": name}],
        "missing": [],
    })
}

const SAMPLES: [(&str, &str); 8] = [
    ("receipt", include_str!("../samples/receipt.json")),
    ("receipt", include_str!("../samples/receipt-en.json")),
    ("missing", include_str!("../samples/missing.json")),
    ("accepted", include_str!("../samples/accepted.json")),
    ("refused", include_str!("../samples/refused.json")),
    ("certificate", include_str!("../samples/certificate.json")),
    ("handover", include_str!("../samples/handover.json")),
    ("roster", include_str!("../samples/roster.json")),
];

#[test]
fn a_chinese_letter_with_rare_characters_embeds_its_font() {
    if !fonts("Noto Sans CJK SC") {
        return;
    }
    let pdf = Program::start().pdf("receipt", &letter("zh", "岺猇牤𠮷䶮"));
    assert!(holds(&pdf, b"/FontFile"));
}

#[test]
fn every_template_is_laid_out_and_the_same_data_give_the_same_bytes() {
    if !fonts("Noto Sans CJK SC") {
        return;
    }
    let mut program = Program::start();
    for (template, text) in SAMPLES {
        let data: Value = serde_json::from_str(text).unwrap();
        let first = program.pdf(template, &data);
        assert!(first == program.pdf(template, &data), "{template}");
    }
}

/// How often a text stands in bytes.
fn times(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).filter(|window| *window == wanted).count()
}

#[test]
fn a_screen_reader_finds_one_title_and_hears_what_a_seal_and_a_code_are() {
    if !fonts("Noto Sans CJK SC") {
        return;
    }
    let mut program = Program::start();
    for (template, text) in SAMPLES {
        let data: Value = serde_json::from_str(text).unwrap();
        let pdf = program.pdf(template, &data);
        assert_eq!(times(&pdf, b"/S/H1"), 1, "{template}: its title is the first heading");
        let pictures = usize::from(data["qr"].is_object()) + usize::from(data["signature"]["seal"].is_object());
        assert_eq!(times(&pdf, b"/S/Figure"), pictures, "{template}");
        assert_eq!(times(&pdf, b"/Alt"), pictures, "{template}: each has a text in its place");
    }
}

/// How many cells of tables stand on each page of a letter, in the order of the pages.
fn cells(pdf: &[u8]) -> Vec<usize> {
    let text = String::from_utf8_lossy(pdf);
    let objects: Vec<&str> = text.split("endobj").collect();
    let page = |object: &&&str| object.contains("/Type/Page") && !object.contains("/Type/Pages");
    let number = |object: &&str| object.trim_start().split(' ').next().unwrap_or_default().to_owned();
    let on = |page: String| {
        let here = format!("/Pg {page} 0 R");
        objects.iter().filter(|object| object.contains("/S/TD") && object.contains(&here)).count()
    };
    objects.iter().filter(page).map(number).map(on).collect()
}

#[test]
fn a_page_never_holds_only_signatures() {
    if !fonts("Noto Sans CJK SC") {
        return;
    }
    let mut program = Program::start();
    let mut data: Value = serde_json::from_str(include_str!("../samples/handover.json")).unwrap();
    let paper = data["papers"][0].clone();
    data["total"] = Value::Null;
    let mut on_pages = |papers: usize| {
        data["papers"] = Value::Array(vec![paper.clone(); papers]);
        cells(&program.pdf("handover", &data))
    };
    let found: Vec<Vec<usize>> = (18..32).map(&mut on_pages).collect();
    assert!(found.iter().any(|pages| pages.len() == 2), "{found:?}");
    for pages in found {
        assert!(pages.iter().all(|cells| *cells > 0), "a page has no row beside its signatures: {pages:?}");
    }
}

#[test]
fn a_character_for_private_use_is_refused_by_name_and_the_program_goes_on() {
    if !fonts("") {
        return;
    }
    let mut program = Program::start();
    let request = |name: &str| json!({"template": "receipt", "data": letter("en", name)}).to_string();
    let refusal = program.refusal(request("Li \u{E000}a").as_bytes());
    assert_eq!((&refusal["code"], &refusal["character"]), (&json!("character_missing"), &json!("\u{E000}")));
    program.pdf("receipt", &letter("en", "Li a"));
    // Nobody has assigned this character, so no font draws it.
    let refusal = program.refusal(request("x\u{3FFFD}").as_bytes());
    assert_eq!((&refusal["code"], &refusal["character"]), (&json!("character_missing"), &json!("\u{3FFFD}")));
}

#[test]
fn what_cannot_be_done_is_refused_and_the_program_goes_on() {
    let mut program = Program::start();
    let code = |program: &mut Program, request: &[u8]| program.refusal(request)["code"].clone();
    assert_eq!(code(&mut program, br#"{"template":"../frame","data":{}}"#), "template_unknown");
    assert_eq!(code(&mut program, br#"{"template":"receipt","#), "request_malformed");
    assert_eq!(code(&mut program, b""), "request_malformed");
    assert_eq!(code(&mut program, &vec![b' '; 1024 * 1024 + 1]), "request_too_large");
    if !fonts("") {
        return;
    }
    let refusal = program.refusal(br#"{"template":"receipt","data":{}}"#);
    assert_eq!(refusal["code"], "layout_failed");
    assert!(refusal["message"].as_str().is_some_and(|message| message.contains("labels")), "{refusal}");
    program.pdf("receipt", &letter("en", "Li"));
}

#[test]
fn help_has_an_example_and_check_names_the_fonts() {
    let help = Command::new(PROGRAM).arg("--help").output().unwrap();
    assert!(String::from_utf8_lossy(&help.stdout).contains("lianglin-print --check"));
    assert!(report().contains("wanted  Noto Sans CJK SC"));
    let nowhere = Command::new(PROGRAM).args(["--check", "--fonts", "/nowhere"]).output().unwrap();
    assert!(!nowhere.status.success());
    assert!(String::from_utf8_lossy(&nowhere.stdout).contains("is not there"));
}
