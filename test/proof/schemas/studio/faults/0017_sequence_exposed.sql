/* A hurried developer gave the visitors whatever sequence there may be. */
create sequence app.ticket_numbers;
grant usage on all sequences in schema app to app_user;
