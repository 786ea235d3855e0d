mobilization-nav = 就近动员
