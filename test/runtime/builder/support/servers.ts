/** A package index and an object store on loopback. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { IndexFile } from "./packages";

async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** A package index with what the test puts there. */
export class PackageIndex {
  readonly #files = new Map<string, IndexFile[]>();
  /** Bytes served instead of a file's own, by file name. */
  readonly tampered = new Map<string, Buffer>();
  /** How often each file was fetched whole. */
  readonly fetched: string[] = [];

  private constructor(private server?: Server) {}

  static async start(): Promise<PackageIndex> {
    const index = new PackageIndex();
    index.server = await listen((request, response) => index.#answer(request.url ?? "/", response));
    return index;
  }

  get url(): string {
    if (this.server === undefined) throw new Error("The index is not running.");
    return addressOf(this.server);
  }

  add(project: string, ...files: IndexFile[]): void {
    this.#files.set(project, [...(this.#files.get(project) ?? []), ...files]);
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  #answer(url: string, response: ServerResponse): void {
    const [, room, name = ""] = url.split("/");
    const files = room === "simple" ? this.#files.get(name) : undefined;
    if (files !== undefined) {
      const links = files.map(({ filename, bytes }) => {
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        return `<a href="/files/${filename}#sha256=${sha256}">${filename}</a>`;
      });
      response.setHeader("content-type", "text/html").end(`<!DOCTYPE html><body>${links.join("\n")}</body>`);
      return;
    }
    const file =
      room === "files"
        ? [...this.#files.values()].flat().find(({ filename }) => filename === name)
        : undefined;
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    this.fetched.push(name);
    response.end(this.tampered.get(name) ?? file.bytes);
  }
}

/** Stands in for presigned S3 addresses: GET and PUT of whole objects. PUT insists on a length, as S3 does. */
export class ObjectStore {
  readonly objects = new Map<string, Buffer>();
  /** Statuses to answer with before behaving, one per request. */
  readonly refusals: number[] = [];

  private constructor(private server?: Server) {}

  static async start(): Promise<ObjectStore> {
    const store = new ObjectStore();
    store.server = await listen((request, response) => store.#answer(request, response));
    return store;
  }

  url(key: string): string {
    if (this.server === undefined) throw new Error("The store is not running.");
    return `${addressOf(this.server)}/${key}?signature=secret`;
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
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
