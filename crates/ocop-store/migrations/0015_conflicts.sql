-- Conflicts of interest found by data -----------------------------------------------------------

-- How a conflict came to be known: declared by the member, or found.
alter table conflict add column ground text not null default 'declared';

-- Who advised or trained which producer, kept by the office and by the person.
create table assistance (
    id text primary key,
    province text not null references unit (code),
    person_id text not null references person (id),
    producer_id text not null references producer (id),
    kind text not null,
    since text not null,
    note text not null,
    recorded_by text not null references person (id),
    recorded_at text not null,
    removed_at text
);
create index assistance_by_province on assistance (province, id);
create index assistance_by_person on assistance (person_id, id);
create index assistance_by_producer on assistance (producer_id, id);

-- Relatives who may sit in a council or an advisory team, as the producer's side declares them.
create table relative (
    id text primary key,
    dossier_id text not null references dossier (id),
    name text not null,
    agency text not null,
    relation text not null,
    declared_at text not null
);
create index relative_by_dossier on relative (dossier_id, id);
