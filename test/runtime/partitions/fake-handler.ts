import type { GlueClientConfig } from "@aws-sdk/client-glue";

/** A request as the SDK is about to send it. */
export interface WireRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** What AWS would answer. */
export interface WireAnswer {
  readonly status: number;
  readonly body: string;
}

/** Settings of a client whose requests `answer` answers instead of AWS. */
export function answeredBy(
  answer: (request: WireRequest) => WireAnswer | Promise<WireAnswer>,
  maxAttempts = 1,
) {
  const requestHandler = {
    handle: async (request: unknown) => {
      const { status, body } = await answer(request as WireRequest);
      return { response: { statusCode: status, headers: {}, body: Buffer.from(body) } };
    },
  } as unknown as NonNullable<GlueClientConfig["requestHandler"]>;
  const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
  return { region: "us-east-1", credentials, maxAttempts, requestHandler } as const;
}
