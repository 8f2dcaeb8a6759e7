import { InvokeCommand } from "@aws-sdk/client-lambda";
import type { Connection } from "./connection";
import { TaskError } from "../cli/task-error";

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
