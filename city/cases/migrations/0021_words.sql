-- What people wrote in their own words in the events of cases, sealed under the key of a record and deleted with it. The event itself holds the identity of the words alone.
create table cases_word (
  district {int} not null,
  case_id {uuid} not null,
  id {uuid} not null,
  record {uuid} not null,
  sealed {bytes} not null,
  primary key (district, case_id, id)
) {strict};
create index cases_word_record on cases_word (district, record);
