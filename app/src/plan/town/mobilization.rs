//! This file reads compounds that call for people, their gates, and the people who may come.

use planning::mobilize::{Gate, Home, Need, Slot};

use super::checks::{Apart, metres, turned};
use super::placed::{OnWays, Placed};
use super::{Bundle, COUNT, Found, Ids, Kind, Point, Table, Ways, both, column, id};

/// Holds compounds that call for people, and the people who may come.
#[derive(Debug)]
pub struct Mobilization {
    /// What each compound needs.
    pub needs: Vec<Need>,
    /// The slots, by compound.
    pub slots: Vec<Slot>,
    /// The kinds of slot for which each volunteer is free and able.
    pub able: Vec<u64>,
    /// Where each volunteer lives.
    pub homes: Vec<Home>,
    /// The gates of compounds.
    pub gates: Vec<Gate>,
    /// Where compounds are.
    pub points: Vec<Point>,
    /// The ids of the compounds.
    pub compounds: Ids,
    /// The ids of the volunteers.
    pub volunteers: Ids,
}

impl Bundle {
    /// Returns compounds, gates and volunteers. With `slots` each compound has three shifts and, if it wants them,
    /// doctors.
    pub fn mobilization(&self, ways: &Ways, slots: bool) -> Found<Mobilization> {
        let wanted =
            [column("id", Kind::Id), column("min_vol", COUNT), column("max_vol", COUNT), column("min_medical", COUNT)];
        let Placed { points, table } = self.placed("compounds", ways.degrees, &wanted)?;
        table.filled()?;
        let need = |row: usize| Need { least: id(table.columns[1][row]), most: id(table.columns[2][row]) };
        let needs: Vec<Need> = (0..table.rows).map(need).collect();
        let crossed = needs.iter().enumerate().filter(|(_, need)| need.least > need.most);
        table.faults(crossed.map(|(row, Need { least, most })| {
            let said = both(
                format!("min_vol {least} 大于 max_vol {most}。请调低前者或调高后者。"),
                format!("min_vol {least} is above max_vol {most}. Raise the one or lower the other."),
            );
            (row, said)
        }))?;
        let gates = self.gates(ways, &table.ids)?;
        all_have_a_gate(&needs, &gates, &table)?;
        self.gates_beside(&gates, &points, ways, &table)?;
        let wanted =
            [column("id", Kind::Id), column("skills", Kind::Whole(0, 65_535)), column("shifts", Kind::Whole(0, 7))];
        let OnWays { homes, table: volunteers, .. } = self.on_ways("volunteers", ways, false, &wanted)?;
        let able = volunteers.columns[1].iter().zip(&volunteers.columns[2]);
        Ok(Mobilization {
            slots: if slots { shifts(&needs, &table.columns[3]) } else { whole_day(&needs) },
            able: able.map(|(&skills, &shifts)| able_for(skills, shifts, slots)).collect(),
            needs,
            homes,
            gates,
            points,
            compounds: table.ids,
            volunteers: volunteers.ids,
        })
    }

    /// Succeeds if compounds stand beside their gates.
    fn gates_beside(&self, gates: &[Gate], points: &[Point], ways: &Ways, compounds: &Table) -> Found<()> {
        let beside = |gate: &Gate, at: Point| metres(at, ways.nodes[gate.node as usize], ways.degrees);
        let mut apart = Apart::default();
        // The first gate of each compound is enough.
        let mut first: Vec<Option<&Gate>> = vec![None; points.len()];
        for gate in gates.iter().rev() {
            first[gate.site as usize] = Some(gate);
        }
        for (row, gate) in first.iter().enumerate() {
            if let Some(gate) = gate {
                apart.add(row, beside(gate, points[row]));
            }
        }
        let exchanged = |row: usize| first[row].map_or(0.0, |gate| beside(gate, turned(points[row])));
        let note = apart.judge(compounds, ways.degrees, &exchanged)?;
        self.note("far_from_ways", note);
        Ok(())
    }
}

/// Succeeds if each compound that may get people has a gate.
fn all_have_a_gate(needs: &[Need], gates: &[Gate], compounds: &Table) -> Found<()> {
    let mut open = vec![false; needs.len()];
    for gate in gates {
        open[gate.site as usize] = true;
    }
    let closed = (0..needs.len()).filter(|row| needs[*row].most > 0 && !open[*row]);
    compounds.faults(closed.map(|row| {
        let compound = compounds.ids.written(row);
        let said = both(
            format!("小区 {compound} 没有出入口，谁也派不过去。请在 gates 里补上，或把 max_vol 写成 0。"),
            format!(
                "compound {compound} has no gate, so nobody can be sent there. Add one to gates, or set max_vol to 0."
            ),
        );
        (row, said)
    }))
}

fn whole_day(needs: &[Need]) -> Vec<Slot> {
    let slot = |(&need, site): (&Need, u32)| Slot { site, kind: 0, need };
    needs.iter().zip(0..).map(slot).collect()
}

/// Makes three shifts, each from a quarter of the least to half of the most. The first shift also has a place for each
/// doctor who is wanted.
fn shifts(needs: &[Need], medical: &[i64]) -> Vec<Slot> {
    let mut slots = Vec::new();
    for ((need, &medical), site) in needs.iter().zip(medical).zip(0..) {
        let shift = Need { least: need.least / 4, most: need.most.div_ceil(2) };
        slots.extend((0..3).map(|kind| Slot { site, kind, need: shift }));
        if medical > 0 {
            let doctors = id(medical);
            slots.push(Slot { site, kind: DOCTOR, need: Need { least: doctors, most: doctors } });
        }
    }
    slots
}

const DOCTOR: u8 = 3;

fn able_for(skills: i64, shifts: i64, slots: bool) -> u64 {
    if !slots {
        return 1;
    }
    let shifts = shifts as u64 & 7;
    let doctor = skills & 1 == 1 && shifts & 1 == 1;
    shifts | u64::from(doctor) << DOCTOR
}
