import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { z } from "zod";
import { BugError, UpstreamError } from "../../shared/errors";
import { asOurError } from "../../shared/upstream";
import type { BuildAnswer, BuildRequest } from "../../contracts/specs";

const answerSchema = z.discriminatedUnion("outcome", [
  z.object({
    outcome: z.literal("built"),
    files: z.array(z.object({ name: z.string(), sha256: z.string(), size: z.number(), content: z.string() })),
    peakMegabytes: z.number(),
  }),
  z.object({ outcome: z.literal("refused"), reason: z.string() }),
]);

const failureSchema = z.object({ errorType: z.string().default(""), errorMessage: z.string().default("") });

/**
 * Builds by invoking the builder, a function of its own: this one has data that no spec's code may get at.
 * `builder` is the ARN of its alias.
 */
export function openBuilder(
  client: LambdaClient,
  builder: string,
): (request: BuildRequest) => Promise<BuildAnswer> {
  const doing = `building with ${builder}`;
  return async (request) => {
    const { Payload, FunctionError } = await invoke(client, builder, request).catch((error: unknown) => {
      const known = asOurError(error, doing);
      if (known instanceof UpstreamError) throw known;
      const reason = error instanceof Error ? error.message : String(error);
      throw new BugError(`${doing}: ${reason} Deploy again.`, { cause: error });
    });
    const answer = parse(Payload?.transformToString());
    if (FunctionError !== undefined) throw failureOf(answer, doing);
    const parsed = answerSchema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new BugError(`${doing}: it answered nothing that is in the contract.`, { cause: parsed.error });
  };
}

function invoke(client: LambdaClient, builder: string, request: BuildRequest) {
  return client.send(new InvokeCommand({ FunctionName: builder, Payload: JSON.stringify(request) }));
}

function failureOf(answer: unknown, doing: string): Error {
  const { errorType, errorMessage } = failureSchema.catch({ errorType: "", errorMessage: "" }).parse(answer);
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
