import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { z } from "zod";
import { specBuildAnswerSchema, type SpecBuildAnswer, type SpecBuildRequest } from "../../contracts/specs";
import { BugError, UpstreamError } from "../../shared/errors";
import { asOurError } from "../../shared/upstream";

const errorSchema = z.object({ errorType: z.string().default(""), errorMessage: z.string().default("") });

/**
 * Builds by invoking the builder. That is a function of its own, because this one can reach data that a spec's code must not reach.
 * `builder` is the ARN of its alias.
 */
export function openBuilder(
  client: LambdaClient,
  builder: string,
): (request: SpecBuildRequest) => Promise<SpecBuildAnswer> {
  const doing = `building with ${builder}`;
  return async (request) => {
    const { Payload, FunctionError } = await invoke(client, builder, request).catch((error: unknown) => {
      const known = asOurError(error, doing);
      if (known instanceof UpstreamError) throw known;
      const reason = error instanceof Error ? error.message : String(error);
      throw new BugError(`${doing}: ${reason} Deploy again.`, { cause: error });
    });
    const answer = parse(Payload?.transformToString());
    if (FunctionError !== undefined) throw errorOfBuilder(answer, doing);
    const parsed = specBuildAnswerSchema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new BugError(`${doing}: its answer doesn't follow the contract.`, { cause: parsed.error });
  };
}

function invoke(client: LambdaClient, builder: string, request: SpecBuildRequest) {
  return client.send(new InvokeCommand({ FunctionName: builder, Payload: JSON.stringify(request) }));
}

function errorOfBuilder(answer: unknown, doing: string): Error {
  const { errorType, errorMessage } = errorSchema.catch({ errorType: "", errorMessage: "" }).parse(answer);
  const Family = errorType === "UpstreamError" ? UpstreamError : BugError;
  return new Family(`${doing}: it failed: ${errorType} ${errorMessage}`);
}

function parse(payload: string | undefined): unknown {
  try {
    return payload === undefined ? undefined : JSON.parse(payload);
  } catch {
    return payload;
  }
}
