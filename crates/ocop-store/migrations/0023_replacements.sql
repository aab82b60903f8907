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

-- Its dossiers: from this turn on, ballots of the replaced seat do not count. Whoever takes over a place of which a
-- dossier was given away before has no part in that dossier either: one more row of the replacement of before.
create table replacement_dossier (
    dossier_id text not null references dossier (id),
    seat_id text not null references seat (id),
    substitute_id text not null references seat (id),
    replacement_id text not null references replacement (id),
    from_turn bigint not null,
    primary key (dossier_id, seat_id)
);
create index replacement_dossier_by_replacement on replacement_dossier (replacement_id);
create index replacement_dossier_by_substitute on replacement_dossier (substitute_id, dossier_id);

-- Seats to which a dossier is closed: by a conflict of interest (1), for good; or (0), while they are in force in its
-- council, by a substitute in their place, or as they stand in on other dossiers only.
create view closed_seat as
select dossier_id, seat_id, cast(1 as bigint) as by_conflict from conflict
union all
select replacement_dossier.dossier_id, replacement_dossier.seat_id, cast(0 as bigint)
  from replacement_dossier join dossier on dossier.id = replacement_dossier.dossier_id
  join seat on seat.id = replacement_dossier.seat_id and seat.council_id = dossier.council_id
 where seat.removed_at is null
union all
select dossier.id, seat.id, cast(0 as bigint)
  from seat join dossier on dossier.council_id = seat.council_id
 where seat.scope = 'dossiers' and seat.removed_at is null
   and not exists (select 1 from replacement_dossier
                    where replacement_dossier.dossier_id = dossier.id
                      and replacement_dossier.substitute_id = seat.id);
