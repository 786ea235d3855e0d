//! This is the server under load. `POST /cases` opens a case and answers when it is stored. `POST /nothing` reads and
//! answers the same and stores nothing.

use std::net::Ipv4Addr;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use kernel::time::Instant;
use store::{Options, Store, StoreError, migrate};
use uuid::Uuid;

use crate::figures::micros_now;
use crate::records::{self, NewCase, TABLES};

/// Opens the database, prints the port on the first line, and serves until it is killed.
pub fn run(address: &str, checkpoint_pages: u32, group_size: usize) -> Result<(), String> {
    let options = Options { checkpoint_pages, group_size, ..Options::default() };
    let store = Store::open(address, options).map_err(|error| error.to_string())?;
    migrate(&store, &[&TABLES]).map_err(|error| error.to_string())?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime
        .block_on(async {
            let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            println!("{}", listener.local_addr()?.port());
            axum::serve(
                listener,
                Router::new().route("/cases", post(open)).route("/nothing", post(nothing)).with_state(store),
            )
            .await
        })
        .map_err(|error| error.to_string())
}

async fn open(State(store): State<Store>, body: Bytes) -> Result<(StatusCode, String), (StatusCode, String)> {
    let case: NewCase =
        serde_json::from_slice(&body).map_err(|error| (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))?;
    let (id, now) = (Uuid::now_v7(), Instant::from_micros(micros_now()));
    match store.write(move |tx| records::open(tx, id, &case, now)).await {
        Ok(()) => Ok((StatusCode::CREATED, serde_json::json!({ "id": id }).to_string())),
        Err(StoreError::Busy) => Err((StatusCode::SERVICE_UNAVAILABLE, String::new())),
        Err(error) => Err((StatusCode::INTERNAL_SERVER_ERROR, error.to_string())),
    }
}

async fn nothing(body: Bytes) -> Result<(StatusCode, String), (StatusCode, String)> {
    let case: NewCase =
        serde_json::from_slice(&body).map_err(|error| (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()))?;
    drop(case);
    Ok((StatusCode::CREATED, serde_json::json!({ "id": Uuid::now_v7() }).to_string()))
}
