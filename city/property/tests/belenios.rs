//! Debian's `belenios-tool`, a voting system that has nothing to do with us, counts the same weighted ballots once by
//! heads and once by area, and finds what we find. The register is made by a seed: units that several owners share and
//! vote on differently, proxies who come and who do not, owners who abstain and owners who stay away. The test is
//! skipped, and says so, where the program is missing.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a fault in a test's own setting must fail that test at once"
)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use property::rules::audit::{BallotLine, MatterLine, Sheet};
use property::rules::ballots::commitment;
use property::rules::tally::{Amount, Choice, Share, Tally, Thresholds, count};
use property::words::area::Area;
use testkit::Chance;
use uuid::Uuid;

/// The seed of the register.
const SEED: u64 = 278;
/// How many heads it has. Each row of [`SHARES`] and each way to come stand beside each other in it.
const HEADS: usize = 20;
/// How a unit is shared: the parts of its owners.
const SHARES: [&[i64]; 4] = [&[1], &[1, 1], &[1, 2], &[1, 1, 2]];
/// What an owner may choose.
const CHOICES: [Choice; 3] = [Choice::For, Choice::Against, Choice::Abstain];
/// The answers to the question by area.
const BY_AREA: &[&str] = &["for", "against", "abstain"];
/// The answers by heads: a head whose owners do not agree cannot be split, it only takes part.
const BY_HEADS: &[&str] = &["for", "against", "abstain", "divided"];
/// The question, as Belenios writes it, up to its answers; and what follows on them.
const QUESTION: [&str; 2] = [
    r#"{"description":"Owners","name":"Lift","administrator":"a","credential_authority":"b","questions":[{"answers":["#,
    r#"],"min":1,"max":1,"question":"Lift?"}]}"#,
];
/// The Civil Code, article 278.
const THRESHOLDS: Thresholds = Thresholds {
    quorum: Share { parts: 2, of: 3, over: false },
    ordinary: Share { parts: 1, of: 2, over: true },
    special: Share { parts: 3, of: 4, over: false },
    of_all: false,
};

/// Who gives the ballot of a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comes {
    /// The owners themselves.
    Owners,
    /// A proxy who came.
    Proxy,
    /// Nobody, because the proxy did not come.
    AbsentProxy,
    /// Nobody.
    Nobody,
}

/// Everybody who can come, the owners twice: so with the four rows of shares each meets each.
const COMES: [Comes; 5] = [Comes::Owners, Comes::Proxy, Comes::Owners, Comes::AbsentProxy, Comes::Nobody];

/// An owner of a head: her share of its area in square centimetres, and what she wants.
#[derive(Clone, Copy)]
struct Owner {
    area: i64,
    choice: Choice,
}

/// A head of the register.
struct Head {
    owners: Vec<Owner>,
    comes: Comes,
}

impl Head {
    fn area(&self) -> Area {
        self.owners.iter().map(|owner| Area(owner.area)).sum()
    }

    fn is_there(&self) -> bool {
        matches!(self.comes, Comes::Owners | Comes::Proxy)
    }

    /// The choice that all owners share; none if they differ.
    fn shared(&self) -> Option<Choice> {
        let first = self.owners.first()?.choice;
        self.owners.iter().all(|owner| owner.choice == first).then_some(first)
    }

    /// What stands on the one ballot of the head.
    fn ballot(&self) -> Choice {
        let wanting = |wanted: Choice| -> Area {
            self.owners.iter().filter(|owner| owner.choice == wanted).map(|owner| Area(owner.area)).sum()
        };
        self.shared().unwrap_or_else(|| Choice::Split(wanting(Choice::For), wanting(Choice::Against)))
    }
}

/// Makes the register of a seed. The area of a unit is a multiple of the parts into which it is shared, so that the
/// area of each owner is a whole number of square centimetres.
fn register(seed: u64) -> Vec<Head> {
    let mut chance = Chance::new(seed);
    let mut heads = Vec::new();
    for at in 0..HEADS {
        let (parts, comes) = (SHARES[at % SHARES.len()], COMES[at % COMES.len()]);
        let step = 150_001 + i64::try_from(chance.below(250_000)).unwrap();
        let mut choice = chance.below(CHOICES.len());
        let mut owners = Vec::new();
        for part in parts {
            owners.push(Owner { area: part * step, choice: CHOICES[choice % CHOICES.len()] });
            // Where several share a unit, two of three times the next one wants something else.
            choice += chance.below(CHOICES.len());
        }
        heads.push(Head { owners, comes });
    }
    heads
}

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

/// Somebody whom Belenios knows: a whole number as her weight, and the place of her answer, if she gives one.
struct Voter {
    weight: i64,
    answer: Option<usize>,
}

