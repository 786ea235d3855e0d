//! This form takes what grids are balanced by in place of households: a table with a count for each building, and how
//! much of it a grid may have. The planner then proposes grids as it does by households.

use std::collections::{BTreeMap, BTreeSet};

use kernel::line::{line_fault, number};
use kernel::refusal::{Code, Refusal};
use tables::Wanted;
use web::{Choice, Page, Problem, UploadForm, WebError};

use super::rows::{SIZE, TOLD, TableGround, building_of, titles};
use crate::refusals::Why;
use crate::rules::grids::counted::Counted;
use crate::rules::grids::ground::Limits;
use crate::rules::grids::proposal::Mode;

/// The greatest count of a building, and of a grid.
const MOST: u32 = 10_000_000;
/// The most characters of what is counted.
const NAME: usize = 40;

/// What was typed into the form.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    /// What is counted.
    pub(super) name: String,
    /// How much a grid has at least, at most, and as a rule.
    pub(super) least: String,
    pub(super) most: String,
    pub(super) target: String,
    mode: String,
}

impl Typed {
    /// Reads what was typed.
    pub(super) fn of(form: &UploadForm) -> Self {
        let text = |field: &str| form.get(field).to_owned();
        let (name, mode) = (text("counted"), text("mode"));
        Self { name, least: text("least"), most: text("most"), target: text("target"), mode }
    }

    /// Returns how grids are to be drawn. Before anything was chosen, those of today are kept where there are some.
    pub(super) fn mode(&self, has_grids: bool) -> Mode {
        let chosen = planned(&self.mode);
        chosen.unwrap_or(if has_grids { Mode::Keep } else { Mode::Anew })
    }
}

/// Returns the way in which the planner draws, by its code.
fn planned(code: &str) -> Option<Mode> {
    Mode::parse(code).filter(|mode| matches!(mode, Mode::Keep | Mode::Anew))
}

/// Returns the ways in which the planner draws.
pub(super) fn modes(page: &Page, chosen: Mode) -> Vec<Choice> {
    let choice = |mode: Mode| {
        let code = mode.code();
        Choice::new(code, page.t(&format!("places-grids-mode-{code}")), chosen.code())
    };
    vec![choice(Mode::Keep), choice(Mode::Anew)]
}

/// What is asked of the planner.
pub(super) struct AskedOf {
    pub(super) mode: Mode,
    pub(super) limits: Limits,
    pub(super) counted: Counted,
}

/// Reads the form. `limits` are those of households; what border is worth is taken from them.
pub(super) async fn asked(
    page: &Page,
    form: &UploadForm,
    ground: TableGround,
    limits: &Limits,
) -> Result<Result<AskedOf, Vec<Problem>>, WebError> {
    let mut faults = Vec::new();
    let name = form.get("counted").to_owned();
    if name.is_empty() {
        faults.push(Refusal::new(Code::FormMissing).field("counted").with("label", page.t("places-counted-name")));
    } else if name.chars().count() > NAME {
        let label = page.t("places-counted-name");
        faults.push(Refusal::new(Code::FormTooLong).field("counted").with("label", label).with("limit", NAME));
    } else if let Some(code) = line_fault(&name) {
        faults.push(Refusal::new(code).field("counted").with("label", page.t("places-counted-name")));
    }
    let limits = limits_of(page, form, limits.deviation, &mut faults);
    let mode = planned(form.get("mode"));
    if mode.is_none() {
        faults.push(Refusal::new(Code::FormChoice).field("mode").with("label", page.t("places-grids-mode")));
    }
    let bytes = form.files().first().map(|file| file.bytes.to_vec()).unwrap_or_default();
    let asking = page.clone();
    let of = page.aside(move || counts(&asking, &bytes, &ground)).await?;
    let mut problems: Vec<Problem> = faults.iter().map(|fault| Problem::of(fault, page.lang)).collect();
    Ok(match (of, mode) {
        (Ok(of), Some(mode)) if problems.is_empty() => Ok(AskedOf { mode, limits, counted: Counted { name, of } }),
        (Ok(_), _) => Err(problems),
        (Err(wrong), _) => {
            problems.extend(wrong);
            Err(problems)
        }
    })
}

/// Reads how much of it a grid may have.
fn limits_of(page: &Page, form: &UploadForm, deviation: u32, faults: &mut Vec<Refusal>) -> Limits {
    let mut whole = |field: &'static str, from: u32, to: u32| {
        let typed = number(form.get(field)).parse::<u32>().ok().filter(|typed| (from..=to).contains(typed));
        if typed.is_none() {
            let label = page.t(&format!("places-counted-{field}"));
            let fault = Refusal::new(Code::FormNumber).field(field).with("label", label);
            faults.push(fault.with("from", from).with("to", to));
        }
        typed.unwrap_or(from)
    };
    let least = whole("least", 1, MOST);
    let most = whole("most", least, MOST);
    Limits { least, most, target: whole("target", least, most), deviation }
}

/// Reads the count of each building. Buildings that the table does not name count nothing.
fn counts(page: &Page, bytes: &[u8], ground: &TableGround) -> Result<BTreeMap<i64, u32>, Vec<Problem>> {
    let called = |column: &'static str| page.t(&format!("places-grids-column-{column}"));
    let titles = titles(page, &["community", "compound", "building", "count"]);
    let column = |title: &str| titles.get(title).copied();
    let wanted =
        Wanted { limits: SIZE, required: &["compound", "building", "count"], column: &column, called: &called };
    let told = |refusal: Refusal| vec![Problem::of(&refusal.field("counts"), page.lang)];
    if bytes.is_empty() {
        return Err(told(Refusal::new(tables::Why::TableEmpty)));
    }
    let table = tables::read(bytes, &wanted).map_err(told)?;
    let (mut counts, mut faults, mut seen) = (BTreeMap::new(), Vec::new(), BTreeSet::new());
    for row in &table.rows {
        let count = row.plain("count").parse::<u32>().ok().filter(|count| *count <= MOST);
        match (building_of(row, ground), count) {
            (Ok(named), Some(count)) if seen.insert(named.id) => {
                counts.insert(named.id, count);
            }
            (Ok(_), Some(_)) => faults.push(Refusal::new(Why::GridRowTwice).with("line", row.line)),
            (Ok(_), None) => {
                let label = page.t1("places-counted-line", "line", row.line);
                faults.push(Refusal::new(Code::FormNumber).with("label", label).with("from", 0).with("to", MOST));
            }
            (Err(fault), _) => faults.push(fault.with("line", row.line)),
        }
    }
    if faults.is_empty() {
        return Ok(counts);
    }
    Err(faults.iter().take(TOLD).map(|fault| Problem::of(&fault.clone().field("counts"), page.lang)).collect())
}
