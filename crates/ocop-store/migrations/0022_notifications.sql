-- What a person is told is a notification: a notice is the paper a council writes below three stars.
alter table notice rename to notification;
drop index notice_by_time;
drop index notice_unmailed;
create index notification_by_time on notification (person_id, at);
create index notification_unmailed on notification (mailed_at, person_id);
