import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers one request. */
export type Answer = (request: Request) => Response | Promise<Response>;

/** Serves on loopback, and returns the port. */
export async function serve(answer: Answer): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer((incoming, outgoing) => {
    const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
    const request = new Request(`http://${incoming.headers.host ?? "localhost"}${incoming.url ?? "/"}`, {
      method: incoming.method ?? "GET",
      headers: headers.map(([name, value]): [string, string] => [name, value]),
    });
    Promise.resolve(answer(request))
      .then(async (response) => {
        outgoing.writeHead(response.status, Object.fromEntries(response.headers));
        outgoing.end(Buffer.from(await response.arrayBuffer()));
      })
      .catch((error: unknown) => outgoing.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, server };
}
