/* A hurried developer wrote a unique constraint as an exclusion. */
alter table app.bookings add constraint bookings_room_excl exclude (room with =, starts_at with =);
