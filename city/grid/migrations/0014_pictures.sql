-- What tells a picture from others wherever it lies: a digest under a key. Null for photos that came before it was kept.
alter table grid_tray add column picture {text};
alter table grid_photo add column picture {text}
