//! Looks at what is kept: papers on the shelf, room on the disks, jobs that wait, and the clock.

use std::net::ToSocketAddrs as _;
use std::path::Path;

use jobs::channels::Targets;
use jobs::{Counts, LATE_MINUTES, Late};
use kernel::earth::world;
use kernel::time::{Clock, Date, Instant, Zone, show_minute_of_day};
use store::{Store, StoreError};

use super::Finding;
use crate::City;
use crate::commands::progress;
use crate::configuration::Configuration;
use crate::opening::Opening;

/// How many papers are looked at between two reports of progress, and as a sample.
const PAPERS: i64 = 100;
const GIBIBYTE: u64 = 1024 * 1024 * 1024;
/// A disk is nearly full below so many bytes, or below a tenth of its size if that is less.
const ROOM: u64 = 10 * GIBIBYTE;
/// How far the clock of the database's server may be from that of this machine.
const SERVER_SECONDS: i64 = 60;
/// How far the newest event may lie ahead: clocks of several machines differ a little.
const CLOCK_SECONDS: i64 = 300;

/// Looks at papers on the shelf: at all of them, or at a sample that begins elsewhere each day.
pub fn papers(city: &City, all: bool, folder: &Path, now: Instant) -> Finding {
    let threads = tokio::runtime::Builder::new_current_thread().build().map_err(|fault| fault.to_string())?;
    let bar = progress::bar(0, "papers");
    let mut after =
        if all { String::new() } else { format!("{:02x}", (now.micros() / 86_400_000_000).rem_euclid(256)) };
    let mut sum = papers::Inspected::default();
    loop {
        let found = threads.block_on(city.papers.inspect(&after, PAPERS)).map_err(|fault| fault.to_string())?;
        sum.add(&found);
        bar.set_position(sum.looked);
        match found.last {
            Some(last) if all => after = last,
            // A sample that comes to the end goes on at the beginning.
            None if !all && sum.looked == 0 && !after.is_empty() => after = String::new(),
            _ => break,
        }
    }
    bar.finish_and_clear();
    told(&sum, all, folder)
}

/// Looks whether each building lies in one grid of its own community, and no other.
pub fn grids(city: &City, today: Date) -> Finding {
    let found = city.places.strays_blocking(today).map_err(|fault| fault.to_string())?;
    match found {
        None => Ok("no buildings are laid".to_owned()),
        Some(strays) if strays.none() => Ok(format!("{} buildings lie in one grid each", strays.lie)),
        Some(strays) => Err(format!(
            "{} buildings lie in two grids, {} in a grid of another community or one that ended, and {} in none beside \
             neighbours that do. Divide their communities again on the page of the grids",
            strays.twice, strays.elsewhere, strays.without
        )),
    }
}

fn told(sum: &papers::Inspected, all: bool, folder: &Path) -> Finding {
    let papers::Inspected { looked, missing, altered, .. } = sum;
    let Some(first) = missing.first().or(altered.first()) else {
        let more = if all { "" } else { " (all of them with --all)" };
        return Ok(format!("{looked} looked at, each is there and unaltered{more}"));
    };
    Err(format!(
        "of {looked} looked at, {} are missing and {} are altered or cannot be read, the first {first}. Put them back \
         into {} from the backup of the files",
        missing.len(),
        altered.len(),
        folder.display()
    ))
}

/// How many sealed words are looked at between two reports of progress, and as a sample.
const WORDS: i64 = 500;

/// Looks whether what people wrote about cases can be opened: all of it, or a sample.
pub fn words(city: &City, all: bool) -> Finding {
    let bar = progress::bar(0, "words");
    let (mut looked, mut unreadable, mut after) = (0, 0, None);
    loop {
        let desk = city.cases.clone();
        let found = city.store.read_blocking(move |tx| desk.inspect_words(tx, after, WORDS));
        let found = found.map_err(|fault| fault.to_string())?;
        (looked, unreadable) = (looked + found.looked, unreadable + found.unreadable);
        bar.set_position(looked);
        after = found.next;
        if !all || after.is_none() {
            break;
        }
    }
    bar.finish_and_clear();
    if unreadable > 0 {
        return Err(format!(
            "of {looked} looked at, {unreadable} cannot be opened: they were altered, or do not belong to the sealed \
             records of this database. Put the database back from a backup that is whole"
        ));
    }
    Ok(format!("{looked} looked at, each opens{}", if all { "" } else { " (all of them with --all)" }))
}

