/*
 * Administrators look, at all that the schema admin shows and at the tables under it, and change nothing; nobody else looks into that schema.
 * What they see of the tables is decided by the policies of each.
 */

/* Reset */
revoke all on schema admin, app_public, app_hidden, app_private, graphile_migrate from hedgerow_admin;
revoke all on schema admin from public, hedgerow_visitor;
revoke all on all tables in schema admin, graphile_migrate from public, hedgerow_visitor, hedgerow_admin;
revoke all on all functions in schema admin from public, hedgerow_visitor, hedgerow_admin;

/* Grants */
grant usage on schema admin, app_public, app_hidden, graphile_migrate to hedgerow_admin;
grant select on all tables in schema admin to hedgerow_admin;
grant execute on all functions in schema admin to hedgerow_admin;

/* Which migrations have run. */
grant select on table graphile_migrate.migrations to hedgerow_admin;
