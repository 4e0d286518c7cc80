/** The scalar `Datetime` takes points in time as time.ts reads them. */
import 'postgraphile';
import { parseDatetime, parseDatetimeLiteral } from './time.ts';

export const DatetimePlugin: GraphileConfig.Plugin = {
  name: 'HedgerowDatetimePlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      GraphQLScalarType(type) {
        if (type.name !== 'Datetime') return type;
        return {
          ...type,
          description:
            'A point in time: ISO 8601 with date, time and offset, such as `2027-03-01T09:30:00Z` or `2027-03-01T10:30:00.5+01:00`.',
          parseValue: parseDatetime,
          parseLiteral: parseDatetimeLiteral,
        };
      },
    },
  },
};
