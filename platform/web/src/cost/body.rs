//! The body of a request, which ends with an error when it is larger than its class allows or comes too slowly.

use crate::error::FormFault;
use axum::body::{Body, BodyDataStream, Bytes};
use futures_util::StreamExt;
use futures_util::stream::unfold;
use std::sync::{Arc, OnceLock};
use tokio::time::{Instant, timeout_at};

/// A body that is being read.
struct Reading {
    stream: BodyDataStream,
    left: usize,
    until: Instant,
    told: Arc<OnceLock<FormFault>>,
}

/// The same body with at most so many bytes, until a moment. What was wrong with it is told there. Nothing is read
/// before somebody asks for it, and whoever asks after the end finds nothing more.
pub(crate) fn bounded(body: Body, most: usize, until: Instant, told: Arc<OnceLock<FormFault>>) -> Body {
    let reading = Reading { stream: body.into_data_stream(), left: most, until, told };
    Body::from_stream(unfold(Some(reading), next).fuse())
}

/// The next piece, and what is read after it. Nothing follows an error.
async fn next(reading: Option<Reading>) -> Option<(Result<Bytes, axum::Error>, Option<Reading>)> {
    let mut reading = reading?;
    let fault = match timeout_at(reading.until, reading.stream.next()).await {
        Ok(None) => return None,
        Ok(Some(Err(error))) => return Some((Err(error), None)),
        Ok(Some(Ok(bytes))) => match reading.left.checked_sub(bytes.len()) {
            Some(left) => {
                reading.left = left;
                return Some((Ok(bytes), Some(reading)));
            }
            None => FormFault::TooLarge,
        },
        Err(_) => FormFault::Late,
    };
    reading.told.get_or_init(|| fault);
    Some((Err(axum::Error::new("the body is larger or slower than its class allows")), None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use std::time::Duration;

    async fn read(body: Body, most: usize, within: u64) -> (Option<usize>, Option<FormFault>) {
        let told = Arc::new(OnceLock::new());
        let body = bounded(body, most, Instant::now() + Duration::from_millis(within), told.clone());
        let read = to_bytes(body, usize::MAX).await;
        (read.ok().map(|bytes| bytes.len()), told.get().copied())
    }

    /// A body of pieces, after which it stands still for ever.
    fn stalled(pieces: &'static [&'static str]) -> Body {
        let sent = futures_util::stream::iter(pieces.iter().map(|piece| Ok::<_, axum::Error>(Bytes::from(*piece))));
        Body::from_stream(sent.chain(futures_util::stream::pending()))
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_its_bound_and_until_its_end() {
        assert_eq!(read(Body::empty(), 0, 5_000).await, (Some(0), None));
        assert_eq!(read(Body::from("abcd"), 4, 5_000).await, (Some(4), None));
        assert_eq!(read(Body::from("abcde"), 4, 5_000).await, (None, Some(FormFault::TooLarge)));
        assert_eq!(read(stalled(&["ab", "cd", "e"]), 4, 5_000).await, (None, Some(FormFault::TooLarge)));
        assert_eq!(read(stalled(&["ab"]), 4, 20).await, (None, Some(FormFault::Late)));
    }

    #[tokio::test]
    async fn whoever_asks_after_the_end_of_a_body_finds_nothing_more() {
        for (sent, is_whole) in [("abcd", true), ("abcde", false)] {
            let until = Instant::now() + Duration::from_secs(5);
            let mut stream = bounded(Body::from(sent), 4, until, Arc::default()).into_data_stream();
            assert_eq!(stream.next().await.unwrap().is_ok(), is_whole);
            for _ in 0..3 {
                assert!(stream.next().await.is_none());
            }
        }
    }
}
