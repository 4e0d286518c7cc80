/** Pages have a size (C-24). PostGraphile looks at no argument that is absent; so the field's own plan sets `first`. */
import { lambda, list, type Step } from 'postgraphile/grafast';
import { EXPORTABLE, wrapPlans } from 'postgraphile/utils';
import { defaultPageSize, largestPageSize, pageSize } from './page.ts';

const WrapConnectionsPlugin = wrapPlans(
  ({ scope }) => (scope.isPgFieldConnection ? {} : null),
  () =>
    EXPORTABLE(
      (lambda, list, pageSize) => (plan, _$source, fieldArgs) => {
        const $connection = plan() as Step & { setFirst($first: Step): void };
        const $asked = list([fieldArgs.getRaw('first'), fieldArgs.getRaw('last')]);
        $connection.setFirst(lambda($asked, pageSize));
        return $connection;
      },
      [lambda, list, pageSize],
      'sizedPage',
    ),
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
