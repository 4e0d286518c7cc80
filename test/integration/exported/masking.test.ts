/** security/masking.test.ts, on the exported schema. */
import '../../support/on-export.ts';
import '../../security/masking.test.ts';
