-- What a photo shows, as whoever added it said: before, after, place. Null where nobody said it.
alter table grid_photo add column shows {text}
