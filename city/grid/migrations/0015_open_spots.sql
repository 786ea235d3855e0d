-- Open reports are found by where they are, however large the city around them is.
create index grid_report_open_spot on grid_report (x, y, path) where open = 1;
create index grid_report_open_nowhere on grid_report (path) where open = 1 and x is null;
