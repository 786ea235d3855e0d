-- At which window a number is called, as the screen on the wall tells it; null where the counter has one window.
alter table visits_ticket add column desk_window {int};
