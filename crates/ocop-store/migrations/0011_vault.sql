-- The vault of papers: how many pages a file has (null: not known, or it has none), the paper that a new version
-- stands in for, and the version of the row for stale saves.
alter table evidence add column pages bigint;
alter table evidence add column replaces text references evidence (id);
alter table evidence add column version bigint not null default 1;
update evidence set pages = 1 where media_type in ('image/jpeg', 'image/png', 'image/webp');
-- A paper has one next version.
create unique index evidence_by_replaced on evidence (replaces);
