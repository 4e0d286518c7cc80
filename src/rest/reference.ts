/** docs/reference/rest.md: the OpenAPI document as a page to read. */
type Json = Record<string, any>;

/** The page, as Markdown. */
export function restReference(document: Json): string {
  const operations = Object.entries(document.paths as Json).flatMap(([path, item]: [string, Json]) =>
    ['get', 'post', 'put', 'patch', 'delete']
      .filter((method) => method in item)
      .map((method) => ({ method: method.toUpperCase(), path, operation: item[method] as Json })),
  );
  return [
    '# REST',
    document.info.description,
    'This page is made of the OpenAPI document (`npm run --silent openapi -- --markdown`). The server has the document at `/openapi.json`, and a viewer of it at `/docs`.',
    table(
      ['below', ''],
      (document.servers as Json[]).map(({ url, description }) => [`\`${url}\``, description]),
    ),
    'Every request needs `Authorization: Bearer <token>`. Bodies are JSON. An answer is `{"data": …, "meta": …}` or `{"error": {"code", "message", "details"?}, "meta": …}`; [the codes](error-codes.md) are those of GraphQL. Parameters and fields that are not known are refused, an owner among them.',
    ...operations.map(section),
    '## A task',
    fields(document.components.schemas.Task, document),
    '## Events',
    events,
    '',
  ].join('\n\n');
}

function section({ method, path, operation }: { method: string; path: string; operation: Json }): string {
  const parameters = ((operation.parameters ?? []) as Json[]).map(({ name, in: place, description, schema }) => [
    `\`${name}\`${place === 'header' ? ' (header)' : ''}`,
    typeOf(schema),
    description ?? '',
  ]);
  const bodies = Object.entries((operation.requestBody?.content['application/json'].examples ?? {}) as Json);
  const statuses = Object.entries(operation.responses as Json).map(([status, { $ref }]) => [
    status,
    $ref ? `\`${String($ref).split('/').at(-1)!.split('_or_').join('`, `').toUpperCase()}\`` : '',
  ]);
  return [
    `## \`${method} ${path}\``,
    operation.summary,
    ...(parameters.length > 0 ? [table(['parameter', 'type', ''], parameters)] : []),
    ...bodies.map(([name, { value }]) => `${name}:\n\n\`\`\`json\n${JSON.stringify(value)}\n\`\`\``),
    `Answers ${statuses.map(([status, code]) => (code ? `${status} (${code})` : status)).join(', ')}.`,
  ].join('\n\n');
}

const fields = (schema: Json, document: Json): string =>
  table(
    ['field', 'type', ''],
    Object.entries(schema.properties as Json).map(([name, property]: [string, Json]) => [
      `\`${name}\``,
      typeOf(property),
      name in (document.components.schemas.NewTask.properties as Json) ? 'can be sent' : '',
    ]),
  );

function typeOf(schema: Json): string {
  if (schema.enum) return (schema.enum as unknown[]).map((value) => `\`${String(value)}\``).join(', ');
  if (schema.anyOf) return (schema.anyOf as Json[]).map(typeOf).join(' or ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items)}`;
  return schema.format ?? [schema.type].flat().join(' or ');
}

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const events = `\`GET /tasks/events\` is a stream of server-sent events: \`created\`, \`updated\` and \`deleted\` with \`{"id", "task"}\` (\`task\` is null after a deletion), as the subscription \`taskChanged\` tells them. It is not in the OpenAPI document, which has no words for a stream.

- Browsers' own \`EventSource\` cannot send a token: use a client that is made of \`fetch\`.
- With \`Last-Event-ID\` (the \`id\` of the event that was seen last) what changed meanwhile is told first, as \`updated\`; some of it may be told twice. Tasks that were deleted for good meanwhile are not told. After more than 100 changes there is one event \`reset\` instead: read the list anew.
- \`error\` with \`{"code", "message"}\` says why a stream ends: \`UNAVAILABLE\` means that changes may have been missed. A stream ends at the token's \`exp\`, and when the server stops. Reconnect, with \`Last-Event-ID\`.
- Every 15 seconds a comment says that the stream lives.`;
