//! The platform as people meet it: every story runs through the pages, without JavaScript, on SQLite and on PostgreSQL.

mod main_job;
