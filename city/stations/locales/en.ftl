stations-nav = Stations
