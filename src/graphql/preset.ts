/** The preset of a server: what stands round the schema, be it built (schema-preset.ts) or exported. */
import type { IncomingMessage } from 'node:http';
import type { Pool } from 'pg';
import type { WithPgClient } from 'postgraphile/@dataplan/pg';
import type { NodePostgresPgClient } from 'postgraphile/@dataplan/pg/adaptors/pg';
import { getOperationAST, OperationTypeNode } from 'postgraphile/graphql';
import { fencedPgService, fencedTransactions } from '../database/fence.ts';
import { answersPlugin, requestOf } from './answers.ts';
import type { Changes } from '../database/changes.ts';
import { DocumentLimitsPlugin } from './document-limits.ts';
import { type ErrorContext, maskError } from './errors.ts';
import { NoIntrospectionPlugin } from './introspection.ts';
import { type Playground, playgroundPreset } from './playground.ts';
import { keepSelectTexts } from './select-templates.ts';
import { type TrustedDocuments, trustedDocumentsPreset } from './trusted-documents.ts';

export type PresetOptions = {
  pool: Pool;
  /** Whether connections keep statements that come again. */
  prepare: boolean;
  /**
   * The settings of the transaction that a request's statements run in; those of a mutation say where it comes from. Throws when the request was
   * not authenticated.
   */
  settingsOf: (request: IncomingMessage, isMutation: boolean) => Record<string, string>;
  errorContextOf: (request: IncomingMessage) => ErrorContext;
  /** What subscriptions listen to. */
  changes: Changes;
  /** Whether the API describes itself to who asks. */
  introspection: boolean;
  /** Nothing but these is executed; without them, any document. */
  trustedDocuments?: TrustedDocuments;
  /** Given in development: the tokens that the playground offers. */
  playground?: Playground;
};

/** The preset of a server, without what shapes the schema. */
export function createPreset({
  pool,
  prepare,
  settingsOf,
  errorContextOf,
  changes,
  introspection,
  trustedDocuments,
  playground,
}: PresetOptions): GraphileConfig.Preset {
  keepSelectTexts();
  const withPgClient = fencedTransactions(pool, { prepare }) as WithPgClient<NodePostgresPgClient>;
  return {
    extends: [playgroundPreset(playground), trustedDocumentsPreset(trustedDocuments)],
    plugins: [answersPlugin(errorContextOf), DocumentLimitsPlugin, ...(introspection ? [] : [NoIntrospectionPlugin])],
    // Where there is no export, the schema is built from it.
    pgServices: [fencedPgService(pool)],
    // Each operation has its settings and the fenced way to the database, under the names at which @dataplan/pg looks for them.
    grafast: {
      context: (requestContext, { document, operationName }) => ({
        changes,
        withPgClient,
        pgSettings: settingsOf(
          requestOf(requestContext),
          getOperationAST(document, operationName)?.operation === OperationTypeNode.MUTATION,
        ),
      }),
    },
    grafserv: {
      graphqlPath: '/graphql',
      websockets: true,
      // A list of 20 is not made of objects first, of which JSON is made then.
      outputDataAsString: true,
      maskError,
    },
  };
}
