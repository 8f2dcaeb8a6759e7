/** Reads and writes through presigned addresses. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import pRetry, { AbortError } from "p-retry";
import { request } from "undici";
import { BugError, UpstreamError } from "../shared/errors";
import { dispatcherFor } from "./proxy";
import type { RetryPolicy } from "./settings";

/** How long a request may make no progress, in milliseconds. */
const TIME_LIMITS = { headersTimeout: 60_000, bodyTimeout: 60_000 };

/**
 * @returns the JSON at a presigned address.
 * @throws {UpstreamError} when the store doesn't answer, {BugError} when it refuses the request.
 */
export async function getJson(url: string, policy: RetryPolicy): Promise<unknown> {
  return retrying("read", url, policy, async () => {
    const { statusCode, body } = await request(url, { ...TIME_LIMITS, dispatcher: dispatcherFor(url) });
    const text = await body.text();
    if (!isSuccess(statusCode)) throw refusal("read", url, statusCode, text);
    return JSON.parse(text) as unknown;
  });
}

/** Writes JSON to a presigned address. Throws as `getJson` does. */
export async function putJson(url: string, value: unknown, policy: RetryPolicy): Promise<void> {
  const body = Buffer.from(JSON.stringify(value));
  await retrying("write", url, policy, () =>
    put(url, body.length, "application/json", () => Readable.from([body])),
  );
}

/** Writes a file to a presigned address, streaming. Throws as `getJson` does. */
export async function putFile(url: string, path: string, policy: RetryPolicy): Promise<void> {
  const { size } = await stat(path);
  await retrying("write", url, policy, () => put(url, size, "application/zip", () => createReadStream(path)));
}

/** S3 requires `Content-Length` and refuses chunked bodies. `fetch` would send a stream as a chunked body. */
async function put(url: string, length: number, contentType: string, open: () => Readable): Promise<void> {
  const { statusCode, body } = await request(url, {
    ...TIME_LIMITS,
    method: "PUT",
    headers: { "content-length": String(length), "content-type": contentType },
    body: open(),
    dispatcher: dispatcherFor(url),
  });
  const text = await body.text();
  if (!isSuccess(statusCode)) throw refusal("write", url, statusCode, text);
}

function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** The address without its query: the query of a presigned address is a secret. */
function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

function refusal(verb: string, url: string, status: number, text: string): Error {
  const message = `Could not ${verb} ${withoutQuery(url)}: ${String(status)} ${text.slice(0, 300)}`;
  return status >= 500 || status === 429 ? new UpstreamError(message) : new AbortError(new BugError(message));
}

async function retrying<Result>(
  verb: string,
  url: string,
  policy: RetryPolicy,
  attempt: () => Promise<Result>,
): Promise<Result> {
  try {
    return await pRetry(attempt, { ...policy, factor: 2, shouldRetry: () => true });
  } catch (error) {
    if (error instanceof BugError || error instanceof UpstreamError) throw error;
    throw new UpstreamError(`Could not ${verb} ${withoutQuery(url)}. Try again later.`, { cause: error });
  }
}
