/** aggregates.test.ts, on the exported schema. */
import '../../support/on-export.ts';
import '../aggregates.test.ts';
