stations-nav = 驿站
