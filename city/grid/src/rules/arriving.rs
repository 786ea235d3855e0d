//! Puts the changes that phones made to one thing in the order in which they were made. Each names the one before it.
//! What comes before its predecessor waits for it, at most as long as the rulebook says, and is then applied with a
//! flag that stays; the predecessor may still come after that.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::merging::merge;
use crate::words::field::{Clash, Edits};

/// A change of a thing as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its identity, made by the phone.
    pub id: Uuid,
    /// The one that the same phone made before it on the same thing.
    pub before: Option<Uuid>,
    /// What it changes.
    pub edits: Edits,
    /// How it stands.
    pub stand: Stand,
    /// It was applied without the one before it.
    pub forced: bool,
    /// The fields that it changed so far.
    pub set: Vec<String>,
}

/// How a change stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stand {
    /// Not everything that belongs to it is here.
    Coming,
    /// It waits for the one before it.
    Parked,
    /// Every field of it was taken, or stood so already.
    Done,
    /// A person has to decide these fields; the others were taken.
    Open(Vec<Clash>),
    /// Somebody decided, refused it or took it back.
    Over,
}

impl Stand {
    /// Whether what follows it may be looked at: it was looked at itself.
    const fn is_settled(&self) -> bool {
        !matches!(self, Self::Coming | Self::Parked)
    }
}

/// A thing with its fields, its version and the changes that came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thing {
    /// How often it was changed.
    pub version: i64,
    /// Its fields today.
    pub fields: BTreeMap<String, String>,
    /// What came, in the order in which it came.
    pub changes: Vec<Change>,
}

impl Thing {
    /// Takes a change in, and with it everything that waited for it. What came before is not taken again.
    pub fn arrive(&mut self, change: Change) {
        if self.changes.iter().any(|known| known.id == change.id) {
            return;
        }
        self.changes.push(change);
        self.look();
    }

    /// A change that came.
    #[must_use]
    pub fn change(&self, id: Uuid) -> Option<&Change> {
        self.changes.iter().find(|change| change.id == id)
    }

    /// Says that everything which belongs to a change is here.
    pub fn complete(&mut self, id: Uuid) {
        for change in self.changes.iter_mut().filter(|change| change.id == id && change.stand == Stand::Coming) {
            change.stand = Stand::Parked;
        }
        self.look();
    }

    /// Applies a change that has waited long enough without the one before it. The flag stays.
    pub fn force(&mut self, id: Uuid) {
        let at = self.changes.iter().position(|change| change.id == id && change.stand == Stand::Parked);
        if let Some(change) = at.and_then(|at| self.changes.get_mut(at)) {
            change.forced = true;
        }
        self.look();
    }

    /// Applies what can be applied, until nothing more can.
    pub fn look(&mut self) {
        while let Some((at, id)) = self.next() {
            self.apply(at);
            self.look_again(id, &mut BTreeSet::new());
        }
    }

    fn next(&self) -> Option<(usize, Uuid)> {
        let settled: BTreeSet<Uuid> =
            self.changes.iter().filter(|change| change.stand.is_settled()).map(|change| change.id).collect();
        let ready = |change: &Change| change.forced || change.before.is_none_or(|before| settled.contains(&before));
        let mut waiting = self.changes.iter().enumerate().filter(|(_, change)| change.stand == Stand::Parked);
        waiting.find(|(_, change)| ready(change)).map(|(at, change)| (at, change.id))
    }

    fn apply(&mut self, at: usize) {
        let Some(change) = self.changes.get(at).cloned() else { return };
        let later: Vec<&Edits> =
            self.after(change.id).into_iter().filter_map(|at| self.changes.get(at)).map(|one| &one.edits).collect();
        let merged = merge(&self.fields, &change.edits, &later);
        if !merged.set.is_empty() {
            self.version += 1;
        }
        let set: Vec<String> = merged.set.keys().cloned().collect();
        self.fields.extend(merged.set);
        let stand = if merged.clashes.is_empty() { Stand::Done } else { Stand::Open(merged.clashes) };
        if let Some(change) = self.changes.get_mut(at) {
            change.stand = stand;
            change.set.extend(set);
        }
    }

    /// What was applied of the same phone after a change, directly or through others; never what it names itself.
    fn after(&self, id: Uuid) -> Vec<usize> {
        let before = self.before(id);
        let (mut found, mut names) = (Vec::new(), BTreeSet::from([id]));
        while let Some((at, change)) = self.changes.iter().enumerate().find(|(at, change)| {
            let follows = change.before.is_some_and(|before| names.contains(&before));
            follows && change.stand == Stand::Done && !found.contains(at) && !before.contains(&change.id)
        }) {
            names.insert(change.id);
            found.push(at);
        }
        found
    }

    /// What a change names as made before it, directly or through others.
    fn before(&self, id: Uuid) -> BTreeSet<Uuid> {
        let (mut named, mut next) = (BTreeSet::new(), Some(id));
        while let Some(before) = next.and_then(|id| self.change(id)?.before).filter(|before| named.insert(*before)) {
            next = Some(before);
        }
        named
    }

