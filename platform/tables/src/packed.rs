//! Files packed with gzip: they are unpacked up to the limit and no further.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::MultiGzDecoder;
use kernel::refusal::Refusal;

use crate::{Limits, unreadable};

/// The signs with which a packed file begins.
const MARK: [u8; 2] = [0x1F, 0x8B];

/// Returns what a packed file holds, and any other file as it is. What a file says of its own size proves nothing, so
/// it is counted while it is unpacked.
pub(crate) fn unpacked(bytes: &[u8], limits: Limits) -> Result<Cow<'_, [u8]>, Refusal> {
    if !bytes.starts_with(&MARK) {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut plain = Vec::new();
    let most = limits.bytes.saturating_add(1);
    let read = MultiGzDecoder::new(bytes).take(most).read_to_end(&mut plain).map_err(|_| unreadable())?;
    if u64::try_from(read).is_ok_and(|read| read > limits.bytes) {
        return Err(limits.refusal());
    }
    Ok(Cow::Owned(plain))
}
