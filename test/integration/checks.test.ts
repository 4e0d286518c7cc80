/** What a write pays for its check constraints. C-56 */
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

test('no check constraint calls a function in SQL, whose text would be read anew for every statement that writes', async () => {
  const functionsOf = async (languages: string[]) => {
    const { rows } = await database.admin.query<{ name: string }>(
      `select distinct called.oid::regprocedure::text as name
       from pg_constraint as checked
       join pg_depend on pg_depend.classid = 'pg_constraint'::regclass and pg_depend.objid = checked.oid
       join pg_proc as called on pg_depend.refclassid = 'pg_proc'::regclass and pg_depend.refobjid = called.oid
       join pg_language as language on language.oid = called.prolang
       where checked.contype = 'c' and checked.conrelid <> 0 and language.lanname = any ($1)
       order by name`,
      [languages],
    );
    return rows.map(({ name }) => name);
  };

  expect(await functionsOf(['sql'])).toEqual([]);
  expect(await functionsOf(['plpgsql'])).toEqual([
    'app_hidden.has_duplicates(text[])',
    'app_hidden.longest(text[])',
    'app_hidden.shortest(text[])',
    'app_hidden.trimmed(text)',
  ]);
});
