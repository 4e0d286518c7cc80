/**
 * Pages have a size (C-24): 20 when a list is asked for without one, 100 at the most. PostGraphile has neither a default nor a cap, and an
 * argument that is absent is never looked at; so the field's own plan sets `first`.
 */
import { lambda, list, type Step } from 'postgraphile/grafast';
import { EXPORTABLE, wrapPlans } from 'postgraphile/utils';
import { ApiError } from '../errors.ts';

/** As many as a screen shows; what a list without `first` and `last` gives. */
export const defaultPageSize = 20;

/** As many as may be asked for at once. */
export const largestPageSize = 100;

type Asked = number | null | undefined;

/** What to read: `first` as asked for, or the default. Throws VALIDATION_FAILED for less than none or more than the largest page. */
export function pageSize([first, last]: readonly [first: Asked, last: Asked]): Asked {
  for (const [name, asked] of Object.entries({ first, last })) {
    if (asked != null && (asked < 0 || asked > largestPageSize)) {
      throw new ApiError('VALIDATION_FAILED', `A page has 0 to ${largestPageSize} items: ${name} is ${asked}.`);
    }
  }
  return first ?? (last == null ? defaultPageSize : null);
}

const WrapConnectionsPlugin = wrapPlans(
  ({ scope }) => (scope.isPgFieldConnection ? {} : null),
  () => (plan, _$source, fieldArgs) => {
    const $connection = plan() as Step & { setFirst($first: Step): void };
    const $asked = list([fieldArgs.getRaw('first'), fieldArgs.getRaw('last')]);
    $connection.setFirst(lambda($asked, pageSize));
    return $connection;
  },
  { name: 'HedgerowPageSizePlugin' },
);

/** The argument itself then has nothing left to apply. */
const FirstArgumentPlugin: GraphileConfig.Plugin = {
  name: 'HedgerowFirstArgumentPlugin',
  version: '1.0.0',
  after: ['PgFirstLastBeforeAfterArgsPlugin'],
  schema: {
    hooks: {
      GraphQLObjectType_fields_field_args_arg(arg, _build, { scope }) {
        if (scope.argName !== 'first' || !scope.isPgFieldConnection) return arg;
        return {
          ...arg,
          description: `How many to read from the start: ${defaultPageSize} when neither this nor \`last\` is given, ${largestPageSize} at the most.`,
          applyPlan: EXPORTABLE(() => () => {}, [], 'applyNothing'),
        };
      },
    },
  },
};

export const pageSizePlugins = [WrapConnectionsPlugin, FirstArgumentPlugin];
