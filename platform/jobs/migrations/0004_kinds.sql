-- Jobs are called by the department that does them: those that wait keep waiting under the new name.
update jobs_job set kind = 'cases.tell' where kind = 'app.tell_applicant';
update jobs_job set kind = 'cases.remind' where kind = 'app.remind';
update jobs_job set kind = 'cases.ask_rating' where kind = 'app.ask_rating';
update jobs_job set kind = 'visits.remind' where kind = 'app.remind_visits';
update jobs_job set kind = 'counter.renew' where kind = 'app.renew_catalogue';
update jobs_job set kind = 'mobilization.part' where kind = 'app.part';
