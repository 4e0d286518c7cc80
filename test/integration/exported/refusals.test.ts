/** refusals.test.ts, on the exported schema. */
import '../../support/on-export.ts';
import '../refusals.test.ts';
