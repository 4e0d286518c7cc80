/** Whether an OpenAPI 3.1 document is sound, and whether what a server answers is what the document describes. */
import { createConfig, lintFromString } from '@redocly/openapi-core';
import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** OpenAPI 3.1 allows it, and the rules that look into responses look into none. */
const everyOperationHasResponses = {
  subject: { type: 'Operation' as const, property: 'responses' },
  assertions: { defined: true },
  message: 'The operation describes no responses.',
};

/** Errors and warnings of the linter's recommended rules, a line each; none when the document is sound. */
export async function lintOpenApi(document: object): Promise<string[]> {
  const config = await createConfig({
    extends: ['recommended'],
    rules: { 'rule/operation-responses': everyOperationHasResponses },
  });
  // A document that needs another host's is at fault: nothing is fetched.
  config.resolve.http.customFetch = () => Promise.reject(new Error('it is on another host'));
  const problems = await lintFromString({
    source: JSON.stringify(document),
    absoluteRef: '/openapi.json',
    config,
  });
  return problems.map(({ severity, ruleId, location, message }) => {
    const at = location[0]?.pointer ?? '#/';
    return `${severity} ${ruleId} at ${at}: ${message.replaceAll(/\s+/g, ' ').trim()}`;
  });
}

export type Answer = {
  method: string;
  /** As it was asked for: below the server's URL; a query is passed over. */
  path: string;
  status: number;
  /** The header; null or undefined where there is none. */
  contentType?: string | null;
  /** Parsed, when it is JSON. */
  body?: unknown;
};

/** A place in the document, references followed. */
type Place = { pointer: string; value: any };

/** Gives a function that says how an answer deviates from the document, a line for each fault; none when it is as described. */
export function responseValidator(document: Record<string, any>): (answer: Answer) => string[] {
  // Unknown keywords and formats are faults of the document: a misspelt one would let everything pass.
  const ajv = new Ajv2020({ allErrors: true, strictTypes: false, strictTuples: false, verbose: true });
  addFormats.default(ajv);
  ajv.addVocabulary(['discriminator', 'example', 'externalDocs', 'xml']);
  // The document is no schema, but holds them: references in them start from it. What stands at its top is taken for keywords.
  ajv.addVocabulary(Object.keys(document));
  ajv.addSchema(document, 'openapi.json', undefined, false);

  const at = (pointer: string): Place => follow({ pointer, value: valueAt(pointer) });
  const valueAt = (pointer: string): any =>
    pointer
      .split('/')
      .slice(1)
      .reduce((value: any, part) => value?.[part.replaceAll('~1', '/').replaceAll('~0', '~')], document);
  const follow = (place: Place): Place => {
    const reference: unknown = place.value?.$ref;
    return typeof reference === 'string' ? at(decodeURIComponent(reference.replace(/^#/, ''))) : place;
  };
  const child = ({ pointer, value }: Place, key: string): Place | undefined =>
    Object.hasOwn(value, key)
      ? follow({ pointer: `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, value: value[key] })
      : undefined;

  const paths: Place = { pointer: '/paths', value: document.paths ?? {} };
  const base = new URL(document.servers?.[0]?.url ?? '/', 'http://localhost').pathname.replace(/\/$/, '');

  return ({ method, path, status, contentType, body }) => {
    const asked = `${method.toUpperCase()} ${path}`;
    const template = templateOf(Object.keys(paths.value), base, path);
    if (template === undefined) return [`${asked}: no path of the document matches`];
    const operation = child(child(paths, template)!, method.toLowerCase());
    if (!operation) return [`${asked}: ${template} has no such method`];

    const where = `${method.toUpperCase()} ${template} ${status}`;
    const responses = child(operation, 'responses') ?? { pointer: '', value: {} };
    const key = [`${status}`, `${Math.floor(status / 100)}XX`, 'default'].find((name) => name in responses.value);
    if (key === undefined) return [`${where}: the status is not described`];

    const content = child(child(responses, key)!, 'content');
    if (!content) return isEmpty(body) ? [] : [`${where}: a body is not described`];
    const range = rangeOf(Object.keys(content.value), contentType ?? '');
    if (range === undefined) return [`${where}: the content type ${contentType ?? '(none)'} is not described`];

    const schema = child(child(content, range)!, 'schema');
    if (!schema) return [];
    const validate = ajv.getSchema(`openapi.json#${encodeURI(schema.pointer)}`);
    if (!validate) throw new Error(`There is no schema at ${schema.pointer}.`);
    return validate(body) ? [] : (validate.errors ?? []).map((error) => `${where}: ${readable(error)}`);
  };
}

/** The template that matches a path; of several, the one with the fewest parameters, as the specification has it. */
function templateOf(templates: string[], base: string, path: string): string | undefined {
  const [plain = ''] = path.split('?');
  const parameters = (template: string) => template.split('{').length;
  return templates
    .filter((template) => new RegExp(`^${escaped(base)}${patternOf(template)}$`).test(plain))
    .sort((a, b) => parameters(a) - parameters(b))[0];
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);

const patternOf = (template: string): string =>
  template
    .split(/\{[^}]*\}/)
    .map((text) => escaped(text))
    .join('[^/]+');

/** The most specific media type or range that a content type falls under; its parameters do not count. */
function rangeOf(ranges: string[], contentType: string): string | undefined {
  const type = contentType.split(';')[0]!.trim().toLowerCase();
  if (type === '') return undefined;
  return [type, `${type.split('/')[0]}/*`, '*/*']
    .map((wanted) => ranges.find((range) => range.toLowerCase() === wanted))
    .find((range) => range !== undefined);
}

const isEmpty = (body: unknown): boolean => body === undefined || body === null || body === '';

/** Ajv's message with the place, the name of an unexpected property, the values allowed, and what was found. */
function readable({ instancePath, message, params, data }: ErrorObject): string {
  const name = params.additionalProperty ?? params.unevaluatedProperty;
  const detail = name ?? params.allowedValues ?? params.allowedValue;
  const found = typeof data === 'object' && data !== null ? '' : `, but is ${JSON.stringify(data) ?? 'missing'}`;
  return `${instancePath || 'the body'} ${message}${detail === undefined ? '' : ` (${JSON.stringify(detail)})`}${found}`;
}
