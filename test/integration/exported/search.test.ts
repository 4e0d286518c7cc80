/** search.test.ts, on the exported schema. */
import '../../support/on-export.ts';
import '../search.test.ts';
