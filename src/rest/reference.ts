/** docs/reference/rest.md: the OpenAPI document as a page to read. */
import { markdownTable } from '../print/markdown-table.ts';

type Schema = {
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
};

type Operation = {
  summary: string;
  parameters?: { name: string; in: string; description?: string; schema: Schema }[];
  requestBody?: { content: { 'application/json': { examples?: Record<string, { value: object }> } } };
  responses: Record<string, { $ref?: string }>;
};

type Listed = { method: string; path: string; operation: Operation };

/** As much of the document as the page shows. */
type Document = {
  info: { description: string };
  servers: { url: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<'Task' | 'NewTask', Schema> };
};

/** The page, as Markdown. `openApi()` makes the document. */
export function restReference(document: object): string {
  const { info, servers, paths, components } = document as Document;
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    ['get', 'post', 'put', 'patch', 'delete']
      .filter((method) => method in item)
      .map((method): Listed => ({ method: method.toUpperCase(), path, operation: item[method]! })),
  );
  return [
    '# REST',
    info.description,
    'This page is made of the OpenAPI document (`npm run --silent openapi -- --markdown`). The server has the document at `/openapi.json`, and a viewer of it at `/docs`.',
    markdownTable(
      ['below', ''],
      servers.map(({ url, description }) => [`\`${url}\``, description]),
    ),
    'Every request needs `Authorization: Bearer <token>`. Bodies are JSON. An answer is `{"data": …, "meta": …}` or `{"error": {"code", "message", "details"?}, "meta": …}`; [the codes](error-codes.md) are those of GraphQL. Parameters and fields that are not known are refused, an owner among them.',
    ...operations.map(section),
    '## A task',
    fields(components.schemas.Task, components.schemas.NewTask),
    '## Events',
    events,
    '',
  ].join('\n\n');
}

function section({ method, path, operation }: Listed): string {
  const parameters = (operation.parameters ?? []).map(({ name, in: place, description, schema }) => [
    `\`${name}\`${place === 'header' ? ' (header)' : ''}`,
    typeOf(schema),
    description ?? '',
  ]);
  const bodies = Object.entries(operation.requestBody?.content['application/json'].examples ?? {});
  const statuses = Object.entries(operation.responses).map(([status, { $ref }]) => {
    const codes = $ref?.split('/').at(-1)!.toUpperCase().split('_OR_').join('`, `');
    return codes === undefined ? status : `${status} (\`${codes}\`)`;
  });
  return [
    `## \`${method} ${path}\``,
    operation.summary,
    ...(parameters.length > 0 ? [markdownTable(['parameter', 'type', ''], parameters)] : []),
    ...bodies.map(([name, { value }]) => `${name}:\n\n\`\`\`json\n${JSON.stringify(value)}\n\`\`\``),
    `Answers ${statuses.join(', ')}.`,
  ].join('\n\n');
}

const fields = (task: Schema, sent: Schema): string =>
  markdownTable(
    ['field', 'type', ''],
    Object.entries(task.properties!).map(([name, property]) => [
      `\`${name}\``,
      typeOf(property),
      name in sent.properties! ? 'can be sent' : '',
    ]),
  );

function typeOf(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  return schema.format ?? [schema.type].flat().join(' or ');
}

const events = `\`GET /tasks/events\` is a stream of server-sent events: \`created\`, \`updated\` and \`deleted\` with \`{"id", "task"}\` (\`task\` is null after a deletion), as the subscription \`taskChanged\` tells them.

- Browsers' own \`EventSource\` cannot send a token: use a client that is made of \`fetch\`.
- With \`Last-Event-ID\` (the \`id\` of the event that was seen last) what changed meanwhile is told first, as \`updated\`; some of it may be told twice. Tasks that were deleted for good meanwhile are not told. After more than 100 changes there is one event \`reset\` instead: read the list anew.
- \`error\` with \`{"code", "message"}\` says why a stream ends: \`UNAVAILABLE\` means that changes may have been missed. A stream ends at the token's \`exp\`, and when the server stops. Reconnect, with \`Last-Event-ID\`.
- Every 15 seconds a comment says that the stream lives.`;
