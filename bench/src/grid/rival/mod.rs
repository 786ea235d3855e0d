//! Beside our squares of the map stand those of Martin, a tile server in Rust over PostGIS: the same open reports in a
//! database of the same PostgreSQL server, the same addresses asked for in turn, no cache on either side, and as many
//! connections to the database as our server reads with. Martin is no part of the platform: where it is not installed
//! the comparison says so and is left out.
//!
//! Martin does not gather points by itself. So it is measured in two forms: its table source sends every point, and a
//! function gathers them by the same cells as ours. Ours is asked for its layer of reports alone, as Martin has no
//! other; it answers only who is signed in, and looks at what she may see.

mod decoded;
mod martin;
mod rows;
mod table;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lianglin::City;
use store::{Engine, Options};

use super::GridArguments;
use super::meter::{Ask, Meter};
use crate::counter::Site;
use crate::counter::http::{Answer, Browser, wait};
use crate::counter::server::{STATIC_PAGE, Server};
use decoded::{Counted, counted};
use martin::Martin;
use rows::Known;
use table::Line;
pub use table::{Rival, show};

/// Is the name of our layer and of Martin's.
const LAYER: &str = "reports";
/// Names who answers: ours first.
const WHO: [&str; 3] = ["Lianglin", "Martin, every point", "Martin, cells"];

/// The squares of each zoom that are asked for, by column and row.
type Squares = BTreeMap<u8, Vec<(u32, u32)>>;

/// Holds what the comparison needs: the program, an empty database with PostGIS, what the map knows of the city, and
/// what is asked for.
pub struct Invited {
    program: PathBuf,
    version: String,
    database: String,
    known: Known,
    squares: Squares,
}

/// Prepares the comparison while the city's database is open in this process. Where something is not installed, it
/// prints what, and returns none.
pub fn invite(site: &Site, city: &Arc<City>, squares: &Squares) -> Result<Option<Invited>, String> {
    if site.engine != Engine::Postgres {
        return Ok(None);
    }
    let Some(program) = martin::program() else {
        println!("The tiles of Martin are left out: there is no program `martin` on the path or in LIANGLIN_MARTIN.");
        return Ok(None);
    };
    let Some(database) = testkit::postgres::fresh_database() else { return Ok(None) };
    if let Some(missing) = rows::missing(&database)? {
        println!("The tiles of Martin are left out: {missing}.");
        return Ok(None);
    }
    let version = martin::version(&program)?;
    Ok(Some(Invited { program, version, database, known: Known::of(city)?, squares: squares.clone() }))
}

/// Compares at every zoom, as somebody with that cookie sees the city. Nothing may change there meanwhile.
pub fn measure(
    server: &Server,
    site: &Site,
    cookie: &str,
    invited: &Invited,
    arguments: &GridArguments,
) -> Result<Rival, String> {
    let (rows, postgis) = rows::lay(&invited.known, &site.address, &invited.database)?;
    let pool = Options::default().postgres_readers;
    let martin = Martin::start(&invited.program, &invited.database, pool, &site.folder)?;
    let run = Run { server, martin: &martin, cookie: cookie.to_owned(), arguments };
    let mut lines = Vec::new();
    for (zoom, squares) in &invited.squares {
        let squares: Vec<_> = squares.iter().take(arguments.requests).copied().collect();
        let waiting = crate::stages::spinner(&format!("tiles beside Martin's, zoom {zoom}"));
        let measured = run.zoom(*zoom, &squares);
        waiting.finish_and_clear();
        lines.extend(measured?);
    }
    Ok(Rival { version: invited.version.clone(), postgis, pool, rows, lines })
}

/// Holds a comparison that is running.
struct Run<'r> {
    server: &'r Server,
    martin: &'r Martin,
    cookie: String,
    arguments: &'r GridArguments,
}

/// Martin answers 204 where nothing is in a square.
fn is_tile(answer: &Answer) -> bool {
    matches!(answer.status, 200 | 204)
}

/// What was counted in the squares of a zoom.
#[derive(Clone, Default)]
struct Sum {
    largest_bytes: usize,
    largest_layer: usize,
    reports: Vec<i64>,
}

