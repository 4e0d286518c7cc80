/**
 * The text of a select is written once for an operation, not once for each request: that was a fifth of what a page of tasks cost the server.
 * @dataplan/pg writes it, with markers where an operation's own values go. A request that differs in these alone gets that text; whatever else
 * could change it (conditions, orders, cursors, batches, streams) is left to the library, which writes it anew.
 */
import { PgSelectStep, type WithPgClient } from 'postgraphile/@dataplan/pg';
import type { ExecutionDetails } from 'postgraphile/grafast';

type Placeholder = { dependencyIndex: number; codec: { toPg(value: unknown): unknown }; alreadyEncoded: boolean };

/** What of a select is looked at; the library's types keep most of it to themselves. */
type Select = {
  resource: object;
  mode: 'normal' | 'aggregate' | 'mutation';
  contextId: number;
  placeholders: Placeholder[];
  deferreds: unknown[];
  applyDepIds: number[];
  streamDetailsDepIds: number[] | null;
  firstStepId: number | null;
  lastStepId: number | null;
  offsetStepId: number | null;
  afterStepId: number | null;
  beforeStepId: number | null;
  execute(details: ExecutionDetails): Promise<readonly Page[]>;
};

type Statement = { text: string; rawSqlValues: readonly unknown[] };
type Page = { items: readonly unknown[]; hasNextPage: boolean; hasPreviousPage: boolean };
/** What preset.ts puts into the context of every operation. */
type Way = { withPgClient: WithPgClient; pgSettings: Record<string, string> };

type Template = {
  text: string;
  /** The parameters: each has a value of its own, or the one that an operation has at a placeholder. */
  parameters: { value: unknown; placeholder?: Placeholder }[];
  /** The page without its rows. */
  page: Page;
};

/** Page sizes of one select whose text is kept; clients use few. */
const pageSizesKept = 20;

const templates = new WeakMap<Select, Map<number | null, Template>>();

const steps = PgSelectStep.prototype as unknown as Select;
const { execute } = steps;

/** From now on, selects are executed by templates where their text is settled. Not as a middleware of grafast: answers.ts says why. */
export function keepSelectTexts(): void {
  steps.execute = function (details) {
    return hasSettledText(this, details) ? executeByTemplate(this, details) : execute.call(this, details);
  };
}

/** Whether nothing but the page size and the values at placeholders can change what is sent. */
function hasSettledText(select: Select, { count, stream, values, extra }: ExecutionDetails): boolean {
  const { applyDepIds, streamDetailsDepIds, lastStepId, offsetStepId, afterStepId, beforeStepId } = select;
  const isAbsent = (step: number | null) => step === null || values[step]!.unaryValue() == null;
  return (
    count === 1 &&
    stream === null &&
    // Somebody who wants to be told of each statement.
    !extra.eventEmitter &&
    select.mode !== 'mutation' &&
    select.deferreds.length === 0 &&
    isAbsent(lastStepId) &&
    isAbsent(offsetStepId) &&
    isAbsent(afterStepId) &&
    isAbsent(beforeStepId) &&
    applyDepIds.every((step) => changesNothing(values[step]!.unaryValue())) &&
    (streamDetailsDepIds ?? []).every(isAbsent) &&
    pageSizeOf(select, values) !== 0
  );
}

/** What an argument does to a select: nothing, where the filter of an operation's variables is absent. */
function changesNothing(change: unknown): boolean {
  if (change == null) return true;
  if (Array.isArray(change)) return change.every(changesNothing);
  try {
    (change as (select: object) => void)(untouchable);
    return true;
  } catch {
    // It has touched the select, or refuses its value: the library will hear of it.
    return false;
  }
}

// One for all: making an error, which looks at the stack, would cost more than the rest.
const touched = new Error('A select that is not there was touched.');
const refuse = (): never => {
  throw touched;
};
const untouchable = new Proxy({}, { get: refuse, set: refuse, has: refuse, getPrototypeOf: refuse });

const pageSizeOf = ({ firstStepId }: Select, values: ExecutionDetails['values']): number | null =>
  firstStepId === null ? null : (values[firstStepId]!.unaryValue() as number | null);

/**
 * Past the executor of @dataplan/pg too: it keeps what each statement of a request has given, in case the request has the same statement twice.
 * grafast has made those one step before; and its caches outlived their requests.
 */
async function executeByTemplate(select: Select, details: ExecutionDetails): ReturnType<Select['execute']> {
  const { values } = details;
  const pageSize = pageSizeOf(select, values);
  const { text, parameters, page } =
    templates.get(select)?.get(pageSize) ?? (await writeTemplate(select, pageSize, details));
  const { withPgClient, pgSettings } = values[select.contextId]!.unaryValue() as Way;
  const given = parameters.map(({ value, placeholder }) => (placeholder ? valueAt(placeholder, values) : value));
  const { rows } = await withPgClient(pgSettings, (client) =>
    client.query<unknown>({ text, values: given, arrayMode: true }),
  );
  // One more than was asked for is fetched where somebody wants to know whether there is a next page.
  const hasNextPage = pageSize !== null && rows.length > pageSize;
  return [{ ...page, items: hasNextPage ? rows.slice(0, pageSize) : rows, hasNextPage }];
}

function valueAt({ dependencyIndex, codec, alreadyEncoded }: Placeholder, values: ExecutionDetails['values']): unknown {
  const value: unknown = values[dependencyIndex]!.at(0);
  if (value == null) return null;
  return alreadyEncoded ? value : codec.toPg(value);
}

/** Has the library execute the select with a marker at each placeholder, and keeps what it would have sent. */
async function writeTemplate(select: Select, pageSize: number | null, details: ExecutionDetails): Promise<Template> {
  const { values } = details;
  const placeholderOf = new Map(select.placeholders.map((placeholder) => [Symbol('marker') as unknown, placeholder]));
  let written: Statement | undefined;
  const noRows = async (_asked: unknown, statement: Statement) => {
    written = statement;
    return { values: [[]] };
  };
  const rehearsal: Select = Object.assign(Object.create(select) as Select, {
    // The markers come after the values that there are.
    placeholders: select.placeholders.map((placeholder, index) => ({
      ...placeholder,
      dependencyIndex: values.length + index,
      alreadyEncoded: true,
    })),
    resource: Object.assign(Object.create(select.resource) as object, {
      executeWithCache: noRows,
      executeWithoutCache: noRows,
    }),
  });
  const markers = [...placeholderOf.keys()].map((marker) => ({ isBatch: false, at: () => marker }));
  const [page] = await execute.call(rehearsal, {
    ...details,
    values: [...(values as unknown as unknown[]), ...markers] as never,
  });
  if (!written || !page) throw new Error('A select was executed without a statement.');
  const template: Template = {
    text: written.text,
    parameters: written.rawSqlValues.map((value) => ({ value, placeholder: placeholderOf.get(value) })),
    page,
  };
  const kept = templates.get(select) ?? new Map<number | null, Template>();
  templates.set(select, kept);
  if (kept.size < pageSizesKept) kept.set(pageSize, template);
  return template;
}
