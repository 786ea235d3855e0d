//! city_stories
