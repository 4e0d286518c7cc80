/** Runs random sequences against the server, and makes the first that goes wrong as short as it can. */
import fc from 'fast-check';
import type { Api } from '../../support/api.ts';
import { openClient } from './client.ts';
import { anyCommand, type Commands } from './commands.ts';
import { newGame } from './game.ts';
import { lookThrough } from './look.ts';
import { chosenIds } from './refs.ts';

export type Exploring = Commands & {
  seed: number;
  /** Sequences at the most. */
  runs: number;
  /** Commands of a sequence at the most. */
  longest: number;
  /** The run that is to be repeated, as a failure names it. */
  path?: string;
  /** Sequences that are tried to make a failing one shorter. */
  shrinks?: number;
};

export type Explored = {
  /** How often each operation was done, through which door, with which answer. */
  done: ReadonlyMap<string, number>;
  steps: number;
  /** Absent when everything was as the model says. */
  failure?: { seed: number; path: string; calls: string[]; reason: string };
};

/** Explores until the runs are over, or something is found. */
export async function explore(
  api: Api,
  { seed, runs, longest, path, shrinks = 400, ...which }: Exploring,
): Promise<Explored> {
  const client = openClient(() => api.url);
  const done = new Map<string, number>();
  let steps = 0;
  let tries = 0;
  let last: { calls: string[]; reason: string } | undefined;

  const property = fc.asyncProperty(
    fc.commands([anyCommand(which)], { maxCommands: longest, size: 'max' }),
    async (commands) => {
      // Counted, not timed, so that the same seed gives the same answer everywhere.
      if (last && ++tries > shrinks) return;
      await empty(api);
      const game = newGame({ client, admin: api.database.admin, done });
      try {
        await fc.asyncModelRun(() => ({ model: {}, real: game }), commands);
        await lookThrough(game, 'graphql');
      } catch (error) {
        last = { calls: readable(game.calls), reason: (error as Error).message };
        throw error;
      } finally {
        steps += game.calls.length;
      }
    },
  );
  const { failed, counterexamplePath } = await fc.check(property, { seed, numRuns: runs, path });
  client.close();

  const found = failed && last ? { seed, path: counterexamplePath!.split(':')[0]!, ...last } : undefined;
  return { done, steps, failure: found && { ...found, reason: readable([found.reason])[0]! } };
}

/** One at a time, and tasks first: a fault may have taken away what deletes them with their user. */
async function empty({ database }: Api): Promise<void> {
  await database.admin.query(
    'delete from app_public.tasks; delete from app_public.users; delete from app_hidden.deleted_users',
  );
}

/** With names in the place of ids that the server has chosen: those who repeat the calls get others. */
function readable(calls: readonly string[]): string[] {
  const names = new Map<string, string>();
  return calls.map((call) =>
    call.replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, (id) => {
      if (chosenIds.includes(id) || id.startsWith('01890000')) return id;
      if (!names.has(id)) names.set(id, `<task ${names.size + 1}>`);
      return names.get(id)!;
    }),
  );
}

/** What a person needs to see what is wrong, and to see it again. */
export const tell = ({ seed, path, calls, reason }: NonNullable<Explored['failure']>): string =>
  [`MODEL_SEED=${seed} MODEL_PATH=${path} repeats it. The calls:`, ...calls, reason].join('\n');
