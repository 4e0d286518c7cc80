/** filters.test.ts, on the exported schema. */
import '../../support/on-export.ts';
import '../filters.test.ts';