    /// A change that was applied without its predecessor may have clashed only because of that: now that the
    /// predecessor is here, what it saw may stand there. Each is looked at once more, whatever names whatever.
    fn look_again(&mut self, id: Uuid, seen: &mut BTreeSet<Uuid>) {
        seen.insert(id);
        let follows = |change: &Change| {
            change.before == Some(id)
                && change.forced
                && matches!(change.stand, Stand::Open(_))
                && !seen.contains(&change.id)
        };
        let again: Vec<(usize, Uuid)> = self
            .changes
            .iter()
            .enumerate()
            .filter(|(_, change)| follows(change))
            .map(|(at, change)| (at, change.id))
            .collect();
        for (at, next) in again {
            self.apply(at);
            self.look_again(next, seen);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::field::Edit;

    fn id(name: &str) -> Uuid {
        Uuid::new_v5(&Uuid::nil(), name.as_bytes())
    }

    fn edits(text: &str) -> Edits {
        let edit = |pair: &str| {
            let (name, change) = pair.split_once('=')?;
            let (saw, set) = change.split_once('>')?;
            Some((name.to_owned(), Edit { saw: saw.to_owned(), set: set.to_owned() }))
        };
        text.split(',').filter_map(edit).collect()
    }

    /// Plays what comes: `2<1:a=x>y,b=>z` is the change 2 after 1; `…2:` lacks a photo and `+2` brings it; `!2` has
    /// waited too long. Returns the fields, and how each change stands in the order of its name.
    fn play(steps: &str) -> String {
        let mut thing = Thing::default();
        for step in steps.split_whitespace() {
            if let Some(name) = step.strip_prefix('!') {
                thing.force(id(name));
            } else if let Some(name) = step.strip_prefix('+') {
                thing.complete(id(name));
            } else {
                let (name, change) = step.split_once(':').unwrap();
                let (name, before) = name.split_once('<').map_or((name, None), |(name, before)| (name, Some(before)));
                let (name, stand) = name.strip_prefix('…').map_or((name, Stand::Parked), |name| (name, Stand::Coming));
                thing.arrive(Change {
                    id: id(name),
                    before: before.map(id),
                    edits: edits(change),
                    stand,
                    forced: false,
                    set: Vec::new(),
                });
            }
        }
        let fields = thing.fields.iter().map(|(name, value)| format!("{name}={value}"));
        let names: BTreeMap<Uuid, String> =
            (b'0'..=b'z').map(|sign| char::from(sign).to_string()).map(|name| (id(&name), name)).collect();
        let mut stands: Vec<String> =
            thing.changes.iter().map(|change| format!("{}{}", names[&change.id], stood(change))).collect();
        stands.sort();
        let fields = fields.collect::<Vec<_>>().join(" ");
        format!("{fields} | {} | {}", stands.join(" "), thing.version)
    }

    fn stood(change: &Change) -> String {
        let stand = match &change.stand {
            Stand::Coming => "…".to_owned(),
            Stand::Parked => "?".to_owned(),
            Stand::Done => ".".to_owned(),
            Stand::Over => "-".to_owned(),
            Stand::Open(clashes) => clashes
                .iter()
                .map(|clash| format!("({}:{}/{}/{})", clash.field, clash.base, clash.theirs, clash.mine))
                .collect::<Vec<_>>()
                .concat(),
        };
        format!("{stand}{}", if change.forced { "!" } else { "" })
    }

    /// The situations of ODK Central's tests of offline entities, where they can occur here: 0 lost, 0 doubled.
    #[test]
    fn what_comes_late_twice_or_out_of_order_is_neither_lost_nor_doubled() {
        let table = [
            // One change, and the same one again.
            ("1:a=>x", "a=x | 1. | 1"),
            ("1:a=>x 1:a=>x", "a=x | 1. | 1"),
            // A run of one phone, in order.
            ("1:a=>x 2<1:a=x>y 3<2:a=y>z", "a=z | 1. 2. 3. | 3"),
            // Out of order: it waits, and all of it comes.
            ("2<1:a=x>y", " | 2? | 0"),
            ("2<1:a=x>y 1:a=>x", "a=y | 1. 2. | 2"),
            ("3<2:a=y>z 2<1:a=x>y 1:a=>x", "a=z | 1. 2. 3. | 3"),
            ("3<2:a=y>z 1:a=>x 2<1:a=x>y", "a=z | 1. 2. 3. | 3"),
            ("2<1:a=x>y 3<2:a=y>z 1:a=>x", "a=z | 1. 2. 3. | 3"),
            ("2<1:a=x>y 2<1:a=x>y 1:a=>x 2<1:a=x>y", "a=y | 1. 2. | 2"),
            // What waits holds up nobody else.
            ("2<1:a=x>y p:b=>q", "b=q | 2? p. | 1"),
            // Two phones, other fields, in whatever order.
            ("1:a=>x p:b=>q 2<1:a=x>y r<p:b=q>r", "a=y b=r | 1. 2. p. r. | 4"),
            ("2<1:a=x>y r<p:b=q>r p:b=>q 1:a=>x", "a=y b=r | 1. 2. p. r. | 4"),
            // Two phones, the same field: the second is shown, and what follows it as well.
            ("1:a=>x p:a=>q", "a=x | 1. p(a:/x/q) | 1"),
            ("1:a=>x p:a=>q r<p:a=q>r", "a=x | 1. p(a:/x/q) r(a:q/x/r) | 1"),
            ("1:a=>x p:a=>q r<p:b=>r", "a=x b=r | 1. p(a:/x/q) r. | 2"),
            // Somebody comes in between, in another field and in the same one.
            ("1:a=>x p:b=>q 2<1:a=x>y", "a=y b=q | 1. 2. p. | 3"),
            ("1:a=>x p:a=x>q 2<1:a=x>y", "a=q | 1. 2(a:x/q/y) p. | 2"),
            ("1:a=>x p:a=x>q 2<1:a=x>y,b=>n", "a=q b=n | 1. 2(a:x/q/y) p. | 3"),
            // Equal edits are no conflict, alone or in a run.
            ("1:a=>x p:a=>x", "a=x | 1. p. | 1"),
            ("1:a=>x p:a=>x r<p:a=x>y", "a=y | 1. p. r. | 2"),
            // The predecessor never comes: after the limit it is applied, and the flag stays.
            ("2<1:b=>y !2", "b=y | 2.! | 1"),
            ("2<1:a=x>y !2", " | 2(a:x//y)! | 0"),
            ("2<1:b=>y 3<2:b=y>z !2", "b=z | 2.! 3. | 2"),
            ("3<2:b=y>z 2<1:b=>y !3 !2", "b=z | 2.! 3.! | 2"),
            // Forced and then late (central#805): the conflict was only because of that.
            ("2<1:a=x>y !2 1:a=>x", "a=y | 1. 2.! | 2"),
            ("2<1:a=x>y 3<2:a=y>z !2 1:a=>x", "a=y | 1. 2.! 3(a:y//z) | 2"),
            ("2<1:a=x>y 3<2:a=y>z !2 !3 1:a=>x", "a=y | 1. 2.! 3(a:y//z) | 2"),
            ("3<2:a=y>z !3 2<1:a=x>y !2 1:a=>x", "a=z | 1. 2.! 3.! | 3"),
            ("2<1:b=>y !2 1:a=>x,b=>n", "a=x b=y | 1. 2.! | 2"),
            ("2<1:b=>y !2 1:b=>y", "b=y | 1. 2.! | 1"),
            // A conflict that is real stays one when the predecessor comes.
            ("p:a=>q 2<1:a=x>y !2 1:a=>x", "a=q | 1(a:/q/x) 2(a:x/q/y)! p. | 1"),
            // Forcing what does not wait, or what is not there, does nothing.
            ("1:a=>x !1 !9", "a=x | 1. | 1"),
            // An entry counts when its last photo is here; what follows it waits so long.
            ("…1:a=>x", " | 1… | 0"),
            ("…1:a=>x 2<1:a=x>y", " | 1… 2? | 0"),
            ("…1:a=>x 2<1:a=x>y +1", "a=y | 1. 2. | 2"),
            ("…1:a=>x +1 +1", "a=x | 1. | 1"),
            ("…1:a=>x p:b=>q !1", "b=q | 1… p. | 1"),
            // Names in a circle wait, and come to an end when they are forced.
            ("1<2:a=>x 2<1:a=x>y", " | 1? 2? | 0"),
            ("1<2:a=>x 2<1:a=x>y !1", "a=y | 1.! 2. | 2"),
            ("1<2:a=p>x 2<1:a=q>y !1 !2", " | 1(a:p//x)! 2(a:q//y) | 0"),
            ("1<1:a=>x !1", "a=x | 1.! | 1"),
        ];
        for (steps, expected) in table {
            assert_eq!(play(steps), expected, "{steps}");
        }
    }

    /// In whatever order the changes of two phones come, each is there once and none waits in the end.
    #[test]
    fn every_order_of_arrival_comes_to_the_same() {
        let changes = ["1:a=>x", "2<1:a=x>y", "3<2:c=>z", "p:b=>q", "r<p:b=q>r"];
        let expected = "a=y b=r c=z | 1. 2. 3. p. r. | 5";
        let mut orders = vec![Vec::new()];
        for _ in changes {
            let longer = |order: &Vec<usize>| {
                let free: Vec<usize> = (0..changes.len()).filter(|at| !order.contains(at)).collect();
                free.into_iter().map(|at| order.iter().copied().chain([at]).collect::<Vec<_>>()).collect::<Vec<_>>()
            };
            orders = orders.iter().flat_map(longer).collect();
        }
        assert_eq!(orders.len(), 120);
        for order in orders {
            let steps: Vec<&str> = order.iter().map(|at| changes[*at]).collect();
            assert_eq!(play(&steps.join(" ")), expected, "{steps:?}");
        }
    }
}
