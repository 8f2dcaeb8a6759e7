/** Reads and writes through addresses that somebody else signed. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import * as http from "node:http";
import * as https from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import pRetry, { AbortError } from "p-retry";
import { BugError, UpstreamError } from "../shared/errors";

const IDLE_MILLISECONDS = 60_000;

export interface RetryPolicy {
  readonly retries: number;
  /** Wait before the first retry in milliseconds; it doubles each time. */
  readonly minTimeout: number;
}

const DEFAULT_RETRIES: RetryPolicy = { retries: 4, minTimeout: 300 };

/**
 * @returns the JSON at a presigned address.
 * @throws {UpstreamError} when the store doesn't answer, {BugError} when it refuses.
 */
export async function getJson(url: string, policy: RetryPolicy = DEFAULT_RETRIES): Promise<unknown> {
  return retrying("read", url, policy, async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(IDLE_MILLISECONDS) });
    const text = await response.text();
    if (!response.ok) throw refusal("read", url, response.status, text);
    return JSON.parse(text) as unknown;
  });
}

/** Writes JSON to a presigned address. Throws as `getJson` does. */
export async function putJson(
  url: string,
  value: unknown,
  policy: RetryPolicy = DEFAULT_RETRIES,
): Promise<void> {
  const body = Buffer.from(JSON.stringify(value));
  await retrying("write", url, policy, () =>
    put(url, body.length, "application/json", () => Readable.from([body])),
  );
}

/** Writes a file to a presigned address, streaming. Throws as `getJson` does. */
export async function putFile(
  url: string,
  path: string,
  policy: RetryPolicy = DEFAULT_RETRIES,
): Promise<void> {
  const { size } = await stat(path);
  await retrying("write", url, policy, () => put(url, size, "application/zip", () => createReadStream(path)));
}

/** S3 wants `Content-Length` and refuses chunked bodies, which is what `fetch` would send for a stream. */
async function put(url: string, length: number, contentType: string, open: () => Readable): Promise<void> {
  const send = url.startsWith("https:") ? https.request : http.request;
  const request = send(url, {
    method: "PUT",
    timeout: IDLE_MILLISECONDS,
    headers: { "content-length": length, "content-type": contentType },
  });
  request.on("timeout", () => request.destroy(new Error("no progress for a minute")));
  const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
    request.once("response", resolve).once("error", reject);
  });
  const [response] = await Promise.all([answered, pipeline(open(), request)]);
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += String(chunk);
  const status = response.statusCode ?? 0;
  if (status < 200 || status > 299) throw refusal("write", url, status, text);
}

/** The query of a presigned address is a secret, so it stays out of messages. */
function shown(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

function refusal(verb: string, url: string, status: number, text: string): Error {
  const message = `Could not ${verb} ${shown(url)}: ${String(status)} ${text.slice(0, 300)}`;
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
    throw new UpstreamError(`Could not ${verb} ${shown(url)}. Try again later.`, { cause: error });
  }
}
