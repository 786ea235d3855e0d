-- Votes of owners: what is decided, who is entitled (as the register was on the day of the call), the ballots sealed
-- until the end, written proxies, and the published lines of ballots after it, which nothing joins with who gave them.
create table property_vote (
  district {int} not null,
  id {uuid} not null,
  compound {int} not null,
  path {text} not null,
  title {text} not null,
  range_name {text} not null,
  caller {text} not null,
  asking {int} not null,
  notice_on {text} not null,
  opens_at {int} not null,
  ends_at {int} not null,
  entitled_heads {int} not null,
  entitled_cm2 {int} not null,
  seal {uuid} not null,
  called_name {text} not null,
  called_at {int} not null,
  counted_at {int},
  primary key (district, id)
) {strict};
create index property_vote_path on property_vote (path, ends_at);
create index property_vote_compound on property_vote (district, compound, ends_at);
create index property_vote_uncounted on property_vote (counted_at, ends_at);
create table property_matter (
  district {int} not null,
  vote {uuid} not null,
  number {int} not null,
  kind {text} not null,
  title {text} not null,
  content {text} not null,
  primary key (district, vote, number)
) {strict};
create table property_right (
  district {int} not null,
  vote {uuid} not null,
  number {int} not null,
  head {uuid} not null,
  units {text} not null,
  unit_count {int} not null,
  area_cm2 {int} not null,
  asked {int} not null,
  primary key (district, vote, number)
) {strict};
create unique index property_right_head on property_right (district, vote, head);
create index property_right_of on property_right (district, head);
create table property_ballot (
  district {int} not null,
  vote {uuid} not null,
  number {int} not null,
  way {text} not null,
  area_cm2 {int} not null,
  sealed {bytes} not null,
  account {uuid},
  entered_name {text} not null,
  entered_at {int} not null,
  primary key (district, vote, number)
) {strict};
create table property_proxy (
  district {int} not null,
  vote {uuid} not null,
  number {int} not null,
  agent {uuid} not null,
  mark {text} not null,
  unit_count {int} not null,
  given_name {text} not null,
  given_at {int} not null,
  withdrawn_at {int},
  primary key (district, vote, number)
) {strict};
create index property_proxy_mark on property_proxy (district, vote, mark);
create table property_cast (
  district {int} not null,
  vote {uuid} not null,
  commitment {text} not null,
  area_cm2 {int} not null,
  choices {text} not null,
  primary key (district, vote, commitment)
) {strict};
