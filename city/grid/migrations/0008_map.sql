-- What is open by where it is: the map asks for a part of the ground.
create index grid_report_open on grid_report (path, x) where open = 1
