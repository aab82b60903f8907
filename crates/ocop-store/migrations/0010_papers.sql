-- The register of outgoing papers (Decree 30/2020/NĐ-CP, Articles 15 and 18) -------------------------------

-- A paper that was signed and numbered. Its text and its file are kept as they were on that day.
create table paper (
    id text primary key,
    -- Code of the unit whose office sends it: a province or a commune.
    office text not null references unit (code),
    year bigint not null,
    number bigint not null,
    symbol text not null,
    kind text not null,
    -- What it is about, such as decision:ID or return:DOSSIER:2; a thing has one paper.
    about text not null unique,
    title text not null,
    signed_on text not null,
    signed_by text not null,
    -- What the paper was made of, as JSON, and the SHA-256 of the file that it gave.
    input text not null,
    file text not null,
    recorded_by text not null,
    recorded_at text not null,
    unique (office, year, symbol, number)
);

-- Signed copies of a paper; the last one is the copy of record.
create table paper_copy (
    paper_id text not null references paper (id),
    no bigint not null,
    file text not null,
    file_name text not null,
    size bigint not null,
    signed_digitally bigint not null,
    added_by text not null,
    added_at text not null,
    primary key (paper_id, no)
);

-- Why numbers of a year and symbol have no paper here.
create table paper_gap (
    office text not null references unit (code),
    year bigint not null,
    symbol text not null,
    first bigint not null,
    last bigint not null,
    reason text not null,
    explained_by text not null,
    explained_at text not null,
    primary key (office, year, symbol, first, last)
);
