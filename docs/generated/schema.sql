table bodies_body
  district int not null
  id blob not null
  path text not null
  kind text not null
  name text not null
  purpose text not null
  telephone text not null
  address text not null
  hours text not null
  elected_on text
  term_ends text
  file_by text
  ended_on text
  changed_name text not null
  changed_at int not null
  compound text not null
  key (district, id)
  index bodies_body_id (id)
  index bodies_body_path (path, name)
  unique index bodies_body_name (district, path, name)

table bodies_correction
  district int not null
  id blob not null
  body blob not null
  held_before text not null
  held_after text not null
  ends_before text
  ends_after text
  file_before text
  file_after text
  reason text not null
  by_name text not null
  corrected_at int not null
  key (district, id)
  index bodies_correction_body (district, body, corrected_at)

table bodies_election
  district int not null
  id blob not null
  body blob not null
  held_on text not null
  members int not null
  women int not null
  term_ends text
  file_by text
  filed_on text
  noted_name text not null
  noted_at int not null
  link text not null
  key (district, id)
  index bodies_election_link (link)
  unique index bodies_election_day (district, body, held_on)

table bodies_holding
  district int not null
  id blob not null
  body blob not null
  post blob not null
  name blob
  from_on text not null
  until_on text
  noted_name text not null
  noted_at int not null
  until_elected int not null
  key (district, id)
  index bodies_holding_body (district, body, from_on)

table bodies_matter
  district int not null
  case_id blob not null
  path text not null
  office text not null
  mediator blob
  open int not null
  account blob
  key (district, case_id)
  index bodies_matter_office (office, open, mediator, account)
  index bodies_matter_path (path)

table bodies_mediator
  district int not null
  id blob not null
  path text not null
  account blob
  name blob
  address blob
  employer text not null
  specialities text not null
  engaged int not null
  from_on text not null
  until_on text
  noted_name text not null
  noted_at int not null
  workplace blob
  key (district, id)
  index bodies_mediator_account (account)
  index bodies_mediator_path (path, from_on)

table bodies_meeting
  district int not null
  id blob not null
  path text not null
  title text not null
  room text not null
  starts_at int not null
  ends_at int not null
  cancelled int not null
  noted_name text not null
  noted_at int not null
  key (district, id)
  index bodies_meeting_path (path, starts_at)

table bodies_post
  district int not null
  id blob not null
  body blob not null
  title_zh text not null
  title_en text not null
  rank int not null
  ended_on text
  key (district, id)
  index bodies_post_body (district, body, rank)

table bodies_question
  district int not null
  id blob not null
  path text not null
  title text not null
  raised_on text not null
  agreed_on text
  outcome text not null
  link text not null
  noted_name text not null
  noted_at int not null
  key (district, id)
  index bodies_question_path (path, raised_on)

table cases_asked
  district int not null
  case_id blob not null
  ordinal int not null
  number text not null
  item text not null
  office_path text not null
  office_department text not null
  due text not null
  joint int not null
  confidential int not null
  answered_at int
  key (district, case_id, ordinal)
  index cases_asked_open (office_path, due) where …

table cases_case
  district int not null
  id blob not null
  number text not null
  item text
  procedure text not null
  state text not null
  waits_for text not null
  clock text not null
  outcome text
  office_path text not null
  office_department text not null
  desk_path text not null
  desk_department text not null
  counter_path text
  residence_path text not null
  person blob
  applicant blob
  confidential int not null
  open int not null
  rank int not null
  sort_at int not null
  opened_at int not null
  changed_at int not null
  closed_at int
  promised_due text
  legal_due text
  provisional int not null
  sequence int not null
  rating int
  handler blob
  handler_name text
  follow_up_by text
  late_reason text
  late_told_on text
  kind text not null
  latest_at int
  act_by int
  key (district, id)
  index cases_case_applicant (applicant, opened_at) where …
  index cases_case_closed (closed_at) where …
  index cases_case_desk (desk_path, rank, sort_at, id, desk_department, confidential, state) where …
  index cases_case_desk_department (desk_department, rank, sort_at, id, desk_path, confidential, state) where …
  index cases_case_ended (changed_at, id, office_path, office_department, confidential) where …
  index cases_case_item (item, opened_at, id, residence_path, office_path, counter_path, office_department, confidential)
  index cases_case_item_residence (item, residence_path, opened_at, id, office_path, counter_path, office_department, confidential)
  index cases_case_late (late_told_on, office_path, office_department, confidential, late_reason, open) where …
  index cases_case_late_open (late_reason, clock, promised_due, late_told_on, office_path, office_department, confidential) where …
  index cases_case_latest (latest_at, id, district, procedure, state) where …
  index cases_case_office (office_path, rank, sort_at, id, office_department, confidential, state) where …
  index cases_case_office_department (office_department, rank, sort_at, id, office_path, confidential, state) where …
  index cases_case_open (id) where …
  index cases_case_opened (opened_at, id, item, residence_path, office_path, counter_path, office_department, confidential)
  index cases_case_order (rank, sort_at, id, desk_path, office_path, confidential, state) where …
  index cases_case_passed (rank, sort_at, clock, desk_path, desk_department, office_path, office_department, confidential, open, act_by) where …
  index cases_case_person (district, person) where …
  index cases_case_provisional (id) where …
  index cases_case_residence (residence_path, opened_at, id, item, office_path, counter_path, office_department, confidential)
  index cases_case_seat (office_department, state, office_path, rank, sort_at, id, district) where …
  index cases_case_state (procedure, state, opened_at, id, item, residence_path, office_path, counter_path, office_department, confidential)
  index cases_case_stays (latest_at, clock, promised_due, office_path, office_department, desk_path, desk_department, confidential, kind, waits_for, late_reason, open) where …
  unique index cases_case_number (district, number)

table cases_code
  district int not null
  record blob not null
  digest blob not null
  given_at int not null
  key (district, record)

table cases_fold
  district int not null
  id blob not null
  folded text not null
  key (district, id)

table cases_held
  district int not null
  case_id blob not null
  account blob
  action text not null
  held_at int not null
  leaves_at int not null
  events text not null
  once text
  key (district, case_id)

