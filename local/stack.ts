/** Opens a stage of the program as a stack of the real engine, with the program running in this process. */
import { resolve } from "node:path";
import {
  type ConfigMap,
  LocalWorkspace,
  type OutputMap,
  type PulumiCommand,
  type PulumiFn,
  type Stack,
} from "@pulumi/pulumi/automation";
import { type Emulator } from "./emulator";
import { homePaths, REPOSITORY } from "./paths";
import { prepareState } from "./state";
import { type Progress } from "./tools";
import { prepareWorkDirectory, projectName } from "./work-directory";

export type { OutputMap, PulumiFn, Stack };

export interface StackOptions {
  /** Must lie inside the repository: closures look for `node_modules` above the engine's working directory. */
  readonly home: string;
  /** Name of the stack, such as `local` or `dev`. */
  readonly stage: string;
  readonly program: PulumiFn;
  /** `local`: our providers and a file backend in the home. `official`: the published plugins and the backend you are logged in to. */
  readonly provider: "local" | "official";
  readonly engine: PulumiCommand;
  /** Default region of resources. */
  readonly region: string;
  /** What the local provider creates resources on. Without one, only a preview is possible. */
  readonly emulator?: Pick<Emulator, "endpoint" | "instance">;
  /** Holds Pulumi.yaml and Pulumi.<stage>.yaml. @default the checkout */
  readonly root?: string;
  /** Config on top of the stage's file, keys with namespace. */
  readonly config?: ConfigMap;
  /** Added to the engine's environment, and so to the providers'. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly progress?: Progress;
}

/** Where the providers named `aws` and `awsx` are started from. */
const PROVIDERS = {
  aws: resolve(__dirname, "provider"),
  awsx: resolve(__dirname, "awsx-provider"),
} as const;

/**
 * The stack of a stage, created when it isn't there. With a local provider, state that describes an emulator that is gone is
 * thrown away first, and locks of dead processes are removed.
 */
export async function openStack(options: StackOptions): Promise<Stack> {
  const root = options.root ?? REPOSITORY;
  return options.provider === "local" ? openLocal(options, root) : openOfficial(options, root);
}

async function openLocal(options: StackOptions, root: string): Promise<Stack> {
  const paths = homePaths(options.home);
  await prepareState(paths, options.emulator, options.progress ?? (() => undefined));
  const work = await prepareWorkDirectory({
    root,
    directory: paths.work(options.stage),
    stage: options.stage,
    plugins: Object.entries(PROVIDERS).map(([name, path]) => ({ name, path })),
  });
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: options.stage, projectName: work.project, program: options.program },
    {
      workDir: work.directory,
      pulumiCommand: options.engine,
      pulumiHome: paths.engineHome,
      envVars: { ...localEnvironment(options, paths.state), ...options.environment },
    },
  );
  if (options.config !== undefined) await stack.setAllConfig(options.config);
  return stack;
}

async function openOfficial(options: StackOptions, root: string): Promise<Stack> {
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: options.stage, projectName: await projectName(root), program: options.program },
    {
      workDir: root,
      pulumiCommand: options.engine,
      envVars: { AWS_REGION: options.region, ...options.environment },
    },
  );
  if (options.config !== undefined) await stack.setAllConfig(options.config);
  return stack;
}

function localEnvironment(options: StackOptions, state: string): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: `file://${state}`,
    // The state describes an emulator on this machine: the passphrase guards nothing, but the engine wants one.
    PULUMI_CONFIG_PASSPHRASE: "local",
    PULUMI_CONFIG_PASSPHRASE_FILE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    STRATA_ENDPOINT: options.emulator?.endpoint ?? "",
    STRATA_REGION: options.region,
  };
}
