-- Open reports in which danger to life was heard, as they came or later: they come first in the lists of staff. What
-- ended is no longer here. `dangers` holds the names of the dangers with a blank between them, and is empty where the
-- condition alone says whom to call.
create table grid_alarm (
  district {int} not null,
  case_id {uuid} not null,
  dangers {text} not null,
  at {int} not null,
  primary key (district, case_id)
) {strict};
