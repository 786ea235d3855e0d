-- The key of the form that decided a step which has not left yet. If the step is undone, that form does nothing more.
alter table cases_held add column once {text};