/// Looks whether the disk of a folder has room.
pub fn disk(folder: &Path) -> Finding {
    let known = rustix::fs::statvfs(folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
    let bytes = |blocks: u64| blocks.saturating_mul(known.f_frsize);
    room(folder, bytes(known.f_bavail), bytes(known.f_blocks))
}

fn room(folder: &Path, free: u64, size: u64) -> Finding {
    let told = format!("{}: {} of {} MiB are free", folder.display(), free / 1_048_576, size / 1_048_576);
    if free < ROOM.min(size / 10) {
        return Err(format!("{told}. Make room before it is full: then nothing can be stored any more"));
    }
    Ok(told)
}

/// Looks at the queue of jobs. What a clock put off that was ahead is due within a minute where a server runs.
pub fn jobs(city: &City, now: Instant) -> Finding {
    let found = city.store.read_blocking(move |tx| {
        Ok::<_, StoreError>((jobs::counts(tx, now)?, jobs::ahead(tx, now)?, jobs::late(tx, now)?))
    });
    let (counts, ahead, late) = found.map_err(|fault| fault.to_string())?;
    let zone = city.hall.zone();
    if ahead.is_empty() {
        return queue(counts, late, zone, now);
    }
    let told: Vec<String> = ahead
        .iter()
        .map(|one| format!("{} of {}, the first on {}", one.jobs, one.kind, zone.date(one.first)))
        .collect();
    Err(format!(
        "jobs wait far in the future ({}): a clock was ahead when they were set. A server that runs makes them due within \
         a minute; check the clock of every machine",
        told.join("; ")
    ))
}

/// Says how many jobs there are, and whether what is due is done in time.
fn queue(counts: Counts, late: Late, zone: Zone, now: Instant) -> Finding {
    let told = format!("{counts:?}, {} of them due for more than {LATE_MINUTES} minutes", late.jobs);
    let Some(since) = late.since else { return Ok(told) };
    let told =
        format!("{told}, the oldest since {} {}", zone.date(since), show_minute_of_day(zone.minute_of_day(since)));
    if !late.needs_attention(now) {
        return Ok(told);
    }
    Err(format!(
        "needs attention: {told}. See that lianglin serve runs. If it does, more comes in than it does: it catches up \
         once less comes in, and sooner on a faster disk"
    ))
}

/// How many destinations are named at most.
const DESTINATIONS: i64 = 20;

/// Looks whether a destination of messages is left in peace because it failed.
pub fn destinations(city: &City, now: Instant) -> Finding {
    let found = city.store.read_blocking(|tx| jobs::restless_destinations(tx, DESTINATIONS));
    let lanes = found.map_err(|fault| fault.to_string())?;
    let paused = lanes.iter().filter(|lane| lane.paused_until.is_some_and(|until| until > now));
    let told: Vec<String> = paused
        .map(|lane| {
            let why = lane.last_error.as_deref().unwrap_or("no answer");
            format!("{} after {} failures in a row ({why})", lane.lane, lane.failures)
        })
        .collect();
    if told.is_empty() {
        return Ok("none is left in peace".to_owned());
    }
    Err(format!("messages wait because these failed: {}. See /jobs; try them there once they answer", told.join("; ")))
}

/// Looks whether the map below the city's own gives the middle of the city; none where there is no such map, or where
/// its settings are wrong, which is told elsewhere.
pub fn base_map(city: &City, configuration: &Configuration, now: Instant) -> Option<Finding> {
    let (map, targets) = (configuration.base_map().ok()??, configuration.targets().ok()?);
    let base = match overview::Base::open(&map, &Targets::new(targets)) {
        Ok(base) => base,
        Err(fault) => return Some(Err(fault)),
    };
    let laid = match city.places.geography_blocking() {
        Ok(laid) => laid?,
        Err(fault) => return Some(Err(fault.to_string())),
    };
    let middle = laid.buildings.get(laid.buildings.len() / 2)?.at;
    let (latitude, longitude) = laid.plane()?.to_degrees((middle.x, middle.y))?;
    Some(base.look(world(latitude, longitude), now))
}

/// Looks whether something was written later than this machine's clock says it is.
pub fn clock(city: &City, now: Instant) -> Finding {
    let newest = city.store.read_blocking(store::log::newest).map_err(|fault| fault.to_string())?;
    match newest.filter(|at| *at > now.plus_seconds(CLOCK_SECONDS)) {
        None => Ok("nothing was written later than now".to_owned()),
        Some(at) => Err(format!(
            "the newest event is of {}, {} minutes after what the clock of this machine says: it is behind, or another \
             one was ahead. Set the clocks by a time server",
            city.hall.zone().date(at),
            at.micros().saturating_sub(now.micros()) / 60_000_000
        )),
    }
}

/// Looks whether the clock of the database's server agrees with that of this machine; none where the database is a file
/// here.
pub fn server_clock(store: &Store, clock: &Clock) -> Option<Finding> {
    let before = clock();
    match store.read_blocking(store::clock::of_server) {
        Ok(told) => told.map(|told| agree(told, before, clock())),
        Err(fault) => Some(Err(fault.to_string())),
    }
}

/// Says whether a time that was told between two moments agrees with them.
fn agree(told: Instant, before: Instant, after: Instant) -> Finding {
    let ahead = told.seconds_since(after).max(before.seconds_since(told)).max(0);
    if ahead <= SERVER_SECONDS {
        return Ok("agrees with the clock of this machine".to_owned());
    }
    let side = if told > after { "ahead of" } else { "behind" };
    Err(format!(
        "the server of the database is {ahead} seconds {side} the clock of this machine. Set the clocks of both by a \
         time server"
    ))
}

/// Looks at the address to listen on.
pub fn listen(opening: &Opening) -> Finding {
    let listen = &opening.configuration.listen;
    match listen.to_socket_addrs() {
        Ok(_) => Ok(listen.clone()),
        Err(fault) => {
            Err(format!("listen = \"{listen}\" is not an address with a port ({fault}). Write 127.0.0.1:8010"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_is_nearly_full_below_a_tenth_or_ten_gibibytes() {
        for (free, size, enough) in [
            (GIBIBYTE, 5 * GIBIBYTE, true),
            (GIBIBYTE / 4, 5 * GIBIBYTE, false),
            (11 * GIBIBYTE, 4000 * GIBIBYTE, true),
            (9 * GIBIBYTE, 4000 * GIBIBYTE, false),
            (0, 0, true),
        ] {
            assert_eq!(room(Path::new("/srv"), free, size).is_ok(), enough, "{free} of {size}");
        }
        assert!(disk(Path::new("/nowhere/at/all")).is_err());
    }

    #[test]
    fn a_server_whose_clock_is_wrong_is_told() {
        let at = |second: i64| Instant::from_micros(1_700_000_000_000_000).plus_seconds(second);
        for (told, expected) in [
            (0, None),
            (3, None),
            (62, None),
            (64, Some("62 seconds ahead")),
            (-60, None),
            (-61, Some("61 seconds behind")),
            (172_802, Some("172800 seconds ahead")),
        ] {
            let finding = agree(at(told), at(0), at(2));
            assert_eq!(finding.is_err(), expected.is_some(), "{told}: {finding:?}");
            assert!(finding.err().is_none_or(|said| said.contains(expected.unwrap_or_default())), "{told}");
        }
    }

    #[test]
    fn a_queue_that_is_behind_needs_attention() {
        let now = Instant::from_micros(1_700_000_000_000_000);
        let counts = Counts { waiting: 3, due: 860_000, failed: 0 };
        let told = |jobs: i64, minutes: i64| {
            let since = (jobs > 0).then(|| now.plus_minutes(-minutes));
            queue(counts, Late { jobs, since }, Zone::new(480), now)
        };
        assert!(told(0, 0).is_ok_and(|told| told.contains("0 of them due for more than 5 minutes")));
        assert!(told(40, 7).is_ok_and(|told| told.contains("the oldest since 2023-11-15 06:06")));
        for (jobs, minutes) in [(860_000, 7), (1, 61)] {
            let said = told(jobs, minutes).unwrap_err();
            assert!(said.contains(&format!("{jobs} of them")) && said.contains("lianglin serve"), "{said}");
        }
    }

    #[test]
    fn a_missing_paper_is_told_with_its_folder() {
        let whole = papers::Inspected { looked: 3, ..papers::Inspected::default() };
        assert!(told(&whole, false, Path::new("/files")).is_ok_and(|told| told.contains("--all")));
        let broken = papers::Inspected { looked: 3, altered: vec!["ab".to_owned()], ..papers::Inspected::default() };
        let said = told(&broken, true, Path::new("/files")).unwrap_err();
        assert!(said.contains("/files") && said.contains("1 are altered"), "{said}");
    }
}
