-- The picture as its sender sees it again before she sends it, small and sealed under the key of her slip: it is made once,
-- when the photo comes. Null for photos that came before it was kept.
alter table grid_tray add column small {bytes}
