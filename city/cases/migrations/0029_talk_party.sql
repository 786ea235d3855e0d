-- Whoever takes part beside the person whom a case is mainly about writes and is written to as well: her words are sealed
-- under her own record.
alter table cases_talk add column party {uuid};
