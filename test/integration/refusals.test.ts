/** What is refused is told field by field: where it is, which rule, which limit, in the words of the constraint's comment. C-42 */
import { useApi } from '../support/api.ts';
import '../support/on-export.ts';

const api = useApi();
const alice = api.as('alice');
const create = 'mutation ($task: TaskInput!) { createTask(input: { task: $task }) { task { id } } }';

const title = {
  field: 'input.task.title',
  rule: 'length',
  limit: { min: 1, max: 200 },
  message: 'A title has 1 to 200 characters, white space at its ends not counted.',
};
const tags = {
  field: 'input.task.tags',
  rule: 'count',
  limit: { max: 20 },
  message: 'A task has at most 20 tags.',
};
const tooMany = Array.from({ length: 21 }, (_, number) => `tag ${number}`);

test('one field', async () => {
  const answer = await alice(create, { task: { title: ' ' } });

  expect(answer.errors).toHaveLength(1);
  expect(answer.errors![0]).toMatchObject({
    message: title.message,
    extensions: { code: 'VALIDATION_FAILED', details: [title] },
  });
});

test('several, one entry for each, beside fields that are good', async () => {
  const answer = await alice(create, {
    task: { title: '', tags: tooMany, priority: 'URGENT', dueAt: '2027-01-01T00:00:00Z', completed: true },
  });

  expect(answer.errors![0]!.extensions).toMatchObject({ details: expect.arrayContaining([title, tags]) });
  expect((answer.errors![0]!.extensions as { details?: unknown[] }).details).toHaveLength(2);
});

test('a field that breaks two rules has one entry', async () => {
  const answer = await alice(create, { task: { title: 'x', tags: [...tooMany, 'tag 1'] } });

  expect((answer.errors![0]!.extensions as { details?: unknown[] }).details).toEqual([tags]);
});

test.each([
  [
    'in the document',
    `mutation { createTask(input: { task: { title: "", priority: HIGH } }) { task { id } } }`,
    undefined,
  ],
  [
    'in a variable of its own',
    'mutation ($title: String!) { createTask(input: { task: { title: $title, priority: LOW } }) { task { id } } }',
    { title: '' },
  ],
  [
    'in the default of a variable',
    'mutation ($task: TaskInput! = { title: "", priority: HIGH }) { createTask(input: { task: $task }) { task { id } } }',
    {},
  ],
  [
    'under an alias, in a fragment',
    'mutation { ...F } fragment F on Mutation { mine: createTask(input: { task: { title: "" } }) { task { id } } }',
    {},
  ],
])('a value is found %s', async (_where, document, variables) => {
  const answer = await alice(document, variables);

  expect(answer.errors![0]!.extensions).toMatchObject({ code: 'VALIDATION_FAILED', details: [title] });
});

test('null where a value has to be', async () => {
  const made = await alice(create, { task: { title: 'Plant' } });
  const answer = await alice(
    'mutation ($id: UUID!, $patch: TaskPatch!) { updateTask(input: { id: $id, patch: $patch }) { task { id } } }',
    { id: made.data.createTask.task.id, patch: { title: null, priority: 'HIGH' } },
  );

  expect(answer.errors![0]!.extensions).toMatchObject({
    code: 'VALIDATION_FAILED',
    details: [{ field: 'input.patch.title', rule: 'required' }],
  });
});

test('the character NUL, which PostgreSQL cannot store', async () => {
  const answer = await alice(create, { task: { title: 'a\0b', description: 'x' } });

  expect(answer.errors![0]!.extensions).toMatchObject({
    code: 'VALIDATION_FAILED',
    details: [{ field: 'input.task.title', rule: 'characters' }],
  });
});

test('a value in the document is found by its place there', async () => {
  const answer = await alice(
    'mutation {\n  createTask(input: { task: { title: "x", dueAt: "tomorrow" } }) { task { id } }\n}',
  );

  expect(answer.status).toBe(400);
  expect(answer.errors).toEqual([
    expect.objectContaining({
      message: expect.stringContaining('2027-03-01T09:30:00Z'),
      locations: [{ line: 2, column: 50 }],
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED', requestId: expect.any(String) },
    }),
  ]);
});
