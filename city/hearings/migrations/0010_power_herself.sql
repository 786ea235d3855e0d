-- Whether a party gave a power herself with her code. The empty name of whoever noted it said so before; the names of staff are erased with the file.
alter table hearings_power add column by_herself {int} not null default 0;
update hearings_power set by_herself = 1 where noted_name = '';
