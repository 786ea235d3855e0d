-- Who called a vote by account, and that it was called off: when, by whom and why, as its owners read it.
alter table property_vote add column called_by {uuid};
alter table property_vote add column off_at {int};
alter table property_vote add column off_name {text};
alter table property_vote add column off_reason {text};
