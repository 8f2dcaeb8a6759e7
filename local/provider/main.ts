/** Entry of the provider's process, started by the engine through `pulumi-resource-aws`. */
import { main } from "@pulumi/pulumi/provider";
import { invokes } from "./invokes";
import { createProvider } from "./provider";
import { types } from "./types";

// The emulator must never see the user's own credentials and profiles.
for (const name of Object.keys(process.env)) {
  if (name.startsWith("AWS_")) Reflect.deleteProperty(process.env, name);
}
process.env["AWS_CONFIG_FILE"] = "/dev/null";
process.env["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";

const endpoint = process.env["STRATA_ENDPOINT"];

void main(
  createProvider({
    types,
    invokes,
    endpoint: endpoint === "" ? undefined : endpoint,
    region: process.env["STRATA_REGION"] ?? "us-east-1",
    version: "7.48.0",
  }),
  process.argv.slice(2),
);
