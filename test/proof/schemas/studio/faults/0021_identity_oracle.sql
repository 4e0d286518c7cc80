/* A hurried developer numbered bookings by a serial column: two of one's own, a day apart, tell the turnover of all houses. */
alter table app.bookings add column number bigserial;
