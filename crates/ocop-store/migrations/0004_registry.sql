-- The register of a whole programme: what happened before this software or outside it, too.

-- Units that ended, and where they went. A code may have a second life: the commune 00004 of today
-- bears the code of a former ward, so a former unit is named by its code and its last day.
create table former_unit (
    code text not null,
    name text not null,
    kind text not null,
    parent text,
    valid_from text,
    valid_to text not null,
    fold text not null,
    primary key (code, valid_to)
);
create index former_unit_by_parent on former_unit (parent, code);
create index former_unit_by_name on former_unit (fold);
create table unit_succession (
    former text not null,
    former_until text not null,
    code text not null references unit (code),
    primary key (former, former_until, code),
    foreign key (former, former_until) references former_unit (code, valid_to)
);
create index unit_succession_by_code on unit_succession (code);
-- Where a unit lies, in ten-thousandths of a degree.
alter table unit add column latitude bigint;
alter table unit add column longitude bigint;

-- Producers and products -------------------------------------------------------------------
-- The former unit (code) that a producer was registered in; empty since 1/7/2025.
alter table producer add column former_unit text not null default '';
-- Form 02, part I, 8 and 9.
alter table producer add column history text not null default '';
alter table producer add column structure text not null default '';
-- The duplicate gives way to the producer named here.
alter table producer add column merged_into text;
-- Of the representative, for totals only: 1, 0, or unknown.
alter table producer add column led_by_woman bigint;
alter table producer add column led_by_minority bigint;
create index producer_by_province on producer (province, fold, id);
create index producer_by_tax_code on producer (tax_code);
create index producer_by_registration_no on producer (registration_no);

-- Day of joining the programme; the day of registering here when nothing else is known.
alter table product add column joined_on text;
alter table product add column stamped_since text;
alter table product add column merged_into text;
update product set joined_on = substr(created_at, 1, 10);
create index product_by_province on product (province, fold, id);
create index product_by_commune on product (commune, fold, id);
-- Codes of older formats; the code of today's format stands in product.
create table former_code (
    product_id text not null references product (id),
    code text not null,
    primary key (code, product_id)
);
create index former_code_by_product on former_code (product_id);
-- A product on an outside e-commerce platform.
create table listing (
    product_id text not null references product (id),
    platform text not null,
    since text not null,
    url text not null,
    ended_on text,
    primary key (product_id, platform)
);
-- Revenue of a product in a year, in đồng.
create table revenue (
    product_id text not null references product (id),
    year bigint not null,
    amount bigint not null,
    noted_at text not null,
    primary key (product_id, year)
);

-- Acting for a producer by invitation.
create table invitation (
    id text primary key,
    producer_id text not null references producer (id),
    code_hash text not null unique,
    email text not null,
    invited_by text not null references person (id),
    invited_at text not null,
    expires_on text not null,
    accepted_by text references person (id),
    accepted_at text,
    withdrawn_at text
);
create index invitation_by_producer on invitation (producer_id, invited_at);

-- Where the results of a round are announced.
alter table round add column announced_at text not null default '';

-- A decision may come from paper: then no council of this software stands behind it. A certificate
-- may rest on such a decision alone.
create table new_decision (
    id text primary key,
    province text not null references unit (code),
    council_id text references council (id),
    number text not null,
    decided_on text not null,
    signed_by text not null,
    recorded_at text not null,
    unique (province, number, decided_on)
);
insert into new_decision (id, province, council_id, number, decided_on, signed_by, recorded_at)
    select id, province, council_id, number, decided_on, signed_by, recorded_at from decision;
create table new_certificate (
    id text primary key,
    check_code text not null unique,
    number text not null,
    province text not null,
    dossier_id text references dossier (id),
    product_id text not null references product (id),
    decision_id text not null references new_decision (id),
    level text not null,
    stars bigint not null,
    issued_on text not null,
    valid_until text not null,
    revoked_on text,
    revocation text,
    product text not null,
    producer text not null,
    commune text not null,
    fold text not null,
    event text not null,
    next_on text
);
insert into new_certificate (id, check_code, number, province, dossier_id, product_id, decision_id, level, stars,
        issued_on, valid_until, revoked_on, revocation, product, producer, commune, fold, event)
    select certificate.id, check_code, number, certificate.province, dossier_id, certificate.product_id, decision_id,
           'province', stars, issued_on, valid_until, revoked_on, revocation, product, producer, dossier.commune, fold, 'new'
      from certificate join dossier on dossier.id = certificate.dossier_id;
