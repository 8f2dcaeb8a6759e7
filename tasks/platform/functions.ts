import { type CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand, paginateListFunctions } from "@aws-sdk/client-lambda";
import type { StageOption } from "../cli/options";
import { TaskError } from "../cli/output";
import { type Connection, connect } from "./connection";

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

interface LogsOptions extends StageOption {
  readonly since: number;
}

/** `logs`: what functions logged, oldest first. */
export async function logs(part = "", options: LogsOptions): Promise<void> {
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

/** `invoke`: invokes the one function whose name matches, and prints its answer. */
export async function invoke(part: string, json: string, options: { readonly stage: string }): Promise<void> {
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

/**
 * Invokes a function and waits for its answer.
 *
 * @throws TaskError with what the function threw, which is its cause: the `errorType` and `errorMessage` of Lambda.
 */
export async function invokeFunction(
  connection: Connection,
  name: string,
  payload: unknown,
): Promise<unknown> {
  const { Payload, FunctionError } = await connection
    .lambda()
    .send(new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(payload)) }));
  const answer = Buffer.from(Payload ?? []).toString();
  const value = JSON.parse(answer === "" ? "null" : answer) as unknown;
  if (FunctionError !== undefined) throw new TaskError(`${name} failed: ${answer}`, { cause: value });
  return value;
}
