//! Forms that carry files. Like every form they are limited and proved to be ours. A file's name is not kept: it may be
//! personal, and it proves nothing.

use crate::error::{FormFault, WebError};
use crate::form::{Form, PostForm, Proof, is_kind};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::StatusCode;
use std::ops::Deref;

/// The largest form with files, in bytes; the layer around all routes lets no more pass either.
const LARGEST_UPLOAD: usize = 16 * 1024 * 1024;
/// The most files of one form.
const MOST_FILES: usize = 12;
/// The most parts of one form, files among them.
const MOST_PARTS: usize = 200;
/// The longest text of one field, in bytes.
const LONGEST_TEXT: usize = 64 * 1024;

/// One file of a form. What it is, its bytes alone tell. Printing it shows its field and its size.
#[derive(Clone)]
pub struct Upload {
    /// The name of the field it came in.
    pub field: String,
    /// Its content.
    pub bytes: Bytes,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Upload({}, {} bytes)", self.field, self.bytes.len())
    }
}

/// A form with files, sent as `multipart/form-data`. A plain form is read as one without files. Its fields are read
/// like those of a [`PostForm`].
#[derive(Clone, Debug, Default)]
pub struct UploadForm {
    form: PostForm,
    files: Vec<Upload>,
}

impl Deref for UploadForm {
    type Target = PostForm;

    fn deref(&self) -> &PostForm {
        &self.form
    }
}

impl UploadForm {
    /// The files that hold anything, in the order of the form.
    pub fn files(&self) -> &[Upload] {
        &self.files
    }
}

impl<S: Send + Sync> FromRequest<S> for UploadForm {
    type Rejection = WebError;

    async fn from_request(request: Request, state: &S) -> Result<Self, WebError> {
        if !is_kind(request.headers(), "multipart/form-data") {
            let form = PostForm::from_request(request, state).await?;
            return Ok(Self { form, files: Vec::new() });
        }
        let (parts, body) = request.into_parts();
        let proof = Proof::of(&parts)?;
        let mut request = Request::from_parts(parts, body);
        DefaultBodyLimit::max(LARGEST_UPLOAD).apply(&mut request);
        let unreadable = |_| WebError::Form(FormFault::Encoding);
        let mut multipart = Multipart::from_request(request, state).await.map_err(unreadable)?;
        let (form, files) = read(&mut multipart).await.map_err(WebError::Form)?;
        proof.check(form.get("_token"))?;
        Ok(Self { form: PostForm::proved(form, &proof), files })
    }
}

/// Every part of the form: a part with a file name is a file, an empty one nothing (no file was chosen).
async fn read(multipart: &mut Multipart) -> Result<(Form, Vec<Upload>), FormFault> {
    let (mut form, mut files) = (Form::default(), Vec::new());
    let mut parts = 0_usize;
    while let Some(part) = multipart.next_field().await.map_err(|fault| fault_of(fault.status()))? {
        parts += 1;
        let (field, is_file) = (part.name().unwrap_or_default().to_owned(), part.file_name().is_some());
        let bytes = part.bytes().await.map_err(|fault| fault_of(fault.status()))?;
        if parts > MOST_PARTS {
            return Err(FormFault::TooLarge);
        }
        if !is_file {
            form.add(field, text(&bytes)?);
        } else if !bytes.is_empty() {
            files.push(Upload { field, bytes });
        }
        if files.len() > MOST_FILES {
            return Err(FormFault::TooLarge);
        }
    }
    Ok((form, files))
}

fn text(bytes: &[u8]) -> Result<String, FormFault> {
    if bytes.len() > LONGEST_TEXT {
        return Err(FormFault::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| FormFault::Encoding)?;
    if text.contains('\0') { Err(FormFault::Encoding) } else { Ok(text.replace("\r\n", "\n")) }
}

fn fault_of(status: StatusCode) -> FormFault {
    if status == StatusCode::PAYLOAD_TOO_LARGE { FormFault::TooLarge } else { FormFault::Encoding }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    /// A body with these parts: name, file name, content.
    fn body(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (name, file, content) in parts {
            let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
            let head = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            bytes.extend_from_slice(head.as_bytes());
            bytes.extend_from_slice(content);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"--edge--\r\n");
        bytes
    }

    async fn taken(bytes: Vec<u8>) -> Result<(Form, Vec<Upload>), FormFault> {
        let request = Request::builder().header("content-type", "multipart/form-data; boundary=edge");
        let mut request = request.body(Body::from(bytes)).unwrap();
        DefaultBodyLimit::max(LARGEST_UPLOAD).apply(&mut request);
        let mut multipart = Multipart::from_request(request, &()).await.unwrap();
        read(&mut multipart).await
    }

    #[tokio::test]
    async fn fields_and_files_are_told_apart_and_names_are_forgotten() {
        let sent = body(&[
            ("_once", None, b"k"),
            ("material", None, "户口".as_bytes()),
            ("file", Some("李岺的户口簿.jpg"), &[0xFF, 0xD8, 0]),
            ("file", Some(""), b""),
        ]);
        let (form, files) = taken(sent).await.unwrap();
        assert_eq!((form.get("_once"), form.get("material"), form.has("file")), ("k", "户口", false));
        assert_eq!(files.len(), 1);
        assert_eq!(format!("{:?}", files[0]), "Upload(file, 3 bytes)", "neither name nor content is printed");
    }

    #[tokio::test]
    async fn too_much_and_what_is_no_text_are_refused() {
        let many: Vec<(&str, Option<&str>, &[u8])> = vec![("file", Some("a"), b"x"); MOST_FILES + 1];
        assert_eq!(taken(body(&many)).await.unwrap_err(), FormFault::TooLarge);
        let large = vec![0_u8; LARGEST_UPLOAD + 1];
        assert_eq!(taken(body(&[("file", Some("a"), &large)])).await.unwrap_err(), FormFault::TooLarge);
        for odd in [&[0xFF_u8][..], b"a\0b"] {
            assert_eq!(taken(body(&[("a", None, odd)])).await.unwrap_err(), FormFault::Encoding);
        }
        let broken = b"--edge\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx".to_vec();
        assert_eq!(taken(broken).await.unwrap_err(), FormFault::Encoding);
    }
}
