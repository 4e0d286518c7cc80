/**
 * Lets the test file that imports it run on the exported schema, except in `npm run test:server`: each of them runs once on the schema that was
 * exported, and once on the one that is built.
 */
import { onExport } from './export.ts';

onExport.isAsked = process.env.TEST_ONLY !== 'server';
