//! This file checks an answer of `lianglin plan mobilize` against all pairs within the cap, which it finds by the
//! plainest search there is: where everybody goes, how long the walks are, and what the prices prove.

use std::path::Path;

use kernel::language::Bilingual;
use planning::mobilize::{Answer, Call, Fairly, Fairness, Fault, Proof, Wrong, check, check_fairness, plain_pairs};

use super::{Scene, Task, drawn, listed, summary};
use crate::AppError;
use crate::plan::answer::{Once, Row, Shape, Sheet, Wrongs, follows, sheet};
use crate::plan::checked::Checked;
use crate::plan::claims::Claims;
use crate::plan::table::{Ids, both};
use crate::plan::town::{Bundle, Mobilization};
use crate::plan::unsound;

/// Checks the answer that is in `out`.
pub fn verify(town: impl Into<Bundle>, out: &Path, task: Task) -> Result<Checked, AppError> {
    let scene = Scene::read(town.into(), task.slots)?;
    let refused = |fault: Fault| scene.refused(&fault);
    let pairs = plain_pairs(&scene.ground(task.cap), scene.town.needs.len());
    let (all, town) = (scene.call(pairs, task.terms).map_err(refused)?, &scene.town);
    let claims = Claims::read(out)?;
    let mut wrongs = Wrongs::default();
    let sent = assigned(out, town, &all, &mut wrongs)?;
    let answer = Answer { slot: sent.slot, ..priced(out, "prices", 2, town, &all, &mut wrongs)? };
    wrongs.end()?;
    let longest = task.fair.then(|| claims.as_ref().and_then(longest).unwrap_or(sent.longest));
    let call = match longest {
        Some(longest) => all.with_pairs(all.pairs().filter(|pair| pair.cost <= longest).collect()).map_err(refused)?,
        None => all.clone(),
    };
    let proof = match check(&call, &answer, &[]) {
        Ok(proof) => proof,
        Err(wrong) => {
            wrongs.add(&out.join("assignment.csv"), line_of(&wrong), told(&wrong, town, longest));
            return Err(refusal(&mut wrongs));
        }
    };
    follows(&out.join("assignment.geojson"), &drawn(&scene, &call, &answer), &mut wrongs);
    if let Some(lang) = scene.bundle.lang() {
        listed::listing(&scene, task, &call, &answer, &proof).compare(out, lang, &mut wrongs)?;
    }
    let mut checked = Checked {
        summary: summary(&scene, task, &proof, longest.filter(|_| all.pairs().next().is_some()), None),
        holds: vec![
            both(
                "每个人都派到可以去的地方，每一趟都是走到出入口最短的路。",
                "everybody is sent where he may go, and each walk is the shortest way to a gate",
            ),
            both(
                "每个时段、每个小区派到的人都不超过它要的人。",
                "no slot and no compound gets more people than it has room for",
            ),
        ],
        unavoidable: Vec::new(),
        unproven: Vec::new(),
    };
    bound(out, claims.as_ref(), &proof, &mut checked, &mut wrongs);
    if let Some(claims) = &claims {
        claims.compare(&checked.summary, &["bound", "gap"], &mut wrongs);
    }
    let fairly = match longest {
        Some(longest) => fair(out, town, &all, longest, &mut checked, &mut wrongs).map_err(refused)?,
        None => Ok(()),
    };
    wrongs.end()?;
    fairly?;
    unavoidable(&call, &proof, &answer, &mut checked);
    Ok(checked)
}

/// Returns the refusal, which is never empty here.
fn refusal(wrongs: &mut Wrongs) -> AppError {
    wrongs.end().err().unwrap_or_else(|| unsound(&"the answer is wrong"))
}

fn longest(claims: &Claims) -> Option<i32> {
    claims.whole("longest_walk_ds").and_then(|longest| i32::try_from(longest).ok())
}

/// Where everybody is sent.
struct Sent {
    slot: Vec<Option<u32>>,
    /// The longest walk, ds.
    longest: i32,
}

