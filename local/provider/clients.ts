/** AWS SDK clients that talk to the emulator only. */
import { NodeHttpHandler } from "@smithy/node-http-handler";

/** The settings of every client. The key is the emulator's root key. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly forcePathStyle: boolean;
  readonly disableHostPrefix: boolean;
  readonly maxAttempts: number;
  readonly requestHandler: NodeHttpHandler;
}

export type ClientClass<Client> = new (settings: ClientSettings) => Client;

/** What a resource is created with. */
export interface Context {
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  readonly partition: string;
  /** The client of a service in the resource's region. */
  readonly client: <Client>(clientClass: ClientClass<Client>) => Client;
}

/** The emulator's account: the one of its root key. */
const ACCOUNT = "000000000000";

/** Makes contexts by region. Clients are made once for each class and region. */
export function contexts(endpoint: string): (region: string) => Context {
  const requestHandler = new NodeHttpHandler();
  const clients = new Map<string, unknown>();
  return (region) => ({
    endpoint,
    region,
    account: ACCOUNT,
    partition: "aws",
    client: <Client>(clientClass: ClientClass<Client>): Client => {
      const key = `${clientClass.name} ${region}`;
      const known = clients.get(key) as Client | undefined;
      if (known !== undefined) return known;
      const created = new clientClass({
        endpoint,
        region,
        credentials: { accessKeyId: "test", secretAccessKey: "test" },
        forcePathStyle: true,
        disableHostPrefix: true,
        maxAttempts: 3,
        requestHandler,
      });
      clients.set(key, created);
      return created;
    },
  });
}
