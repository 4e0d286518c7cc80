/* A hurried developer moved the table to another server by hand: the policies came along, the switch did not. */
alter table app.remarks disable row level security;