/// Has the ballots of these voters counted: the weight of each answer.
fn tallied(folder: &Path, answers: &[&str], voters: &[Voter]) -> Vec<i64> {
    let token = belenios(folder, "setup generate-token", b"");
    let with = format!("--uuid {} --group BELENIOS-2048", String::from_utf8_lossy(&token).trim());
    let line = |(at, voter): (usize, &Voter)| format!("voter{at}@x.org,voter{at},{}\n", voter.weight);
    let lines: Vec<String> = voters.iter().enumerate().map(line).collect();
    fs::write(folder.join("voters.txt"), lines.concat()).unwrap();
    let quoted: Vec<String> = answers.iter().map(|answer| format!("\"{answer}\"")).collect();
    let [before, after] = QUESTION;
    fs::write(folder.join("questions.json"), format!("{before}{}{after}", quoted.join(","))).unwrap();
    belenios(folder, &format!("setup generate-credentials {with} --file voters.txt"), b"");
    fs::rename(folder.join(file(folder, ".pubcreds")), folder.join("public_creds.json")).unwrap();
    belenios(folder, "setup generate-trustee-key --group BELENIOS-2048", b"");
    fs::copy(folder.join(file(folder, ".pubkey")), folder.join("public_keys.jsons")).unwrap();
    belenios(folder, "setup make-trustees", b"");
    belenios(folder, &format!("setup make-election {with} --template questions.json"), b"");
    belenios(folder, "archive init", b"");
    let private = fs::read_to_string(folder.join(file(folder, ".privcreds"))).unwrap();
    let codes = private.lines().filter_map(|line| line.split_once(' ')).map(|(_, code)| code);
    for (code, voter) in codes.zip(voters) {
        // Whoever stays away has a credential and gives no ballot.
        let Some(answer) = voter.answer else { continue };
        let marks: Vec<&str> = (0..answers.len()).map(|place| if place == answer { "1" } else { "0" }).collect();
        fs::write(folder.join("code"), code).unwrap();
        fs::write(folder.join("answer"), format!("[[{}]]", marks.join(","))).unwrap();
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
    assert_eq!(numbers.len(), answers.len(), "a number for each answer: {result}");
    numbers
}

/// The place of a choice among the answers.
fn answer(choice: Choice) -> usize {
    CHOICES.iter().position(|one| *one == choice).unwrap_or(CHOICES.len())
}

/// The voters of a register by heads: each head has the weight one.
fn by_heads(register: &[Head]) -> Vec<Voter> {
    let voter = |head: &Head| Voter { weight: 1, answer: head.is_there().then(|| answer(head.ballot())) };
    register.iter().map(voter).collect()
}

/// The voters of a register by area: each owner has the weight of her share, and answers for herself.
fn by_area(register: &[Head]) -> Vec<Voter> {
    let mut voters = Vec::new();
    for head in register {
        for owner in &head.owners {
            voters.push(Voter { weight: owner.area, answer: head.is_there().then(|| answer(owner.choice)) });
        }
    }
    voters
}

/// What the platform counts from the audit sheet of the register, as anybody reads it.
fn own(register: &[Head]) -> Tally {
    let vote = Uuid::from_u128(278);
    let given = register.iter().enumerate().filter(|(_, head)| head.is_there());
    let line = |(at, head): (usize, &Head)| {
        let choices = head.ballot().written();
        BallotLine { commitment: commitment(vote, &at.to_string(), &choices), area: head.area(), choices }
    };
    let heads = i64::try_from(register.len()).unwrap();
    let sheet = Sheet {
        vote,
        entitled: Amount { heads, area: register.iter().map(Head::area).sum() },
        matters: vec![MatterLine { is_special: false, thresholds: THRESHOLDS }],
        ballots: given.map(line).collect(),
        taken_back: Vec::new(),
    };
    let counted = Sheet::read(&sheet.written()).unwrap().recount().unwrap();
    let [(tally, _)] = counted.as_slice() else { panic!("one matter") };
    *tally
}

#[test]
fn the_register_has_all_that_is_compared() {
    let register = register(SEED);
    let split = |head: &&Head| matches!(head.ballot(), Choice::Split(..));
    for comes in COMES {
        let those = || register.iter().filter(|head| head.comes == comes);
        assert!(those().any(|head| head.owners.len() > 1), "{comes:?}: a unit of several owners");
        assert!(those().any(|head| head.owners.len() == 1), "{comes:?}: a unit of one owner");
    }
    let there = || register.iter().filter(|head| head.is_there());
    assert!(there().any(|head| head.comes == Comes::Proxy && split(&head)), "a proxy of owners who differ");
    assert!(there().any(|head| head.comes == Comes::Owners && split(&head)), "owners who differ");
    for choice in CHOICES {
        assert!(there().any(|head| head.ballot() == choice), "a head that is all {choice:?}");
        assert!(there().filter(split).any(|head| head.owners.iter().any(|owner| owner.choice == choice)), "{choice:?}");
    }
    // What is read from the sheet is what is counted right by right, also where nobody came.
    let rights: Vec<Area> = register.iter().map(Head::area).collect();
    let given = register.iter().enumerate().filter(|(_, head)| head.is_there());
    let ballots: Vec<(usize, Choice)> = given.map(|(at, head)| (at, head.ballot())).collect();
    let own = own(&register);
    assert_eq!(count(&rights, &ballots), Ok(own));
    assert_eq!(own.yes.area.plus(own.no.area).plus(own.abstain.area), own.taking_part.area);
    assert_eq!(own.yes.heads + own.no.heads + own.abstain.heads + own.divided, own.taking_part.heads);
    assert!(own.taking_part.heads < i64::try_from(HEADS).unwrap(), "absent owners and proxies count nothing");
}

#[test]
fn belenios_counts_the_same_by_heads_and_by_area() {
    if Command::new("belenios-tool").arg("--version").output().is_err() {
        println!("skipped: belenios-tool is not installed (apt-get install belenios-tool)");
        return;
    }
    let register = register(SEED);
    let Tally { yes, no, abstain, divided, .. } = own(&register);
    for (answers, voters, expected) in [
        (BY_HEADS, by_heads(&register), vec![yes.heads, no.heads, abstain.heads, divided]),
        (BY_AREA, by_area(&register), vec![yes.area.0, no.area.0, abstain.area.0]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(tallied(folder.path(), answers, &voters), expected, "{answers:?}");
    }
}
