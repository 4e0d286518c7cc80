/** bulk.test.ts, on the exported schema. */
import '../../support/on-export.ts';
import '../bulk.test.ts';
