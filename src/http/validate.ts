/** What a client sent, held against a schema: all that is wrong is told at once, field by field (C-42). */
import type { z } from 'zod';
import { ApiError } from '../errors.ts';

/** One refused field, as GraphQL tells it too. */
export type Refusal = { field: string; rule: string; message: string };

/**
 * The value as the schema has it.
 * @throws ApiError VALIDATION_FAILED with an entry for each refused field
 */
export function validate<T>(schema: z.ZodType<T>, value: unknown): T {
  const { data, error } = schema.safeParse(value, { reportInput: true });
  if (!error) return data;
  throw new ApiError('VALIDATION_FAILED', undefined, { details: error.issues.flatMap(toRefusals) });
}

function toRefusals(issue: z.core.$ZodIssue): Refusal[] {
  if (issue.code !== 'unrecognized_keys') {
    return [{ field: issue.path.join('.'), rule: ruleOf(issue), message: messageOf(issue) }];
  }
  const parent = issue.path.map((key) => `${String(key)}.`).join('');
  return issue.keys.map((key) => ({ field: `${parent}${key}`, rule: 'unknown', message: 'This field is not known.' }));
}

const isAbsent = (issue: z.core.$ZodIssue): boolean => valueOf(issue) === undefined;

/** Of a choice between objects by one of their fields, zod reports the object. */
const valueOf = (issue: z.core.$ZodIssue): unknown =>
  issue.code === 'invalid_union' && issue.discriminator !== undefined
    ? (issue.input as Record<string, unknown> | undefined)?.[issue.discriminator]
    : issue.input;

function ruleOf(issue: z.core.$ZodIssue): string {
  if (isAbsent(issue)) return 'required';
  const rules: Partial<Record<typeof issue.code, string>> = {
    invalid_type: 'type',
    invalid_value: 'choice',
    invalid_union: 'choice',
    too_small: issue.code === 'too_small' && issue.origin === 'string' ? 'length' : 'range',
    too_big: issue.code === 'too_big' && issue.origin === 'string' ? 'length' : 'range',
  };
  return rules[issue.code] ?? 'format';
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (isAbsent(issue)) return 'This field is required.';
  switch (issue.code) {
    case 'invalid_type':
      return `This has to be ${typeNames[issue.expected] ?? issue.expected}.`;
    case 'invalid_value':
      return `This has to be one of ${issue.values.map(String).join(', ')}.`;
    case 'invalid_union':
      return 'This is none of the choices.';
    default:
      return issue.message;
  }
}

const typeNames: Record<string, string> = {
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'an object',
};
