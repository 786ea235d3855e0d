-- The day of an election that was entered wrongly: what was entered, what is right, why, by whom and when.
create table bodies_correction (
  district {int} not null,
  id {uuid} not null,
  body {uuid} not null,
  held_before {text} not null,
  held_after {text} not null,
  ends_before {text},
  ends_after {text},
  file_before {text},
  file_after {text},
  reason {text} not null,
  by_name {text} not null,
  corrected_at {int} not null,
  primary key (district, id)
) {strict};
create index bodies_correction_body on bodies_correction (district, body, corrected_at);
