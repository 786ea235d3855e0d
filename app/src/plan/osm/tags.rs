//! This file reads what the tags of OpenStreetMap say about walkers: which way they may take, in which direction, how
//! long a ferry takes, and what stops them.
//!
//! Each rule names its page of the wiki (<https://wiki.openstreetmap.org>). Where the wiki leaves a default open or to
//! each country, the rule says what is taken.

use std::collections::BTreeMap;

use planning::network::RIDE;

/// Holds the tags of one thing, by key.
pub type Tags<'a> = BTreeMap<&'a str, &'a str>;

/// Is the class of stairs. Other ways on foot have the class 0.
pub const STAIRS: u8 = 1;

/// Lists values of `highway` on which people walk unless something forbids it (“OSM tags for routing/Access
/// restrictions”). On cycleways and bridleways the countries differ, and nothing is in a walker's way. From `trail` on
/// they are old words for a path or a street.
const OPEN: &str = "\
    primary primary_link secondary secondary_link tertiary tertiary_link unclassified unclassified_link \
    residential residential_link living_street service pedestrian track road footway path steps corridor \
    elevator platform cycleway bridleway trail byway minor unsurfaced sidewalk ford";

/// Lists values of `highway` that are for vehicles, so that people walk there only if `foot` lets them in. The wiki
/// leaves trunk roads to each country; a sidewalk opens them as well.
const FOR_VEHICLES: &str = "\
    motorway motorway_link trunk trunk_link raceway bus_guideway busway escape emergency_bay";

/// Lists values of `highway` that are no way: it is not built, is gone, was only thought of, is an area beside a road,
/// or has to be climbed (“Key:highway”, “Lifecycle prefix”, “Tag:highway=via ferrata”).
const NO_WAY: &str = "\
    abandoned cancelled construction demolished destroyed dismantled disused historic no obliterated planned \
    proposed razed rejected removed ruined rest_area services ladder via_ferrata";

/// Lists keys that say, with `yes`, that a way is not there although it has its kind (“Lifecycle prefix”). A key with a
/// prefix, such as `disused:highway`, is no `highway` anyway.
const GONE: &str = "\
    abandoned construction demolished destroyed dismantled disused obliterated planned proposed razed removed \
    ruined";

/// Lists values of `foot` and `access` that let people in (“Key:access”). A way for people who go there or for
/// customers is one on which people walk.
const LET_IN: &str = "yes designated official permissive destination customers public";

/// Lists values of `foot` and `access` that keep people out, because only some may pass (“Key:access”) or because the
/// way beside has to be taken (“Tag:foot=use sidepath”).
const KEPT_OUT: &str = "\
    no private agricultural forestry military delivery emergency permit residents restricted use_sidepath \
    employees staff members key";

/// Lists values of `barrier` that a walker passes (“Key:barrier”): what can be opened, stepped over or gone round.
const PASSED: &str = "\
    no entrance gate lift_gate swing_gate sliding_gate wicket_gate kissing_gate hampshire_gate bump_gate stile \
    horse_stile turnstile full-height_turnstile bollard block chain cycle_barrier motorcycle_barrier cattle_grid \
    kerb height_restrictor sump_buster bus_trap toll_booth border_control sally_port log rope bar door planter \
    spikes coupure sliding_beam wedge tyres barrier_board delineators armadillo cone handrail";

/// Lists values of `barrier` that stop a walker (“Key:barrier”).
const SOLID: &str = "\
    wall fence retaining_wall city_wall hedge hedge_bank ditch guard_rail cable_barrier jersey_barrier debris \
    berm avalanche_protection";

/// Lists keys of rules that hold at certain hours or for some only (“Conditional restrictions”).
const CONDITIONAL: &str = "\
    foot:conditional access:conditional foot:forward:conditional foot:backward:conditional \
    oneway:foot:conditional conveying:conditional locked:conditional";

/// Says how people get along a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walk {
    /// Whether they may go in the order of the nodes.
    pub forward: bool,
    /// Whether they may go against that order.
    pub backward: bool,
    /// The class: 0, [`STAIRS`] or [`RIDE`].
    pub class: u8,
    /// The time of a whole ride in ds, if it is known.
    pub duration: Option<u32>,
}

/// Says whether a node of a way lets people pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// People pass.
    Open,
    /// Nobody passes.
    Shut,
    /// Nobody passes, because nobody knows what the barrier is.
    Unknown,
}