table cases_looks_told
  district int not null
  case_id blob not null
  told_until int not null
  key (district, case_id)

table cases_open
  district int not null
  side text not null
  place text not null
  department text not null
  confidential int not null
  bucket text not null
  due text not null
  cases int not null
  key (district, side, place, department, confidential, bucket, due)
  index cases_open_order (side, place, department, confidential, bucket, due, cases)

table cases_party
  district int not null
  case_id blob not null
  role text not null
  ordinal int not null
  kind text not null
  record blob
  account blob
  place_path text
  department text
  organisation text
  key (district, case_id, role, ordinal)
  index cases_party_account (account) where …
  index cases_party_place (place_path) where …
  index cases_party_record (district, record) where …

table cases_party_wish
  district int not null
  id blob not null
  case_id blob not null
  party blob not null
  quiet int not null
  told_until int
  key (district, id)
  index cases_party_wish_party (district, party)

table cases_quiet
  district int not null
  case_id blob not null
  since int not null
  key (district, case_id)

table cases_request
  district int not null
  case_id blob not null
  id blob not null
  number text not null
  kind text not null
  at int not null
  due text not null
  office_path text not null
  office_department text not null
  confidential int not null
  sealed blob not null
  outcome text
  answer blob
  answered_at int
  answered_by text
  party blob
  key (district, case_id, id)
  index cases_request_open (office_path, due) where …
  index cases_request_party (district, party) where …

table cases_sequence
  district int not null
  year int not null
  last int not null
  key (district, year)

table cases_talk
  district int not null
  case_id blob not null
  id blob not null
  kind text not null
  at int not null
  account blob
  name text not null
  sealed blob not null
  read_at int
  party blob
  key (district, case_id, id)

table cases_word
  district int not null
  case_id blob not null
  id blob not null
  record blob not null
  sealed blob not null
  key (district, case_id, id)
  index cases_word_record (district, record)

table counter_document
  id blob not null
  number text not null
  title text not null
  issuer text not null
  issued_on text not null
  clause text not null
  words text not null
  added_by blob
  added_name text not null
  added_at int not null
  key (id)

table counter_draft
  item text not null
  fields text not null
  author blob
  author_name text not null
  changed_at int not null
  editors text not null
  key (item)

table counter_release
  id blob not null
  item text not null
  version int not null
  entry text not null
  replaced text
  from_day text not null
  document text not null
  clause text not null
  author_name text not null
  released_by blob
  released_name text not null
  released_at int not null
  withdrawn_at int
  withdrawn_name text
  key (id)
  unique index counter_release_version (item, version)

table counter_saved
  district int not null
  id blob not null
  until_day text not null
  key (district, id)
  index counter_saved_until (district, until_day)

table exchange_call
  system blob not null
  day text not null
  route text not null
  class int not null
  calls int not null
  key (system, day, route, class)
  foreign (system) to exchange_system (id)
  index exchange_call_day (day)

table exchange_delivery
  id blob not null
  system blob not null
  number text not null
  state text not null
  at int not null
  attempts int not null
  attempted_at int
  failure text
  sent_at int
  failed_at int
  sequence int not null
  first_attempted_at int
  key (id)
  foreign (system) to exchange_system (id)
  index exchange_delivery_at (at)
  index exchange_delivery_system (system, at, id)
  unique index exchange_delivery_sequence (system, number, sequence) where …

table exchange_system
  id blob not null
  district int not null
  name text not null
  place text not null
  department text
  scopes text not null
  calls_per_minute int not null
  webhook_url text
  created_at int not null
  created_by text not null
  closed_at int
  failing_since int
  switched_off_at int
  old_secret_until int
  key (id)
  index exchange_system_place (place, id)

table exchange_token
  id blob not null
  digest blob not null
  system blob not null
  created_at int not null
  expires_at int not null
  last_used_at int
  revoked_at int
  key (id)
  foreign (system) to exchange_system (id)
  index exchange_token_system (system, id)
  unique (digest)

table grid_alarm
  district int not null
  case_id blob not null
  dangers text not null
  at int not null
  cleared_at int
  seen_by text not null
  seen text not null
  key (district, case_id)

table grid_appeal
  district int not null
  case_id blob not null
  appeal_id blob not null
  appeal_number text not null
  state text not null
  key (district, case_id)
  index grid_appeal_of (district, appeal_id)

table grid_board
  district int not null
  month text not null
  depth int not null
  origin text not null
  kind text not null
  path text not null
  filed int not null
  closed int not null
  key (district, month, depth, origin, kind)
  index grid_board_order (month, depth, path, kind, filed, closed)
  index grid_board_path (path)

table grid_course
  district int not null
  case_id blob not null
  path text not null
  kind text not null
  found int not null
  returned int not null
  due_on text
  handled_on text
  reported_at int not null
  key (district, case_id)
  index grid_course_path (path, reported_at, kind, found, returned, due_on, handled_on)

table grid_duty
  district int not null
  id blob not null
  kind text not null
  path text not null
  unit text not null
  from_on text not null
  until_on text
  basis text not null
  number text
  made_at int not null
  key (district, id)
  index grid_duty_kind (district, kind)

table grid_dwelling
  district int not null
  id blob not null
  path text not null
  building int not null
  house text not null
  entrance int not null
  floor int not null
  door text not null
  version int not null
  record blob not null
  fields blob not null
  come_on text
  key (district, id)
  index grid_dwelling_path (path, building, entrance, floor)
  index grid_dwelling_record (district, record)

table grid_field_entry
  district int not null
  id blob not null
  account blob not null
  name text not null
  kind text not null
  about blob
  path text not null
  record blob not null
  body blob not null
  mark text not null
  before blob
  place int not null
  state text not null
  forced int not null
  said text not null
  number text not null
  arrived_on text not null
  key (district, id)
  index grid_field_entry_about (district, about, place)
  index grid_field_entry_account (account, state, arrived_on)
  index grid_field_entry_path (path, state, arrived_on)
  index grid_field_entry_record (district, record)
  index grid_field_entry_waiting (district, id) where …

