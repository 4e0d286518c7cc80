/** security/document-limits.test.ts, on the exported schema. */
import '../../support/on-export.ts';
import '../../security/document-limits.test.ts';
