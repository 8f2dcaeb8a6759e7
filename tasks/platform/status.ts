import { emulatorStatus, resetHome, stopEmulator } from "../../local/emulator/emulator";
import { Steps } from "../cli/output";
import { currentHome, deployedOutputs, forgetOutputs } from "./home";

/** `stop`: ends the platform on this machine. */
export async function stop(): Promise<void> {
  const stopped = await stopEmulator(currentHome());
  forgetOutputs(currentHome());
  console.log(stopped ? "stopped" : "nothing was running");
}

/** `reset`: ends it and deletes its data. */
export async function reset(): Promise<void> {
  await resetHome(currentHome());
  console.log("reset: the next ./strata start begins with an empty platform");
}

/** `status`: whether it runs, and where. */
export async function status(options: { readonly json?: boolean }): Promise<void> {
  const emulator = await emulatorStatus(currentHome(), { progress: new Steps().say });
  if (emulator === undefined) {
    console.log(
      options.json === true ? JSON.stringify({ running: false }) : "not running; ./strata start brings it up",
    );
    return;
  }
  const outputs = deployedOutputs(currentHome());
  const facts = {
    running: true,
    endpoint: emulator.endpoint,
    pid: emulator.pid,
    log: emulator.log,
    ...outputs,
  };
  if (options.json === true) {
    console.log(JSON.stringify(facts, undefined, 2));
    return;
  }
  console.log(`running at ${emulator.endpoint} (process ${emulator.pid}, log ${emulator.log})`);
  if (outputs === undefined) {
    console.log("nothing is deployed on it; ./strata start deploys");
    return;
  }
  console.log(`API       '${outputs.api.url}'`);
  console.log(`regions   ${outputs.stage.regions.join(", ")}`);
  console.log(`Pythons   ${outputs.stage.pythons.join(", ")} on ${outputs.stage.architectures.join(", ")}`);
}
