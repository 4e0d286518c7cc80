/** The steps of each request, as the wire sees them: a statement that is new is there without anybody naming it. */
import { prepare, type Scene } from './examine.ts';
import type { Fault } from './faults.ts';
import { type Request, requests } from './requests.ts';
import type { Stage } from './stage.ts';

export type Steps = Scene & { steps: string[] };

/** All requests on a connection that was used before, and the first of them on a new one, up to where that is open. */
export async function stepsOfRequests(stage: Stage): Promise<Steps[]> {
  const [first] = requests as [Request];
  const { steps, ...cold } = await stepsOf(stage, first, true);
  const opening = {
    ...cold,
    steps: steps.slice(
      0,
      steps.findIndex((text) => !opens(text)),
    ),
  };
  const warm = [];
  for (const request of requests) warm.push(await stepsOf(stage, request, false));
  return [opening, ...warm];
}

/** Asks twice: the first time prepares the statements that later ones run by name. */
async function stepsOf(stage: Stage, request: Request, isCold: boolean): Promise<Steps> {
  await prepare(stage, isCold);
  const usual = await stage.ask('alice', request);
  if (usual.code !== request.code) throw new Error(`${request.name}: ${usual.text}`);
  await prepare(stage, isCold);
  const steps = await stage.stepsOf(() => stage.ask('alice', request));
  return { request, usual, isCold, steps };
}

const opens = (text: string): boolean => ['open the connection', 'sign in'].includes(text);

/** Whether the fault can strike such a step. */
export function fits({ whileOpening, whileWaiting }: Fault, text: string): boolean {
  if (opens(text)) return whileOpening === true;
  return !whileWaiting || /"app_public"\.(?!"me")/.test(text);
}

/** A statement on one line, short enough for a title. */
export function inShort(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('"', '').replaceAll('%', '%%').trim();
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
