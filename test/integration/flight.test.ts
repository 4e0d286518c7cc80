/** Flights: settings and a statement in one message, one transaction, all of it or nothing. C-30, C-31, C-53 */
import { fencedTransactions } from '../../src/database/fence.ts';
import { settingsFor } from '../../src/database/settings.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const alice = settingsFor({ sub: 'alice' }, { statementMs: 5000, lockMs: 5000, idleInTransactionMs: 5000 });
const insert = { text: 'insert into app_public.tasks (title) values ($1) returning title', values: ['flown'] };

beforeAll(() => database.admin.query("insert into app_public.users (id) values ('alice')"));
beforeEach(() => database.admin.query('delete from app_public.tasks'));

const titles = async () => (await database.admin.query('select title from app_public.tasks')).rows;
const backend = { text: 'select pg_backend_pid() as pid' };

describe.each([true, false])('prepared: %s,', (prepare) => {
  const fly = <Row>(statement: { text: string; values?: unknown[]; arrayMode?: boolean }, settings: object = alice) =>
    fencedTransactions(database.pool, { prepare })(settings as typeof alice, (client) => client.query<Row>(statement));

  test('rows come as objects or as arrays, their values as what they are', async () => {
    const text = "select 1 as number, true as yes, null as nothing, '{a,b}'::text[] as letters, $1::text as given";

    const asObjects = await fly({ text, values: ['it’s'] });
    const asArrays = await fly({ text, values: ['it’s'], arrayMode: true });

    expect(asObjects.rows).toEqual([{ number: 1, yes: true, nothing: null, letters: ['a', 'b'], given: 'it’s' }]);
    expect(asArrays).toMatchObject({ rows: [[1, true, null, ['a', 'b'], 'it’s']], rowCount: 1 });
  });

  test('a statement without rows says how many it was about', async () => {
    await fly(insert);

    const { rows, rowCount } = await fly({ text: 'delete from app_public.tasks' });

    expect({ rows, rowCount }).toEqual({ rows: [], rowCount: 1 });
  });

  test.each([
    ['a limit that is none', { ...alice, statement_timeout: 'soon' }],
    ['a setting that nobody has', { ...alice, no_such_setting: 'x' }],
  ])('with %s the statement is not run', async (_what, settings) => {
    await expect(fly(insert, settings)).rejects.toMatchObject({ severity: 'ERROR' });

    expect(await titles()).toEqual([]);
    expect((await fly(insert)).rows).toEqual([{ title: 'flown' }]);
  });

  test('what fails as it is committed has failed', async () => {
    await database.admin.query(`
      create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'at the end'; end $$;
      create constraint trigger refuse after insert on app_public.tasks deferrable initially deferred
        for each row execute function public.refuse()`);
    try {
      await expect(fly(insert)).rejects.toThrow('at the end');

      expect(await titles()).toEqual([]);
    } finally {
      await database.admin.query('drop trigger refuse on app_public.tasks; drop function public.refuse()');
    }
  });

  test('a connection on which something failed is lent again', async () => {
    const before = await fly(backend);

    await expect(fly({ text: 'select 1 / $1::int', values: [0] })).rejects.toMatchObject({ code: '22012' });
    await expect(fly({ text: 'selekt' })).rejects.toMatchObject({ code: '42601' });
    await expect(fly({ text: 'select $1::text', values: [circular()] })).rejects.toThrow(/circular/);
    const after = await fly(backend);

    expect(after.rows).toEqual(before.rows);
  });

  test('a statement whose columns have changed fails once, and then is run as it is', async () => {
    const all = { text: 'select * from app_public.flown' };
    await database.admin.query(
      'create table app_public.flown (a int); grant select on app_public.flown to hedgerow_visitor',
    );
    try {
      await fly(all);
      await database.admin.query(
        "alter table app_public.flown add b text; insert into app_public.flown values (1, 'b')",
      );

      const first = await fly(all).catch(({ code }) => code);
      const second = await fly(all);

      expect(first).toEqual(prepare ? '0A000' : second);
      expect(second.rows).toEqual([{ a: 1, b: 'b' }]);
    } finally {
      await database.admin.query('drop table app_public.flown');
    }
  });

  test('a statement that failed is run when it does not fail any more', async () => {
    const text = 'select 10 / $1::int as result';

    await expect(fly({ text, values: [0] })).rejects.toMatchObject({ code: '22012' });
    const [first, second] = [await fly({ text, values: [2] }), await fly({ text, values: [5] })];

    expect([first.rows, second.rows]).toEqual([[{ result: 5 }], [{ result: 2 }]]);
  });
});

describe('what a connection keeps', () => {
  const run = (text: string) =>
    fencedTransactions(database.pool, { prepare: true })(alice, (client) => client.query<{ n: number }>({ text }));
  const kept = async () =>
    (await run("select count(*)::int as n from pg_prepared_statements where not statement like '%pg_prepared%'"))
      .rows[0]!.n;

  test('is a statement that comes again, and the settings, once each', async () => {
    const before = await kept();

    for (let times = 0; times < 3; times += 1) await run('select 1 as n /* again */');

    expect(await kept()).toBe(before + 1);
  });

  test('is not more than a hundred', async () => {
    for (let number = 0; number < 150; number += 1) await run(`select ${number} as n`);
    const full = await kept();
    const { rows } = await run('select 0 as n');

    expect(full).toBe(99);
    expect(rows).toEqual([{ n: 0 }]);
  });

  test('is nothing when it is not to prepare', async () => {
    const before = await kept();

    await fencedTransactions(database.pool)(alice, (client) => client.query({ text: 'select 2 as n /* once */' }));

    expect(await kept()).toBe(before);
  });
});

test('several statements that belong together are all done or none', async () => {
  const asked = fencedTransactions(database.pool)(alice, (client) =>
    client.withTransaction(async (together) => {
      await together.query(insert);
      await together.query({ text: 'select 1 / 0' });
    }),
  );

  await expect(asked).rejects.toMatchObject({ code: '22012' });

  expect(await titles()).toEqual([]);
});

function circular(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}
