/* A hurried developer let the API make roles, for a page of settings. */
alter role authenticator createrole;
