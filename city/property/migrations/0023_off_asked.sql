-- That somebody asks that a vote is called off, and why, until a second person confirms it or the vote goes on.
alter table property_vote add column off_asked_by {uuid};
alter table property_vote add column off_asked_name {text};
alter table property_vote add column off_asked_reason {text};
