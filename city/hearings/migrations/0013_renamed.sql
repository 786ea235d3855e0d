-- Under which name somebody stands in an agreement that holds, where the name was corrected since; sealed under her own record.
create table hearings_renamed (
  district {int} not null,
  case_id {uuid} not null,
  record {uuid} not null,
  renamed_at {int} not null,
  sealed {bytes} not null,
  primary key (district, case_id, record, renamed_at)
) {strict};
