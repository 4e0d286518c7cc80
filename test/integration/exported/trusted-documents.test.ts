/** security/trusted-documents.test.ts, on the exported schema. */
import '../../support/on-export.ts';
import '../../security/trusted-documents.test.ts';
