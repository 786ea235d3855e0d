//! What this department shows on the pages of others: the open disputes of whoever mediates as a lane of what waits,
//! and those of a leader's places as a figure of the overview.

use std::sync::Arc;

use house::{Lane, Tile, TileValue, Work};
use kernel::permission::Permission;
use store::Tx;
use web::Page;

use super::figures::{Reach, reach};
use crate::Hearings;
use crate::actions::mediates;
use crate::permissions::May;
use crate::records;
use hall::Fault;

/// The lane and the figure.
pub(crate) fn shown(desk: &Arc<Hearings>) -> Work {
    let (waiting, counting) = (desk.clone(), desk.clone());
    Work {
        lanes: vec![Lane {
            key: "hearings-nav-matters",
            href: "/hearings/matters",
            permission: May::HearingsMediate,
            order: 20,
            count: Arc::new(move |tx, actor, _| {
                let (found, _) = waiting.open_matters(tx, &mediates(actor), actor)?;
                Ok(i64::try_from(found.len()).unwrap_or(i64::MAX))
            }),
        }],
        tiles: vec![Tile {
            key: "hearings-tile-open",
            href: "/hearings/figures",
            permission: Permission::CaseSupervise,
            order: 45,
            value: Arc::new(move |tx, page| Ok(counting.open_told(tx, page)?)),
        }],
        ..Work::default()
    }
}

impl Hearings {
    /// How many disputes of a visitor's places have not ended. A small number is withheld from whoever may not see
    /// them.
    fn open_told(&self, tx: &mut dyn Tx, page: &Page) -> Result<TileValue, Fault> {
        let Reach { places, sees } = reach(page);
        let mut open = 0;
        for place in &places {
            open += records::count_open(tx, place)?;
        }
        let least = i64::from(self.hall.figure(hall::FIGURES_LEAST, page.now)?);
        let is_small = !sees && open > 0 && open < least;
        let figure = if is_small { page.t("hearings-figures-withheld") } else { open.to_string() };
        Ok(TileValue { figure, note: String::new(), urgent: false })
    }
}
