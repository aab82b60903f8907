-- Merging ----------------------------------------------------------------------------------
-- A duplicate that gave way to another record, and what undoing it needs: the kept record before
-- (it may hold personal data, so it does not stand in the journal) and what changed hands.
create table merge (
    gone text primary key,
    record text not null,
    kept text not null,
    province text not null references unit (code),
    before text not null,
    kept_version bigint not null,
    gone_version bigint not null,
    moved text not null,
    merged_at text not null,
    merged_by text not null
);
create index merge_by_province on merge (province, merged_at);

-- Search -----------------------------------------------------------------------------------
-- All folded words of an entry, in their order: what a phrase is looked up in.
alter table search_entry add column words text not null default '';
drop index search_word_by_entry;
create index search_word_by_entry on search_word (kind, id, word);
-- A mistyped word keeps its first or its last half: its neighbours are found by either.
alter table vocabulary add column backwards text not null default '';
drop index vocabulary_by_length;
create index vocabulary_by_backwards on vocabulary (backwards);
-- The products of a rare set, for the public list.
create index product_by_set on product (set_no, id);
-- The public list in its own order: of the nation, a province, a commune.
create index certificate_by_stars on certificate (stars desc, fold, id);
create index certificate_of_province_by_stars on certificate (province, stars desc, fold, id);
create index certificate_of_commune_by_stars on certificate (commune, stars desc, fold, id);

-- Import -----------------------------------------------------------------------------------
-- The sheet that is read, the regime whose numbers of product sets it bears, its column names, and
-- what its rows brought.
alter table import_run add column sheet text not null default '';
alter table import_run add column sets text not null default '';
alter table import_run add column headings text not null default '[]';
alter table import_run add column producers bigint not null default 0;
alter table import_run add column products bigint not null default 0;
alter table import_run add column certificates bigint not null default 0;
