/** Who owns what before every request. Alice's rows are the same in every world; of bob's, everything that can carry one has a canary. */

/** In the texts of bob's rows, the ids that are his alone, and his name: nothing of these may reach anybody else. */
export const canaries = [/bobs-canary[\w@.-]*/gi, /b0b00000-[\da-f-]+/gi, /\bbob\b/g, /\b7777777\d\d\b/g];

export type Row = Record<string, unknown> & { id: string; owner_id: string };

const two = (number: number) => String(number).padStart(2, '0');

/** Days of January 2025, far enough from the time of any run. */
const day = (number: number, time = '12:00:00') => `2025-01-${two(number)}T${time}Z`;

const titles = ['Plant a hedge', 'Water the roses', 'Mend the fence', 'Sow clover', 'Call the plumber', 'Read a book'];
const priorities = ['low', 'normal', 'high', 'urgent'];

function task(owner: string, id: string, number: number, given: Record<string, unknown>): Row {
  const completed = number % 3 === 0;
  return {
    id,
    owner_id: owner,
    title: titles[number % titles.length],
    description: number % 4 === 0 ? null : `The hedge along the road, part ${number}.`,
    completed,
    completed_at: completed ? day(20, `10:00:${two(number % 60)}`) : null,
    priority: priorities[number % 4],
    due_at: number % 4 === 1 ? null : number % 2 === 0 ? day(28) : '2099-06-01T12:00:00Z',
    tags: number % 5 === 4 ? [] : ['garden', titles[number % 3]!.toLowerCase()],
    deleted_at: number % 6 === 5 ? day(25) : null,
    version: 1 + (number % 3),
    created_at: day(1 + (number % 28)),
    updated_at: day(1 + (number % 28), '13:00:00'),
    ...given,
  };
}

/** Alice's task of that number. */
export const alicesId = (number: number) => `a11ce000-0000-7000-8000-0000000000${two(number)}`;

const bobsId = (number: number) => `b0b00000-0000-7000-8000-0000000000${two(number)}`;

const aliceRows = Array.from({ length: 12 }, (_, number) => task('alice', alicesId(number), number, {}));

/** What bob writes, where it can be told apart from what alice wrote. */
const canaried = (number: number) => ({
  description: `bobs-canary-description-${number}`,
  version: 777_777_700 + (number % 100),
});

/** Later than all of alice's, with titles and tags of his own or of hers. */
const crowd = Array.from({ length: 90 }, (_, number) =>
  task('bob', bobsId(number), number, {
    ...canaried(number),
    ...(number % 3 !== 0 && { title: `bobs-canary-title-${number}`, tags: ['bobs-canary-tag', 'garden'] }),
    created_at: `2025-02-01T00:00:${two(number % 60)}Z`,
  }),
);

/** Between alice's in time, under the ids that she has chosen, and what she has in the trash he has not, and the other way round. */
const tangle = aliceRows.flatMap((row, number) => [
  task('bob', row.id, number, {
    ...canaried(number),
    created_at: row.created_at,
    completed: !row.completed,
    completed_at: row.completed ? null : day(21),
    deleted_at: row.deleted_at === null ? day(26) : null,
  }),
  task('bob', bobsId(number), number + 1, { ...canaried(number), created_at: day(1 + number, '12:00:01') }),
]);

/** An entry of the history for each of those tasks, in the order of their numbers; all that can carry a canary has what is given. */
const historyOf = (rows: readonly Row[], prefix: string, given: (number: number) => Record<string, unknown>) =>
  rows.map((row, number) => ({
    owner_id: row.owner_id,
    created_at: day(1 + (number % 28), '14:00:00'),
    id: `${prefix}-0000-7000-8000-00000001${String(number).padStart(4, '0')}`,
    task_id: row.id,
    action: ['insert', 'update', 'trash', 'restore', 'delete'][number % 5],
    version: 1 + (number % 3),
    changes: { title: [null, row.title] },
    actor_id: number % 4 === 3 ? null : row.owner_id,
    request_id: `request-${number}`,
    address: '192.0.2.1',
    ...given(number),
  }));

const bobsHistory = (rows: readonly Row[]) =>
  historyOf(rows, 'b0b00000', (number) => ({
    version: 777_777_700 + (number % 100),
    changes: { title: [null, `bobs-canary-change-${number}`] },
    request_id: `bobs-canary-request-${number}`,
    address: `bobs-canary-address-${number}`,
  }));

const alicesHistory = historyOf(aliceRows, 'a11ce000', () => ({}));

export type Seed = { users: Record<string, unknown>[]; tasks: Row[]; task_history: Row[] };

const person = (id: string, email: string | null, name: string | null) => ({
  id,
  email,
  name,
  created_at: day(1),
  updated_at: day(2),
});

const alice = person('alice', 'alice@example.org', 'Alice');
const bob = person('bob', 'bobs-canary@example.org', 'bobs-canary-name');

/** The worlds: alice's part is one and the same. In the first bob has never been. */
export const seeds: Record<string, Seed> = {
  alone: { users: [alice], tasks: aliceRows, task_history: alicesHistory },
  crowded: {
    users: [alice, bob],
    tasks: [...aliceRows, ...crowd],
    task_history: [...alicesHistory, ...bobsHistory(crowd)],
  },
  tangled: {
    users: [alice, bob],
    tasks: [...aliceRows, ...tangle],
    task_history: [...alicesHistory, ...bobsHistory(tangle)],
  },
};
