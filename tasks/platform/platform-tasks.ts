import { type CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { paginateListFunctions } from "@aws-sdk/client-lambda";
import type { Command } from "commander";
import { emulatorStatus, resetHome, stopEmulator } from "../../local/emulator/emulator";
import { type Connection, connect } from "./connection";
import { invokeFunction } from "./invoke-function";
import { currentHome, deployedOutputs, forgetOutputs } from "./local-platform";
import { wholeNumber } from "../cli/options";
import { Steps } from "../cli/progress";
import { TaskError } from "../cli/task-error";

interface JsonOption {
  readonly json?: boolean;
}

/** `stop`, `status`, `logs`, `invoke`, `reset`: the platform on this machine. */
export function addPlatformTasks(program: Command): void {
  program
    .command("stop")
    .description("stop the platform; its data in memory goes, its tools stay")
    .action(stop);
  program
    .command("status")
    .description("whether the platform runs, and where")
    .option("--json", "print as JSON")
    .action(status);
  program
    .command("logs")
    .argument("[function]", "part of a function's name; all functions without one")
    .description("what functions logged")
    .option("--since <minutes>", "so many minutes back", wholeNumber(1, 100_000), 60)
    .option("--json", "print a JSON object a line")
    .option("--stage <stage>", "the stage", "local")
    .action(logs);
  program
    .command("invoke")
    .argument("<function>", "part of a function's name that fits only one")
    .argument("[json]", "the event", "{}")
    .description("invoke a function and print its answer")
    .option("--stage <stage>", "the stage", "local")
    .action(invoke);
  program
    .command("reset")
    .description("stop the platform and forget everything it knew, so that the next start is a first one")
    .action(reset);
}

async function stop(): Promise<void> {
  const stopped = await stopEmulator(currentHome());
  forgetOutputs(currentHome());
  console.log(stopped ? "stopped" : "nothing was running");
}

async function reset(): Promise<void> {
  await resetHome(currentHome());
  console.log("reset: the next ./strata start begins afresh");
}

async function status(options: JsonOption): Promise<void> {
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

/** Names of the stage's functions that contain `part`. */
async function functionsNamed(
  connection: Connection,
  part: string,
): Promise<{ name: string; logGroup: string }[]> {
  const found: { name: string; logGroup: string }[] = [];
  for await (const page of paginateListFunctions({ client: connection.lambda() }, {})) {
    for (const { FunctionName, LoggingConfig } of page.Functions ?? []) {
      if (FunctionName === undefined || !FunctionName.includes(part)) continue;
      found.push({ name: FunctionName, logGroup: LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}` });
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface LogsOptions extends JsonOption {
  readonly since: number;
  readonly stage: string;
}

async function logs(part = "", options: LogsOptions): Promise<void> {
  const connection = await connect(options.stage);
  const functions = await functionsNamed(connection, part);
  if (functions.length === 0) throw new TaskError(`no function's name contains ${part}`);
  const client = connection.logs();
  const startTime = Date.now() - options.since * 60_000;
  const events = (
    await Promise.all(functions.map(({ name, logGroup }) => eventsOf(client, name, logGroup, startTime)))
  ).flat();
  for (const { at, name, message } of events.sort((a, b) => a.at - b.at)) {
    const time = new Date(at).toISOString();
    const text = message.trimEnd();
    console.log(
      options.json === true ? JSON.stringify({ time, function: name, text }) : `${time} ${name} ${text}`,
    );
  }
}

async function eventsOf(
  client: CloudWatchLogsClient,
  name: string,
  logGroupName: string,
  startTime: number,
): Promise<{ at: number; name: string; message: string }[]> {
  const events: { at: number; name: string; message: string }[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new FilterLogEventsCommand({
        logGroupName,
        startTime,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    events.push(
      ...(page.events ?? []).map(({ timestamp = 0, message = "" }) => ({ at: timestamp, name, message })),
    );
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return events;
}

async function invoke(part: string, json: string, options: { readonly stage: string }): Promise<void> {
  const event = parseEvent(json);
  const connection = await connect(options.stage);
  const functions = await functionsNamed(connection, part);
  const [only, ...others] = functions;
  if (only === undefined) throw new TaskError(`no function's name contains ${part}`);
  if (others.length > 0) {
    throw new TaskError(
      `${part} fits ${functions.map(({ name }) => name).join(", ")}; give more of the name`,
    );
  }
  console.log(JSON.stringify(await invokeFunction(connection, only.name, event)));
}

function parseEvent(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    throw new TaskError(`the event is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
