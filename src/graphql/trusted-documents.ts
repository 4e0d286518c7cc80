/** Trusted documents: a file holds what front ends may ask, and nothing else is executed. A request names its document by the id there. */
import { readFile } from 'node:fs/promises';
import { PersistedPlugin } from '@grafserv/persisted';
import { SafeError } from 'postgraphile/grafast';
import { type GraphQLError, type GraphQLSchema, parse, validate, type ValidationRule } from 'postgraphile/graphql';
import { type ErrorCode, errorCodes, OperatorError } from '../errors.ts';

export type TrustedDocuments = {
  /** Absolute path of the file, for messages. */
  path: string;
  /** GraphQL by id. */
  texts: ReadonlyMap<string, string>;
};

/**
 * Reads a file of documents: a JSON object of ids and GraphQL, as GraphQL Code Generator writes it (`persistedDocuments`). An id may be any
 * text; whether it is the hash of its document is not looked at.
 * @throws OperatorError when the file is not there or not of that form
 */
export async function readTrustedDocuments(path: string): Promise<TrustedDocuments> {
  const json = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw fault(path, [reasons[error.code ?? ''] ?? `it cannot be read: ${error.message}`], error);
  });
  let entries: [string, unknown][];
  try {
    entries = entriesOf(JSON.parse(json));
  } catch (error) {
    throw fault(path, [`it is not JSON: ${(error as Error).message}`], error);
  }
  if (entries.length === 0) throw fault(path, ['it is not an object of ids and documents, or has none']);
  const faults = entries.flatMap(([id, text]) => [
    ...(id === '' ? ['a document has an empty id'] : []),
    ...(typeof text === 'string' ? [] : [`${id} is not a text`]),
  ]);
  if (faults.length > 0) throw fault(path, faults);
  return { path, texts: new Map(entries as [string, string][]) };
}

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder: name the JSON file in it',
};

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];

/**
 * Parses and validates every document, by the rules that hold for any other: what would be refused when it is asked for is refused now.
 * @throws OperatorError with all that is wrong
 */
export function checkTrustedDocuments(
  { path, texts }: TrustedDocuments,
  schema: GraphQLSchema,
  rules: readonly ValidationRule[],
): void {
  const faults = [...texts].flatMap(([id, text]) =>
    faultsOf(text, schema, rules).map((message) => `${id}: ${message}`),
  );
  if (faults.length > 0) throw fault(path, faults);
}

function faultsOf(text: string, schema: GraphQLSchema, rules: readonly ValidationRule[]): string[] {
  try {
    return validate(schema, parse(text), rules).map(({ message }) => message);
  } catch (error) {
    return [(error as GraphQLError).message];
  }
}

function fault(path: string, faults: string[], cause?: unknown): OperatorError {
  const list = faults.map((line) => `  - ${line}`).join('\n');
  return new OperatorError(`HEDGEROW_TRUSTED_DOCUMENTS names ${path}, which will not do:\n${list}`, { cause });
}

/** The part of the preset that lets nothing but trusted documents through or, without them, leaves every document be. */
export function trustedDocumentsPreset(trusted: TrustedDocuments | undefined): GraphileConfig.Preset {
  if (!trusted) return {};
  return {
    plugins: [PersistedPlugin],
    grafserv: {
      // The same places as the plugin's own, but always a text: when it finds none, the plugin writes the request, with its variables, to
      // stderr. The empty text is the id of nothing.
      hashFromPayload({ extensions, documentId, id }) {
        const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } };
        const given = persistedQuery?.sha256Hash ?? documentId ?? id;
        return typeof given === 'string' ? given : '';
      },
      // For the same reason a rejection, which the plugin hands on as it is, in place of an exception.
      persistedOperationsGetter: (id) => trusted.texts.get(id) ?? Promise.reject(untrusted()),
    },
  };
}

function untrusted(): SafeError {
  const code: ErrorCode = 'UNTRUSTED_DOCUMENT';
  const { message, status } = errorCodes[code];
  return new SafeError(message, { code, statusCode: status });
}
