/**
 * Changing or deleting a row that is not there, or is somebody else's, is NOT_FOUND, the same for both (C-32). PostGraphile answers an
 * update without a match, and a function that returns no row, with null.
 */
import { sideEffect, type Step } from 'postgraphile/grafast';
import { EXPORTABLE, wrapPlans } from 'postgraphile/utils';
import { ApiError } from '../errors.ts';

export const NotFoundPlugin = wrapPlans(
  ({ scope }) => (scope.isPgUpdateMutation || scope.fieldBehaviorScope === 'mutationField' ? {} : null),
  () =>
    EXPORTABLE(
      (ApiError, sideEffect) => (plan) => {
        const $payload = plan() as Step & { get(key: 'result'): Step };
        sideEffect($payload.get('result'), (row) => {
          if (row == null) throw new ApiError('NOT_FOUND');
        });
        return $payload;
      },
      [ApiError, sideEffect],
      'foundOrRefused',
    ),
  { name: 'HedgerowNotFoundPlugin' },
);
