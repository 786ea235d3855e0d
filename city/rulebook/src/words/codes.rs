//! The codes of the figures, so that callers write `rulebook.value(rulebook::GRID_HOUSEHOLDS, …)` and never a number.

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal;)+) => {
        $($(#[doc = $doc])+ pub const $name: &str = $code;)+
        /// Every code the platform asks for; each must have a value in the data that is shipped.
        pub const ALL_CODES: &[&str] = &[$($name),+];
    };
}

codes! {
    /// Districts and counties of the city.
    CITY_DISTRICTS = "city.districts";
    /// Residents of the city, persons.
    CITY_RESIDENTS = "city.residents";
    /// Family households of the city.
    CITY_HOUSEHOLDS = "city.households";
    /// Streets with a broad working committee (街道“大工委”).
    LEVELS_STREET_COMMITTEES = "levels.street_committees";
    /// Communities with a broad Party committee (社区“大党委”).
    LEVELS_COMMUNITY_COMMITTEES = "levels.community_committees";
    /// Least number of documents that supplement the principal one.
    POLICY_SUPPLEMENTING_DOCUMENTS_MINIMUM = "policy.supplementing_documents_minimum";
    /// Party members sent in an emergency.
    MOBILIZATION_MEMBERS = "mobilization.members";
    /// Open compounds they are sent to.
    MOBILIZATION_COMPOUNDS = "mobilization.compounds";
    /// Past cases that a change of an item is tried on before its release.
    CATALOGUE_PREVIEW_CASES = "catalogue.preview_cases";
    /// 1 when an item is released by somebody other than the author of its draft.
    CATALOGUE_FOUR_EYES = "catalogue.four_eyes";
    /// Service items of the catalogue.
    CATALOGUE_ITEMS = "catalogue.items";
    /// Households a grid aims at.
    GRID_HOUSEHOLDS = "grid.households";
    /// Least households of a grid.
    GRID_HOUSEHOLDS_MIN = "grid.households_min";
    /// Most households of a grid.
    GRID_HOUSEHOLDS_MAX = "grid.households_max";
    /// Metres of border that a household off a grid's mean is worth.
    GRID_DEVIATION_METRES = "grid.deviation_metres";
    /// Categories of work in the grid.
    GRID_CATEGORIES = "grid.categories";
    /// Services for convenience in the grid.
    GRID_CONVENIENCE_SERVICES = "grid.convenience_services";
    /// Average pay of a community worker, fen a month.
    WORKERS_AVERAGE_PAY = "workers.average_pay";
    /// Training classes held by the model studio.
    WORKERS_TRAINING_CLASSES = "workers.training_classes";
    /// Attendances of those classes.
    WORKERS_TRAINING_ATTENDANCES = "workers.training_attendances";
    /// Community workers per 10,000 residents.
    WORKERS_PER_10000_RESIDENTS = "workers.per_10000_residents";
    /// Funding per 100 households, fen a year.
    FUNDING_PER_100_HOUSEHOLDS = "funding.per_100_households";
    /// The least the city pays per community, fen a year.
    FUNDING_CITY_FLOOR_PER_COMMUNITY = "funding.city_floor_per_community";
    /// Least number of stations.
    STATIONS_MINIMUM = "stations.minimum";
    /// Minutes of walking to a station.
    STATIONS_WALK_MINUTES = "stations.walk_minutes";
    /// Most new stations that are asked for at once.
    STATIONS_NEXT_MOST = "stations.next_most";
    /// Millimetres that an adult walks in a second.
    WALK_ADULT_SPEED = "walk.adult_speed";
    /// Millimetres that an old person walks in a second.
    WALK_ELDERLY_SPEED = "walk.elderly_speed";
    /// Minutes that nobody is asked to walk more than in a mobilisation.
    MOBILIZATION_WALK_MINUTES = "mobilization.walk_minutes";
    /// Hours between two shifts of one person.
    MOBILIZATION_REST_HOURS = "mobilization.rest_hours";
    /// Hours of the longest shift.
    MOBILIZATION_SHIFT_HOURS = "mobilization.shift_hours";
    /// Minutes of walking that it must spare in all to move somebody who was told where to go.
    MOBILIZATION_MOVE_MINUTES = "mobilization.move_minutes";
    /// Calendar days that plans and proposals are kept.
    WORK_RETENTION_DAYS = "work.retention_days";
    /// Working days to accept an application or to tell everything that is missing.
    CASE_ACCEPT_OR_TELL_MISSING_WORKING_DAYS = "case.accept_or_tell_missing_working_days";
    /// Calendar days to supply what is missing after it was told.
    CASE_SUPPLY_MISSING_DAYS = "case.supply_missing_days";
    /// Calendar days to apply for administrative review.
    APPEAL_REVIEW_DAYS = "appeal.review_days";
    /// Months to bring an administrative action.
    APPEAL_LAWSUIT_MONTHS = "appeal.lawsuit_months";
    /// Calendar days that a case's personal data are kept after closing.
    CASE_PERSONAL_DATA_RETENTION_DAYS = "case.personal_data_retention_days";
    /// Units of each limit by which a case can be extended in all.
    CASE_EXTENSION_MOST = "case.extension_most";
    /// Working days for the opinion of another office.
    CASE_OPINION_WORKING_DAYS = "case.opinion_working_days";
    /// Working days for an office's answer to a higher level.
    SUPERVISION_ANSWER_WORKING_DAYS = "supervision.answer_working_days";
    /// Calendar days after a follow-up during which it can be rated again.
    RATING_AGAIN_DAYS = "rating.again_days";
    /// Working days to answer what a person asks about her own data.
    PERSON_REQUEST_WORKING_DAYS = "person.request_working_days";
    /// Calendar days after the end of a case at which a rating is asked for, once.
    RATING_REMINDER_DAYS = "rating.reminder_days";
    /// Calendar days after closing during which a case can be rated.
    RATING_WINDOW_DAYS = "rating.window_days";
    /// Working days to call back after a poor rating.
    RATING_CALLBACK_WORKING_DAYS = "rating.callback_working_days";
    /// Ratings of this level and below are called back.
    RATING_CALLBACK_AT_OR_BELOW = "rating.callback_at_or_below";
    /// Levels of a rating.
    RATING_LEVELS = "rating.levels";
    /// Working days before the date at which a case turns yellow.
    SUPERVISION_YELLOW_LIGHT_DAYS_BEFORE_DUE = "supervision.yellow_light_days_before_due";
    /// Working days before the date at which the handler is reminded.
    REMINDER_DAYS_BEFORE_DUE = "reminder.days_before_due";
    /// Calendar days after which an uncollected result is reminded of.
    RESULT_COLLECTION_REMINDER_DAYS = "result.collection_reminder_days";
    /// Minutes without use after which a session ends.
    SESSION_IDLE_MINUTES = "session.idle_minutes";
    /// Hours after which a session ends in any case.
    SESSION_ABSOLUTE_HOURS = "session.absolute_hours";
    /// Failures after which an account is locked out.
    LOCKOUT_FAILURES = "lockout.failures";
    /// Minutes that a lock-out lasts.
    LOCKOUT_MINUTES = "lockout.minutes";
    /// Characters of the shortest password.
    PASSWORD_MINIMUM_LENGTH = "password.minimum_length";
    /// Most characters of a password.
    PASSWORD_MAXIMUM_LENGTH = "password.maximum_length";
    /// Memory of one argon2id computation in KiB.
    PASSWORD_MEMORY_KIB = "password.memory_kib";
    /// Passes of one argon2id computation.
    PASSWORD_PASSES = "password.passes";
    /// Seconds after which what a session may do is read again.
    SESSION_CACHE_SECONDS = "session.cache_seconds";
    /// Wrong attempts to sign in from one network address before it is locked.
    SIGN_IN_ATTEMPTS_PER_ADDRESS = "sign_in.attempts_per_address";
    /// Minutes for which the address is locked.
    SIGN_IN_ADDRESS_MINUTES = "sign_in.address_minutes";
    /// Minutes between the password and the one-time code.
    SIGN_IN_CODE_MINUTES = "sign_in.code_minutes";
    /// Steps of 30 seconds by which a telephone's clock may differ.
    SIGN_IN_CODE_DRIFT_STEPS = "sign_in.code_drift_steps";
    /// Milliseconds the queue of jobs rests when nothing is due.
    JOB_IDLE_MILLISECONDS = "job.idle_milliseconds";
    /// Messages of the outbox dealt with at once.
    JOB_OUTBOX_BATCH = "job.outbox_batch";
    /// Attempts to follow a case by number and telephone within the window.
    FOLLOW_LOOKUP_ATTEMPTS = "follow.lookup_attempts";
    /// Wrong attempts from one network address within the window; people behind one address share them.
    FOLLOW_LOOKUP_ATTEMPTS_PER_ADDRESS = "follow.lookup_attempts_per_address";
    /// Minutes of that window.
    FOLLOW_LOOKUP_WINDOW_MINUTES = "follow.lookup_window_minutes";
    /// Attempts of a background job.
    JOB_ATTEMPTS = "job.attempts";
    /// Seconds that a job is leased to a worker.
    JOB_LEASE_SECONDS = "job.lease_seconds";
    /// Seconds before a failed job is first tried again; doubled each time.
    JOB_BACKOFF_SECONDS = "job.backoff_seconds";
    /// Seconds of the longest such pause.
    JOB_BACKOFF_LIMIT_SECONDS = "job.backoff_limit_seconds";
    /// Bytes of the largest request body.
    REQUEST_BODY_LIMIT_BYTES = "request.body_limit_bytes";
    /// Entries of a list's page.
    LIST_PAGE_SIZE = "list.page_size";
    /// Most rows of an export.
    LIST_EXPORT_ROWS = "list.export_rows";
    /// Minutes of a slot in which a counter takes appointments.
    VISITS_SLOT_MINUTES = "visits.slot_minutes";
    /// People whom one slot of a counter takes.
    VISITS_SLOT_CAPACITY = "visits.slot_capacity";
    /// Calendar days ahead that can be booked.
    VISITS_DAYS_AHEAD = "visits.days_ahead";
    /// Home visits that a community makes on a day.
    VISITS_HOME_PER_DAY = "visits.home_per_day";
    /// Calendar days that a visit's personal data are kept after its day.
    VISITS_RETENTION_DAYS = "visits.retention_days";
    /// Calls a minute that a new system is offered.
    EXCHANGE_CALLS_PER_MINUTE = "exchange.calls_per_minute";
    /// Most calls a minute that a system can be given.
    EXCHANGE_CALLS_PER_MINUTE_MAXIMUM = "exchange.calls_per_minute_maximum";
    /// Calendar days that a system's token is valid.
    EXCHANGE_TOKEN_DAYS = "exchange.token_days";
    /// Calendar days that counts of calls and deliveries are kept.
    EXCHANGE_LOG_DAYS = "exchange.log_days";
    /// Calendar days that the answers of an application that was saved and not sent are kept.
    COUNTER_DRAFT_DAYS = "counter.draft_days";
    /// Calendar days after a case was opened in which what it knows of a person is offered at a counter.
    COUNTER_KNOWN_DAYS = "counter.known_days";
    /// Calendar days that answers to repeated requests are kept.
    ONCE_RETENTION_DAYS = "once.retention_days";
    /// Bytes of the largest file of a paper.
    PAPERS_FILE_BYTES = "papers.file_bytes";
    /// Most pixels of a picture.
    PAPERS_IMAGE_PIXELS = "papers.image_pixels";
    /// Most files of one paper of a case.
    PAPERS_FILES_PER_MATERIAL = "papers.files_per_material";
    /// Minutes for which a stated purpose opens the files and messages of a case.
    PAPERS_LOOK_MINUTES = "papers.look_minutes";
    /// Seconds that a data check may take.
    PAPERS_CHECK_SECONDS = "papers.check_seconds";
    /// Working days proposed for a paper to follow.
    PAPERS_LATER_WORKING_DAYS = "papers.later_working_days";
    /// Most working days for a paper to follow.
    PAPERS_LATER_MOST_WORKING_DAYS = "papers.later_most_working_days";
    /// Working days until an original should be given back.
    PAPERS_ORIGINAL_BACK_WORKING_DAYS = "papers.original_back_working_days";
}
