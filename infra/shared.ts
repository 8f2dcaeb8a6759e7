import type { Api } from "./api";
import type { Foundation } from "./foundation";
import type { ServiceDefaults } from "./parts/lambda-function";
import type { ToolSource } from "./parts/tool-function";

/** What every service of a stage is given. A service's args name what it takes of it. */
export interface Shared {
  /** The stage's name; metrics carry it. */
  readonly stage: string;
  /** Regions that layers are published to; the first is home. */
  readonly regions: readonly [string, ...string[]];
  readonly pythons: readonly string[];
  readonly architectures: readonly string[];
  /** Whether anything runs on a schedule. */
  readonly schedules: boolean;
  readonly foundation: Foundation;
  readonly functions: ServiceDefaults;
  readonly api: Api;
  /** Where a tool function runs, by its key in `strata:builderImages`. */
  readonly toolSource: (image: string) => ToolSource;
}
