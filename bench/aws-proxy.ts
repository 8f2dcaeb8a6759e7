/** A loopback proxy before the emulator: it takes as long as AWS does, counts, and may answer in the emulator's stead. */
import {
  Agent,
  type IncomingMessage,
  type ServerResponse,
  createServer,
  request as requestTo,
} from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** What a call does, as far as its delay goes: `record` is our own table, which awswrangler has none of. */
export type CallKind = "write" | "read" | "record";

/** Milliseconds that each call takes longer, by kind. */
export type Delays = Readonly<Record<CallKind, number>>;

export interface Call {
  /** Such as `Glue.BatchCreatePartition`, `S3.List`, `DynamoDB.PutItem`. */
  readonly name: string;
  readonly kind: CallKind;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Answers a call itself; undefined leaves it to the next one, and at last to the emulator. */
export type Answerer = (call: Call) => Answer | undefined;

export interface AwsProxy {
  readonly endpoint: string;
  /** How often each call came, by name, since `reset`. */
  readonly counts: ReadonlyMap<string, number>;
  /** Milliseconds since `reset` in which the emulator had at least one call to answer. */
  readonly emulatorMilliseconds: () => number;
  /** Forgets the counts and times, and sets other delays. */
  reset(delays: Delays): void;
  close(): void;
}

/** Starts a proxy on a free port of 127.0.0.1, before the emulator at `target`. */
export async function startAwsProxy(
  target: string,
  delays: Delays,
  answerers: readonly Answerer[],
): Promise<AwsProxy> {
  const agent = new Agent({ keepAlive: true });
  const counts = new Map<string, number>();
  let current = delays;
  const work = new WorkClock();
  const ask = forwardTo(target, agent);
  const forward = (call: Call) => work.during(() => ask(call));
  const answer = async (call: Call): Promise<Answer> => {
    counts.set(call.name, (counts.get(call.name) ?? 0) + 1);
    await sleep(current[call.kind]);
    for (const answerer of answerers) {
      const given = answerer(call);
      if (given !== undefined) return given;
    }
    return forward(call);
  };
  const server = createServer((request, response) => {
    void readCall(request)
      .then(answer)
      .then(
        (given) => {
          send(response, given);
        },
        (error: unknown) => {
          send(response, { status: 502, headers: {}, body: Buffer.from(String(error)) });
        },
      );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    counts,
    emulatorMilliseconds: () => work.milliseconds,
    reset: (next) => {
      counts.clear();
      work.milliseconds = 0;
      current = next;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
    },
  };
}

/** Adds up the time in which anything was under way, however many at once. */
class WorkClock {
  milliseconds = 0;
  private underWay = 0;
  private since = 0;

  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.underWay++ === 0) this.since = performance.now();
    try {
      return await work();
    } finally {
      if (--this.underWay === 0) this.milliseconds += performance.now() - this.since;
    }
  }
}

/** An answer of the services that speak JSON. */
export function jsonAnswer(document: unknown, status = 200): Answer {
  const body = Buffer.from(JSON.stringify(document));
  return { status, headers: { "content-type": "application/x-amz-json-1.1" }, body };
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = "GET", url = "/", headers } = request;
  return {
    ...nameCall(method, url, headers["x-amz-target"]),
    method,
    url,
    headers,
    body: Buffer.concat(chunks),
  };
}

/** Services that speak JSON name themselves and the action in a header; everything else here is S3. */
function nameCall(method: string, url: string, target: unknown): Pick<Call, "name" | "kind"> {
  if (typeof target === "string") {
    const [service = "", action = ""] = target.split(".");
    if (service.startsWith("DynamoDB")) return { name: `DynamoDB.${action}`, kind: "record" };
    return {
      name: `Glue.${action}`,
      kind: /^(Batch)?(Create|Update|Delete)/.test(action) ? "write" : "read",
    };
  }
  const reads = method === "GET" || method === "HEAD";
  const lists = url.includes("list-type=2");
  return { name: `S3.${lists ? "List" : method}`, kind: reads ? "read" : "write" };
}

function forwardTo(target: string, agent: Agent): (call: Call) => Promise<Answer> {
  return ({ method, url, headers, body }) =>
    new Promise((resolve, reject) => {
      const length = { "content-length": String(body.length) };
      const outgoing = requestTo(
        target + url,
        { method, headers: { ...headers, ...length }, agent },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.once("error", reject);
          incoming.once("end", () => {
            const { statusCode: status = 502, headers: given } = incoming;
            resolve({ status, headers: given, body: Buffer.concat(chunks) });
          });
        },
      );
      outgoing.once("error", reject);
      outgoing.end(body);
    });
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  for (const [name, value] of Object.entries(headers)) {
    // The body is whole here, so neither its framing nor the emulator's connection is the client's.
    if (value === undefined || /^(transfer-encoding|connection|keep-alive|content-length)$/.test(name))
      continue;
    response.setHeader(name, value);
  }
  response.writeHead(status).end(body);
}