/// Reads `assignment.csv` and compares each line with the pairs.
fn assigned(out: &Path, town: &Mobilization, call: &Call, wrongs: &mut Wrongs) -> Result<Sent, AppError> {
    let columns =
        [("volunteer", Shape::Id), ("compound", Shape::Id), ("slot", Shape::Whole), ("time_ds", Shape::Whole)];
    let said = sheet(out, "assignment", &columns, wrongs)?;
    let mut once = Once::new(&town.volunteers, "志愿者", "volunteer");
    let mut sent = Sent { slot: vec![None; call.volunteers()], longest: 0 };
    for row in &said.rows {
        let Some(volunteer) = once.take(&said.path, row.line, row.text(0), wrongs) else { continue };
        if let Some((slot, walk)) = one(&said, row, volunteer, town, call, wrongs) {
            sent.slot[volunteer] = Some(slot);
            sent.longest = sent.longest.max(walk);
        }
    }
    once.end(&said.path, wrongs);
    Ok(sent)
}

/// Compares the line of a volunteer with the call. Returns the slot and the walk, or nothing for somebody at home.
fn one(
    said: &Sheet,
    row: &Row,
    volunteer: usize,
    town: &Mobilization,
    call: &Call,
    wrongs: &mut Wrongs,
) -> Option<(u32, i32)> {
    let (compound, slot, time) = (row.text(1), row.whole(2), row.whole(3));
    if compound == "-1" && slot == -1 {
        if time != 0 {
            wrongs.differs(&said.path, row.line, "time_ds", time, 0);
        }
        return None;
    }
    let known = usize::try_from(slot).ok().and_then(|slot| call.slots().get(slot));
    let site = town.compounds.row(compound);
    let Some(found) = known.filter(|found| site == Some(found.site as usize)) else {
        let (slots, sites) = (call.slots().len(), call.sites().len());
        let said_of = both(
            format!("时段 {slot} 不在小区 {compound}（时段有 {slots} 个，从 0 数起；小区有 {sites} 个）。请重新规划。"),
            format!(
                "slot {slot} is not at compound {compound}; there are {slots} slots, counted from 0, and {sites} compounds. Plan again."
            ),
        );
        wrongs.add(&said.path, row.line, said_of);
        return None;
    };
    let cost = u32::try_from(volunteer).ok().and_then(|volunteer| call.cost(volunteer, found.site));
    let Some(cost) = cost else {
        let volunteer = town.volunteers.written(volunteer);
        let said_of = both(
            format!("志愿者 {volunteer} 在规定的时间内走不到小区 {compound}。请重新规划。"),
            format!("volunteer {volunteer} does not get to compound {compound} within the longest walk. Plan again."),
        );
        wrongs.add(&said.path, row.line, said_of);
        return None;
    };
    if i64::from(cost) != time {
        wrongs.differs(&said.path, row.line, "time_ds", time, cost);
    }
    Some((u32::try_from(slot).ok()?, cost))
}

/// Reads the prices of a table that has the compound, the slot, and prices from a column on. Nobody is sent anywhere.
fn priced(
    out: &Path,
    name: &str,
    at: usize,
    town: &Mobilization,
    call: &Call,
    wrongs: &mut Wrongs,
) -> Result<Answer, AppError> {
    let names: &[&str] = if name == "prices" { &["slot", "price"] } else { &["slot", "all", "shorter"] };
    let whole = names.iter().map(|name| (*name, Shape::Whole));
    let columns: Vec<(&str, Shape)> = std::iter::once(("compound", Shape::Id)).chain(whole).collect();
    let said = sheet(out, name, &columns, wrongs)?;
    let (slots, sites) = (call.slots().len(), call.sites().len());
    let numbers = Ids::numbered("slots", slots);
    let mut of_slot = Once::new(&numbers, "时段", "slot");
    let mut of_site = Once::new(&town.compounds, "小区", "compound");
    let nobody = vec![None; call.volunteers()];
    let mut answer = Answer { slot: nobody, slot_price: vec![0; slots], site_price: vec![0; sites] };
    for row in &said.rows {
        let (compound, price) = (row.text(0), row.whole(at));
        if row.whole(1) == -1 {
            if let Some(site) = of_site.take(&said.path, row.line, compound, wrongs) {
                answer.site_price[site] = price;
            }
            continue;
        }
        let Some(slot) = of_slot.take(&said.path, row.line, row.text(1), wrongs) else { continue };
        answer.slot_price[slot] = price;
        let site = call.slots()[slot].site as usize;
        if town.compounds.row(compound) != Some(site) {
            wrongs.differs(&said.path, row.line, "compound", compound, town.compounds.written(site));
        }
    }
    of_slot.end(&said.path, wrongs);
    of_site.end(&said.path, wrongs);
    Ok(answer)
}

