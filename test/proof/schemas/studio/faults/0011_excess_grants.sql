/* A hurried developer granted all, and then to everybody. */
grant references, trigger on app.remarks to public;
