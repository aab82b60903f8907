-- The centre ------------------------------------------------------------------------------------
-- What a province sends to the centre is a dossier of its own there, and so is what the province evaluates
-- again after the centre (26/2026/QĐ-TTg, Article 7.4): the dossier whose evaluation this one goes on with.
alter table dossier add column continues text references dossier (id);
create index dossier_by_continued on dossier (continues);
-- A dossier on its way to the centre, and what the centre answered.
create table forwarding (
    dossier_id text primary key references dossier (id),
    sent_on text not null,
    sent_by text not null references person (id),
    -- The dossier at the centre; null where the centre works outside this software.
    central_dossier text references dossier (id),
    -- What was sent: names and SHA-256 of all files, as JSON, and the archive that holds them (SHA-256).
    manifest text not null,
    bundle text not null,
    answer text,
    answered_on text,
    -- Number of the centre's decision or letter.
    answer_no text,
    stars bigint,
    mean_num bigint,
    mean_den bigint
);
create index forwarding_by_central on forwarding (central_dossier);
