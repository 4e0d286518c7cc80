/**
 * What tests ask outside the fence on purpose, and PostgreSQL does not refuse. Such a statement begins with a comment that says why; nothing
 * in src/ does (test/unit/trace.test.ts looks).
 */

/** Each reason is for one statement: `/* outside the fence: what the pool lends *\/ select …`. */
export const outsideTheFence = /^\/\* outside the fence: [^*]+\*\//;

type Deliberate = { pattern: RegExp; because: string };

/** Those that carry no comment. */
const others: Deliberate[] = [
  {
    pattern:
      /^select current_setting\('role'\) as role, current_user = session_user as itself,\s+array\(\s+select name from unnest\(/,
    because: 'noninterference/faults/: what a connection carries after a fault',
  },
];

/** Whether a test says why it asks so. */
export const isDeliberate = (text: string): boolean =>
  outsideTheFence.test(text) || others.some(({ pattern }) => pattern.test(text));
