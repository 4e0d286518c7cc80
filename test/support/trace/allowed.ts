/** What the API's login may ask outside the fence: the one list, each with its reason. Everything else touches users' data. */

import { namesOf } from './shape.ts';

type Allowed = { pattern: RegExp; because: string };

export const allowed: Allowed[] = [
  {
    pattern:
      /^set jit_optimize_above_cost = -1;$|^select set_config\('jit_optimize_above_cost', '-1', false\), set_config\('datestyle', 'ISO', false\)$/,
    because: 'pool.ts and @dataplan/pg say so to each new connection',
  },
  { pattern: /^(un)?listen "task_changed:[0-9a-f]{32}"$/, because: 'changes.ts hears of changes: hints, never data' },
  {
    pattern: /^select pg_(try_advisory_lock|advisory_unlock)_shared\(\$1, \$2\)( as held)?$/,
    because: 'the lock by which writers know that somebody listens',
  },
  { pattern: /^select 1$/, because: 'the heartbeat of that connection' },
  {
    pattern: /^select current_setting\('server_version_num'\)::int \/ 10000 as major$/,
    because: 'start: is the server new enough',
  },
];

/** Functions of pg_catalog that read nothing but the catalog. Others, as query_to_xml, run what they are given. */
const catalogFunctions =
  /^pg_catalog\.(format|quote_ident|current_setting|current_schema|to_regnamespace|to_regclass|pg_has_role|has_\w+_privilege)$/;

/**
 * Whether all that a statement reads from is the catalog: what the self-test does. It must name the schema each time, of functions too.
 */
export function readsCatalogOnly(text: string): boolean {
  const { kinds, relations, functions } = namesOf(text);
  return (
    kinds[0] === 'SelectStmt' &&
    kinds.every((kind) => kind === 'SelectStmt') &&
    relations.length + functions.length > 0 &&
    relations.every((name) => name.startsWith('pg_catalog.')) &&
    functions.every((name) => catalogFunctions.test(name))
  );
}