table grid_field_photo
  district int not null
  entry blob not null
  id blob not null
  place int not null
  bytes int not null
  there int not null
  digest text not null
  whole int not null
  key (district, entry, id)

table grid_field_piece
  district int not null
  entry blob not null
  photo blob not null
  start int not null
  bytes int not null
  sealed blob not null
  key (district, entry, photo, start)

table grid_field_step
  district int not null
  entry blob not null
  step int not null
  deed text not null
  name text not null
  day text not null
  key (district, entry, step)

table grid_follower
  district int not null
  case_id blob not null
  record blob not null
  keeper int not null
  digest blob
  at int not null
  key (district, case_id, record)
  index grid_follower_record (keeper, record)

table grid_forward
  district int not null
  id blob not null
  case_id blob not null
  number text not null
  path text not null
  peer text not null
  service text not null
  kind text not null
  at int not null
  attempts int not null
  first_attempted_at int
  attempted_at int
  failure text
  failed_at int
  sent_at int
  foreign_id text
  foreign_status text
  asked int not null
  left_at int
  token text
  foreign_detail text
  unheard_since int
  unheard int not null
  let_go_at int
  let_go_by text
  let_go_why text
  key (district, id)
  index grid_forward_case (district, case_id)
  index grid_forward_path (path, at)

table grid_forward_note
  district int not null
  id blob not null
  forward blob not null
  case_id blob not null
  number text not null
  path text not null
  peer text not null
  says text not null
  at int not null
  record blob
  words blob
  attempts int not null
  first_attempted_at int
  attempted_at int
  failure text
  failed_at int
  sent_at int
  let_go_at int
  let_go_by text
  let_go_why text
  key (district, id)
  index grid_forward_note_case (district, case_id, at)
  index grid_forward_note_path (path, at)

table grid_history
  source text not null
  number text not null
  path text not null
  kind text not null
  opened_at int not null
  due_at int
  closed_at int
  open int not null
  department text not null
  channel text not null
  taken_at int not null
  key (source, number)
  index grid_history_kind (kind, opened_at)
  index grid_history_path (path, opened_at)

table grid_joined
  district int not null
  case_id blob not null
  mark text not null
  at int not null
  key (district, case_id, mark)

table grid_merge
  district int not null
  case_id blob not null
  number text not null
  into_case blob not null
  into_number text not null
  at int not null
  into_district int
  key (district, case_id)
  index grid_merge_into (into_district, into_case)

table grid_night
  night text not null
  scanned_at int not null
  days int not null
  sorts int not null
  reports int not null
  left_out int not null
  communities int not null
  unplaced int not null
  key (night)

table grid_open311
  district int not null
  case_id blob not null
  number text not null
  path text not null
  kind text not null
  condition text not null
  department text not null
  state text not null
  open int not null
  public int not null
  requested_at int not null
  updated_at int not null
  expected_at int
  system blob
  sequence int not null
  key (district, case_id)
  index grid_open311_number (number)
  index grid_open311_path (path)
  index grid_open311_requested (requested_at, case_id)
  index grid_open311_updated (updated_at, case_id)

table grid_open311_update
  district int not null
  case_id blob not null
  sequence int not null
  number text not null
  state text not null
  open int not null
  public int not null
  at int not null
  key (district, case_id, sequence)
  index grid_open311_update_at (at, case_id, sequence)
  index grid_open311_update_number (number, sequence)

table grid_open_area
  district int not null
  origin text not null
  scale int not null
  east int not null
  north int not null
  path text not null
  reports int not null
  x int not null
  y int not null
  key (district, origin, scale, east, north)
  index grid_open_area_at (scale, east, north, path, reports, x, y)

table grid_open_square
  district int not null
  origin text not null
  known int not null
  east int not null
  north int not null
  path text not null
  reports int not null
  x int not null
  y int not null
  key (district, origin, known, east, north)
  index grid_open_square_nowhere (path, reports, x, y, known) where …
  index grid_open_square_path (path, known, east, north, reports, x, y)

table grid_open_unit
  district int not null
  unit text not null
  origin text not null
  known int not null
  scale int not null
  east int not null
  north int not null
  path text not null
  reports int not null
  x int not null
  y int not null
  key (district, unit, origin, known, scale, east, north)
  index grid_open_unit_at (unit, scale, known, east, north, path, reports, x, y)
  index grid_open_unit_path (unit, scale, path, known, reports, x, y)

table grid_patrol
  district int not null
  grid int not null
  day text not null
  name text not null
  key (district, grid, day)

table grid_photo
  district int not null
  id blob not null
  case_id blob not null
  record blob not null
  slip blob not null
  digest text not null
  width int not null
  height int not null
  bytes int not null
  at int not null
  released_at int
  released_by text
  added_by text
  picture text
  shows text
  key (district, id)
  index grid_photo_case (district, case_id, at)
  index grid_photo_digest (digest)
  index grid_photo_record (district, record)

table grid_photo_look
  district int not null
  photo blob not null
  account blob not null
  key (district, photo, account)

table grid_release
  number int not null
  system text not null
  entries text not null
  from_day text not null
  document text not null
  released_by blob not null
  released_name text not null
  released_at int not null
  key (number)

table grid_report
  district int not null
  case_id blob not null
  number text not null
  path text not null
  compound int
  x int
  y int
  kind text not null
  condition text not null
  public int not null
  open int not null
  met int not null
  reported_at int not null
  stage text
  strip int
  unit text
  key (district, case_id)
  index grid_report_kind (district, kind, reported_at)
  index grid_report_number (district, number)
  index grid_report_open (path, x) where …
  index grid_report_open_at (path, reported_at) where …
  index grid_report_open_nowhere (path) where …
  index grid_report_open_strip (strip, y, x, path, kind, number, case_id, district, unit) where …
  index grid_report_open_unit (unit, path) where …
  index grid_report_path (path, reported_at, kind, stage, compound, x, y, case_id, district)
  index grid_report_stage (stage, path, reported_at)

table grid_rise
  night text not null
  ordinal int not null
  sort text not null
  days int not null
  reports int not null
  expected int not null
  once_in int not null
  key (night, ordinal)

table grid_rise_place
  night text not null
  ordinal int not null
  path text not null
  key (night, ordinal, path)
  index grid_rise_place_path (night, path, ordinal)

