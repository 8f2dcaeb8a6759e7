import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  InvokeCommand,
  type LambdaClient,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { withCleanup } from "./interrupts";
import { TaskError } from "./task-error";

/** A Lambda layer and the modules it should bring. */
export interface ImportCheck {
  readonly python: string;
  readonly architecture: string;
  readonly layerArn: string;
  readonly modules: readonly string[];
  /** A role the function may take; it needs no permission at all. */
  readonly roleArn: string;
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
 * Makes a Lambda with nothing but the layer, lets it import the modules, and removes it again.
 *
 * @param zip packs one file into a zip.
 * @throws TaskError with the Lambda's own error when an import fails.
 */
export async function importInLambda(
  lambda: LambdaClient,
  check: ImportCheck,
  zip: (name: string, text: string) => Uint8Array,
): Promise<Imported> {
  const FunctionName = `strata-import-check-${process.pid}-${Date.now()}`;
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: check.roleArn,
      Runtime: `python${check.python}` as "python3.13",
      Architectures: [check.architecture as "x86_64"],
      Handler: "check.handler",
      Layers: [check.layerArn],
      Timeout: 60,
      MemorySize: 512,
      Code: { ZipFile: zip("check.py", CODE) },
    }),
  );
  const remove = (): Promise<void> => removeQuietly(lambda, FunctionName);
  return withCleanup(remove, async () => {
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 60, minDelay: 1 }, { FunctionName });
    const answer = await lambda.send(
      new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify({ modules: check.modules })) }),
    );
    const text = Buffer.from(answer.Payload ?? []).toString();
    if (answer.FunctionError !== undefined) {
      throw new TaskError(
        `the Lambda could not import ${check.modules.join(", ")} from ${check.layerArn}: ${text}`,
      );
    }
    return JSON.parse(text) as Imported;
  }).finally(remove);
}

async function removeQuietly(lambda: LambdaClient, FunctionName: string): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await lambda.send(new DeleteFunctionCommand({ FunctionName }));
      return;
    } catch {
      await sleep(500);
    }
  }
}