/// Says whether a list has a word. The words of a list are divided by blanks.
fn has(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

fn tag<'a>(tags: &Tags<'a>, key: &str) -> &'a str {
    tags.get(key).copied().unwrap_or_default()
}

/// Says whether a value means yes, however it is written.
fn is_yes(value: &str) -> bool {
    matches!(value, "yes" | "true" | "1")
}

/// Returns the parts of a value that lists several.
fn parts(value: &str) -> impl Iterator<Item = &str> {
    value.split(';').map(str::trim)
}

/// Says what the value of an access key means for people, or nothing if it means nothing to them. A list lets in whom
/// one of its values lets in.
fn lets(tags: &Tags<'_>, key: &str) -> Option<bool> {
    let value = tags.get(key)?;
    if parts(value).any(|part| has(LET_IN, part)) {
        Some(true)
    } else if parts(value).any(|part| has(KEPT_OUT, part)) {
        Some(false)
    } else {
        None
    }
}

/// Says whether something holds at certain hours only.
pub fn is_conditional(tags: &Tags<'_>) -> bool {
    CONDITIONAL.split(' ').any(|key| tags.contains_key(key))
}

/// Says whether a way has a kind that nobody has heard of, and nothing lets people in.
pub fn is_unknown(tags: &Tags<'_>) -> bool {
    let kind = tag(tags, "highway");
    let is_known = [OPEN, FOR_VEHICLES, NO_WAY].iter().any(|list| has(list, kind));
    !kind.is_empty() && !is_known && walk(tags).is_none()
}

/// Returns how people get along a way, or nothing if they do not.
///
/// `foot` counts for more than `access` (“Key:access”), and a direction for more than both (“Key:foot:backward”). Walks
/// are one-way only by `oneway:foot` (“Key:oneway:foot”) and `conveying` (“Key:conveying”): `oneway` is for vehicles
/// (“Key:oneway”), but an escalator or a ferry that goes one way goes so for everybody on it. An area is walked round
/// along its edge.
pub fn walk(tags: &Tags<'_>) -> Option<Walk> {
    if GONE.split(' ').any(|key| is_yes(tag(tags, key))) {
        return None;
    }
    let ground = Ground::of(tags)?;
    let own = directions(tag(tags, "oneway:foot"));
    let conveyed = match tag(tags, "conveying") {
        "forward" => [true, false],
        "backward" => [false, true],
        "yes" => directions(tag(tags, "oneway")),
        _ => [true, true],
    };
    let ridden = if ground.class == RIDE && !tags.contains_key("oneway:foot") {
        directions(tag(tags, "oneway"))
    } else {
        [true, true]
    };
    let foot = lets(tags, "foot");
    let may = |side: usize, foot_key: &str, access_key: &str| {
        let access = lets(tags, access_key).or_else(|| lets(tags, "access"));
        let all = foot.unwrap_or(ground.open && access != Some(false));
        let with_it = [own, conveyed, ridden].iter().all(|both| both[side]);
        lets(tags, foot_key).unwrap_or(all && with_it)
    };
    let forward = may(0, "foot:forward", "access:forward");
    let backward = may(1, "foot:backward", "access:backward");
    let duration = tags.get("duration").filter(|_| ground.class == RIDE).and_then(|text| duration(text));
    (forward || backward).then_some(Walk { forward, backward, class: ground.class, duration })
}

/// Says what kind of way it is.
struct Ground {
    /// Whether people walk there unless something forbids it.
    open: bool,
    class: u8,
}

impl Ground {
    /// Returns the kind, or nothing if it is no way. Beside streets people walk on platforms (“Tag:railway=platform”,
    /// “Tag:public transport=platform”) and piers (“Tag:man made=pier”), and ferries take them unless they say
    /// otherwise (“Tag:route=ferry”).
    fn of(tags: &Tags<'_>) -> Option<Self> {
        let Some(&highway) = tags.get("highway") else {
            if tag(tags, "route") == "ferry" {
                return Some(Self { open: true, class: RIDE });
            }
            let platform = tag(tags, "railway") == "platform" || tag(tags, "public_transport") == "platform";
            return (platform || tag(tags, "man_made") == "pier").then_some(Self { open: true, class: 0 });
        };
        if has(NO_WAY, highway) {
            return None;
        }
        let is_trunk = matches!(highway, "trunk" | "trunk_link");
        let open = has(OPEN, highway) || is_trunk && has_sidewalk(tags);
        // “Key:motorroad”: the rules of a motorway hold there.
        let open = open && !is_yes(tag(tags, "motorroad"));
        // An escalator is no effort.
        let is_still = matches!(tag(tags, "conveying"), "" | "no");
        Some(Self { open, class: if highway == "steps" && is_still { STAIRS } else { 0 } })
    }
}

