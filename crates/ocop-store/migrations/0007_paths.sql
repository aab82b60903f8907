-- Re-evaluation -------------------------------------------------------------------------------
-- What the office found when it checked a re-evaluation (26/2026/QĐ-TTg, Article 7.6c).
create table renewal_check (
    dossier_id text primary key references dossier (id),
    report text not null,
    checked_by text not null references person (id),
    filed_at text not null
);
-- The last day of written opinions (Article 7.6d); null: the council met.
alter table council_session add column opinions_by text;
