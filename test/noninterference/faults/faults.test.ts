/**
 * A fault at the worst moment: whatever goes wrong between two steps of a request, the connection carries nobody's identity, the next user is
 * served with their own and nothing else, and a write is wholly there or wholly absent. C-31, C-35, C-53
 * T-02, T-04
 */
import { examine } from './examine.ts';
import { faults } from './faults.ts';
import { openStage } from './stage.ts';
import { fits, inShort, stepsOfRequests } from './steps.ts';

const stage = await openStage();
afterAll(() => stage.close());
const found = await stepsOfRequests(stage).catch(async (error: unknown) => {
  await stage.close();
  throw error;
});

for (const { steps, ...scene } of found) {
  describe(`${scene.request.name}${scene.isCold ? ', on a new connection' : ''}`, () => {
    for (const [at, text] of steps.entries()) {
      const fitting = faults.filter((fault) => fits(fault, text));

      test.each(fitting)(`step ${at + 1}, ${inShort(text)}: $name`, async (fault) => {
        const wrong = await examine(stage, scene, fault, at);

        expect(wrong).toEqual([]);
      });
    }
  });
}
