/** paging.test.ts, on the exported schema. */
import '../../support/on-export.ts';
import '../paging.test.ts';
