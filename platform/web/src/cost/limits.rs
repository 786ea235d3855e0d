//! What each class of requests may take: bytes, time, places and requests a minute.

use std::time::Duration;

/// What requests of one class may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The largest body, in bytes.
    pub body_bytes: usize,
    /// The time in which the body must have come.
    pub body_within: Duration,
    /// The time in which the answer must begin, beside that of the body.
    pub answer_within: Duration,
    /// How many run at the same time on the whole server.
    pub at_once: usize,
    /// How many of these places are kept for staff who are signed in.
    pub kept_for_staff: usize,
    /// How many of one client run at the same time.
    pub at_once_each: usize,
    /// How many more of one client may wait for a place.
    pub waiting_each: usize,
    /// The longest time that one waits for a place.
    pub patience: Duration,
    /// How many a minute come from one network address, residents' accounts there among them, because everybody opens
    /// as many of those as she likes. An office stands behind one address.
    pub a_minute_from_one_address: u32,
    /// How many a minute one account of staff may ask.
    pub a_minute_of_one_account: u32,
}

/// What all classes may take. The figures are for a machine with two processors; they keep one client from taking what
/// is meant for all, and nobody who works meets them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Pages and lists that are read.
    pub page: Bounds,
    /// Forms without files.
    pub form: Bounds,
    /// Forms with files.
    pub upload: Bounds,
    /// Files and pictures that take long to make.
    pub export: Bounds,
    /// Forms whose password is checked.
    pub proof: Bounds,
    /// Calls of other systems. Their interface counts each system's calls by itself.
    pub call: Bounds,
    /// Calls of other systems with files.
    pub sending: Bounds,
    /// By how much the requests a minute are multiplied; 0 counts none.
    pub quota: u32,
    /// How long whoever asks too often waits for being told so.
    pub too_often_waits: Duration,
}

const PAGE: Bounds = Bounds {
    body_bytes: 0,
    body_within: Duration::ZERO,
    answer_within: Duration::from_secs(30),
    at_once: 256,
    kept_for_staff: 64,
    at_once_each: 64,
    waiting_each: 128,
    patience: Duration::from_secs(3),
    a_minute_from_one_address: 1_200,
    a_minute_of_one_account: 1_200,
};

const FORM: Bounds = Bounds {
    body_bytes: 256 * 1024,
    body_within: Duration::from_secs(20),
    at_once_each: 32,
    waiting_each: 64,
    a_minute_from_one_address: 240,
    a_minute_of_one_account: 240,
    ..PAGE
};

const UPLOAD: Bounds = Bounds {
    body_bytes: 16 * 1024 * 1024,
    body_within: Duration::from_mins(1),
    answer_within: Duration::from_mins(1),
    at_once: 4,
    kept_for_staff: 1,
    at_once_each: 2,
    waiting_each: 8,
    patience: Duration::from_secs(10),
    a_minute_from_one_address: 60,
    a_minute_of_one_account: 60,
};

/// One at a time: the other processor serves pages. Where there is one place, none is kept.
const EXPORT: Bounds = Bounds {
    body_bytes: FORM.body_bytes,
    body_within: FORM.body_within,
    at_once: 1,
    kept_for_staff: 0,
    at_once_each: 1,
    ..UPLOAD
};

/// As many as forms: the rulebook says how many passwords wait to be computed (`password.waiting`).
const PROOF: Bounds = Bounds { at_once_each: 16, ..FORM };

/// Other systems are no staff, and nobody calls who is.
const CALL: Bounds =
    Bounds { kept_for_staff: 0, a_minute_from_one_address: 6_000, a_minute_of_one_account: 6_000, ..FORM };

/// What other systems send with files takes no place from people who send some.
const SENDING: Bounds =
    Bounds { kept_for_staff: 0, a_minute_from_one_address: 600, a_minute_of_one_account: 600, ..UPLOAD };

impl Default for Limits {
    fn default() -> Self {
        Self {
            page: PAGE,
            form: FORM,
            upload: UPLOAD,
            export: EXPORT,
            proof: PROOF,
            call: CALL,
            sending: SENDING,
            quota: 1,
            too_often_waits: Duration::from_secs(1),
        }
    }
}

impl Limits {
    /// The same limits with the requests a minute multiplied; 0 counts none.
    #[must_use]
    pub fn with_quota(self, quota: u32) -> Self {
        Self { quota, ..self }
    }
}
