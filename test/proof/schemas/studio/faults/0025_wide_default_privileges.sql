/* A hurried developer was tired of granting. */
alter default privileges in schema app grant select, insert, update, delete on tables to app_user;
