/** subscriptions.test.ts, on the exported schema. */
import '../../support/on-export.ts';
import '../subscriptions.test.ts';