table grid_shown
  district int not null
  case_id blob not null
  record blob
  stage text not null
  words text
  released_at int
  released_by text
  key (district, case_id)
  index grid_shown_record (district, record)

table grid_tray
  slip text not null
  id blob not null
  digest text not null
  width int not null
  height int not null
  bytes int not null
  at int not null
  picture text
  small blob
  key (slip, id)
  index grid_tray_digest (digest)

table hall_counted
  district int not null
  publisher text not null
  month text not null
  place text not null
  day text not null
  department text not null
  subject_district int not null
  subject blob not null
  n01 int
  n02 int
  n03 int
  n04 int
  n05 int
  n06 int
  n07 int
  n08 int
  n09 int
  n10 int
  n11 int
  n12 int
  n13 int
  n14 int
  n15 int
  n16 int
  n17 int
  n18 int
  n19 int
  n20 int
  n21 int
  n22 int
  n23 int
  n24 int
  n25 int
  n26 int
  n27 int
  n28 int
  n29 int
  n30 int
  n31 int
  n32 int
  confidential int not null
  key (district, publisher, month, place, day, department, subject)
  index hall_counted_confidential (publisher, month, place) where …

table hall_figure
  district int not null
  publisher text not null
  month text not null
  place text not null
  department text not null
  n01 int not null
  n02 int not null
  n03 int not null
  n04 int not null
  n05 int not null
  n06 int not null
  n07 int not null
  n08 int not null
  n09 int not null
  n10 int not null
  n11 int not null
  n12 int not null
  n13 int not null
  n14 int not null
  n15 int not null
  n16 int not null
  n17 int not null
  n18 int not null
  n19 int not null
  n20 int not null
  n21 int not null
  n22 int not null
  n23 int not null
  n24 int not null
  n25 int not null
  n26 int not null
  n27 int not null
  n28 int not null
  n29 int not null
  n30 int not null
  n31 int not null
  n32 int not null
  key (district, publisher, month, place, department)
  index hall_figure_order (publisher, month, place, department)

table hall_more_looks
  account blob not null
  day text not null
  times int not null
  by_account blob not null
  by_name text not null
  at int not null
  key (account, day)

table hearings_along
  district int not null
  case_id blob not null
  side text not null
  papers text not null
  key (district, case_id, side)

table hearings_called_off
  district int not null
  id blob not null
  case_id blob not null
  room blob not null
  day text not null
  begins_at int not null
  ends_at int not null
  called_off_at int not null
  key (district, id)
  index hearings_called_off_case (district, case_id)

table hearings_clause
  district int not null
  case_id blob not null
  id blob not null
  owes text not null
  fen int not null
  due text not null
  sealed blob not null
  stage text not null
  noted blob not null
  noted_at int
  is_active int not null
  stay int not null
  lasting int not null
  key (district, case_id, id)
  index hearings_clause_due (is_active, due)

table hearings_court
  district int not null
  case_id blob not null
  sent_on text not null
  accepts_by text not null
  accepted_on text
  decides_by text
  is_prolonged int not null
  ended_at int
  key (district, case_id)
  index hearings_court_open (ended_at, accepts_by)

table hearings_file
  district int not null
  case_id blob not null
  record blob not null
  sealed blob not null
  changed_name text not null
  changed_at int not null
  stay int not null
  key (district, case_id)
  index hearings_file_record (district, record)

table hearings_host
  district int not null
  point_id blob not null
  kind text not null
  id blob not null
  key (district, point_id, kind, id)

table hearings_matter
  district int not null
  case_id blob not null
  path text not null
  number text not null
  class text not null
  source text not null
  stage text not null
  brought_at int not null
  office text not null
  entered_at int not null
  due_on text
  open int not null
  body text not null
  authority text not null
  detail text not null
  key (district, case_id)
  index hearings_matter_office (office, open)
  index hearings_matter_place (path, brought_at)

table hearings_named
  district int not null
  case_id blob not null
  side text not null
  by_herself int not null
  named_name text not null
  named_at int not null
  key (district, case_id, side)

table hearings_opinion
  district int not null
  id blob not null
  number text not null
  path text not null
  wanted text not null
  stage text not null
  said blob not null
  answer blob not null
  question text not null
  told text not null
  shown int not null
  turned text not null
  answer_by text not null
  said_at int not null
  answered_name text not null
  answered_at int
  key (district, id)
  index hearings_opinion_place (path, stage, said_at)
  unique index hearings_opinion_number (district, number)

table hearings_part
  district int not null
  case_id blob not null
  part text not null
  stay int not null
  noted_name text not null
  noted_at int not null
  key (district, case_id, part, stay)

table hearings_point
  district int not null
  id blob not null
  path text not null
  room text not null
  hours text not null
  telephone text not null
  weekday int not null
  opens_at int not null
  closes_at int not null
  things text not null
  changed_name text not null
  changed_at int not null
  key (district, id)
  index hearings_point_place (path)
  unique index hearings_point_path (district, path)

table hearings_power
  district int not null
  case_id blob not null
  id blob not null
  giver text not null
  fellow text not null
  special text not null
  until_on text
  sealed blob not null
  paper_on text
  noted_name text not null
  noted_at int not null
  withdrawn_at int
  by_herself int not null
  told_apart int not null
  seen_at int
  key (district, case_id, id)

table hearings_power_file
  district int not null
  case_id blob not null
  power blob not null
  digest text not null
  kind text not null
  bytes int not null
  added_name text not null
  added_at int not null
  key (district, case_id, power)
  index hearings_power_file_digest (digest)

table hearings_priority
  district int not null
  id blob not null
  case_id blob not null
  priority text not null
  record blob not null
  words blob not null
  changed_name text not null
  changed_at int not null
  key (district, id)
  index hearings_priority_case (district, case_id)
  index hearings_priority_record (district, record)

table hearings_proposal
  district int not null
  case_id blob not null
  id blob not null
  made_on text not null
  made_by text not null
  sealed blob not null
  answer text not null
  stay int not null
  key (district, case_id, id)

