/** What the embedded default offers to the task commands. */
export {
  DEFAULT_PORT,
  type Emulator,
  emulatorStatus,
  resetHome,
  startEmulator,
  stopEmulator,
} from "./emulator/emulator";
export { ensureEngine } from "./engine/engine";
export { LocalError } from "./errors";
export { platformHome, REPOSITORY } from "./paths";
export { runStack, type StackOperation, type StackRun } from "./engine/run-stack";
export { openStack, type OutputMap, type PulumiFn, type Stack, type StackOptions } from "./engine/stack";
export { ensureTools, type Progress, type Tools } from "./tools/tools";
