//! The ballots of a large vote are opened together, by as many threads as the machine has: each with its own area and
//! choices, none left out, in the order of their commitments; and one that was altered lets none of them be counted.
#![expect(clippy::unwrap_used, reason = "a fault in a test's own setting must fail that test at once")]

use hall::Fault;
use kernel::place::{PlaceId, PlacePath};
use kernel::time::{Date, Instant};
use property::actions::counting::{label, opened};
use property::records::ballots::{self, Ballot};
use property::records::votes::Vote;
use property::words::area::Area;
use property::words::votes::Way;
use store::{Tx, migrate};
use uuid::Uuid;
use vault::{MasterKeys, NewRecord, Person, Vault, VaultError};

const DISTRICT: PlaceId = PlaceId(4);
/// More than one thread opens.
const BALLOTS: i64 = 2_500;

fn vote() -> Vote {
    let path = PlacePath::parse("1.4.40.400.").unwrap();
    let (opens_at, ends_at) = (Instant::from_micros(1), Instant::from_micros(2));
    let begun = Vote::begun(Uuid::from_u128(1), path, Date::constant(2026, 5, 1), opens_at, ends_at);
    let (title, seal) = ("换电梯".to_owned(), Uuid::from_u128(3));
    Vote { compound: 1, title, entitled_heads: BALLOTS, entitled_area: Area(1), seal, ..begun }
}

/// What the ballot of a number says. No two of three beside each other say the same.
fn choices(number: i64) -> &'static str {
    match number % 3 {
        0 => "F,S1:2",
        1 => "A,F",
        _ => "N,A",
    }
}

/// Gives the ballot of a number with what is sealed in it.
fn put(tx: &mut dyn Tx, vote: &Vote, number: i64, sealed: Vec<u8>) -> Result<(), Fault> {
    let ballot = Ballot {
        number,
        way: Way::Paper,
        area: Area(100 + number),
        sealed,
        account: None,
        entered_name: String::new(),
        entered_at: vote.opens_at,
    };
    Ok(ballots::put(tx, DISTRICT, vote.id, &ballot)?)
}

#[test]
fn many_ballots_are_opened_together_and_an_altered_one_stops_the_count() {
    for store in testkit::stores() {
        migrate(&store, &[vault::MIGRATIONS, property::MIGRATIONS]).unwrap();
        let vault = Vault::new(MasterKeys::generate().unwrap());
        let own = vault.clone();
        let fill = move |tx: &mut dyn Tx| {
            let vote = vote();
            let (purpose, at) = ("业主表决票".to_owned(), vote.called_at);
            let (id, person) = (vote.seal, Person::new());
            own.seal(tx, &NewRecord { id, district: DISTRICT, person, purpose, retain_until: None, at })?;
            for number in 1..=BALLOTS {
                let plain = choices(number).as_bytes();
                let sealed = own.cover(tx, DISTRICT, vote.seal, &label(&vote, number), plain)?;
                put(tx, &vote, number, sealed)?;
            }
            Ok::<_, Fault>(())
        };
        store.write_blocking(fill).unwrap();
        let own = vault.clone();
        let lines = store.read_blocking(move |tx| opened(&own, tx, &vote())).unwrap();
        assert!(lines.is_sorted_by(|one, other| one.commitment < other.commitment), "{}: the order", store.name);
        let mut found: Vec<(i64, &str)> = lines.iter().map(|line| (line.area.0 - 100, line.choices.as_str())).collect();
        found.sort_unstable();
        let expected: Vec<(i64, &str)> = (1..=BALLOTS).map(|number| (number, choices(number))).collect();
        assert!(found == expected, "{}: each ballot once, with what it says", store.name);

        // The ballot of one right under the number of another one, among the last of them.
        let own = vault.clone();
        let swap = move |tx: &mut dyn Tx| {
            let vote = vote();
            let sealed = own.cover(tx, DISTRICT, vote.seal, &label(&vote, 1), b"F,F")?;
            put(tx, &vote, BALLOTS, sealed)
        };
        store.write_blocking(swap).unwrap();
        let own = vault.clone();
        let stopped = store.read_blocking(move |tx| opened(&own, tx, &vote()));
        assert!(matches!(stopped, Err(Fault::Vault(VaultError::Damaged))), "{}: {stopped:?}", store.name);

        let own = vault.clone();
        let erase = move |tx: &mut dyn Tx| own.erase(tx, DISTRICT, vote().seal, Instant::from_micros(3));
        store.write_blocking(erase).unwrap();
        let gone = store.read_blocking(move |tx| opened(&vault, tx, &vote()));
        assert!(matches!(gone, Err(Fault::Vault(VaultError::Erased))), "{}: {gone:?}", store.name);
    }
}
