/** Runs an engine operation on a stack, with progress a line a resource and errors as the engine's own diagnostics. */
import { type EngineEvent, type OpMap, type OutputMap, type Stack } from "@pulumi/pulumi/automation";
import { LocalError } from "../errors";
import { type Progress } from "../tools/tools";

export type StackOperation = "preview" | "up" | "refresh" | "destroy";

export interface RunOptions {
  /** Told each resource that changes. */
  readonly progress?: Progress;
  /** Told what is out of the ordinary, such as that Ctrl-C was pressed. @default `progress` */
  readonly warn?: Progress;
  /** Told everything that the engine tells. */
  readonly onEvent?: (event: EngineEvent) => void;
  /** The engine's own display, as it would be on a terminal without colours. */
  readonly onOutput?: (text: string) => void;
}

export interface StackRun {
  /** How many resources there were of each kind of change, such as `{ create: 2, same: 40 }`. */
  readonly changes: OpMap;
  /** Of the stack after an `up` or `refresh`; empty otherwise. */
  readonly outputs: OutputMap;
}

/**
 * Runs one operation. On Ctrl-C the engine finishes the current resources, so that its state stays true.
 * @throws LocalError with the engine's error messages.
 */
export async function runStack(
  stack: Stack,
  operation: StackOperation,
  options: RunOptions = {},
): Promise<StackRun> {
  const errors: string[] = [];
  let changes: OpMap = {};
  const abort = new AbortController();
  const interrupt = (): void => {
    // A terminal sends Ctrl-C to the engine too, and a second one would kill it.
    if (!process.stdin.isTTY) abort.abort();
    (options.warn ?? options.progress)?.("Stopping as soon as the current resources are done");
  };
  const onEvent = (event: EngineEvent): void => {
    const { diagnosticEvent: diagnostic, summaryEvent: summary } = event;
    if (diagnostic?.severity === "error") errors.push(diagnostic.message.trim());
    // The display counts resources by what is done to them; the summary's own type knows fewer kinds.
    if (summary !== undefined) changes = summary.resourceChanges;
    const line = describeEvent(event, operation === "preview");
    if (line !== undefined) options.progress?.(line);
    options.onEvent?.(event);
  };
  process.once("SIGINT", interrupt);
  try {
    const outputs = await perform(stack, operation, {
      color: "never",
      onEvent,
      signal: abort.signal,
      ...(options.onOutput === undefined ? {} : { onOutput: options.onOutput }),
    });
    return { changes, outputs };
  } catch (error) {
    const reasons = errors.filter((message) => !/^(update|preview|destroy) (failed|canceled)$/.test(message));
    const said = reasons.length > 0 ? reasons.join("\n") : engineLines(error);
    throw new LocalError(`The ${operation} of stack ${stack.name} failed:\n${said}`, { cause: error });
  } finally {
    process.off("SIGINT", interrupt);
  }
}

async function perform(
  stack: Stack,
  operation: StackOperation,
  options: NonNullable<Parameters<Stack["destroy"]>[0]>,
): Promise<OutputMap> {
  switch (operation) {
    case "preview":
      await stack.preview(options);
      return {};
    case "up":
      return (await stack.up(options)).outputs;
    case "refresh":
      await stack.refresh(options);
      return stack.outputs();
    case "destroy":
      await stack.destroy(options);
      return {};
  }
}

const DONE: Readonly<Record<string, string>> = {
  create: "created",
  "create-replacement": "created again",
  delete: "deleted",
  "delete-replaced": "deleted the old",
  update: "updated",
};

/** One line about a resource that changes; undefined for one that stays, and for components. */
function describeEvent(event: EngineEvent, planned: boolean): string | undefined {
  const metadata = planned ? event.resourcePreEvent?.metadata : event.resOutputsEvent?.metadata;
  if (metadata === undefined || !/^\w+:\w+\//.test(metadata.type)) return undefined;
  const done = DONE[metadata.op];
  if (done === undefined) return undefined;
  const name = metadata.urn.split("::").slice(3).join("::");
  return planned ? `would be ${done}: ${metadata.type} ${name}` : `${done}: ${metadata.type} ${name}`;
}

/** How many of the engine's last lines are worth showing. */
const SHOWN = 8;

/** The last lines that the engine wrote before it failed, or the error's own message where there are none. */
export function engineLines(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // The frame is `code: …\n stdout: …\n stderr: …\n err?: …`, and the last part repeats the one before it.
  const [frame = ""] = message.split(/^ ?err\?:/m, 1);
  const lines = frame
    .split("\n")
    .map((line) => line.replace(/^ ?(code|stdout|stderr):\s*/, "").trimEnd())
    .filter((line) => line !== "" && !/^-?\d+$/.test(line) && !line.startsWith("Command failed with"));
  return lines.length === 0 ? message : lines.slice(-SHOWN).join("\n");
}
