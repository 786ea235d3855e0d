//! The fair plan first asks nobody for a longer walk than needed; then it has the least walking in all.

use super::{Answer, Call, Fault, Pair, Plan, check};

/// A fair plan.
#[derive(Debug, Clone)]
pub struct Fair {
    /// The longest walk that must be asked of somebody, ds. With a shorter limit more people would stay at home or be
    /// missing.
    pub longest: i32,
    /// The call without any longer walk.
    pub call: Call,
    /// The best plan of that call.
    pub plan: Plan,
    /// Where failings are fewest, walks of all lengths allowed. Its prices prove it.
    pub all: Answer,
    /// Where failings are as few and nobody walks longer.
    pub within: Answer,
    /// Where failings are fewest when nobody walks as far. Its prices prove that there are more of them. There is none
    /// where no walk is shorter.
    pub shorter: Option<Answer>,
}

/// Finds the smallest limit of walks with which as few people stay at home or are missing as without a limit, and the
/// best plan that keeps to it. Returns `None` when nobody can go anywhere.
pub fn fair(call: &Call) -> Result<Option<Fair>, Fault> {
    let mut pairs: Vec<Pair> = call.pairs().collect();
    let mut walks: Vec<i32> = pairs.iter().map(|pair| pair.cost).collect();
    walks.sort_unstable();
    walks.dedup();
    let Some(&farthest) = walks.last() else {
        return Ok(None);
    };
    // Pairs that cost the same are in this order.
    pairs.sort_unstable_by_key(|pair| (pair.volunteer, pair.site));
    // The plan that walks least in all is found sooner than one in which walks cost nothing.
    let nearest = Plan::new(call).answer(call);
    let found = check(call, &nearest, &[]).ok();
    let fails = found.map_or(i64::MAX, |found| found.objective - found.walking);
    let (wanted, all) = if found.is_some_and(|found| found.short == 0 && found.home as usize == stranded(call)) {
        (fails, unpriced(nearest.clone()))
    } else {
        failings(call, &pairs, farthest)?
    };
    let (mut within, mut shorter) = (all.clone(), None);
    // The search finds the shortest walk at which the failings cost no more than with all walks. More walks never make
    // failings cost more.
    let (mut low, mut high) = (0, walks.len() - 1);
    if fails == wanted {
        // It fails as little as any plan, so nobody need walk longer than in it.
        let longest = longest(call, &nearest);
        high = walks.partition_point(|walk| *walk < longest).min(high);
        within = nearest;
    }
    while low < high {
        let middle = usize::midpoint(low, high);
        let (cost, answer) = failings(call, &pairs, walks[middle])?;
        if cost > wanted {
            low = middle + 1;
            shorter = Some(answer);
        } else {
            high = middle;
            within = answer;
        }
    }
    let longest = walks[low];
    let call = call.with_pairs(call.pairs().filter(|pair| pair.cost <= longest).collect())?;
    let plan = Plan::new(&call);
    Ok(Some(Fair { longest, call, plan, all, within, shorter }))
}

/// Returns the least that failings cost when nobody walks longer than `longest`, and the plan that costs it.
fn failings(call: &Call, pairs: &[Pair], longest: i32) -> Result<(i64, Answer), Fault> {
    let within = pairs.iter().filter(|pair| pair.cost <= longest);
    let call = call.with_pairs(within.map(|pair| Pair { cost: 0, ..*pair }).collect())?;
    let answer = Plan::new(&call).answer(&call);
    let cost = check(&call, &answer, &[]).map_or(i64::MAX, |proof| proof.objective);
    Ok((cost, answer))
}

/// Returns how many people can go nowhere. They stay at home in every plan.
fn stranded(call: &Call) -> usize {
    let goes = |volunteer: u32| {
        call.rows.of(volunteer).iter().any(|end| {
            let mut slots = call.first_slot[end.id as usize]..call.first_slot[end.id as usize + 1];
            slots.any(|slot| call.may(volunteer, slot) && call.has_room(slot))
        })
    };
    (0..call.able.len() as u32).filter(|&volunteer| !goes(volunteer)).count()
}

/// Returns an answer without prices. They prove that failings are fewest where only those stay at home who can go
/// nowhere, and nobody is missing.
fn unpriced(answer: Answer) -> Answer {
    let (slots, sites) = (answer.slot_price.len(), answer.site_price.len());
    Answer { slot: answer.slot, slot_price: vec![0; slots], site_price: vec![0; sites] }
}

/// Returns the longest walk of an answer, ds.
fn longest(call: &Call, answer: &Answer) -> i32 {
    let walks = answer.slot.iter().zip(0u32..).filter_map(|(slot, volunteer)| {
        let site = call.slots.get((*slot)? as usize)?.site;
        call.cost(volunteer, site)
    });
    walks.max().unwrap_or(i32::MIN)
}
