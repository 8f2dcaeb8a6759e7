/**
 * The engine writes into the directory it runs in (plugins, secrets' salt). So that the repository's own files stay as they are, a
 * local stack runs in a directory of the home with copies.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { LocalError } from "../errors";

/** A provider that the engine starts from a directory instead of downloading it. */
export interface ProviderPlugin {
  readonly name: string;
  readonly path: string;
}

type Mapping = Readonly<Record<string, unknown>>;

/** Keys of a stack file that belong to the backend and keys of its owner, which a local stack has of its own. */
const SECRETS_KEYS = ["secretsprovider", "encryptedkey", "encryptionsalt"] as const;

/** Fills the working directory of a local stage and answers it with the project's name. */
export async function prepareWorkDirectory(options: {
  readonly root: string;
  readonly directory: string;
  readonly stage: string;
  readonly plugins: readonly ProviderPlugin[];
}): Promise<{ readonly directory: string; readonly project: string }> {
  const { root, directory, stage, plugins } = options;
  await mkdir(directory, { recursive: true });
  const project = await readProject(root);
  const withPlugins = { ...project, plugins: { providers: plugins } };
  await writeFile(join(directory, "Pulumi.yaml"), stringify(withPlugins));

  const name = `Pulumi.${stage}.yaml`;
  const settings = (await readMapping(join(root, name))) ?? {};
  const earlier = (await readMapping(join(directory, name))) ?? {};
  await writeFile(join(directory, name), stringify(localSettings(settings, earlier)));
  return { directory, project: project.name };
}

/**
 * A stage's settings for a local stack: secrets of the real stage can't be read here, so each becomes `(secret)`, and the salt is
 * the one that the local stack already has.
 */
export function localSettings(settings: Mapping, earlier: Mapping): Mapping {
  const kept = Object.entries(settings).filter(([key]) => !isSecretsKey(key));
  const salt = Object.entries(earlier).filter(([key]) => isSecretsKey(key));
  const config = Object.entries(isMapping(settings["config"]) ? settings["config"] : {}).map(
    ([key, value]) => [key, isMapping(value) && "secure" in value ? "(secret)" : value],
  );
  return Object.fromEntries([...kept, ["config", Object.fromEntries(config)], ...salt]);
}

/** The project's name in Pulumi.yaml. */
export async function projectName(root: string): Promise<string> {
  return (await readProject(root)).name;
}

async function readProject(root: string): Promise<Mapping & { readonly name: string }> {
  const file = join(root, "Pulumi.yaml");
  const project = await readMapping(file);
  if (project === undefined || typeof project["name"] !== "string") {
    throw new LocalError(`${file} is missing or has no name. Run from a complete checkout.`);
  }
  return { ...project, name: project["name"] };
}

async function readMapping(file: string): Promise<Mapping | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const value: unknown = parse(text);
  return isMapping(value) ? value : undefined;
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSecretsKey(key: string): boolean {
  return (SECRETS_KEYS as readonly string[]).includes(key);
}
