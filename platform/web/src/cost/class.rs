//! The classes of requests by what they cost.

use axum::http::{Method, Uri};

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
}

impl Class {
    /// Says what this very request costs: to look at the page of a form is to look at a page, and to ask a list for its
    /// file is to have a file made.
    pub(crate) fn of(self, method: &Method, uri: &Uri) -> Self {
        match (self, method.is_safe()) {
            (Self::List, _) if is_file(uri) => Self::Export,
            (Self::List | Self::Form | Self::Upload | Self::Proof, true) => Self::Page,
            (Self::List | Self::Page, false) => Self::Form,
            (other, _) => other,
        }
    }
}

/// Whether a list is asked for as a file.
fn is_file(uri: &Uri) -> bool {
    let query = uri.query().unwrap_or_default();
    let format = query.split('&').filter_map(|pair| pair.strip_prefix("format=")).any(|format| !format.is_empty());
    format || uri.path().strip_suffix(".pdf").is_some()
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
            (Class::List, Method::GET, "/letters/receipt.pdf", Class::Export),
            (Class::List, Method::POST, "/letters/certificate.pdf", Class::Export),
            (Class::List, Method::POST, "/letters/certificate", Class::Form),
            (Class::Export, Method::GET, "/queue.xlsx", Class::Export),
            (Class::Call, Method::GET, "/api/v1/items", Class::Call),
            (Class::Asset, Method::GET, "/assets/app.css", Class::Asset),
        ] {
            assert_eq!(declared.of(&method, &Uri::from_static(uri)), found, "{declared:?} {method} {uri}");
        }
    }
}
