//! lianglin
