-- Extensions ------------------------------------------------------------------------------------
-- A certificate stays in force beyond its term while its holder's re-evaluation is decided (26/2026/QĐ-TTg,
-- Article 12.3). One row for each dossier that was filed; it stays when the result has come.
create table extension (
    dossier_id text primary key references dossier (id),
    certificate_id text not null references certificate (id),
    ground text not null,
    -- Where the law says so, as it was cited on the day of filing.
    cite text not null,
    filed_on text not null,
    -- The last day at most.
    until_on text not null,
    -- The day of the result, of the return or of the withdrawal.
    ended_on text,
    -- The last day on which it holds: until_on, or the day before ended_on.
    held_to text not null
);
create index extension_by_certificate on extension (certificate_id);
create index extension_by_day on extension (held_to);
-- The last day of a certificate that an extension carries beyond its term; null for every other.
alter table certificate add column extended_to text;

-- Withdrawal of 5 stars ---------------------------------------------------------------------------
-- The province proposes a withdrawal that it has verified; the Minister decides (Article 8.2). From then on the
-- verification belongs to the centre, where it works in this software.
alter table verification add column proposed_by text;
alter table verification add column proposed_on text;
alter table verification add column proposal_no text;
-- The Minister does not follow it.
alter table verification add column declined_on text;
alter table verification add column declined text;
