//! A square of the map below as it goes to a browser.

use std::sync::Arc;

use data_encoding::HEXLOWER;
use sm3::{Digest, Sm3};
use tiles::Kind;

/// The bytes of the digest that tell one square from another.
const TAG_BYTES: usize = 12;

/// A square as it goes to a browser.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Square {
    /// The media type.
    pub content_type: &'static str,
    /// The content.
    pub bytes: Vec<u8>,
    /// Whether it is packed with gzip.
    pub gzipped: bool,
    /// What tells it from another content, in quotes as `ETag` writes it.
    pub tag: String,
}

/// A square, none where the map has none, or why it did not come: one sentence for the operator, without the address.
pub(super) type Found = Result<Option<Arc<Square>>, String>;

impl Square {
    /// A square of this content.
    pub fn new(kind: Kind, bytes: Vec<u8>, gzipped: bool) -> Self {
        let digest: Vec<u8> = Sm3::digest(&bytes).iter().copied().take(TAG_BYTES).collect();
        Self { content_type: kind.content_type(), tag: format!("\"{}\"", HEXLOWER.encode(&digest)), bytes, gzipped }
    }
}