table hearings_renamed
  district int not null
  case_id blob not null
  record blob not null
  renamed_at int not null
  sealed blob not null
  key (district, case_id, record, renamed_at)

table hearings_report
  district int not null
  case_id blob not null
  clause blob not null
  side text not null
  stage text not null
  sealed blob not null
  said_at int not null
  key (district, case_id, clause, side)

table hearings_room
  district int not null
  id blob not null
  point_id blob not null
  name text not null
  seats int not null
  step_free int not null
  ended int not null
  key (district, id)
  index hearings_room_point (district, point_id)

table hearings_session
  district int not null
  case_id blob not null
  id blob not null
  held_on text not null
  begins_at int not null
  way text not null
  came text not null
  sealed blob not null
  written_by blob not null
  written_name text not null
  written_at int not null
  stay int not null
  key (district, case_id, id)

table hearings_stay
  district int not null
  case_id blob not null
  number int not null
  office text not null
  along text not null
  since int not null
  key (district, case_id, number)
  index hearings_stay_office (office)

table hearings_talk
  district int not null
  id blob not null
  number text not null
  path text not null
  day text not null
  turn int not null
  state text not null
  walk_in int not null
  booked_at int not null
  key (district, id)
  index hearings_talk_day (path, day, turn)
  unique index hearings_talk_number (district, number)

table hearings_thing
  district int not null
  point_id blob not null
  thing text not null
  remark text not null
  key (district, point_id, thing)

table hearings_triage
  district int not null
  case_id blob not null
  danger int not null
  people int not null
  times_back int not null
  vulnerable int not null
  chosen text not null
  key (district, case_id)

table hearings_use
  district int not null
  id blob not null
  room blob not null
  day text not null
  begins_at int not null
  ends_at int not null
  case_id blob
  booked_name text not null
  booked_at int not null
  key (district, id)
  index hearings_use_case (district, case_id)
  index hearings_use_room (district, room, day)

table identity_account
  id blob not null
  district int not null
  kind text not null
  login text
  telephone_digest blob
  name text not null
  password text
  must_change int not null
  code_on int not null
  code_step int
  failures int not null
  failed_at int
  locked_until int
  person blob
  opened_at int not null
  closed_at int
  password_until int
  key (id)
  unique (login)
  unique (telephone_digest)

table identity_demonstration
  since int not null
  key (since)

table identity_post
  id blob not null
  account blob not null
  role text not null
  place text not null
  department text
  from_date text not null
  to_date text
  key (id)
  foreign (account) to identity_account (id)
  index identity_post_account (account, id)
  index identity_post_place (place, account)

table identity_request
  id blob not null
  kind text not null
  permission text not null
  place text not null
  department text
  subject blob
  detail text not null
  same_as text not null
  why text not null
  asked_by blob not null
  asked_name text not null
  asked_at int not null
  expires_at int not null
  outcome text
  decided_by blob
  decided_name text
  decided_at int
  answer text
  key (id)
  index identity_request_asked (asked_by, id)
  index identity_request_over (expires_at, id)
  index identity_request_place (place, id)
  index identity_request_subject (subject, id)
  index identity_request_waiting (expires_at, id) where …

table identity_session
  digest blob not null
  id blob not null
  account blob not null
  stage text not null
  device text not null
  opened_at int not null
  seen_at int not null
  expires_at int not null
  key (digest)
  foreign (account) to identity_account (id)
  index identity_session_account (account, id)
  index identity_session_expires (expires_at, digest)
  unique (id)

table jobs_job
  id blob not null
  kind text not null
  dedupe_key text not null
  payload text not null
  run_at int not null
  attempts int not null
  lease_until int
  last_error text
  done_at int
  failed_at int
  lane text not null
  order_key text
  order_number int not null
  set_at int
  key (id)
  index jobs_job_done (done_at) where …
  index jobs_job_due (run_at, id) where …
  index jobs_job_failed (failed_at) where …
  index jobs_job_held (lane, lease_until) where …
  index jobs_job_lane (lane, run_at, id) where …
  index jobs_job_order (order_key, order_number, id) where …
  index jobs_job_set (set_at) where …
  unique index jobs_job_dedupe_key (dedupe_key)

table jobs_lane
  lane text not null
  failures int not null
  paused_until int
  last_error text
  taken_at int not null
  changed_at int not null
  key (lane)

table jobs_notice
  id blob not null
  dedupe_key text not null
  channel text not null
  recipient text not null
  template text not null
  arguments text not null
  not_before int not null
  attempts int not null
  last_error text
  sent_at int
  receipt text
  failed_at int
  read_at int
  key (id)
  index jobs_notice_failed (failed_at) where …
  index jobs_notice_inbox (recipient, id) where …
  index jobs_notice_unread (recipient, not_before, id) where …
  unique index jobs_notice_dedupe_key (dedupe_key)

table jobs_work
  id blob not null
  kind text not null
  place text not null
  state text not null
  share int not null
  asked text not null
  answer blob
  said text not null
  asked_by blob
  asked_name text not null
  asked_at int not null
  changed_at int not null
  key (id)
  index jobs_work_changed (changed_at)
  index jobs_work_place (kind, place, asked_at)

table mobilization_call
  district int not null
  id blob not null
  path text not null
  title text not null
  note text not null
  opened_by blob
  opened_name text not null
  opened_at int not null
  ended_at int
  key (district, id)
  index mobilization_call_id (id)
  index mobilization_call_path (path, opened_at)

table mobilization_need
  district int not null
  call blob not null
  compound int not null
  shift int not null
  role text not null
  path text not null
  least int not null
  most int not null
  meet text not null
  contact text not null
  key (district, call, compound, shift, role)
  index mobilization_need_path (path)

table mobilization_post
  district int not null
  id blob not null
  call blob not null
  compound int not null
  shift int not null
  role text not null
  path text not null
  home int not null
  responder blob
  state text not null
  starts int not null
  ends int not null
  walk int not null
  checked_at int
  left_at int
  changed_at int not null
  key (district, id)
  index mobilization_post_call (district, call, compound, shift)
  index mobilization_post_id (id)
  index mobilization_post_path (path)
  index mobilization_post_responder (responder, starts)

