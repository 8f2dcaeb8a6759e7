import { CreateRoleCommand, DeleteRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  InvokeCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import type { Connection } from "../platform/connection";
import { withCleanup } from "../cli/interrupts";
import { TaskError } from "../cli/output";

/** A Lambda layer and the modules it should bring. */
interface ImportCheck {
  readonly python: string;
  readonly architecture: string;
  /** Also tells the region. */
  readonly layerArn: string;
  readonly modules: readonly string[];
}

/** What the Lambda saw, by module: where it was loaded from and its version if it tells. */
export type Imported = Readonly<Record<string, { readonly file: string; readonly version: string }>>;

/** The function under test: imports what it is told and says where that came from. */
const CODE = `
import importlib

def handler(event, context):
    found = {}
    for name in event["modules"]:
        module = importlib.import_module(name)
        found[name] = {
            "file": getattr(module, "__file__", None) or str(list(getattr(module, "__path__", []))),
            "version": str(getattr(module, "__version__", "")),
        }
    return found
`;

/**
 * Makes a Lambda with nothing but the layer and a role that may do nothing, lets it import the modules, and removes it
 * again.
 *
 * @throws TaskError with the Lambda's own error when an import fails.
 */
export async function importInLambda(connection: Connection, check: ImportCheck): Promise<Imported> {
  const name = `strata-import-check-${process.pid}-${Date.now()}`;
  const region = check.layerArn.split(":")[3] ?? connection.settings.region;
  const remove = (): Promise<unknown> => removeCheck(connection, name, region);
  return withCleanup(remove, async () => {
    const roleArn = await createRole(connection, name);
    return runCheck(connection, check, { name, region, roleArn });
  }).finally(remove);
}

async function createRole(connection: Connection, RoleName: string): Promise<string> {
  const trust = {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
    ],
  };
  const { Role } = await new IAMClient(connection.settings).send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  return Role?.Arn ?? "";
}

async function runCheck(
  connection: Connection,
  check: ImportCheck,
  made: { readonly name: string; readonly region: string; readonly roleArn: string },
): Promise<Imported> {
  const lambda = connection.lambda(made.region);
  const FunctionName = made.name;
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: made.roleArn,
      Runtime: `python${check.python}` as "python3.13",
      Architectures: [check.architecture as "x86_64"],
      Handler: "check.handler",
      Layers: [check.layerArn],
      Timeout: 60,
      MemorySize: 512,
      Code: { ZipFile: zipSync({ "check.py": Buffer.from(CODE) }) },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 60, minDelay: 1 }, { FunctionName });
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify({ modules: check.modules })) }),
  );
  const text = Buffer.from(Payload ?? []).toString();
  if (FunctionError !== undefined) {
    throw new TaskError(
      `the Lambda could not import ${check.modules.join(", ")} from ${check.layerArn}: ${text}`,
    );
  }
  return JSON.parse(text) as Imported;
}

/** Removes whatever of a check is there. */
async function removeCheck(connection: Connection, name: string, region: string): Promise<void> {
  await Promise.allSettled([
    connection.lambda(region).send(new DeleteFunctionCommand({ FunctionName: name })),
    new IAMClient(connection.settings).send(new DeleteRoleCommand({ RoleName: name })),
  ]);
  // The emulator makes a log group though the role may not; it must go after the function.
  const logGroupName = `/aws/lambda/${name}`;
  await Promise.allSettled([connection.logs(region).send(new DeleteLogGroupCommand({ logGroupName }))]);
}
