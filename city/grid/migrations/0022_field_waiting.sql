-- What waits is looked at again every day, whether its phone is reached or not.
create index grid_field_entry_waiting on grid_field_entry (district, id) where state in ('came', 'parked');