table mobilization_responder
  district int not null
  id blob not null
  path text not null
  roles text not null
  parts text not null
  ready int not null
  person blob not null
  since int not null
  changed_at int not null
  key (district, id)
  index mobilization_responder_id (id)
  index mobilization_responder_path (path)
  index mobilization_responder_person (district, person)

table mobilization_shift
  district int not null
  call blob not null
  number int not null
  starts int not null
  ends int not null
  key (district, call, number)

table papers_check
  district int not null
  id blob not null
  case_id blob not null
  person blob not null
  material text not null
  outcome text not null
  adapter text not null
  by_name text not null
  at int not null
  reply blob
  objected_at int
  key (district, id)
  index papers_check_case (district, case_id, at)
  index papers_check_person (district, person)

table papers_file
  district int not null
  id blob not null
  case_id blob not null
  person blob not null
  material text not null
  kind text not null
  bytes int not null
  width int
  height int
  digest text not null
  by_role text not null
  by_name text not null
  at int not null
  seen_at int
  removed_at int
  key (district, id)
  index papers_file_case (district, case_id, at)
  index papers_file_digest (digest)
  index papers_file_person (district, person)

table papers_move
  district int not null
  id blob not null
  case_id blob not null
  material text not null
  at int not null
  deed text not null
  by_name text not null
  by_role text not null
  from_path text
  from_department text
  to_path text
  to_department text
  sheet text
  key (district, id)
  index papers_move_case (district, case_id, at)

table papers_original
  district int not null
  case_id blob not null
  material text not null
  number text not null
  item text not null
  state text not null
  holder_path text not null
  holder_department text not null
  home_path text not null
  home_department text not null
  since int not null
  back_by text not null
  sheet text
  confidential int not null
  key (district, case_id, material)
  index papers_original_holder (state, holder_path, since)
  index papers_original_home (state, home_path, back_by)

table papers_promise
  district int not null
  case_id blob not null
  material text not null
  number text not null
  item text not null
  until text not null
  made_by text not null
  made_at int not null
  place_path text not null
  department text not null
  confidential int not null
  kept_at int
  ended_at int
  key (district, case_id, material)
  index papers_promise_place (place_path, until)
  index papers_promise_until (until, district, case_id)

table papers_sequence
  district int not null
  year int not null
  last int not null
  key (district, year)

table papers_sheet
  district int not null
  number text not null
  from_path text not null
  from_department text not null
  to_path text not null
  to_department text not null
  made_by text not null
  made_at int not null
  confirmed_by text
  confirmed_at int
  note text
  key (district, number)
  index papers_sheet_from (from_path, made_at)
  index papers_sheet_to (to_path, made_at)

table papers_sheet_line
  district int not null
  number text not null
  case_district int not null
  case_id blob not null
  material text not null
  case_number text not null
  item text not null
  arrived int
  key (district, number, case_id, material)

table places_adoption
  id blob not null
  work blob not null
  place int not null
  day text not null
  note text not null
  state text not null
  moved int not null
  plan blob not null
  adopted_name text not null
  adopted_by blob
  adopted_at int not null
  ended_name text
  ended_at int
  key (id)
  index places_adoption_work (work)

table places_adoption_community
  community int not null
  adoption blob not null
  key (community, adoption)
  index places_adoption_community_adoption (adoption)

table places_border
  a int not null
  b int not null
  metres int not null
  key (a, b)

table places_building
  id int not null
  compound int not null
  name text not null
  x int not null
  y int not null
  node int not null
  access int not null
  households int not null
  key (id)
  unique (compound, name)

table places_building_grid
  building int not null
  valid_from text not null
  valid_to text
  grid int not null
  key (building, valid_from)
  index places_building_grid_grid (grid)

table places_change
  id int not null
  place int not null
  on_date text not null
  kind text not null
  certainty text not null
  other int
  before_text text not null
  after_text text not null
  key (id)
  index places_change_other (other)
  index places_change_place (place)

table places_code
  system text not null
  code text not null
  valid_from text not null
  valid_to text
  place int not null
  kind text not null
  key (system, code, valid_from)
  index places_code_place (place)

table places_compound
  id int not null
  community int not null
  name text not null
  x int not null
  y int not null
  gates text not null
  key (id)
  unique (community, name)

table places_counter
  name text not null
  next int not null
  key (name)

table places_edition
  on_date text not null
  source text not null
  listed int not null
  summary text not null
  imported_at int not null
  key (on_date)

table places_geography
  id int not null
  revision int not null
  source text not null
  invented int not null
  laid_at int not null
  origin text
  outlined int not null
  key (id)

table places_grid_worker
  grid int not null
  valid_from text not null
  valid_to text
  account blob not null
  worker_name text not null
  note text not null
  open_reports int not null
  noted_name text not null
  noted_by blob
  noted_at int not null
  key (grid, valid_from)
  index places_grid_worker_account (account)

table places_grid_worker_same_day
  grid int not null
  valid_from text not null
  turn int not null
  account blob not null
  worker_name text not null
  note text not null
  open_reports int not null
  noted_name text not null
  noted_by blob
  noted_at int not null
  key (grid, valid_from, turn)

table places_name
  place int not null
  valid_from text not null
  valid_to text
  name text not null
  key (place, valid_from)

table places_network
  part int not null
  content blob not null
  key (part)

table places_outline
  place int not null
  part int not null
  rings text not null
  key (place, part)

table places_parent
  place int not null
  valid_from text not null
  valid_to text
  parent int not null
  key (place, valid_from)
  index places_parent_parent (parent)

table places_place
  id int not null
  level text not null
  kind text not null
  name text not null
  code text not null
  parent int
  path text not null
  alive_from text not null
  alive_to text
  same_as int
  key (id)
  index places_place_parent (parent)
  index places_place_path (path)

table places_review
  id int not null
  on_date text not null
  doubt text not null
  before_place int not null
  after_place int not null
  before_text text not null
  after_text text not null
  same int
  decided_by blob
  decided_name text
  decided_at int
  key (id)

table places_unit
  id int not null
  place int not null
  department text not null
  name_zh text not null
  name_en text not null
  address text not null
  telephone text not null
  hours text not null
  key (id)
  unique (place, department)

