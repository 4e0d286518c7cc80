/** ordering.test.ts, on the exported schema. */
import '../../support/on-export.ts';
import '../ordering.test.ts';
