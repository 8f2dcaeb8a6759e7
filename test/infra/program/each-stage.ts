import { STAGES, type Stage, recordProgram } from "../recorded-program";
import type { RecordedResource } from "../recorded-resources";

/** Describes something in the whole program of each stage. `recorded` gives the program's resources, once the tests run. */
export function inEachStage(
  what: string,
  tests: (stage: Stage, recorded: () => RecordedResource[]) => void,
): void {
  for (const stage of STAGES) {
    describe(`${what} in the whole program of stage ${stage}`, () => {
      let resources: RecordedResource[];
      before(async function () {
        this.timeout(60_000);
        resources = await recordProgram(stage);
      });
      tests(stage, () => resources);
    });
  }
}
