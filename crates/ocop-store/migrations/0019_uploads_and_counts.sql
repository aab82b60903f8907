-- Files that come in pieces. How much of one has come is told by its part on the disk, which no row can disagree
-- with: a part is written before it counts.
create table upload (
    id text primary key,
    person_id text not null references person (id),
    producer_id text not null references producer (id),
    length bigint not null,
    metadata text not null,
    begun_at text not null,
    expires_at text not null
);
create index upload_by_person on upload (person_id);
create index upload_by_end on upload (expires_at);

-- When the pages of a paper of before migration 0011 were counted, or could not be: once is enough.
alter table evidence add column counted_at text;

-- Which papers end, and which certificates rest on them.
create index evidence_by_last_day on evidence (expires_on);
create index citation_by_paper on citation (evidence_id);
