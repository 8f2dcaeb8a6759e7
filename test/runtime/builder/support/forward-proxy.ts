import { request as forward, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { addressOf, listen } from "./servers";

/** A proxy that sends each plain request to one server, whatever its host. It records tunnels and refuses them. */
export class ForwardProxy {
  /** Method and address of each request that came through, such as `GET http://index.test/simple/x/`. */
  readonly seen: string[] = [];
  #server: Server | undefined;

  /** @param origin of the server that answers for all hosts. It is called at each request. */
  constructor(private readonly origin: () => string) {}

  async start(): Promise<void> {
    this.#server = await listen((request, response) => this.#pass(request, response));
    this.#server.on("connect", (request, socket) => {
      this.seen.push(`CONNECT ${request.url ?? ""}`);
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
  }

  get url(): string {
    return addressOf(this.#server);
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const { method = "GET", url = "/", headers } = request;
    this.seen.push(`${method} ${url}`);
    const { pathname, search } = new URL(url);
    const onward = forward(this.origin() + pathname + search, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.once("error", () => response.writeHead(502).end());
    request.pipe(onward);
  }
}
