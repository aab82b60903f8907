-- Members whom the chair let leave while the council scored: an unsealed ballot of that turn no
-- longer counts.
create table excuse (
    dossier_id text not null references dossier (id),
    turn bigint not null,
    seat_id text not null references seat (id),
    reason text not null,
    excused_at text not null,
    primary key (dossier_id, turn, seat_id)
);

-- Product and producer as they were certified: a later change of a name shows on no star.
alter table certificate add column product text not null default '';
alter table certificate add column producer text not null default '';
alter table certificate add column fold text not null default '';
update certificate
   set product = (select product.name from product where product.id = certificate.product_id),
       producer = (select producer.name from product join producer on producer.id = product.producer_id
                    where product.id = certificate.product_id),
       fold = (select product.fold || producer.fold
                 from product join producer on producer.id = product.producer_id
                where product.id = certificate.product_id);
