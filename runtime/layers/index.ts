/**
 * The public side of the layers service: what other services and the command line may import of it. Everything else in this
 * folder is its own.
 */
export type { LayerRow, TargetState } from "./entities/entities";
export {
  countRun,
  latestLayers,
  latestRuns,
  layersOf,
  layerVersions,
  runProgress,
  targetStates,
  targetStatesOf,
} from "./read-layers";
