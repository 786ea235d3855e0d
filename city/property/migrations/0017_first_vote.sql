-- The vote that holds a first owners' meeting.
alter table property_first add column vote {uuid};
