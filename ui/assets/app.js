// Lianglin
