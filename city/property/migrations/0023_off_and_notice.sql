-- That somebody asks that a vote is called off, and why, until a second person confirms it or the vote goes on.
alter table property_vote add column off_asked_by {uuid};
alter table property_vote add column off_asked_name {text};
alter table property_vote add column off_asked_reason {text};

-- How many days before the end a contract itself wants the other side to be told, where it says so.
alter table property_contract add column own_days {int};
