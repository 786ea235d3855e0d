//! This file does `lianglin serve`: it serves pages, jobs and timers until somebody stops it.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::sync::watch;

use crate::city::City;
use crate::configuration::MapSettings;
use crate::opening::Opening;
use crate::serving::stopping::{self, Order};
use crate::serving::{self, Limits, Whose};
use crate::{AppError, chores};

/// Options of `serve`.
#[derive(Args)]
#[command(after_help = "Example: lianglin serve --listen 127.0.0.1:8010 --database lianglin.db")]
pub struct Options {
    /// Address and port to listen on; port 0 takes a free port and prints it.
    #[arg(long, env = "LIANGLIN_LISTEN")]
    listen: Option<String>,
    /// Address at which people reach the platform from outside; certificates carry it.
    #[arg(long, env = "LIANGLIN_PUBLIC_URL")]
    public_url: Option<String>,
    /// Program that lays out letters as PDF (default: lianglin-print beside this one, if it is there).
    #[arg(long, env = "LIANGLIN_PRINT")]
    print: Option<PathBuf>,
    /// PMTiles file with the map below the city's own (default: the one of the configuration).
    #[arg(long, value_name = "FILE", env = "LIANGLIN_MAP")]
    map: Option<PathBuf>,
    /// By how much the requests that a client may send in a minute are multiplied; 0 counts none.
    #[arg(long, env = "LIANGLIN_QUOTA")]
    quota: Option<u32>,
    /// Say more: error, warn, info, debug; `security` is who signed in and what was refused.
    #[arg(long, default_value = "warn,security=info", env = "LIANGLIN_LOG")]
    log: String,
}

pub fn run(mut opening: Opening, options: &Options) -> Result<ExitCode, AppError> {
    if let Some(listen) = &options.listen {
        opening.configuration.listen.clone_from(listen);
    }
    if let Some(public_url) = &options.public_url {
        opening.configuration.public_url.clone_from(public_url);
    }
    if options.print.is_some() {
        opening.configuration.print.clone_from(&options.print);
    }
    if options.map.is_some() {
        let credit = opening.configuration.map.take().and_then(|map| map.credit);
        let base = "pmtiles".to_owned();
        opening.configuration.map =
            Some(MapSettings { base, file: options.map.clone(), credit, ..MapSettings::default() });
    }
    if let Some(quota) = options.quota {
        opening.configuration.quota = quota;
    }
    let faults = opening.configuration.faults();
    if !faults.is_empty() {
        return Err(AppError::Faults(faults));
    }
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(&options.log))
        .with_writer(std::io::stderr)
        .init();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(AppError::outside("starting threads"))?;
    let store = opening.store(true)?;
    let city = Arc::new(City::open(&opening, store)?);
    let chores = chores::start(&city, &opening)?;
    let (tell, order) = watch::channel(Order::Serve);
    runtime.spawn(stopping::told_to_stop(tell, Duration::from_secs(opening.configuration.stop_seconds)));
    let served = runtime.block_on(listen(&city, &opening, order.clone()));
    runtime.block_on(stopping::unless_cut(order, move || chores.stop()));
    let store = city.store.clone();
    drop(city);
    // Work that waits is still stored, so that whoever sent it finds it done.
    store.close();
    runtime.shutdown_background();
    served
}

async fn listen(city: &Arc<City>, opening: &Opening, order: watch::Receiver<Order>) -> Result<ExitCode, AppError> {
    let wanted = &opening.configuration.listen;
    let listener = tokio::net::TcpListener::bind(wanted)
        .await
        .map_err(AppError::outside(format!("listening on {wanted} (choose another with --listen)")))?;
    let address = listener.local_addr().map_err(AppError::outside("the address listened on"))?;
    println!("Lianglin serves at http://{address}");
    let limits = Limits::with(opening.configuration.connections);
    let whose = Whose::by(city.proxies());
    serving::serve(listener, city.router(), limits, whose, order).await;
    Ok(ExitCode::SUCCESS)
}
