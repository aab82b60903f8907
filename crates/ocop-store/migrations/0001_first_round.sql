-- One set of migrations for SQLite and PostgreSQL. Only two kinds of column: TEXT (ids, days as
-- 2026-11-24, instants as 2026-11-24T03:05:39.000000Z, JSON, codes) and BIGINT (numbers, đồng,
-- yes/no as 1/0). Both databases keep, compare and sort them alike; meaning is Rust's business.

-- Units ------------------------------------------------------------------------------------
create table unit (
    code text primary key,
    name text not null,
    kind text not null,
    parent text,
    valid_from text not null,
    valid_to text,
    fold text not null
);
create index unit_by_parent on unit (parent, code);

-- People -----------------------------------------------------------------------------------
create table person (
    id text primary key,
    email text not null unique,
    name text not null,
    title text not null,
    phone text not null,
    password_hash text not null,
    created_at text not null,
    disabled_at text,
    failed_logins bigint not null,
    locked_until text
);
create table login (
    token_hash text primary key,
    person_id text not null references person (id),
    created_at text not null,
    expires_at text not null
);
create index login_by_person on login (person_id);
create table role (
    id text primary key,
    person_id text not null references person (id),
    kind text not null,
    unit_code text not null references unit (code),
    granted_at text not null,
    revoked_at text
);
create index role_by_person on role (person_id);
create index role_by_unit on role (unit_code, kind);

-- Rules: the product sets that dossiers are pinned to, by content hash ----------------------
create table ruleset (
    hash text primary key,
    regime text not null,
    set_no bigint not null,
    json text not null
);

-- Producers and products -------------------------------------------------------------------
create table producer (
    id text primary key,
    province text not null references unit (code),
    commune text not null references unit (code),
    name text not null,
    kind text not null,
    registration_no text not null,
    registered_on text,
    tax_code text not null,
    address text not null,
    phone text not null,
    email text not null,
    representative text not null,
    demo bigint not null,
    created_at text not null,
    version bigint not null,
    fold text not null
);
create index producer_by_commune on producer (commune, id);
create table producer_member (
    producer_id text not null references producer (id),
    person_id text not null references person (id),
    added_at text not null,
    primary key (producer_id, person_id)
);
create index producer_member_by_person on producer_member (person_id);
create table product (
    id text primary key,
    producer_id text not null references producer (id),
    province text not null,
    commune text not null,
    name text not null,
    set_no bigint not null,
    description text not null,
    packaging text not null,
    standard text not null,
    story text not null,
    code text,
    created_at text not null,
    version bigint not null,
    fold text not null
);
create index product_by_producer on product (producer_id, id);
create unique index product_by_code on product (code);

-- Rounds and dossiers ----------------------------------------------------------------------
create table round (
    id text primary key,
    province text not null references unit (code),
    name text not null,
    regime text not null,
    opens_on text not null,
    propose_by text not null,
    result_by text not null,
    closed_on text,
    version bigint not null
);
create index round_by_province on round (province, opens_on);
create table dossier (
    id text primary key,
    province text not null,
    commune text not null,
    producer_id text not null references producer (id),
    product_id text not null references product (id),
    round_id text not null references round (id),
    kind text not null,
    regime text not null,
    set_no bigint not null,
    ruleset text not null references ruleset (hash),
    state text not null,
    form text not null,
    sheet text not null,
    council_id text,
    submission_id text,
    commune_received_on text,
    commune_due_on text,
    commune_receipt text,
    proposed_on text,
    province_received_on text,
    province_receipt text,
    created_at text not null,
    updated_at text not null,
    version bigint not null
);
create index dossier_by_producer on dossier (producer_id, id);
create index dossier_by_commune on dossier (commune, state, id);
create index dossier_by_province on dossier (province, round_id, state, id);
create index dossier_by_council on dossier (council_id, id);
create table submission (
    id text primary key,
    dossier_id text not null references dossier (id),
    no bigint not null,
    submitted_at text not null,
    snapshot text not null,
    hash text not null,
    unique (dossier_id, no)
);
create table dossier_return (
    dossier_id text not null references dossier (id),
    no bigint not null,
    level text not null,
    reasons text not null,
    due_on text,
    returned_at text not null,
    returned_by text not null,
    primary key (dossier_id, no)
);

