-- Visits after recognition (26/2026/QĐ-TTg, Article 9), each about one certificate.
create table inspection (
    id text primary key,
    certificate_id text not null references certificate (id),
    province text not null,
    kind text not null,
    state text not null,
    -- The visit whose measures this one looks at again.
    follows text references inspection (id),
    planned_on text not null,
    -- The team, one a line, its head first.
    team text not null,
    reason text not null,
    planned_by text not null references person (id),
    planned_at text not null,
    -- What was found, measures and photographs, as JSON.
    record text,
    answer text not null,
    answered_at text,
    closed_on text,
    outcome text not null,
    version bigint not null
);
create index inspection_by_certificate on inspection (certificate_id, id);
create index inspection_by_province on inspection (province, planned_on, id);
create index inspection_by_state on inspection (province, state, planned_on);
