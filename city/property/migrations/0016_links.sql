-- From when on the account of a head may vote online, and which account voted for a unit last, so that whoever had it is
-- told of a new one. Accounts that were linked before may vote as they did.
alter table property_head add column votes_from {int};
alter table property_unit add column linked_last {uuid};
update property_unit set linked_last = (select h.account from property_head h where h.district = property_unit.district and h.id = property_unit.head);
