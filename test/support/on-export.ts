/** Imported first, it lets the test file after it run on the exported schema. */
import { onExport } from './export.ts';

onExport.isAsked = true;