drop table certificate;
drop table decision;
alter table new_decision rename to decision;
alter table new_certificate rename to certificate;
-- What a certificate was to its product (new, upgraded, renewed), and the first day of the next one:
-- on any day, a product's star is that of its certificate with issued_on <= day < next_on.
update certificate
   set next_on = (select min(later.issued_on) from certificate later
                   where later.product_id = certificate.product_id and later.issued_on > certificate.issued_on),
       event = coalesce((select case when before.stars < certificate.stars then 'upgraded' else 'renewed' end
                           from certificate before
                          where before.product_id = certificate.product_id
                            and before.issued_on < certificate.issued_on
                          order by before.issued_on desc, before.id desc limit 1), 'new');
create index certificate_by_product on certificate (product_id, issued_on);
create unique index certificate_by_dossier on certificate (dossier_id);
create index certificate_by_province on certificate (province, valid_until);
create index certificate_by_event on certificate (province, event, issued_on);
create index decision_by_council on decision (council_id, decided_on);

-- Evaluations held on paper or on other software: one row for each level that a product passed.
create table evaluation (
    id text primary key,
    product_id text not null references product (id),
    province text not null references unit (code),
    round_id text references round (id),
    regime text not null,
    set_no bigint not null,
    level text not null,
    unit text not null,
    unit_name text not null,
    council text not null,
    evaluated_on text not null,
    mean_num bigint,
    mean_den bigint,
    parts text not null,
    stars bigint,
    outcome text not null,
    explanation text not null,
    ballots text not null,
    decision_id text references decision (id),
    recorded_at text not null
);
-- The same result told twice is one result.
create unique index evaluation_by_product on evaluation (product_id, evaluated_on, level, unit);
create index evaluation_by_round on evaluation (round_id, level, unit);

-- Import -----------------------------------------------------------------------------------
-- How an office reads a file with these column names (`shape`: hash of the names in their order).
create table import_mapping (
    province text not null references unit (code),
    shape text not null,
    mapping text not null,
    saved_by text not null,
    saved_at text not null,
    primary key (province, shape)
);
-- A file on its way into the register: `rows_done` says where to go on after an interruption.
create table import_run (
    id text primary key,
    province text not null references unit (code),
    file_hash text not null,
    file_name text not null,
    mapping text not null,
    state text not null,
    rows_total bigint not null,
    rows_done bigint not null,
    added bigint not null,
    changed bigint not null,
    unchanged bigint not null,
    refused bigint not null,
    started_by text not null,
    started_at text not null,
    updated_at text not null,
    leased_until text,
    finished_at text
);
create index import_run_by_province on import_run (province, started_at);
create index import_run_by_state on import_run (state);
-- The rows that did not go in: the cells as read, and why.
create table import_refusal (
    run_id text not null references import_run (id),
    row_no bigint not null,
    cells text not null,
    faults text not null,
    primary key (run_id, row_no)
);

-- Search -----------------------------------------------------------------------------------
-- One line for each thing that can be found; `sort` orders the lines of a kind, `words` holds its
-- folded words.
create table search_entry (
    kind text not null,
    id text not null,
    province text not null,
    commune text not null,
    producer_id text not null,
    label text not null,
    detail text not null,
    fold text not null,
    primary key (kind, id)
);
create index search_entry_by_place on search_entry (province, kind, fold, id);
-- Each word of each entry: a word or its beginning leads to the entries without reading them all.
create table search_word (
    word text not null,
    province text not null,
    kind text not null,
    id text not null,
    primary key (province, word, kind, id)
);
create index search_word_by_word on search_word (word, kind, id);
create index search_word_by_entry on search_word (kind, id);
-- All words that were ever seen: where a mistyped word looks for its neighbours.
create table vocabulary (
    word text primary key,
    length bigint not null
);
create index vocabulary_by_length on vocabulary (length, word);

-- Reports ----------------------------------------------------------------------------------
-- A report as it stood when somebody froze it. Never changed, never recomputed.
create table frozen_report (
    id text primary key,
    province text not null references unit (code),
    kind text not null,
    title text not null,
    as_of text not null,
    body text not null,
    hash text not null,
    author text not null,
    author_id text not null,
    frozen_at text not null
);
create index frozen_report_by_province on frozen_report (province, frozen_at);
