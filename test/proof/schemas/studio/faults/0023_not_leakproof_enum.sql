/* A hurried developer indexed the status, an enum, whose `=` is not leakproof either. */
create index bookings_status_idx on app.bookings (status);
