//! The body of an answer, which keeps its request among those that run until it was handed on as a whole.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};

use super::crowd::Asking;

/// A body and the request that it answers.
pub struct Held {
    body: Body,
    _asking: Asking,
}

impl Held {
    /// The body of the answer to a request.
    pub const fn new(body: Body, asking: Asking) -> Self {
        Self { body, _asking: asking }
    }
}

impl hyper::body::Body for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
