-- Samples -------------------------------------------------------------------------------------
-- Units of a product handed in with its dossier (26/2026/QĐ-TTg, Article 6.2d): where each is kept, or
-- what became of it.
create table sample (
    dossier_id text not null references dossier (id),
    no bigint not null,
    received_on text not null,
    received_by text not null references person (id),
    place text not null,
    state text not null,
    changed_on text not null,
    changed_by text not null references person (id),
    note text not null,
    primary key (dossier_id, no)
);
