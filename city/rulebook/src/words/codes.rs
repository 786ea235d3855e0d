//! This file declares the figures that several departments or the platform use, and those with which the city only
//! compares itself. A department that uses another figure declares its code in its own `words` with [`kernel::rules!`].

pub use kernel::rule::{Rule, RuleFacts};

kernel::rules! {
    /// Districts and counties of the city.
    CITY_DISTRICTS = "city.districts" as Count;
    /// Residents of the city, persons.
    CITY_RESIDENTS = "city.residents" as People;
    /// Family households of the city.
    CITY_HOUSEHOLDS = "city.households" as Households;
    /// Streets with a broad working committee (街道“大工委”).
    LEVELS_STREET_COMMITTEES = "levels.street_committees" as Count;
    /// Communities with a broad Party committee (社区“大党委”).
    LEVELS_COMMUNITY_COMMITTEES = "levels.community_committees" as Count;
    /// Least number of documents that supplement the principal one.
    POLICY_SUPPLEMENTING_DOCUMENTS_MINIMUM = "policy.supplementing_documents_minimum" as Count;
    /// Party members sent in an emergency.
    MOBILIZATION_MEMBERS = "mobilization.members" as People;
    /// Open compounds they are sent to.
    MOBILIZATION_COMPOUNDS = "mobilization.compounds" as Count;
    /// Service items of the catalogue.
    CATALOGUE_ITEMS = "catalogue.items" as Count;
    /// Categories of work in the grid.
    GRID_CATEGORIES = "grid.categories" as Count;
    /// Services for convenience in the grid.
    GRID_CONVENIENCE_SERVICES = "grid.convenience_services" as Count;
    /// Average pay of a community worker, fen a month.
    WORKERS_AVERAGE_PAY = "workers.average_pay" as MoneyPerMonth;
    /// Training classes held by the model studio.
    WORKERS_TRAINING_CLASSES = "workers.training_classes" as Count;
    /// Attendances of those classes.
    WORKERS_TRAINING_ATTENDANCES = "workers.training_attendances" as Count;
    /// Community workers per 10,000 residents.
    WORKERS_PER_10000_RESIDENTS = "workers.per_10000_residents" as People;
    /// Funding per 100 households, fen a year.
    FUNDING_PER_100_HOUSEHOLDS = "funding.per_100_households" as MoneyPerYear;
    /// The least the city pays per community, fen a year.
    FUNDING_CITY_FLOOR_PER_COMMUNITY = "funding.city_floor_per_community" as MoneyPerYear;
    /// Least number of stations.
    STATIONS_MINIMUM = "stations.minimum" as Count;
    /// Millimetres that an adult walks in a second.
    WALK_ADULT_SPEED = "walk.adult_speed" as Speed;
    /// Calendar days that plans and proposals are kept.
    WORK_RETENTION_DAYS = "work.retention_days" as Days;
    /// Levels of a rating.
    RATING_LEVELS = "rating.levels" as Count;
    /// Minutes without use after which a session ends.
    SESSION_IDLE_MINUTES = "session.idle_minutes" as Minutes;
    /// Hours after which a session ends in any case.
    SESSION_ABSOLUTE_HOURS = "session.absolute_hours" as Hours;
    /// Wrong tries at an account that slow nothing.
    LOCKOUT_FAILURES = "lockout.failures" as Count;
    /// Minutes in which as many wrong tries as slow nothing are forgotten.
    LOCKOUT_MINUTES = "lockout.minutes" as Minutes;
    /// Characters of the shortest password.
    PASSWORD_MINIMUM_LENGTH = "password.minimum_length" as Characters;
    /// Most characters of a password.
    PASSWORD_MAXIMUM_LENGTH = "password.maximum_length" as Characters;
    /// Memory of one argon2id computation in KiB.
    PASSWORD_MEMORY_KIB = "password.memory_kib" as Kibibytes;
    /// Passes of one argon2id computation.
    PASSWORD_PASSES = "password.passes" as Count;
    /// Passwords that are computed at once at most.
    PASSWORD_AT_ONCE = "password.at_once" as Count;
    /// Passwords that wait at most to be computed.
    PASSWORD_WAITING = "password.waiting" as Count;
    /// Seconds after which what a session may do is read again.
    SESSION_CACHE_SECONDS = "session.cache_seconds" as Seconds;
    /// Wrong attempts to sign in from one network address that slow nothing.
    SIGN_IN_ATTEMPTS_PER_ADDRESS = "sign_in.attempts_per_address" as Count;
    /// Minutes in which as many wrong attempts from an address are forgotten.
    SIGN_IN_ADDRESS_MINUTES = "sign_in.address_minutes" as Minutes;
    /// Seconds that the first try waits after too many wrong ones. They double each time.
    TRIES_FIRST_WAIT_SECONDS = "tries.first_wait_seconds" as Seconds;
    /// Seconds that a try waits at most at sign-in and behind one network address.
    TRIES_LONGEST_WAIT_SECONDS = "tries.longest_wait_seconds" as Seconds;
    /// Calendar days for which a device is known where somebody was right.
    TRIES_DEVICE_DAYS = "tries.device_days" as Days;
    /// Minutes between the password and the one-time code.
    SIGN_IN_CODE_MINUTES = "sign_in.code_minutes" as Minutes;
    /// Steps of 30 seconds by which a telephone's clock may differ.
    SIGN_IN_CODE_DRIFT_STEPS = "sign_in.code_drift_steps" as Count;
    /// Whether what gives power is asked for by one person and confirmed by another.
    IDENTITY_TWO_PEOPLE = "identity.two_people" as Switch;
    /// Calendar days for which a request can be confirmed.
    IDENTITY_REQUEST_DAYS = "identity.request_days" as Days;
    /// Calendar days for which a request can be read after it expired.
    IDENTITY_REQUEST_KEPT_DAYS = "identity.request_kept_days" as Days;
    /// Requests of one person that wait at most.
    IDENTITY_REQUESTS_OPEN = "identity.requests_open" as Count;
    /// Hours for which a password that others made is good.
    IDENTITY_RESET_HOURS = "identity.reset_hours" as Hours;
    /// Milliseconds the queue of jobs rests when nothing is due.
    JOB_IDLE_MILLISECONDS = "job.idle_milliseconds" as Milliseconds;
    /// Messages of the outbox dealt with at once.
    JOB_OUTBOX_BATCH = "job.outbox_batch" as Count;
    /// Attempts of a background job.
    JOB_ATTEMPTS = "job.attempts" as Count;
    /// Seconds that a job is leased to a worker.
    JOB_LEASE_SECONDS = "job.lease_seconds" as Seconds;
    /// Seconds before a failed job is first tried again. They double each time.
    JOB_BACKOFF_SECONDS = "job.backoff_seconds" as Seconds;
    /// Seconds of the longest such pause.
    JOB_BACKOFF_LIMIT_SECONDS = "job.backoff_limit_seconds" as Seconds;
    /// Jobs for destinations that are done at once.
    JOB_LANE_WORKERS = "job.lane_workers" as Count;
    /// Jobs for one destination that are done at once.
    JOB_LANE_JOBS = "job.lane_jobs" as Count;
    /// Failures in a row after which a destination is left in peace for a while.
    JOB_LANE_FAILURES = "job.lane_failures" as Count;
    /// Entries of a list's page.
    LIST_PAGE_SIZE = "list.page_size" as Rows;
    /// Most rows of an export.
    LIST_EXPORT_ROWS = "list.export_rows" as Rows;
    /// Calendar days that answers to repeated requests are kept.
    ONCE_RETENTION_DAYS = "once.retention_days" as Days;
}
