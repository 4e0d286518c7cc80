/** rest.test.ts, on the exported schema. */
import '../../support/on-export.ts';
import '../rest.test.ts';
