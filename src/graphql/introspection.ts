/** In production the API does not describe itself, unless switched on: no introspection, and no suggestions that would spell it out. */
import 'postgraphile/grafserv';
import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'postgraphile/graphql';

/** What graphql-js adds to a message about a name that it does not know. */
const suggestion = / Did you mean .+\?$/;

export const NoIntrospectionPlugin: GraphileConfig.Plugin = {
  name: 'HedgerowNoIntrospectionPlugin',
  version: '1.0.0',
  grafserv: {
    middleware: {
      setPreset(next, event) {
        event.validationRules.push(NoSchemaIntrospectionCustomRule);
        const { getExecutionConfig } = event;
        event.getExecutionConfig = async function (requestContext) {
          const config = await getExecutionConfig.call(this, requestContext);
          return {
            ...config,
            parseAndValidate(document) {
              const result = config.parseAndValidate(document);
              return result.errors ? { errors: result.errors.map(withoutSuggestion) } : result;
            },
          };
        };
        return next();
      },
    },
  },
};

function withoutSuggestion(error: GraphQLError): GraphQLError {
  if (!suggestion.test(error.message)) return error;
  const { nodes, source, positions, path, extensions } = error;
  return new GraphQLError(error.message.replace(suggestion, ''), { nodes, source, positions, path, extensions });
}
