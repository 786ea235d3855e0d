//! What a request says of a post, and how the post is read from it.

use super::asking::NewRequest;
use crate::records::Request;
use crate::rules::Post;
use crate::{IdentityError, words};
use kernel::time::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

/// What a request says of a post. Place and department stand in the request itself, where they follow moved places.
#[derive(Serialize, Deserialize)]
pub struct PostDetail {
    role: String,
    from: String,
    to: Option<String>,
    /// The name to sign in with, where an account is opened with the post.
    pub login: Option<String>,
    /// The name that is shown, where an account is opened.
    pub name: Option<String>,
}

impl PostDetail {
    fn of(post: &Post) -> Self {
        Self {
            role: post.role.clone(),
            from: post.from.to_string(),
            to: post.to.map(|to| to.to_string()),
            login: None,
            name: None,
        }
    }
}

/// Returns the request for a post.
pub fn post_request(account: Uuid, post: &Post, why: String) -> NewRequest {
    NewRequest {
        id: post.id,
        kind: words::ASK_POST,
        place: post.place.clone(),
        department: post.department.clone(),
        subject: Some(account),
        detail: json!(PostDetail::of(post)),
        why,
    }
}

/// Returns the request for an account with a first post.
pub fn opening_request(login: &str, name: &str, post: &Post, why: String) -> NewRequest {
    let detail = PostDetail { login: Some(login.to_owned()), name: Some(name.to_owned()), ..PostDetail::of(post) };
    NewRequest { kind: words::ASK_OPEN, subject: None, detail: json!(detail), ..post_request(post.id, post, why) }
}

/// Returns what a request says of a post.
pub fn detail(request: &Request) -> Result<PostDetail, IdentityError> {
    serde_json::from_str(&request.detail).map_err(|error| unreadable(request, &error))
}

/// Says that what was asked for cannot be read.
pub fn unreadable(request: &Request, error: &dyn std::fmt::Display) -> IdentityError {
    IdentityError::Failed(format!("request {}: {error}", request.id))
}

/// Returns the post that a request is about. It has the identity of the request, so that it is given once.
pub fn post_of(request: &Request) -> Result<Post, IdentityError> {
    let PostDetail { role, from, to, .. } = detail(request)?;
    let date = |text: &str| text.parse::<Date>().map_err(|error| unreadable(request, &error));
    Ok(Post {
        id: request.id,
        role,
        place: request.place.clone(),
        department: request.department.clone(),
        from: date(&from)?,
        to: to.as_deref().map(date).transpose()?,
    })
}
