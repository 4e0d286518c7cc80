/** The answer to who asks for the data of somebody who is not there: most of the time, the id is another one. */
import { OperatorError } from '../errors.ts';

export const nothingKept = (sub: string): OperatorError =>
  new OperatorError(
    `Nothing is kept of a user ${sub}. Is it the right id? select * from admin.find_user('…') finds it by an address or a name.`,
  );
