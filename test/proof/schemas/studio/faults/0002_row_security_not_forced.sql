/* A hurried developer gave the tables to the role that migrates, and did not bind it. */
alter table app.bookings no force row level security;
