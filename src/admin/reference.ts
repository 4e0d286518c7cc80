/** The reference page of the schema `admin`, made of what the database says about itself: types from its catalog, sentences from its comments. */
import type { ClientBase } from 'pg';
import { markdownTable } from '../print/markdown-table.ts';

type Column = { name: string; type: string; comment: string };
type Called = { name: string; arguments: string; result: string; comment: string };

/** What an administrator calls; the other functions are what explain_access is made of. */
const forPeople = ['find_user', 'as_user', 'explain_access'];

/** The page, in Markdown. @param client may read the catalog of a migrated database: any role may */
export async function adminReference(client: ClientBase): Promise<string> {
  const { rows: views } = await client.query<{ name: string; comment: string; columns: Column[] }>(viewsQuery);
  const { rows: functions } = await client.query<Called>(functionsQuery);
  const called = forPeople.map((name) => functions.find((one) => one.name === name)!);
  const parts = functions.filter(({ name }) => !forPeople.includes(name));
  return [
    head,
    ...views.map(
      ({ name, comment, columns }) =>
        `## ${name}\n\n${comment}\n\n${markdownTable(
          ['Column', 'Type', 'What it is'],
          columns.map((column) => [code(column.name), column.type, column.comment]),
        )}`,
    ),
    ...called.map(
      (one) => `## ${one.name}\n\n${code(`${one.name}(${one.arguments})`)} → ${code(one.result)}\n\n${one.comment}`,
    ),
    `## What these are made of\n\n${markdownTable(
      ['Function', 'What it is'],
      parts.map((one) => [code(`${one.name}(${one.arguments})`), one.comment]),
    )}`,
  ]
    .join('\n\n')
    .concat('\n');
}

const head = `# The schema \`admin\`

What administrators look with: as the login of \`HEDGEROW_INSPECTOR_URL\`, a member of \`hedgerow_admin\`, or as a superuser. Nothing in it writes. The views show what their reader may see of the tables: everything, or one user's part in a transaction that was given to that user (\`as_user\`). [How to look](../how-to/inspect.md) has queries to begin with.

Made from the comments in the database by \`npm run --silent admin -- reference > docs/reference/admin.md\`; a test holds it.`;

const viewsQuery = `
  select
    class.relname as name,
    pg_catalog.obj_description(class.oid, 'pg_class') as comment,
    json_agg(
      json_build_object(
        'name', attribute.attname,
        'type', pg_catalog.format_type(attribute.atttypid, attribute.atttypmod),
        'comment', pg_catalog.col_description(class.oid, attribute.attnum)
      )
      order by attribute.attnum
    ) as columns
  from pg_catalog.pg_class as class
  join pg_catalog.pg_attribute as attribute on attribute.attrelid = class.oid and attribute.attnum > 0
  where class.relnamespace = 'admin'::regnamespace
  and class.relkind in ('v', 'r')
  group by class.oid, class.relname
  order by class.relname`;

const functionsQuery = `
  select
    proc.proname as name,
    pg_catalog.pg_get_function_arguments(proc.oid) as arguments,
    pg_catalog.pg_get_function_result(proc.oid) as result,
    pg_catalog.obj_description(proc.oid, 'pg_proc') as comment
  from pg_catalog.pg_proc as proc
  where proc.pronamespace = 'admin'::regnamespace
  order by proc.proname, proc.oid`;

const code = (text: string) => `\`${text}\``;
