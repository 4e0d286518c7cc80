/** document-cost.test.ts, on the exported schema. */
import '../../support/on-export.ts';
import '../document-cost.test.ts';