/// Says whether a sidewalk belongs to a street (“Key:sidewalk”). One that is drawn separately is a way of its own.
fn has_sidewalk(tags: &Tags<'_>) -> bool {
    let is_one = |key: &str| matches!(tag(tags, key), "yes" | "both" | "left" | "right");
    ["sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right"].into_iter().any(is_one)
}

/// Returns whether a one-way rule leaves forward and backward open.
fn directions(value: &str) -> [bool; 2] {
    match value {
        "-1" | "reverse" => [false, true],
        _ => [true, !is_yes(value)],
    }
}

/// Returns a duration in ds (“Key:duration”): minutes, `HH:MM`, `HH:MM:SS`, or as ISO 8601 writes it (`PT1H30M`).
/// Returns nothing if it cannot be read, or is no time at all.
fn duration(text: &str) -> Option<u32> {
    let text = text.trim();
    let seconds = if let Some(period) = text.strip_prefix('P') {
        let (days, clock) = period.split_once('T').unwrap_or((period, ""));
        counted(days, &[('D', 86_400.0)])? + counted(clock, &[('H', 3_600.0), ('M', 60.0), ('S', 1.0)])?
    } else {
        let bare = ["minutes", "mins", "min"].into_iter().find_map(|unit| text.strip_suffix(unit));
        let numbers: Vec<f64> = bare.unwrap_or(text).trim().split(':').map(number).collect::<Option<_>>()?;
        match numbers.as_slice() {
            [minutes] => minutes * 60.0,
            [hours, minutes] => hours * 3_600.0 + minutes * 60.0,
            [hours, minutes, seconds] => hours * 3_600.0 + minutes * 60.0 + seconds,
            _ => return None,
        }
    };
    // A number that is too great becomes the greatest one, which no way may take.
    Some((seconds * 10.0).round() as u32).filter(|time| *time > 0)
}

/// Adds up numbers that are each followed by a unit.
fn counted(text: &str, units: &[(char, f64)]) -> Option<f64> {
    let (mut sum, mut digits) = (0.0, String::new());
    for sign in text.chars() {
        if sign.is_ascii_digit() || sign == '.' {
            digits.push(sign);
        } else {
            let (_, unit) = units.iter().find(|(known, _)| *known == sign)?;
            sum += number(&digits)? * unit;
            digits.clear();
        }
    }
    digits.is_empty().then_some(sum)
}

/// Returns a plain decimal number.
fn number(text: &str) -> Option<f64> {
    let is_plain = text.starts_with(|sign: char| sign.is_ascii_digit())
        && text.chars().all(|sign| sign.is_ascii_digit() || sign == '.');
    text.parse().ok().filter(|_| is_plain)
}

/// Says whether a node of a way lets people pass.
///
/// Its own `foot` and `access` count most (“Key:foot”), then whether it is locked (“Key:locked”), then the default of
/// its barrier (“Key:barrier”). A barrier without a known default stops everybody (“Barriers”). Other nodes are looked
/// at only where something stands that can be shut; a crossing with `foot=no` does not close the road that it crosses.
pub fn passage(tags: &Tags<'_>) -> Passage {
    let barrier = tags.get("barrier").copied();
    let can_be_shut = tags.contains_key("door")
        || tags.contains_key("entrance")
        || tag(tags, "indoor") == "door"
        || matches!(tag(tags, "highway"), "elevator" | "gate")
        || matches!(tag(tags, "railway"), "level_crossing" | "crossing");
    if barrier.is_none() && !can_be_shut {
        return Passage::Open;
    }
    match lets(tags, "foot").or_else(|| lets(tags, "access")) {
        Some(true) => return Passage::Open,
        Some(false) => return Passage::Shut,
        None => {}
    }
    if tag(tags, "locked") == "yes" {
        return Passage::Shut;
    }
    let Some(barrier) = barrier else { return Passage::Open };
    if parts(barrier).any(|part| has(SOLID, part)) {
        Passage::Shut
    } else if parts(barrier).all(|part| has(PASSED, part)) {
        Passage::Open
    } else {
        Passage::Unknown
    }
}

#[cfg(test)]
mod tests;
