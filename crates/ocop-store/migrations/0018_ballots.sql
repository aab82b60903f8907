-- Sealed ballots ----------------------------------------------------------------------------------

-- Ballots that the chair opened again while members score; sealed_at is when one had been sealed.
create table reopening (
    ballot_id text not null references ballot (id),
    dossier_id text not null references dossier (id),
    turn bigint not null,
    seat_id text not null references seat (id),
    reason text not null,
    sealed_at text,
    reopened_at text not null,
    primary key (ballot_id, reopened_at)
);
create index reopening_by_dossier on reopening (dossier_id);

-- One criterion of a sealed ballot, revised after discussion: what was sealed and what counts since, as JSON.
create table revision (
    ballot_id text primary key references ballot (id),
    dossier_id text not null references dossier (id),
    turn bigint not null,
    seat_id text not null references seat (id),
    criterion text not null,
    kept text not null,
    given text not null,
    reason text not null,
    revised_at text not null
);
create index revision_by_dossier on revision (dossier_id);
