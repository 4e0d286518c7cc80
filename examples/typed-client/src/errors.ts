/** What went wrong, by the code that the server gives it: https://spec.graphql.org/October2021/#sec-Errors.Error-result-format */
import type { CombinedError } from '@urql/core';

/** One refused value of a VALIDATION_FAILED. */
export type RefusedField = { field: string; rule: string; limit?: { min?: number; max?: number }; message: string };

type Extensions = { code?: string; details?: unknown };

/** The code of the first error, or NETWORK when the server could not be asked. */
export function codeOf(error: CombinedError): string {
  const { code } = (error.graphQLErrors[0]?.extensions ?? {}) as Extensions;
  return code ?? 'NETWORK';
}

/** For a form: what to write beside each field. */
export function refusedFields(error: CombinedError): RefusedField[] {
  const { code, details } = (error.graphQLErrors[0]?.extensions ?? {}) as Extensions;
  return code === 'VALIDATION_FAILED' && Array.isArray(details) ? (details as RefusedField[]) : [];
}
