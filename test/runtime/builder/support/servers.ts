/** A package index and an object store on loopback. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { IndexFile } from "./packages";

export async function listen(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

export function addressOf(server: Server | undefined): string {
  if (server === undefined) throw new Error("The server is not running.");
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** A package index with the files that a test adds. */
export class PackageIndex {
  readonly #files = new Map<string, IndexFile[]>();
  /** Bytes to send instead of the file's own, by file name. */
  readonly tampered = new Map<string, Buffer>();
  /** How often to answer 503 before the real answer, by path such as `/simple/x/`. */
  readonly busy = new Map<string, number>();
  /** After how many answers to answer only 503, by path. */
  readonly dying = new Map<string, number>();
  /** Each path that was requested, also those that were refused. */
  readonly asked: string[] = [];
  #server: Server | undefined;

  async start(): Promise<void> {
    this.#server = await listen((request, response) => this.#answer(request.url ?? "/", response));
  }

  get url(): string {
    return addressOf(this.#server);
  }

  /** How often a path was requested. */
  timesAsked(path: string): number {
    return this.asked.filter((asked) => asked === path).length;
  }

  add(project: string, ...files: IndexFile[]): void {
    this.#files.set(project, [...(this.#files.get(project) ?? []), ...files]);
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  #answer(url: string, response: ServerResponse): void {
    this.asked.push(url);
    const busy = this.busy.get(url) ?? 0;
    if (busy > 0 || this.timesAsked(url) > (this.dying.get(url) ?? Infinity)) {
      this.busy.set(url, busy - 1);
      response.writeHead(503).end("busy");
      return;
    }
    const [, kind, name = ""] = url.split("/");
    const files = kind === "simple" ? this.#files.get(name) : undefined;
    if (files !== undefined) {
      const links = files.map(({ filename, bytes }) => {
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        return `<a href="/files/${filename}#sha256=${sha256}">${filename}</a>`;
      });
      response.setHeader("content-type", "text/html").end(`<!DOCTYPE html><body>${links.join("\n")}</body>`);
      return;
    }
    const file =
      kind === "files"
        ? [...this.#files.values()].flat().find(({ filename }) => filename === name)
        : undefined;
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.end(this.tampered.get(name) ?? file.bytes);
  }
}

/** Behaves like presigned S3 addresses: GET and PUT of whole objects. PUT requires a length, as in S3. */
export class ObjectStore {
  readonly objects = new Map<string, Buffer>();
  /** Statuses to answer with before the real answers, one per request. */
  readonly refusals: number[] = [];

  #server: Server | undefined;

  async start(): Promise<void> {
    this.#server = await listen((request, response) => this.#answer(request, response));
  }

  url(key: string): string {
    return `${addressOf(this.#server)}/${key}?signature=secret`;
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  json(key: string): unknown {
    return JSON.parse(this.objects.get(key)?.toString() ?? "null");
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const key = new URL(request.url ?? "/", "http://store").pathname.slice(1);
    const refusal = this.refusals.shift();
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = this.objects.get(key);
      if (refusal !== undefined) response.writeHead(refusal).end("refused");
      else if (request.method === "PUT" && request.headers["content-length"] === undefined)
        response.writeHead(411).end();
      else if (request.method === "PUT") response.end(void this.objects.set(key, Buffer.concat(chunks)));
      else if (body === undefined) response.writeHead(404).end("no such key");
      else response.end(body);
    });
  }
}