-- Evidence ---------------------------------------------------------------------------------
create table evidence (
    id text primary key,
    producer_id text not null references producer (id),
    kind text not null,
    title text not null,
    number text not null,
    issuer text not null,
    issued_on text,
    expires_on text,
    file_hash text not null,
    file_name text not null,
    media_type text not null,
    size bigint not null,
    uploaded_at text not null,
    withdrawn_at text
);
create index evidence_by_producer on evidence (producer_id, id);
create index evidence_by_file on evidence (file_hash);
create table citation (
    dossier_id text not null references dossier (id),
    criterion text not null,
    evidence_id text not null references evidence (id),
    pages text not null,
    primary key (dossier_id, criterion, evidence_id)
);

-- Commune ----------------------------------------------------------------------------------
create table commune_report (
    dossier_id text primary key references dossier (id),
    report text not null,
    updated_at text not null,
    version bigint not null
);

-- Councils ---------------------------------------------------------------------------------
create table council (
    id text primary key,
    province text not null references unit (code),
    round_id text not null references round (id),
    name text not null,
    decision_no text not null,
    decision_on text,
    settings text not null,
    created_at text not null,
    version bigint not null
);
create index council_by_round on council (round_id, id);
create table seat (
    id text primary key,
    council_id text not null references council (id),
    person_id text not null references person (id),
    kind text not null,
    agency text not null,
    removed_at text,
    unique (council_id, person_id)
);
create index seat_by_person on seat (person_id);
create table conflict (
    dossier_id text not null references dossier (id),
    seat_id text not null references seat (id),
    reason text not null,
    declared_at text not null,
    primary key (dossier_id, seat_id)
);
create table finding (
    dossier_id text not null references dossier (id),
    criterion text not null,
    finding text not null,
    written_by text not null references seat (id),
    written_at text not null,
    version bigint not null,
    primary key (dossier_id, criterion)
);
create table evidence_request (
    id text primary key,
    dossier_id text not null references dossier (id),
    criterion text not null,
    request text not null,
    due_on text not null,
    asked_by text not null references seat (id),
    asked_at text not null,
    answer text,
    answered_at text
);
create index evidence_request_by_dossier on evidence_request (dossier_id, id);
create table advisory_report (
    dossier_id text primary key references dossier (id),
    summary text not null,
    proposal text not null,
    filed_by text not null references seat (id),
    filed_at text not null
);

-- Scoring ----------------------------------------------------------------------------------
create table council_session (
    id text primary key,
    council_id text not null references council (id),
    opened_at text not null,
    opened_by text not null,
    attendance text not null
);
create index council_session_by_council on council_session (council_id, id);
create table turn (
    dossier_id text not null references dossier (id),
    no bigint not null,
    session_id text not null references council_session (id),
    opened_at text not null,
    reason text not null,
    tally text,
    tallied_at text,
    kept_reason text,
    primary key (dossier_id, no)
);
create table ballot (
    id text primary key,
    dossier_id text not null references dossier (id),
    turn bigint not null,
    seat_id text not null references seat (id),
    sheet text not null,
    opinion text not null,
    scored text,
    saved_at text not null,
    sealed_at text,
    version bigint not null,
    unique (dossier_id, turn, seat_id)
);
create index ballot_by_seat on ballot (seat_id, id);

-- Recognition ------------------------------------------------------------------------------
create table result (
    dossier_id text primary key references dossier (id),
    turn bigint not null,
    outcome text not null,
    stars bigint,
    mean_num bigint,
    mean_den bigint,
    centre_points bigint not null,
    explanation text not null,
    confirmed_at text not null,
    confirmed_by text not null references seat (id),
    decision_id text,
    notified_on text
);
create table decision (
    id text primary key,
    province text not null references unit (code),
    council_id text not null references council (id),
    number text not null,
    decided_on text not null,
    signed_by text not null,
    recorded_at text not null,
    unique (province, number, decided_on)
);
create table certificate (
    id text primary key,
    check_code text not null unique,
    number text not null,
    province text not null,
    dossier_id text not null references dossier (id),
    product_id text not null references product (id),
    decision_id text not null references decision (id),
    stars bigint not null,
    issued_on text not null,
    valid_until text not null,
    revoked_on text,
    revocation text
);
create index certificate_by_product on certificate (product_id, issued_on);
create unique index certificate_by_dossier on certificate (dossier_id);

-- Journal ----------------------------------------------------------------------------------
create table journal (
    chain text not null,
    seq bigint not null,
    at text not null,
    actor text not null,
    action text not null,
    data text not null,
    prev text not null,
    hash text not null,
    primary key (chain, seq)
);
create index journal_by_time on journal (at);
create table journal_head (
    chain text primary key,
    seq bigint not null,
    hash text not null
);
create table journal_seal (
    at text primary key,
    prev text not null,
    hash text not null
);
