/** introspection.test.ts, on the exported schema. */
import '../../support/on-export.ts';
import '../introspection.test.ts';
