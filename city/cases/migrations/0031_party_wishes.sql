-- What whoever takes part beside the person whom a case is mainly about wishes for herself: to look herself and not be
-- told outside of the platform, and to be told when somebody looked at her data, and until when she was. The identity
-- is reckoned from case and party. A party without a row is told of the case, and not of looks.
create table cases_party_wish (
  district {int} not null,
  id {uuid} not null,
  case_id {uuid} not null,
  party {uuid} not null,
  quiet {int} not null,
  told_until {int},
  primary key (district, id)
) {strict};
create index cases_party_wish_party on cases_party_wish (district, party);
