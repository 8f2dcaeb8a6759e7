import { type Provider } from "@pulumi/pulumi/provider";
import { type Emulator, startEmulator, stopEmulator } from "../../../local/emulator/emulator";
import { type ClientClass, contexts } from "../../../local/provider/clients";
import { createProvider } from "../../../local/provider/provider";
import { types } from "../../../local/provider/types";
import { freePort, removeHome, temporaryHome, testTools } from "../home";

export type Properties = Readonly<Record<string, unknown>>;

/** A resource that was made: its id, and inputs and outputs as the engine would keep them. */
export interface Made {
  readonly type: string;
  readonly id: string;
  readonly outs: Properties;
}

/** The provider with an emulator of its own, and the engine's four verbs for one resource. */
export interface Workbench {
  readonly create: (type: string, inputs: Properties) => Promise<Made>;
  readonly update: (made: Made, inputs: Properties) => Promise<Made>;
  readonly remove: (made: Made) => Promise<void>;
  /** Whether a refresh would still find it. */
  readonly isThere: (made: Made) => Promise<boolean>;
  readonly client: <Client>(clientClass: ClientClass<Client>) => Client;
  readonly close: () => Promise<void>;
}

/** Sources of a function that answers nothing. */
export const NOTHING = codeOf("exports.handler = async () => undefined;");

/** Code of a function with one file, as the engine hands it over. */
export function codeOf(text: string): Properties {
  return { kind: "archive", assets: { "index.js": { kind: "asset", text } } };
}

/** Who may take on a function's role. */
export const LAMBDA_TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
});

/** Starts an emulator, which the caller closes. */
export async function openWorkbench(): Promise<Workbench> {
  const home = await temporaryHome();
  const emulator: Emulator = await startEmulator({
    home,
    tools: await testTools(),
    port: await freePort(),
  });
  const { endpoint } = emulator;
  const options = { types, invokes: {}, endpoint, region: "us-east-1", version: "7.0.0" };
  const provider = createProvider(options) as Required<Provider>;
  const urnOf = (type: string): string => `urn:pulumi:local::strata::${type}::thing`;
  return {
    create: async (type, inputs) => {
      const created = await provider.create(urnOf(type), inputs);
      return { type, id: created.id, outs: created.outs as Properties };
    },
    update: async ({ type, id, outs }, inputs) => {
      const updated = await provider.update(id, urnOf(type), outs, inputs);
      return { type, id, outs: updated.outs as Properties };
    },
    remove: ({ type, id, outs }) => provider.delete(id, urnOf(type), outs),
    isThere: async ({ type, id, outs }) => (await provider.read(id, urnOf(type), outs)).id === id,
    client: contexts(endpoint)("us-east-1").client,
    close: async () => {
      await stopEmulator(home);
      await removeHome(home);
    },
  };
}
