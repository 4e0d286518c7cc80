/** operations.test.ts, on the exported schema. */
import '../../support/on-export.ts';
import '../operations.test.ts';
