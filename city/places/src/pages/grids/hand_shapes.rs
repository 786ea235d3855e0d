//! This page takes grids that were drawn with a program for maps, as GeoJSON.

use std::collections::BTreeSet;

use kernel::earth::Datum;
use kernel::refusal::{Code, Refusal};
use store::Tx;
use web::{Choice, Page, Problem, UploadForm, WebError};

use super::Desk;
use super::ground::Read;
use crate::records::grids;
use crate::refusals::Why;
use crate::rules::grids::given::{Calls, Given};
use crate::rules::grids::shapes::{self, Ashore};

/// How many faults of a file are listed.
const TOLD: usize = 20;

/// What the coordinates of a file may mean.
pub(super) fn datums(page: &Page, chosen: &str) -> Vec<Choice> {
    let choice = |datum: &Datum| {
        let code = datum.code();
        Choice::new(code, page.t(&format!("places-hand-datum-{code}")), chosen)
    };
    Datum::ALL.iter().map(choice).collect()
}

/// Reads which building is to lie in which grid, and what the grids are called.
pub(super) async fn given(
    desk: &Desk,
    page: &Page,
    read: &Read,
    form: &UploadForm,
) -> Result<Result<(Given, Calls), Vec<Problem>>, WebError> {
    let told = |refusal: Refusal| Ok(Err(vec![page.problem(&refusal)]));
    let Some(datum) = Datum::parse(form.get("datum")) else {
        return told(Refusal::new(Code::FormChoice).field("datum").with("label", page.t("places-hand-datum")));
    };
    let bytes = form.files().first().map(|file| file.bytes.to_vec()).unwrap_or_default();
    if bytes.is_empty() {
        return told(Refusal::new(Why::GridFileNone).field("shapes"));
    }
    let tree = desk.places.tree();
    let communities = read.ground.communities.iter().filter_map(|id| tree.get(*id));
    let communities: Vec<String> = communities.map(|place| place.code.clone()).collect();
    let codes: BTreeSet<String> =
        desk.places.store().read(move |tx: &mut dyn Tx| grids::codes(tx, &communities)).await?;
    let (laid, ground, today) = (read.laid.clone(), read.ground.clone(), read.today.clone());
    let reckon = move || {
        let shapes = shapes::read(&bytes, datum)?;
        let ashore = Ashore { tree: &tree, laid: &laid, ground: &ground, today: &today, codes: &codes };
        shapes::given(&ashore, &shapes)
    };
    Ok(page.aside(reckon).await?.map_err(|faults| problems(page, &faults)))
}

/// The first faults, and how many more there are.
fn problems(page: &Page, faults: &[Refusal]) -> Vec<Problem> {
    let told = faults.iter().take(TOLD).map(|fault| page.problem(&fault.clone().field("shapes")));
    let more = faults.len().saturating_sub(TOLD);
    let rest = (more > 0).then(|| Problem {
        field: "shapes".to_owned(),
        text: page.t1("places-hand-faults", "count", more),
        remedy: String::new(),
    });
    told.chain(rest).collect()
}