table property_account
  district int not null
  id blob not null
  path text not null
  compound text not null
  opened_name text not null
  opened_at int not null
  part text not null
  key (district, id)
  index property_account_path (path, compound)
  unique index property_account_part (district, path, compound, part)

table property_ballot
  district int not null
  vote blob not null
  number int not null
  way text not null
  area_cm2 int not null
  sealed blob not null
  account blob
  entered_name text not null
  entered_at int not null
  key (district, vote, number)

table property_building
  district int not null
  id int not null
  compound int not null
  name text not null
  stated_cm2 int not null
  key (district, id)
  index property_building_compound (district, compound, name)

table property_cast
  district int not null
  vote blob not null
  commitment text not null
  area_cm2 int not null
  choices text not null
  key (district, vote, commitment)

table property_commitment
  district int not null
  id blob not null
  table_id blob not null
  issue_id blob not null
  path text not null
  compound text not null
  company_id blob
  side text not null
  text text not null
  promised_on text not null
  due_on text not null
  state text not null
  reason text not null
  times_put_off int not null
  settled_on text
  key (district, id)
  index property_commitment_company (company_id, state)
  index property_commitment_path (path, compound, due_on)
  index property_commitment_table (district, table_id, due_on)

table property_company
  id blob not null
  path text not null
  name text not null
  credit_code text not null
  hotline text not null
  party text not null
  party_since text
  changed_name text not null
  changed_at int not null
  key (id)
  index property_company_path (path, name)
  unique index property_company_code (credit_code)

table property_compound
  district int not null
  id int not null
  path text not null
  name text not null
  changed_name text not null
  changed_at int not null
  key (district, id)
  index property_compound_path (path, name)

table property_contract
  id blob not null
  company_id blob not null
  path text not null
  compound text not null
  paper text not null
  kind text not null
  starts_on text not null
  ends_on text not null
  noticed_by text
  noticed_on text
  leaves_on text
  changed_name text not null
  changed_at int not null
  own_days int
  key (id)
  index property_contract_company (company_id, starts_on)
  index property_contract_path (path, compound)

table property_correction
  district int not null
  id blob not null
  subject blob not null
  number int not null
  before_text text not null
  reason text not null
  by_name text not null
  corrected_at int not null
  key (district, id)
  index property_correction_subject (district, subject, corrected_at)

table property_entry
  district int not null
  id blob not null
  account blob not null
  kind text not null
  entry_on text not null
  amount_fen int not null
  number text not null
  note text not null
  entered_name text not null
  entered_at int not null
  key (district, id)
  index property_entry_account (district, account, entry_on, entered_at)

table property_first
  district int not null
  id blob not null
  path text not null
  compound text not null
  total_cm2 int not null
  delivered_cm2 int not null
  first_on text
  applied int not null
  reached_on text
  told_on text
  group_on text
  group_owners int not null
  drafts_on text
  meeting_on text
  changed_name text not null
  changed_at int not null
  vote blob
  key (district, id)
  index property_first_path (path, compound)

table property_head
  district int not null
  id blob not null
  compound int not null
  kind text not null
  code text not null
  account blob
  linked_at int
  votes_from int
  key (district, id)
  index property_head_account (account)
  index property_head_code (code)
  index property_head_compound (district, compound)

table property_income
  district int not null
  id blob not null
  path text not null
  compound text not null
  title text not null
  from_on text not null
  to_on text not null
  income_fen int not null
  cost_fen int not null
  published_name text not null
  published_at int not null
  payer text
  replaces blob
  replaced_by blob
  reason text
  partial_reason text
  key (district, id)
  index property_income_path (path, to_on)

table property_issue
  district int not null
  id blob not null
  table_id blob not null
  title text not null
  committee text not null
  owners text not null
  company text not null
  street text not null
  entered_at int not null
  key (district, id)
  index property_issue_table (district, table_id, entered_at)

table property_matter
  district int not null
  vote blob not null
  number int not null
  kind text not null
  title text not null
  content text not null
  taking_heads int
  taking_cm2 int
  yes_heads int
  yes_cm2 int
  no_heads int
  no_cm2 int
  abstain_heads int
  abstain_cm2 int
  divided_heads int
  election text
  seats int
  key (district, vote, number)

table property_owner
  district int not null
  id blob not null
  compound int not null
  mark text not null
  key (district, id)
  unique index property_owner_mark (district, compound, mark)

table property_portion
  district int not null
  income_id blob not null
  place int not null
  unit text not null
  area_cm2 int not null
  share_fen int not null
  key (district, income_id, place)

table property_proxy
  district int not null
  vote blob not null
  number int not null
  agent blob not null
  mark text not null
  unit_count int not null
  given_name text not null
  given_at int not null
  withdrawn_at int
  name_mark text not null
  key (district, vote, number)
  index property_proxy_mark (district, vote, mark)

table property_record
  id blob not null
  company_id blob not null
  path text not null
  kind text not null
  tenths int not null
  reason text not null
  source text not null
  given_on text not null
  valid_to text not null
  entered_by blob
  entered_name text not null
  entered_at int not null
  appeal text not null
  appealed_on text
  appeal_says text not null
  answer text not null
  answered_on text
  answered_name text not null
  key (id)
  index property_record_appeal (appeal, path)
  index property_record_company (company_id, given_on)
  index property_record_path (path)

table property_right
  district int not null
  vote blob not null
  number int not null
  head blob not null
  units text not null
  unit_count int not null
  area_cm2 int not null
  asked int not null
  key (district, vote, number)
  index property_right_of (district, head)
  unique index property_right_head (district, vote, head)

table property_share
  district int not null
  unit blob not null
  owner blob not null
  part int not null
  whole int not null
  key (district, unit, owner)
  index property_share_owner (district, owner)

table property_staff
  id blob not null
  company_id blob not null
  path text not null
  compound text not null
  work text not null
  number int not null
  hours text not null
  telephone text not null
  changed_name text not null
  changed_at int not null
  key (id)
  index property_staff_company (company_id, path)
  index property_staff_path (path)

