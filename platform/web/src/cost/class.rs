//! The classes of requests by what they cost.

use crate::form::{Form, decode, is_kind};
use axum::http::{HeaderMap, Method, Uri};

/// What a request of a route costs at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Bytes that lie in memory: styles, scripts, images of the frame.
    Asset,
    /// A page that is read.
    Page,
    /// A page that is also made as a file: with `?format=`, or under a name that ends in `.pdf`.
    List,
    /// A form without files.
    Form,
    /// A form with files.
    Upload,
    /// A file or a picture that takes long to make.
    Export,
    /// A form whose password is checked, which takes long on purpose.
    Proof,
    /// A call of another system.
    Call,
    /// A call of another system with files; without any it is [`Class::Call`].
    Sending,
}

impl Class {
    /// Says what this very request costs: to look at the page of a form is to look at a page, and to ask a list for its
    /// file is to have a file made.
    pub(crate) fn of(self, method: &Method, uri: &Uri) -> Self {
        match (self, method.is_safe()) {
            (Self::List, _) if is_file(uri) => Self::Export,
            (Self::List | Self::Form | Self::Upload | Self::Proof, true) => Self::Page,
            (Self::List | Self::Page, false) => Self::Form,
            (Self::Sending, true) => Self::Call,
            (other, _) => other,
        }
    }

    /// Says what it costs by what is sent: a call brings files only as a form with parts.
    pub(crate) fn sent_as(self, headers: &HeaderMap) -> Self {
        match self {
            Self::Sending if !is_kind(headers, "multipart/form-data") => Self::Call,
            other => other,
        }
    }

    /// Whether another system calls, which is told of trouble in the words of its interface.
    pub(crate) const fn is_call(self) -> bool {
        matches!(self, Self::Call | Self::Sending)
    }

    /// Whether the whole body is read before the request gets one of the few places of its class. Whoever sends slowly
    /// then keeps none of them from others; bodies of these classes are small.
    pub(crate) const fn reads_first(self) -> bool {
        matches!(self, Self::Export | Self::Proof)
    }
}

/// Whether a list is asked for as a file. Both halves of the address are read as the handlers read them, however they
/// are written. A path that cannot be read is taken for the costlier one.
fn is_file(uri: &Uri) -> bool {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    let is_page = || decode(uri.path().as_bytes()).is_ok_and(|path| path.strip_suffix(".pdf").is_none());
    query.opt("format").is_some() || !is_page()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_request_costs_follows_from_what_it_asks() {
        for (declared, method, uri, found) in [
            (Class::Page, Method::GET, "/", Class::Page),
            (Class::Page, Method::POST, "/", Class::Form),
            (Class::Form, Method::GET, "/desk", Class::Page),
            (Class::Form, Method::HEAD, "/desk", Class::Page),
            (Class::Form, Method::POST, "/desk", Class::Form),
            (Class::Upload, Method::GET, "/files", Class::Page),
            (Class::Upload, Method::POST, "/files", Class::Upload),
            (Class::Proof, Method::GET, "/sign-in", Class::Page),
            (Class::Proof, Method::POST, "/sign-in", Class::Proof),
            (Class::List, Method::GET, "/places/1", Class::Page),
            (Class::List, Method::GET, "/places/1?words=a&format=", Class::Page),
            (Class::List, Method::GET, "/places/1?informat=xlsx", Class::Page),
            (Class::List, Method::GET, "/places/1?format=xlsx", Class::Export),
            (Class::List, Method::HEAD, "/places/1?words=a&format=csv", Class::Export),
            (Class::List, Method::GET, "/figures?%66ormat=xlsx", Class::Export),
            (Class::List, Method::GET, "/figures?words=a&f%6Frmat=%78lsx", Class::Export),
            (Class::List, Method::GET, "/figures?format=%20", Class::Page),
            (Class::List, Method::GET, "/figures?format=&format=xlsx", Class::Page),
            (Class::List, Method::GET, "/figures?format=xlsx&words=%ff", Class::Page),
            (Class::List, Method::GET, "/letters/receipt.pdf", Class::Export),
            (Class::List, Method::GET, "/letters/receipt.%70df", Class::Export),
            (Class::List, Method::GET, "/letters/receipt%2E%70%64%66", Class::Export),
            (Class::List, Method::GET, "/letters/%ff", Class::Export),
            (Class::List, Method::POST, "/letters/certificate.pdf", Class::Export),
            (Class::List, Method::POST, "/letters/certificate", Class::Form),
            (Class::Export, Method::GET, "/queue.xlsx", Class::Export),
            (Class::Call, Method::GET, "/api/v1/items", Class::Call),
            (Class::Sending, Method::GET, "/open311/v2/requests.json", Class::Call),
            (Class::Sending, Method::POST, "/open311/v2/requests.json", Class::Sending),
            (Class::Asset, Method::GET, "/assets/app.css", Class::Asset),
        ] {
            assert_eq!(declared.of(&method, &Uri::from_static(uri)), found, "{declared:?} {method} {uri}");
        }
    }

    #[test]
    fn a_call_without_files_costs_what_a_call_costs() {
        for (declared, kind, found) in [
            (Class::Sending, "multipart/form-data; boundary=x", Class::Sending),
            (Class::Sending, "application/x-www-form-urlencoded", Class::Call),
            (Class::Upload, "application/x-www-form-urlencoded", Class::Upload),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(axum::http::header::CONTENT_TYPE, axum::http::HeaderValue::from_static(kind));
            assert_eq!(declared.sent_as(&headers), found, "{declared:?} {kind}");
        }
        assert_eq!(Class::Sending.sent_as(&HeaderMap::new()), Class::Call);
    }
}
