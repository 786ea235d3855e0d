-- The minute of the day at which a three-party table begins. Of tables that were called before it is not known.
alter table property_table add column begins_at {int};
