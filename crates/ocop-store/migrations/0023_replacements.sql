-- Substitutes in councils --------------------------------------------------------------------------

-- A seat for every dossier of its council, or only for those in which it stands in for another seat.
alter table seat add column scope text not null default 'council';

-- Who sits in whose place, by which amendment of the decision that set up the council, and why.
create table replacement (
    id text primary key,
    council_id text not null references council (id),
    seat_id text not null references seat (id),
    substitute_id text not null references seat (id),
    scope text not null,
    reason text not null,
    decision_no text not null,
    decision_on text not null,
    replaced_at text not null
);
create index replacement_by_council on replacement (council_id, id);

-- Its dossiers: from this turn on, ballots of the replaced seat do not count.
create table replacement_dossier (
    dossier_id text not null references dossier (id),
    seat_id text not null references seat (id),
    substitute_id text not null references seat (id),
    replacement_id text not null references replacement (id),
    from_turn bigint not null,
    primary key (dossier_id, seat_id),
    unique (dossier_id, substitute_id)
);
create index replacement_dossier_by_replacement on replacement_dossier (replacement_id);

-- Seats in force to which a dossier is closed: by a conflict of interest, by a substitute in their place, or as
-- they stand in on other dossiers only.
create view closed_seat as
select dossier_id, seat_id from conflict
union all
select replacement_dossier.dossier_id, replacement_dossier.seat_id
  from replacement_dossier join seat on seat.id = replacement_dossier.seat_id
 where seat.removed_at is null
union all
select dossier.id, seat.id
  from seat join dossier on dossier.council_id = seat.council_id
 where seat.scope = 'dossiers'
   and not exists (select 1 from replacement_dossier
                    where replacement_dossier.dossier_id = dossier.id
                      and replacement_dossier.substitute_id = seat.id);
