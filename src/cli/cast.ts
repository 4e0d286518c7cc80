/** The demo users, whose tokens the playground offers. */
export type Person = { sub: string; email: string; name: string };

/** The people of the demo data, and of the tests. */
export const cast: readonly Person[] = [
  { sub: 'alice', email: 'alice@example.com', name: 'Alice' },
  { sub: 'bob', email: 'bob@example.com', name: 'Bob' },
];
