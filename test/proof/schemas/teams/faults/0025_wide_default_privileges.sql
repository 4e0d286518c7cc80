/* A hurried developer kept the defaults of the platform: each new table is open before it has a policy. */
alter default privileges in schema public grant all on tables to anon, authenticated;
