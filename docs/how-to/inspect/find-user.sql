/* Whom do you mean? An id, an e-mail address, a name, a part of one, or the id of a task. First: \set who bob@example.com */
select * from admin.find_user(:'who');
