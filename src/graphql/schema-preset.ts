/** What generates the API from the schema app_public. Loading it takes half of what building takes: only what builds imports it. */
import { PgAggregatesPreset } from '@graphile/pg-aggregates';
import { PgSimplifyInflectionPreset } from '@graphile/simplify-inflection';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { PostGraphileConnectionFilterPreset } from 'postgraphile-plugin-connection-filter';
import { AggregatesPlugin } from './aggregates.ts';
import { ChangesPlugin } from './changes.ts';
import { DatetimePlugin } from './datetime.ts';
import { DescriptionsPlugin } from './descriptions.ts';
import { IfVersionPlugin } from './if-version.ts';
import { InputsPlugin } from './inputs.ts';
import { ListNamingPlugin, NamingPlugin } from './naming.ts';
import { NewestFirstPlugin } from './newest-first.ts';
import { NotFoundPlugin } from './not-found.ts';
import { NullsLastPlugin } from './nulls-last.ts';
import { pageSizePlugins } from './page-size.ts';
import { SearchPlugin } from './search.ts';
import { TagsPlugin } from './tags.ts';
import { TrashPlugin } from './trash.ts';

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
