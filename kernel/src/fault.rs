//! A fault in a file of the city's data says where it is, what is wrong and how to correct it. Every reader of such
//! files reports all its faults in this form.

/// A fault in a file of data. It is shown as `file:line: message. remedy`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {message}. {remedy}")]
pub struct Fault {
    /// The file as it was named to the reader.
    pub file: String,
    /// The line, from 1; 0 when it concerns the whole file.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}
