/* A hurried developer let a report run over the API's login. It may now read every table there is. */
grant pg_read_all_data to authenticator;
