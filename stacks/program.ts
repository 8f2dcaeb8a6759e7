import type { ProgramOutputs } from "./outputs";
import { createPlatform } from "./platform";
import { readSettings } from "./settings/settings";
import { tagEverything } from "./tags";

/** The whole program of the stack being deployed: reads settings, composes the platform, gives its outputs. */
export function program(): ProgramOutputs {
  const settings = readSettings();
  tagEverything({ project: "strata", stage: settings.stage.stage });
  return createPlatform(settings);
}
