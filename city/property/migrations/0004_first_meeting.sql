-- How far a compound is on the way to its first owners' meeting.
create table property_first (
  district {int} not null,
  id {uuid} not null,
  path {text} not null,
  compound {text} not null,
  total_cm2 {int} not null,
  delivered_cm2 {int} not null,
  first_on {text},
  applied {int} not null,
  reached_on {text},
  told_on {text},
  group_on {text},
  group_owners {int} not null,
  drafts_on {text},
  meeting_on {text},
  changed_name {text} not null,
  changed_at {int} not null,
  primary key (district, id)
) {strict};
create index property_first_path on property_first (path, compound);
