-- Notices and letters ---------------------------------------------------------------------------
-- Whether a person wants notices by e-mail too, and the secret part of the address of their calendar.
alter table person add column mails bigint not null default 1;
alter table person add column calendar text;
create unique index person_by_calendar on person (calendar);
-- What a person is told. The key names what it is about, so that nothing is told twice.
create table notice (
    person_id text not null references person (id),
    key text not null,
    at text not null,
    what text not null,
    about text not null,
    -- The page about it, from the root.
    href text not null,
    due_on text,
    urgent bigint not null,
    read_at text,
    -- When a letter took it up, or when it was settled that none does.
    mailed_at text,
    primary key (person_id, key)
);
create index notice_by_time on notice (person_id, at);
create index notice_unmailed on notice (mailed_at, person_id);
-- The days on which deadlines were called to mind: once for everybody, whatever program does it.
create table reminding (
    day text primary key,
    at text not null
);
-- Letters: kept with their text until they are sent, and as a record afterwards.
create table mail (
    id text primary key,
    person_id text not null references person (id),
    -- The office whose words it has and who sees it; empty when the person belongs to none.
    office text not null,
    address text not null,
    subject text not null,
    body text not null,
    created_at text not null,
    state text not null,
    failures bigint not null,
    -- When it is tried next; null when it is not.
    next_at text,
    sent_at text,
    -- What the mail server said last; empty when nothing went wrong.
    fault text not null
);
create index mail_waiting on mail (next_at);
create index mail_by_office on mail (office, id);
create index mail_by_person on mail (person_id, created_at);
-- An office's words around the notices of a letter.
create table mail_wording (
    office text primary key references unit (code),
    subject text not null,
    opening text not null,
    closing text not null,
    version bigint not null
);
