//! Debian's `belenios-tool`, a voting system that has nothing to do with us, counts the same weighted ballots once by
//! heads and once by area, and finds what we find. The test is skipped, and says so, where the program is missing.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a fault in a test's own setting must fail that test at once")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use property::rules::tally::{Choice, count};
use property::words::area::Area;

/// The ballots: area in square metres, and the choice.
const BALLOTS: [(i64, Choice); 6] = [
    (80, Choice::For),
    (120, Choice::Against),
    (95, Choice::For),
    (300, Choice::Abstain),
    (60, Choice::Against),
    (88, Choice::For),
];
/// The question with its three answers, as Belenios writes it.
const QUESTIONS: &str = concat!(
    r#"{"description":"Owners","name":"Lift","administrator":"a","credential_authority":"b","#,
    r#""questions":[{"answers":["for","against","abstain"],"min":1,"max":1,"question":"Lift?"}]}"#
);

/// Runs the program in a folder with something to read, and returns what it writes.
fn belenios(folder: &Path, words: &str, told: &[u8]) -> Vec<u8> {
    let mut command = Command::new("belenios-tool");
    let words = words.split(' ');
    command.args(words.clone()).current_dir(folder).env("BELENIOS_USE_URANDOM", "1");
    let mut run = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    run.stdin.take().unwrap().write_all(told).unwrap();
    let done = run.wait_with_output().unwrap();
    let words: Vec<&str> = words.collect();
    assert!(done.status.success(), "belenios-tool {words:?}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// Returns the file in a folder whose name ends so.
fn file(folder: &Path, ending: &str) -> String {
    let mut names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.find(|name| name.ends_with(ending)).unwrap_or_else(|| panic!("no file {ending}"))
}

/// Has the ballots counted with these weights: for, against, abstain.
fn tallied(folder: &Path, weights: &[i64]) -> [i64; 3] {
    let token = belenios(folder, "setup generate-token", b"");
    let with = format!("--uuid {} --group BELENIOS-2048", String::from_utf8_lossy(&token).trim());
    let voters: Vec<String> =
        weights.iter().enumerate().map(|(at, weight)| format!("voter{at}@x.org,voter{at},{weight}\n")).collect();
    fs::write(folder.join("voters.txt"), voters.concat()).unwrap();
    fs::write(folder.join("questions.json"), QUESTIONS).unwrap();
    belenios(folder, &format!("setup generate-credentials {with} --file voters.txt"), b"");
    fs::rename(folder.join(file(folder, ".pubcreds")), folder.join("public_creds.json")).unwrap();
    belenios(folder, "setup generate-trustee-key --group BELENIOS-2048", b"");
    fs::copy(folder.join(file(folder, ".pubkey")), folder.join("public_keys.jsons")).unwrap();
    belenios(folder, "setup make-trustees", b"");
    belenios(folder, &format!("setup make-election {with} --template questions.json"), b"");
    belenios(folder, "archive init", b"");
    let private = fs::read_to_string(folder.join(file(folder, ".privcreds"))).unwrap();
    let codes = private.lines().filter_map(|line| line.split_once(' ')).map(|(_, code)| code);
    for (code, (_, choice)) in codes.zip(BALLOTS) {
        let answer = match choice {
            Choice::For => "[[1,0,0]]",
            Choice::Against => "[[0,1,0]]",
            _ => "[[0,0,1]]",
        };
        fs::write(folder.join("code"), code).unwrap();
        fs::write(folder.join("answer"), answer).unwrap();
        let ballot = belenios(folder, "election generate-ballot --privcred code --ballot answer", b"");
        belenios(folder, "archive add-event --type=Ballot", &ballot);
    }
    belenios(folder, "archive add-event --type=EndBallots", b"");
    let tally = belenios(folder, "election compute-encrypted-tally", b"");
    belenios(folder, "archive add-event --type=EncryptedTally", &tally);
    let decrypt = format!("election decrypt --privkey {} --trustee-id 1", file(folder, ".privkey"));
    let part = belenios(folder, &decrypt, b"");
    belenios(folder, "archive add-event --type=PartialDecryption", &part);
    belenios(folder, "election verify", b"");
    let result = belenios(folder, "election compute-result", b"");
    let result = String::from_utf8_lossy(&result).into_owned();
    let numbers = result.split(|sign: char| !sign.is_ascii_digit()).filter_map(|one| one.parse().ok());
    let numbers: Vec<i64> = numbers.collect();
    numbers.try_into().unwrap_or_else(|_| panic!("three numbers: {result}"))
}

#[test]
fn belenios_counts_the_same_by_heads_and_by_area() {
    if Command::new("belenios-tool").arg("--version").output().is_err() {
        println!("skipped: belenios-tool is not installed (apt-get install belenios-tool)");
        return;
    }
    let rights: Vec<Area> = BALLOTS.iter().map(|(metres, _)| Area(metres * 10_000)).collect();
    let ballots: Vec<(usize, Choice)> = BALLOTS.iter().enumerate().map(|(at, (_, choice))| (at, *choice)).collect();
    let own = count(&rights, &ballots).unwrap();
    for (weights, expected) in [
        (vec![1; BALLOTS.len()], [own.yes.heads, own.no.heads, own.abstain.heads]),
        (
            BALLOTS.iter().map(|(metres, _)| *metres).collect(),
            [own.yes.area.0, own.no.area.0, own.abstain.area.0].map(|area| area / 10_000),
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(tallied(folder.path(), &weights), expected, "{weights:?}");
    }
}
