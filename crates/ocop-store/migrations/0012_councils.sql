-- Rules of work ------------------------------------------------------------------------------

-- A session keeps the rules of work that it was opened with.
alter table council_session add column settings text not null default '';
update council_session
   set settings = (select council.settings from council where council.id = council_session.council_id);

-- The levels that a council agreed on after discussion, as JSON, where its rules ask for that.
alter table turn add column agreed text not null default '{}';
