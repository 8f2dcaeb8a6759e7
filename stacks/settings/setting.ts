import type { Kind } from "./kinds";

/** One `strata:` key of a stack's configuration. */
export interface Setting<T> {
  readonly kind: Kind<T>;
  /** What holds where a stack's file says nothing. */
  readonly default: T;
  /** A sentence or two for Pulumi.yaml and docs/deploy.md. */
  readonly description: string;
}

/** Settings by their keys, as they stand in a stack's configuration. */
export type SettingsMap = Readonly<Record<string, Setting<unknown>>>;

/** What a stack's configuration comes to: a value for each setting. */
export type ValuesOf<S extends SettingsMap> = {
  readonly [Key in keyof S]: S[Key] extends Setting<infer T> ? T : never;
};

/** Declares a setting. The default must be of the setting's kind. */
export function setting<T>(declared: {
  readonly kind: Kind<T>;
  readonly default: NoInfer<T>;
  readonly description: string;
}): Setting<T> {
  return declared;
}
