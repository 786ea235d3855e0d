-- Who added a photo that shows the work; null where it came with the report.
alter table grid_photo add column added_by {text}
