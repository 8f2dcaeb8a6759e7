import { runStack } from "../../local/engine/run-stack";
import type { Progress } from "../../local/tools/tools";
import { Connection, emulatorSettings } from "./connection";
import { parseOutputs, saveOutputs } from "./home";
import type { LocalPlatform } from "./stack";

/** What `up` did on the emulator. */
export interface Deployed {
  readonly connection: Connection;
  /** URNs of the resources that are other than before. */
  readonly changed: readonly string[];
  /** When it began. */
  readonly startedAt: Date;
}

/** Deploys the program onto the running emulator through the real engine. */
export async function deployLocal(platform: LocalPlatform, progress: Progress): Promise<Deployed> {
  const startedAt = new Date();
  const changed: string[] = [];
  const result = await runStack(platform.stack, "up", {
    warn: progress,
    onEvent: ({ resOutputsEvent }) => {
      if (resOutputsEvent === undefined || resOutputsEvent.metadata.op === "same") return;
      changed.push(resOutputsEvent.metadata.urn);
      if (changed.length % 25 === 0) progress(`Deploying: ${changed.length} resources`);
    },
  });
  const { same = 0, ...others } = result.changes;
  const changes = Object.values(others).reduce((sum: number, count: number) => sum + count, 0);
  progress(
    changes === 0
      ? `Deployed: nothing to change, ${same} resources`
      : `Deployed: ${changes} resources changed, ${same} the same`,
  );
  const outputs = parseOutputs(result.outputs);
  if (outputs === undefined) throw new Error("the program of stage local exports nothing");
  saveOutputs(platform.home, outputs);
  const settings = emulatorSettings(platform.emulator.endpoint, outputs.stage.regions[0]);
  return { connection: new Connection("local", outputs, settings), changed, startedAt };
}