impl Sum {
    fn add(&mut self, bytes: usize, found: Counted) {
        self.largest_bytes = self.largest_bytes.max(bytes);
        self.largest_layer = self.largest_layer.max(found.bytes);
        self.reports.push(found.reports);
    }
}

impl Run<'_> {
    /// Returns the same square as each is asked for it.
    fn asks(&self, zoom: u8, square: (u32, u32)) -> [Ask; 3] {
        let (column, row) = square;
        let ours = format!("/map/tiles/{zoom}/{column}/{row}?layers={LAYER}");
        let every = format!("/reports/{zoom}/{column}/{row}");
        let cells = format!("/reports_in_cells/{zoom}/{column}/{row}");
        [(self.cookie.as_str(), ours), ("", every), ("", cells)]
            .map(|(cookie, path)| Ask { good: is_tile, ..Ask::page(cookie, path) })
    }

    /// Connects to each. The connections stay open: each is greeted at once, because Martin soon closes one on which
    /// nobody has asked anything yet.
    async fn browsers(&self) -> std::io::Result<[Browser; 3]> {
        let mut browsers = [
            Browser::connect(self.server.port, &self.cookie).await?,
            Browser::connect(self.martin.port, "").await?,
            Browser::connect(self.martin.port, "").await?,
        ];
        for (browser, greeting) in browsers.iter_mut().zip([STATIC_PAGE, martin::HEALTH, martin::HEALTH]) {
            browser.ask(greeting, None).await?;
        }
        Ok(browsers)
    }

    fn zoom(&self, zoom: u8, squares: &[(u32, u32)]) -> Result<Vec<Line>, String> {
        let (meters, sums) = (self.timed(zoom, squares)?, self.counted(zoom, squares)?);
        let ours = sums.first().map(|sum| sum.reports.clone()).unwrap_or_default();
        let line = |((meter, sum), who): ((Meter, Sum), &str)| Line {
            zoom,
            who: who.to_owned(),
            plain_bytes: sum.largest_bytes,
            layer_bytes: sum.largest_layer,
            reports: sum.reports.iter().sum(),
            squares: squares.len(),
            same: ours.iter().zip(&sum.reports).filter(|(ours, theirs)| ours == theirs).count(),
            stage: meter.stage(&format!("tile, zoom {zoom}, {who}")),
        };
        Ok(meters.into_iter().zip(sums).zip(WHO).map(line).collect())
    }

    /// Asks all three for one square after another, each time in another order, and takes the answers packed.
    fn timed(&self, zoom: u8, squares: &[(u32, u32)]) -> Result<[Meter; 3], String> {
        let mut meters: [Meter; 3] = Default::default();
        let until = Instant::now() + Duration::from_secs(self.arguments.seconds * 3);
        let count = self.arguments.requests + 1;
        wait(async {
            let mut browsers = self.browsers().await?.map(Browser::packed);
            for (square, number) in squares.iter().cycle().zip(0..count) {
                if Instant::now() > until && number > 2 {
                    break;
                }
                let asks = self.asks(zoom, *square);
                let mut turn: Vec<_> = asks.iter().zip(&mut browsers).zip(&mut meters).collect();
                turn.rotate_left(number % WHO.len());
                for ((ask, browser), meter) in turn {
                    meter.ask(browser, ask).await?;
                }
            }
            Ok(())
        })?;
        Ok(meters)
    }

    /// Asks all three for each square once, takes the answers as they are, and counts what is in them.
    fn counted(&self, zoom: u8, squares: &[(u32, u32)]) -> Result<[Sum; 3], String> {
        let mut sums: [Sum; 3] = Default::default();
        wait(async {
            let mut browsers = self.browsers().await?;
            for square in squares {
                for ((ask, browser), sum) in self.asks(zoom, *square).iter().zip(&mut browsers).zip(&mut sums) {
                    let tile = browser.ask(&ask.path, None).await?;
                    let found = counted(&tile.body, LAYER).map_err(std::io::Error::other)?;
                    sum.add(tile.body.len(), found);
                }
            }
            Ok(())
        })?;
        Ok(sums)
    }
}
