/**
 * Changing or deleting a row that is not there, or is somebody else's, is NOT_FOUND, the same for both (C-32). PostGraphile answers an
 * update without a match with null and a delete with an error of its own.
 */
import { sideEffect, type Step } from 'postgraphile/grafast';
import { wrapPlans } from 'postgraphile/utils';
import { ApiError } from '../errors.ts';

export const NotFoundPlugin = wrapPlans(
  ({ scope }) => (scope.isPgUpdateMutation || scope.isPgDeleteMutation ? {} : null),
  () => (plan) => {
    const $payload = plan() as Step & { get(key: 'result'): Step };
    sideEffect($payload.get('result'), (row) => {
      if (row == null) throw new ApiError('NOT_FOUND');
    });
    return $payload;
  },
  { name: 'HedgerowNotFoundPlugin' },
);

/** Whether it is PostGraphile's own error for a delete that matched no row. It has no class and no code, only its text. */
export const isNothingDeleted = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('No values were deleted in collection');
