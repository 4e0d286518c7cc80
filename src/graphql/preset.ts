/** The preset of a server: what stands round the schema, be it built (schema-preset.ts) or exported. */
import type { IncomingMessage } from 'node:http';
import type { Pool } from 'pg';
import { PgContextPlugin } from 'postgraphile/@dataplan/pg';
import { fencedPgService } from '../database/fence.ts';
import { answersPlugin, requestOf } from './answers.ts';
import type { Changes } from '../database/changes.ts';
import { CostLimitPlugin } from './cost-limit.ts';
import { DocumentLimitsPlugin } from './document-limits.ts';
import { type ErrorContext, maskError } from './errors.ts';
import { NoIntrospectionPlugin } from './introspection.ts';
import { type Playground, playgroundPreset } from './playground.ts';
import { type TrustedDocuments, trustedDocumentsPreset } from './trusted-documents.ts';

export type PresetOptions = {
  pool: Pool;
  /** Whether connections keep statements that come again. */
  prepare: boolean;
  /** The settings of the transaction that a request's statements run in; throws when the request was not authenticated. */
  settingsOf: (request: IncomingMessage) => Record<string, string>;
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
  return {
    extends: [playgroundPreset(playground), trustedDocumentsPreset(trustedDocuments)],
    plugins: [
      // It gives each operation its settings and its fenced client.
      PgContextPlugin,
      answersPlugin(errorContextOf),
      DocumentLimitsPlugin,
      CostLimitPlugin,
      ...(introspection ? [] : [NoIntrospectionPlugin]),
    ],
    // A plain synchronous function: a promise in its place would be stored as it is.
    pgServices: [fencedPgService(pool, (context) => settingsOf(requestOf(context)), { prepare })],
    grafast: { context: () => ({ changes }) },
    grafserv: {
      graphqlPath: '/graphql',
      websockets: true,
      maskError,
    },
  };
}
