/**
 * What tests ask outside the fence on purpose, and PostgreSQL does not refuse. Such a statement begins with a comment that says why; nothing
 * in src/ does (test/unit/trace.test.ts looks).
 */
import { temporaryFunctions } from '../../../src/proof/explain/functions.ts';

/** Each reason is for one statement: `/* outside the fence: what the pool lends *\/ select …`. */
const outsideTheFence = /^\/\* outside the fence: [^*]+\*\//;

/** explain/errors.test.ts lets the API's login explain a row, which the command never does: many statements, refused at the first. */
const explaining = (await temporaryFunctions()).trim();

/** Whether a test says why it asks so. */
export const isDeliberate = (text: string): boolean => outsideTheFence.test(text) || text === explaining;