table property_table
  district int not null
  id blob not null
  path text not null
  compound text not null
  held_on text not null
  room text not null
  state text not null
  attended text not null
  envoy text not null
  minutes text not null
  changed_name text not null
  changed_at int not null
  begins_at int
  key (district, id)
  index property_table_path (path, compound, held_on)

table property_unit
  district int not null
  id blob not null
  compound int not null
  building int not null
  stair text not null
  label text not null
  purpose text not null
  area_cm2 int not null
  head blob not null
  linked_last blob
  key (district, id)
  index property_unit_compound (district, compound, head)
  unique index property_unit_label (district, building, stair, label)

table property_use
  district int not null
  case_id blob not null
  path text not null
  compound text not null
  ground int
  number text not null
  asker text not null
  works text not null
  budget_fen int not null
  range_code text not null
  emergency text not null
  posted_on text
  vote blob
  vote_from text
  vote_to text
  entitled_heads int not null
  entitled_cm2 int not null
  taking_heads int not null
  taking_cm2 int not null
  agreeing_heads int not null
  agreeing_cm2 int not null
  visited_on text
  works_on text
  stage text not null
  opened_at int not null
  part text not null
  allowed_fen int
  settled_fen int
  account_part text not null
  key (district, case_id)
  index property_use_account (path, compound, account_part)
  index property_use_path (path, opened_at)
  index property_use_vote (vote)

table property_vote
  district int not null
  id blob not null
  compound int not null
  path text not null
  title text not null
  range_name text not null
  caller text not null
  asking int not null
  notice_on text not null
  opens_at int not null
  ends_at int not null
  entitled_heads int not null
  entitled_cm2 int not null
  seal blob not null
  called_name text not null
  called_at int not null
  counted_at int
  called_by blob
  off_at int
  off_name text
  off_reason text
  units int
  ground_buildings int
  ground_households int
  partial_reason text
  off_asked_by blob
  off_asked_name text
  off_asked_reason text
  key (district, id)
  index property_vote_compound (district, compound, ends_at)
  index property_vote_path (path, ends_at)
  index property_vote_uncounted (counted_at, ends_at)

table stations_sequence
  name text not null
  last int not null
  key (name)

table stations_station
  id int not null
  path text not null
  compound int
  name_zh text not null
  name_en text not null
  address text not null
  telephone text not null
  hours text not null
  services text not null
  rooms text not null
  open int not null
  changed_name text not null
  changed_at int not null
  key (id)
  index stations_station_path (path)

table store_audit_head
  number int not null
  day text not null
  streams int not null
  digest blob not null
  previous blob not null
  sealed_at int not null
  signature blob not null
  key (number)
  unique index store_audit_head_day (day)

table store_audit_open
  district int not null
  stream blob not null
  sequence int not null
  key (district, stream)

table store_audit_seal
  district int not null
  stream blob not null
  day text not null
  sequence int not null
  hash blob not null
  key (district, stream, day)
  index store_audit_seal_day (day, district, stream)

table store_event
  district int not null
  stream blob not null
  sequence int not null
  at int not null
  kind text not null
  payload text not null
  previous blob not null
  hash blob not null
  key (district, stream, sequence)
  index store_event_at (at)

table store_migration
  name text not null
  position int not null
  checksum text not null
  sql text not null
  key (name)

table store_once
  scope text not null
  key text not null
  digest text not null
  answer text
  at int not null
  key (scope, key)
  index store_once_at (at)

table store_outbox
  district int not null
  id blob not null
  topic text not null
  payload text not null
  at int not null
  done_at int
  key (district, id)
  index store_outbox_done (done_at) where …
  index store_outbox_pending (at, id) where …

table store_series
  district int not null
  series text not null
  year int not null
  last int not null
  key (district, series, year)

table tries_count
  digest blob not null
  wrong int not null
  since int not null
  free_at int not null
  key (digest)
  index tries_count_since (since, digest)

table vault_access
  district int not null
  record blob not null
  id blob not null
  at int not null
  deed text not null
  account blob
  name text not null
  place text not null
  purpose text not null
  case_number text
  key (district, record, id)
  index vault_access_account (account, at)
  index vault_access_at (district, at)

table vault_index
  district int not null
  record blob not null
  field text not null
  digest blob not null
  key (district, record, field)
  index vault_index_digest (digest, field)

table vault_key
  district int not null
  record blob not null
  key_id text not null
  wrapped blob not null
  key (district, record)
  index vault_key_key_id (key_id, district, record)

table vault_record
  district int not null
  id blob not null
  purpose text not null
  sealed_at int not null
  changed_at int not null
  retain_until text
  algorithm text not null
  ciphertext blob
  erased_at int
  key (district, id)
  index vault_record_retain_until (retain_until, district, id)

table vault_secret
  purpose text not null
  id blob not null
  algorithm text not null
  key_id text not null
  wrapped blob not null
  key (purpose, id)
  index vault_secret_key_id (key_id, purpose, id)

table vault_trace
  district int not null
  record blob not null
  erased_at int not null
  key (district, record)
  index vault_trace_erased_at (erased_at, district, record)

table visits_desk
  district int not null
  community int not null
  day text not null
  numbers int not null
  turns int not null
  key (district, community, day)

table visits_sequence
  district int not null
  last int not null
  key (district)

table visits_ticket
  district int not null
  id blob not null
  community int not null
  day text not null
  running int not null
  item text not null
  visit blob
  due int
  state text not null
  turn int not null
  absences int not null
  worker blob
  issued_at int not null
  changed_at int not null
  desk_window int
  key (district, id)
  index visits_ticket_turn (district, community, day, state, turn)
  unique index visits_ticket_running (district, community, day, running)

table visits_visit
  district int not null
  id blob not null
  number text not null
  kind text not null
  state text not null
  community int not null
  path text not null
  item text not null
  day text not null
  minute int not null
  seat int
  person blob not null
  booked_at int not null
  changed_at int not null
  note blob
  key (district, id)
  index visits_visit_day (day, district, id)
  index visits_visit_path (path, kind, day, minute)
  index visits_visit_person (district, person)
  unique index visits_visit_number (district, number)
  unique index visits_visit_seat (district, community, kind, day, minute, seat)

