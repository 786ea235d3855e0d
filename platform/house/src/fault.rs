//! Why a department cannot be opened.

use store::StoreError;

/// Why a department cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFault {
    /// Data that contradicts itself: each fault with file, line and remedy.
    #[error("the data of this installation has {} faults", .0.len())]
    Faults(Vec<kernel::fault::Fault>),
    /// Texts or settings that contradict each other, one sentence each.
    #[error("{}", .0.join("\n"))]
    Sentences(Vec<String>),
    /// Something else, in one sentence that says what to do.
    #[error("{0}")]
    Said(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::fault::Fault;

    #[test]
    fn each_fault_says_what_it_is() {
        let fault = |line| Fault {
            file: "a.toml".to_owned(),
            line,
            message: "wrong".to_owned(),
            remedy: "Mend it.".to_owned(),
        };
        for (opened, said) in [
            (OpenFault::Faults(vec![fault(1), fault(2)]), "the data of this installation has 2 faults"),
            (OpenFault::Sentences(vec!["One.".to_owned(), "Two.".to_owned()]), "One.\nTwo."),
            (OpenFault::Said("Write it.".to_owned()), "Write it."),
        ] {
            assert_eq!(opened.to_string(), said);
        }
        assert_eq!(OpenFault::from(StoreError::Busy).to_string(), StoreError::Busy.to_string());
    }
}