/// Compares the bound and the gap that the answer claims with those that its prices prove.
fn bound(out: &Path, claims: Option<&Claims>, proof: &Proof, checked: &mut Checked, wrongs: &mut Wrongs) {
    let gap = proof.gap();
    let prices = out.join("prices.csv");
    let untold = both(
        format!(
            "价格只证明任何方案都不少于 {} 分秒，这个方案是 {}，差 {gap}，结果没有说明。请重新规划。",
            proof.bound, proof.objective
        ),
        format!(
            "the prices prove that no plan costs less than {} ds, and this one costs {}: a gap of {gap} that the answer does not tell of. Plan again.",
            proof.bound, proof.objective
        ),
    );
    let said = claims.and_then(|claims| claims.bound(wrongs));
    if let Some(claims) = claims {
        claims.gap(&checked.summary, said, wrongs);
    }
    // A lower bound than the prices prove is one as well.
    match (claims, said) {
        (Some(claims), Some(said)) if said > proof.bound => {
            wrongs.differs(claims.path(), claims.line("bound"), "bound", said, proof.bound);
            wrongs.add(&prices, 0, untold);
        }
        (_, None) if gap > 0 => wrongs.add(&prices, 0, untold),
        _ => {}
    }
    let bound = proof.bound;
    checked.holds.push(if gap == 0 {
        both(
            "价格证明：在这样的步行时间内，没有哪种方案更省。",
            "the prices prove that no plan within these walks costs less",
        )
    } else {
        both(
            format!("价格证明：任何方案都不少于 {bound} 分秒。"),
            format!("the prices prove that no plan costs less than {bound} ds"),
        )
    });
}

/// Checks that a fair plan is one.
fn fair(
    out: &Path,
    town: &Mobilization,
    all: &Call,
    longest: i32,
    checked: &mut Checked,
    wrongs: &mut Wrongs,
) -> Result<Result<(), AppError>, Fault> {
    if all.pairs().next().is_none() {
        return Ok(Ok(()));
    }
    let [every, within, shorter] = match proofs(out, town, all) {
        Ok(proofs) => proofs,
        Err(refused) => return Ok(Err(refused)),
    };
    let fairness = Fairness { longest, all: &every, within: &within, shorter: Some(&shorter) };
    match check_fairness(all, &fairness)? {
        Ok(Fairly::Proven) => {
            checked.holds.push(both(
                format!("谁都不走 {longest} 分秒以上；再短，留在家里或缺的人就更多。"),
                format!(
                    "nobody walks longer than {longest} ds, and with shorter walks more people would stay at home or \
                     be missing"
                ),
            ));
        }
        Ok(Fairly::Sooner(walk)) => {
            let said = both(
                format!(
                    "最远的一趟写的是 {longest} 分秒，其实最远 {walk} 分秒也能派出一样多的人：方案不公平。请用 --fair 重新规划。"
                ),
                format!(
                    "the longest walk is said to be {longest} ds, and as few people stay at home or are missing with {walk} ds: the plan is not fair. Plan again with --fair."
                ),
            );
            wrongs.add(&out.join("assignment.csv"), 0, said);
        }
        Ok(Fairly::Unproven) => {
            checked.unproven.push(both(
                format!("最远的一趟不能比 {longest} 分秒更短。"),
                format!("that nobody could be asked for shorter walks than {longest} ds"),
            ));
        }
        Err(wrong) => wrongs.add(&out.join("fair_witness.csv"), line_of(&wrong), told(&wrong, town, Some(longest))),
    }
    Ok(Ok(()))
}

