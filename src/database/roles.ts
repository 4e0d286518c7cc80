/** The names of the roles and schemas that policies and grants are written for. Fixed, so that every SQL file runs as it is, in psql too. */

/** The signed-in user: the role that every request runs as. The API's login role can become it and nothing else. */
export const visitorRole = 'hedgerow_visitor';

/** What the triggers that write the history of tasks run as: nobody can log in as it, and it can do nothing else. */
export const historianRole = 'hedgerow_historian';

/** Administrators, reading: sees all users' rows by policies of its own, and may write nothing. A login is made a member of it. */
export const adminRole = 'hedgerow_admin';

/** The schema of the embedded identity provider: its own role owns it, and no other may look in. */
export const authSchema = 'auth';
