/** Ids that the database makes are UUIDs in time order. C-20 */
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

test('ids made one after another are in that order', async () => {
  const { rows } = await database.admin.query<{ sorted: boolean }>(
    `select array_agg(id order by number) = array_agg(id order by id) as sorted
     from (select number, app_hidden.new_id() as id from generate_series(1, 2000) as number) as made`,
  );

  expect(rows).toEqual([{ sorted: true }]);
});

test('an id is a UUID of version 7 that holds the time', async () => {
  const { rows } = await database.admin.query<{ id: string }>('select app_hidden.new_id() as id');

  const { id } = rows[0]!;
  const milliseconds = parseInt(id.replaceAll('-', '').slice(0, 12), 16);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Math.abs(milliseconds - Date.now())).toBeLessThan(60_000);
});
