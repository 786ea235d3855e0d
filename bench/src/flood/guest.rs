//! This file is the guest who looks at one page again and again, at an even pace, whatever else happens.

use std::time::{Duration, Instant};

use crate::counter::http::{Browser, wait};
use crate::figures::Latencies;

/// The time from one look to the next.
const PACE: Duration = Duration::from_millis(20);
/// A look that takes longer has failed.
const LONGEST: Duration = Duration::from_secs(20);

/// Looks at a page for some seconds. A look that comes late because the last one took long counts from when it should
/// have begun, so that a server which stands still is not asked less.
pub fn looks(port: u16, page: &str, cookie: &str, seconds: u64) -> Result<Latencies, String> {
    wait(async {
        let mut latencies = Latencies::default();
        let mut browser = Browser::connect(port, cookie).await?;
        let begun = Instant::now();
        let mut due = begun;
        while begun.elapsed() < Duration::from_secs(seconds) {
            if let Some(early) = due.checked_duration_since(Instant::now()) {
                tokio::time::sleep(early).await;
            }
            let answer = tokio::time::timeout(LONGEST, browser.ask(page, None)).await;
            let done = if let Ok(Ok(answer)) = answer {
                answer.status == 200
            } else {
                browser = Browser::connect(port, cookie).await?;
                false
            };
            latencies.add(due.elapsed(), done);
            due += PACE;
        }
        Ok(latencies)
    })
}
