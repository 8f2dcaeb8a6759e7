import type { SettingsMap, ValuesOf } from "./setting";
import type { StageSettings } from "./stage";

/** The settings of one service. */
export interface SettingsGroup<S extends SettingsMap = SettingsMap> {
  readonly settings: S;
  /** Keys that `strata:builderImages` may have for the service's tool functions. @default none */
  readonly images?: (stage: StageSettings) => readonly string[];
  /** Problems of settings that are right by themselves and wrong together. @default none */
  readonly check?: (own: ValuesOf<S>, stage: StageSettings) => readonly string[];
}

/** Declares the settings of a service. */
export function settingsGroup<S extends SettingsMap>(group: SettingsGroup<S>): SettingsGroup<S> {
  return group;
}
