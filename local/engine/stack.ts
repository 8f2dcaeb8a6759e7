/** Opens a stage of the program as a stack of the real engine, with the program running in this process. */
import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  type ConfigMap,
  type InlineProgramArgs,
  LocalWorkspace,
  type LocalWorkspaceOptions,
  type OutputMap,
  type PulumiCommand,
  type PulumiFn,
  type Stack,
  StackNotFoundError,
} from "@pulumi/pulumi/automation";
import { type Emulator } from "../emulator/emulator";
import { LocalError } from "../errors";
import { homePaths, REPOSITORY } from "../paths";
import { engineLines } from "./run-stack";
import { prepareState } from "./state";
import { type Progress } from "../tools/tools";
import { prepareWorkDirectory, projectName } from "./work-directory";

export type { OutputMap, PulumiFn, Stack };

export interface StackOptions {
  /** Must be inside the repository: closures look for `node_modules` above the engine's working directory. */
  readonly home: string;
  /** Name of the stack, such as `local` or `dev`. */
  readonly stage: string;
  readonly program: PulumiFn;
  /** `local`: our providers and a file backend in the home. `official`: the published plugins and the backend you are logged in to. */
  readonly provider: "local" | "official";
  readonly engine: PulumiCommand;
  /**
   * Whether to create the stack when the backend has none. A `local` stack is always created, since its backend is our own.
   * @default false
   */
  readonly create?: boolean;
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
  aws: resolve(__dirname, "../provider"),
  awsx: resolve(__dirname, "../provider/awsx"),
} as const;

/**
 * The stack of a stage. In the user's own backend it is created only with `create`, and only for a stage that has a
 * Pulumi.<stage>.yaml or `config`. With a local provider, state of an earlier emulator is deleted first, and so are
 * locks of processes that no longer exist.
 * @throws LocalError when there is no such stack, or the engine can't open it.
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
  const stack = await explained(options.stage, () =>
    LocalWorkspace.createOrSelectStack(
      { stackName: options.stage, projectName: work.project, program: options.program },
      {
        workDir: work.directory,
        pulumiCommand: options.engine,
        pulumiHome: paths.engineHome,
        envVars: { ...localEnvironment(options, paths.state), ...options.environment },
      },
    ),
  );
  if (options.config !== undefined) await stack.setAllConfig(options.config);
  return stack;
}

async function openOfficial(options: StackOptions, root: string): Promise<Stack> {
  const { stage, program } = options;
  const args = { stackName: stage, projectName: await projectName(root), program };
  const workspace = {
    workDir: root,
    pulumiCommand: options.engine,
    envVars: { AWS_REGION: options.region, ...options.environment },
  };
  const stack = await explained(stage, async () => {
    try {
      return await LocalWorkspace.selectStack(args, workspace);
    } catch (error) {
      if (!(error instanceof StackNotFoundError)) throw error;
      if (options.create !== true) throw await notDeployed(stage, workspace, error);
      return create(args, workspace, options.config);
    }
  });
  if (options.config !== undefined) await stack.setAllConfig(options.config);
  return stack;
}

/** Creates a stack, but not for a stage without settings: its name is mistyped, and the backend must not keep a stack of that name. */
async function create(
  args: InlineProgramArgs,
  workspace: LocalWorkspaceOptions & { readonly workDir: string },
  config: ConfigMap | undefined,
): Promise<Stack> {
  const { stackName } = args;
  const file = join(workspace.workDir, `Pulumi.${stackName}.yaml`);
  if (config === undefined && !(await exists(file))) {
    throw new LocalError(
      `Pulumi.${stackName}.yaml cannot be used:\n  it is missing, so stack ${stackName} was not created. ` +
        `Write ${file} (Pulumi.dev.yaml is an example), or correct the stage's name.`,
    );
  }
  return LocalWorkspace.createStack(args, workspace);
}

async function notDeployed(
  stage: string,
  workspace: LocalWorkspaceOptions,
  cause: Error,
): Promise<LocalError> {
  const backend = await LocalWorkspace.create(workspace)
    .then((opened) => opened.whoAmI())
    .then(({ url }) => url)
    .catch(() => undefined);
  return new LocalError(
    `stage ${stage} is not deployed (no stack ${stage} in ${backend ?? "the backend you are logged in to"}); ` +
      `\`pulumi stack init ${stage}\` or ./strata up ${stage} creates it`,
    { cause },
  );
}

/** Adds to an error of the engine what to do. */
async function explained<T>(stage: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof LocalError) throw error;
    const lines = engineLines(error);
    const advice = /passphrase/i.test(lines)
      ? "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the one of this stack's backend, then try again."
      : "Log in to the backend that holds your stacks (`pulumi login`, or set PULUMI_BACKEND_URL), then try again.";
    throw new LocalError(`Stack ${stage} can't be opened:\n${lines}\n${advice}`, { cause: error });
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function localEnvironment(options: StackOptions, state: string): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: `file://${state}`,
    // The engine wants a passphrase. This one protects nothing: the state describes an emulator on this machine.
    PULUMI_CONFIG_PASSPHRASE: "local",
    PULUMI_CONFIG_PASSPHRASE_FILE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    STRATA_ENDPOINT: options.emulator?.endpoint ?? "",
    STRATA_REGION: options.region,
  };
}
