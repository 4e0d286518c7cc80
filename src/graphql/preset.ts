/** The PostGraphile preset: what generates the API from the schema app_public. */
import type { IncomingMessage } from 'node:http';
import { PgAggregatesPreset } from '@graphile/pg-aggregates';
import { PgSimplifyInflectionPreset } from '@graphile/simplify-inflection';
import type { Pool } from 'pg';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { PostGraphileConnectionFilterPreset } from 'postgraphile-plugin-connection-filter';
import { fencedPgService } from '../database/fence.ts';
import { answersPlugin, requestOf } from './answers.ts';
import { DocumentLimitsPlugin } from './document-limits.ts';
import { type ErrorContext, maskError } from './errors.ts';
import { NoIntrospectionPlugin } from './introspection.ts';
import { NamingPlugin } from './naming.ts';
import { NewestFirstPlugin } from './newest-first.ts';
import { NotFoundPlugin } from './not-found.ts';
import { pageSizePlugins } from './page-size.ts';
import { type Playground, playgroundPreset } from './playground.ts';
import { TagsPlugin } from './tags.ts';

export type PresetOptions = {
  pool: Pool;
  /** The settings of the transaction that a request's statements run in; throws when the request was not authenticated. */
  settingsOf: (request: IncomingMessage) => Record<string, string>;
  errorContextOf: (request: IncomingMessage) => ErrorContext;
  /** Whether the API describes itself to who asks. */
  introspection: boolean;
  /** Given in development: the tokens that the playground offers. */
  playground?: Playground;
};

/** What shapes the schema, without anything of a server: enough to print it. */
export const schemaPreset: GraphileConfig.Preset = {
  extends: [
    PostGraphileAmberPreset,
    PgSimplifyInflectionPreset,
    PostGraphileConnectionFilterPreset,
    PgAggregatesPreset,
  ],
  plugins: [NamingPlugin, TagsPlugin, NewestFirstPlugin, ...pageSizePlugins, NotFoundPlugin],
  disablePlugins: [
    // The owner is the first column of every key, so any filter or order stays within one user's rows: no column needs an index of
    // its own to be offered.
    'PgIndexBehaviorsPlugin',
    // `filter` does all that `condition` does.
    'PgConditionArgumentPlugin',
    // One way to each row: by its id, or by `node(nodeId)` for clients of the Relay kind.
    'NodeAccessorPlugin',
    // Filters stay within a table.
    'PgConnectionArgFilterBackwardRelationsPlugin',
    'PgConnectionArgFilterForwardRelationsPlugin',
  ],
  schema: { defaultBehavior: '-nodeId:resource:update -nodeId:resource:delete' },
};

/** The whole preset of a server. */
export function createPreset({
  pool,
  settingsOf,
  errorContextOf,
  introspection,
  playground,
}: PresetOptions): GraphileConfig.Preset {
  return {
    extends: [schemaPreset, playgroundPreset(playground)],
    plugins: [answersPlugin(errorContextOf), DocumentLimitsPlugin, ...(introspection ? [] : [NoIntrospectionPlugin])],
    // A plain synchronous function: a promise in its place would be stored as it is.
    pgServices: [fencedPgService(pool, (context) => settingsOf(requestOf(context)))],
    grafserv: {
      graphqlPath: '/graphql',
      websockets: true,
      maskError,
    },
  };
}
