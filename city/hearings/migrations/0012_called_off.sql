-- The sessions of mediations that were arranged and called off: whoever was to come reads it until their day is over. Nobody is named in them.
create table hearings_called_off (
  district {int} not null,
  id {uuid} not null,
  case_id {uuid} not null,
  room {uuid} not null,
  day {text} not null,
  begins_at {int} not null,
  ends_at {int} not null,
  called_off_at {int} not null,
  primary key (district, id)
) {strict};
create index hearings_called_off_case on hearings_called_off (district, case_id);
