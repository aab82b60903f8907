-- Official texts of a province's office for one version of a product set (by its content hash).
-- Each import is a row of its own: what was shown before stays on record; the highest version counts.
create table official_wording (
    province text not null references unit (code),
    regime text not null,
    set_no bigint not null,
    set_hash text not null references ruleset (hash),
    version bigint not null,
    texts text not null,
    file_hash text not null,
    author text not null,
    written_at text not null,
    primary key (province, set_hash, version)
);
