-- Whoever takes part beside the person whom a case is mainly about asks about her own data as well: her words are sealed
-- under her own record, and what is done is done to that record alone.
alter table cases_request add column party {uuid};
create index cases_request_party on cases_request (district, party) where party is not null;
