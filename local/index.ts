/** What the embedded default offers to the task commands. */
export {
  DEFAULT_PORT,
  type Emulator,
  emulatorStatus,
  resetHome,
  startEmulator,
  stopEmulator,
} from "./emulator";
export { ensureEngine } from "./engine";
export { LocalError } from "./errors";
export { platformHome, REPOSITORY } from "./paths";
export { runStack, type StackOperation, type StackRun } from "./run-stack";
export { openStack, type OutputMap, type PulumiFn, type Stack, type StackOptions } from "./stack";
export { ensureTools, type Progress, type Tools } from "./tools";
