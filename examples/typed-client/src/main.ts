/** A round through the API: `node src/main.ts http://127.0.0.1:4000 <token>`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CombinedError } from '@urql/core';
import { connect } from './client.ts';
import { refusedFields } from './errors.ts';
import { completeTasks, createTask, editTask, listTasks, watchTasks } from './tasks.ts';

const [url, token] = process.argv.slice(2);
if (!url || !token) throw new Error('Usage: node src/main.ts <url of the server> <token>');

const connection = connect(url, () => token);
const { client } = connection;
const stop = watchTasks(connection, {
  change: ({ event, task }) => console.log(`  told: ${event} ${task?.title ?? ''}`),
  missed: () => console.log('  changes were missed'),
});
// A page would read its list now. This one waits until it is surely subscribed, to be told of all that follows.
await sleep(1_500);

const hedge = await createTask(client, { title: 'Plant a hedge', priority: 'HIGH', tags: ['garden'] });
console.log(`created: ${hedge.title}, version ${hedge.version}`);

const edited = await editTask(client, hedge, { dueAt: '2027-03-01T09:00:00Z' }, () => undefined);
console.log(`edited: due ${edited.dueAt}, version ${edited.version}`);

const [done] = await completeTasks(client, [edited]);
console.log(`completed: ${done?.completed}`);

for await (const { title, tags } of listTasks(client, { search: 'hedge' })) {
  console.log(`found: ${title} (${tags.join(', ')})`);
}

await createTask(client, { title: ' ', tags: ['a', 'a'] }).catch((error: unknown) => {
  if (!(error instanceof CombinedError)) throw error;
  for (const { field, message } of refusedFields(error)) console.log(`refused: ${field}: ${message}`);
});

// What was told on the way may still be on it.
await sleep(200);
stop();
connection.close();
