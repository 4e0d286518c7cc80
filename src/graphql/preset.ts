/** The PostGraphile preset: what generates the API from the schema app_public. */
import type { IncomingMessage } from 'node:http';
import { PgAggregatesPreset } from '@graphile/pg-aggregates';
import { PgSimplifyInflectionPreset } from '@graphile/simplify-inflection';
import type { Pool } from 'pg';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { PostGraphileConnectionFilterPreset } from 'postgraphile-plugin-connection-filter';
import { fencedPgService } from '../database/fence.ts';
import { AggregatesPlugin } from './aggregates.ts';
import { answersPlugin, requestOf } from './answers.ts';
import type { Changes } from '../database/changes.ts';
import { ChangesPlugin } from './changes.ts';
import { CostLimitPlugin } from './cost-limit.ts';
import { DatetimePlugin } from './datetime.ts';
import { DescriptionsPlugin } from './descriptions.ts';
import { DocumentLimitsPlugin } from './document-limits.ts';
import { type ErrorContext, maskError } from './errors.ts';
import { IfVersionPlugin } from './if-version.ts';
import { InputsPlugin } from './inputs.ts';
import { NoIntrospectionPlugin } from './introspection.ts';
import { ListNamingPlugin, NamingPlugin } from './naming.ts';
import { NewestFirstPlugin } from './newest-first.ts';
import { NotFoundPlugin } from './not-found.ts';
import { NullsLastPlugin } from './nulls-last.ts';
import { pageSizePlugins } from './page-size.ts';
import { type Playground, playgroundPreset } from './playground.ts';
import { SearchPlugin } from './search.ts';
import { TagsPlugin } from './tags.ts';
import { TrashPlugin } from './trash.ts';
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

/** What shapes the schema, without anything of a server: enough to print it. */
export const schemaPreset: GraphileConfig.Preset = {
  extends: [
    PostGraphileAmberPreset,
    PgSimplifyInflectionPreset,
    PostGraphileConnectionFilterPreset,
    PgAggregatesPreset,
  ],
  plugins: [
    NamingPlugin,
    ListNamingPlugin,
    TagsPlugin,
    InputsPlugin,
    DatetimePlugin,
    SearchPlugin,
    TrashPlugin,
    NewestFirstPlugin,
    NullsLastPlugin,
    ...pageSizePlugins,
    AggregatesPlugin,
    IfVersionPlugin,
    ChangesPlugin,
    NotFoundPlugin,
    DescriptionsPlugin,
  ],
  disablePlugins: [
    // The owner is the first column of every key, so any filter or order stays within one user's rows: no column needs an index of
    // its own to be offered.
    'PgIndexBehaviorsPlugin',
    // `filter` does all that `condition` does.
    'PgConditionArgumentPlugin',
    // One way to each row: by its id, or by `node(nodeId)` for clients of the Relay kind.
    'NodeAccessorPlugin',
    // Edges in payloads are for Relay 1, which nobody starts with.
    'PgMutationPayloadEdgePlugin',
    // Filters stay within a table.
    'PgConnectionArgFilterBackwardRelationsPlugin',
    'PgConnectionArgFilterForwardRelationsPlugin',
  ],
  schema: {
    defaultBehavior: [
      '-nodeId:resource:update',
      '-nodeId:resource:delete',
      // Columns are counted and grouped by where tags.ts says so.
      '-attribute:aggregate',
      '-attribute:groupBy',
    ].join(' '),
    pgForbidSetofFunctionsToReturnNull: true,
    // A form that was left empty sends null or {}: the same as no filter.
    connectionFilterAllowNullInput: true,
    connectionFilterAllowEmptyObjectInput: true,
  },
  // A function's argument without a default has to be given.
  gather: { pgStrictFunctions: true },
};

/** The whole preset of a server. */
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
    extends: [schemaPreset, playgroundPreset(playground), trustedDocumentsPreset(trustedDocuments)],
    plugins: [
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
