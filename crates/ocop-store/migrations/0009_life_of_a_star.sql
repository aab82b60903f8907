-- Verification of a ground for withdrawing a certificate, from the suspicion to the decision
-- (26/2026/QĐ-TTg, Article 8). One at a time is open for a certificate.
create table verification (
    id text primary key,
    certificate_id text not null references certificate (id),
    province text not null,
    ground text not null,
    source text not null,
    found_on text not null,
    facts text not null,
    opened_at text not null,
    opened_by text not null references person (id),
    concluded_on text,
    confirmed bigint,
    conclusion text,
    decide_by text,
    decided_on text,
    decision_no text,
    sent_to text,
    version bigint not null
);
create index verification_by_certificate on verification (certificate_id, id);
create index verification_by_province on verification (province, decided_on, id);
