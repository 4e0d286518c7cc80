/** history.test.ts, on the exported schema. */
import '../../support/on-export.ts';
import '../history.test.ts';
