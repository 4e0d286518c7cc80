/** tasks.test.ts, on the exported schema. */
import '../../support/on-export.ts';
import '../tasks.test.ts';
