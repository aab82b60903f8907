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

-- Complaints about a result, a certified product or the use of the mark.
create table complaint (
    id text primary key,
    kind text not null,
    state text not null,
    province text not null,
    product_id text not null references product (id),
    -- The dossier whose result is complained of.
    dossier_id text references dossier (id),
    -- The producer's person; none for what anybody sends without an account.
    filed_by text references person (id),
    filed_at text not null,
    content text not null,
    -- How to reach whoever sent it, for the office alone; may be empty.
    name text not null,
    contact text not null,
    admitted_on text,
    -- The reason of a refusal, or the answer.
    answer text not null,
    closed_on text,
    version bigint not null
);
create index complaint_by_province on complaint (province, state, id);
create index complaint_by_product on complaint (product_id, filed_at);
create index complaint_by_day on complaint (filed_at);
create index complaint_by_dossier on complaint (dossier_id);
