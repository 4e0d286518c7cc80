/* A hurried developer stored the day sheet where customers can read it. */
create materialized view app.day_sheet as
select tenant_id, room, starts_at, owner_id from app.bookings where deleted_at is null;
grant select on app.day_sheet to app_user;
