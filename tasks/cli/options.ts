import { InvalidArgumentError } from "commander";
import { ARCHITECTURES, type Architecture, isArchitecture } from "../../runtime/contracts/target";

/** Options that most tasks have. */
export interface StageOption {
  readonly stage: string;
  readonly json?: boolean;
}

/**
 * An action whose code is loaded when the task runs, so that the command line itself starts at once:
 * `.action(lazily(async () => (await import("./layer-tasks")).list))`.
 */
export function lazily<Given extends unknown[]>(
  load: () => Promise<(...given: Given) => void | Promise<void>>,
): (...given: Given) => Promise<void> {
  return async (...given) => {
    const action = await load();
    await action(...given);
  };
}

// Readers of option values; each throws commander's error, which names the option and what is allowed.

/** A whole number from `minimum` to `maximum`. */
export function wholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
  };
}

/** An option that may be given several times, each time with one value. */
export function severalOf<Value>(
  check: (text: string) => Value,
): (text: string, before?: Value[]) => Value[] {
  return (text, before = []) => [...before, check(text)];
}

/** A Python minor version such as `3.13`. */
export function pythonVersion(text: string): string {
  if (/^3\.\d{1,2}$/.test(text)) return text;
  throw new InvalidArgumentError("It must be a Python minor version such as 3.13.");
}

/** An architecture as Lambda spells it. */
export function architecture(text: string): Architecture {
  if (isArchitecture(text)) return text;
  throw new InvalidArgumentError(`It must be one of ${ARCHITECTURES.join(", ")}.`);
}