/// Reads what proves that a plan is fair: prices for all walks, a plan within the longest walk, prices for shorter
/// walks.
fn proofs(out: &Path, town: &Mobilization, all: &Call) -> Result<[Answer; 3], AppError> {
    let mut wrongs = Wrongs::default();
    let every = priced(out, "fair_prices", 2, town, all, &mut wrongs)?;
    wrongs.end()?;
    let shorter = priced(out, "fair_prices", 3, town, all, &mut wrongs)?;
    let within = Answer { slot: witness(out, &town.volunteers, &mut wrongs)?, ..every.clone() };
    wrongs.end()?;
    Ok([every, within, shorter])
}

/// Reads `fair_witness.csv`: a plan that sends as many people as can be sent, with walks no longer than the longest.
fn witness(out: &Path, volunteers: &Ids, wrongs: &mut Wrongs) -> Result<Vec<Option<u32>>, AppError> {
    let said = sheet(out, "fair_witness", &[("volunteer", Shape::Id), ("slot", Shape::Whole)], wrongs)?;
    let mut once = Once::new(volunteers, "志愿者", "volunteer");
    let mut slots = vec![None; volunteers.len()];
    for row in &said.rows {
        if let Some(volunteer) = once.take(&said.path, row.line, row.text(0), wrongs) {
            let slot = row.whole(1);
            slots[volunteer] = (slot != -1).then(|| u32::try_from(slot).unwrap_or(u32::MAX));
        }
    }
    once.end(&said.path, wrongs);
    Ok(slots)
}

/// Says which needs cannot be met, where nobody is left who could come.
fn unavoidable(call: &Call, proof: &Proof, answer: &Answer, checked: &mut Checked) {
    if proof.short == 0 {
        return;
    }
    let short = proof.short;
    let wanted: u64 = call.sites().iter().map(|need| u64::from(need.least)).sum();
    let sent = answer.slot.iter().flatten().count();
    if proof.home == 0 && wanted > sent as u64 {
        checked.unavoidable.push(both(
            format!("离最少人数还缺 {short} 人：所有人都派出去了，要的人比有的人多。"),
            format!("{short} people are missing to the least: everybody is sent, and more are wanted than there are"),
        ));
    } else if proof.gap() == 0 {
        checked.unavoidable.push(both(
            format!("离最少人数还缺 {short} 人：价格证明，在这样的步行时间内没有哪种方案更省。"),
            format!(
                "{short} people are missing to the least: the prices prove that no plan within these walks costs less"
            ),
        ));
    }
}

/// Returns the line of the volunteer of whom something is wrong, as the planner writes the file.
fn line_of(wrong: &Wrong) -> u64 {
    match wrong {
        Wrong::NotHis { volunteer, .. } => *volunteer as u64 + 2,
        Wrong::Length { .. } | Wrong::TooMany { .. } => 0,
    }
}

/// Says what is wrong with a plan.
fn told(wrong: &Wrong, town: &Mobilization, longest: Option<i32>) -> Bilingual {
    let within =
        longest.map(|longest| (format!("，最远只走 {longest} 分秒"), format!(" with walks of {longest} ds at most")));
    let (zh, en) = match wrong {
        Wrong::Length { found, wanted, .. } => (format!("有 {found} 项，应有 {wanted} 项"), wrong.to_string()),
        Wrong::NotHis { volunteer, slot } => {
            let volunteer = town.volunteers.written(*volunteer);
            let (zh, en) = within.unwrap_or_default();
            (
                format!("志愿者 {volunteer} 不能去时段 {slot}{zh}"),
                format!("volunteer {volunteer} is sent to slot {slot}, which is none of his{en}"),
            )
        }
        Wrong::TooMany { what: "slot", id, load, most } => {
            (format!("时段 {id} 派了 {load} 人，最多要 {most} 人"), wrong.to_string())
        }
        Wrong::TooMany { id, load, most, .. } => {
            let compound = town.compounds.written(*id);
            (
                format!("小区 {compound} 派了 {load} 人，最多要 {most} 人"),
                format!("compound {compound} gets {load} people and wants {most} at most"),
            )
        }
    };
    both(format!("{zh}。请重新规划。"), format!("{en}. Plan again."))
}
