/** How large a page is (C-24): 20 when a list is asked for without a size, 100 at the most. PostGraphile has neither a default nor a cap. */
import { ApiError } from '../errors.ts';

/** As many as a screen shows; what a list without `first` and `last` gives. */
export const defaultPageSize = 20;

/** As many as may be asked for at once. */
export const largestPageSize = 100;

type Asked = number | null | undefined;

/** What to read: `first` as asked for, or the default. Throws VALIDATION_FAILED for less than none or more than the largest page. */
export function pageSize([first, last]: readonly [first: Asked, last: Asked]): Asked {
  for (const [name, asked] of Object.entries({ first, last })) {
    if (asked != null && (asked < 0 || asked > largestPageSize)) {
      throw new ApiError('VALIDATION_FAILED', `A page has 0 to ${largestPageSize} items: ${name} is ${asked}.`);
    }
  }
  return first ?? (last == null ? defaultPageSize : null);
}
