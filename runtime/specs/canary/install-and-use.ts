import { join } from "node:path";
import { INDEX_JSON_TYPE } from "../../contracts/specs";
import { normalizeName } from "../../contracts/target";
import { bareEnvironment, networkEnvironment } from "../../shared/child-environment";
import { runCommand, type Command } from "../../shared/child-process";
import { BugError, UpstreamError } from "../../shared/errors";
import { withWorkFolder } from "../../shared/work-folder";
import type { SpecBuildSettings } from "../build-settings";
import type { SpecKey } from "../key";

/** Where the package index is, and who reads it. */
export interface IndexAccess {
  /** Without a last slash; the owners are below it. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** Writes a bird into a database in memory, reads it, and prints it. */
const PROGRAM = `
import json, sys
sys.path[:0] = sys.argv[1:]
import strata_canary
from open_alchemy import models
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
engine = create_engine("sqlite://")
models.Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add(strata_canary.Bird.from_dict(id=1, name="Tweety"))
    session.commit()
    print(json.dumps(session.query(strata_canary.Bird).one().to_dict()))
`;

const INSTALL_MILLISECONDS = 90_000;
const USE_MILLISECONDS = 60_000;
const ASK_MILLISECONDS = 15_000;
const MAX_OUTPUT_CHARACTERS = 2000;

/**
 * Whether the package index lists a version.
 * @throws UpstreamError when the index answers neither with a page nor with 404.
 */
export async function isListed({ owner, specId, version }: SpecKey, access: IndexAccess): Promise<boolean> {
  const { url, user, password } = access;
  const credentials = Buffer.from(`${user}:${password}`).toString("base64");
  const response = await fetch(`${url}/${owner}/simple/${normalizeName(specId)}/`, {
    headers: { accept: INDEX_JSON_TYPE, authorization: `Basic ${credentials}` },
    signal: AbortSignal.timeout(ASK_MILLISECONDS),
  });
  if (response.status === 404) return false;
  if (!response.ok)
    throw new UpstreamError(`The index answered ${String(response.status)}: ${await response.text()}`);
  const { versions } = (await response.json()) as { readonly versions?: readonly unknown[] };
  return versions?.includes(version) ?? false;
}

/** Installs a canary's package from the index with uv, and uses its model in a child process without credentials. */
export async function installAndUse(
  { owner, specId, version }: SpecKey,
  access: IndexAccess,
  settings: SpecBuildSettings & { readonly uv: string },
): Promise<string> {
  const { python, requirements, scratch, uv } = settings;
  return withWorkFolder(scratch, async (folder) => {
    const packages = join(folder, "packages");
    const options = ["--no-config", "--no-cache", "--no-deps", "--no-build", "--python", python];
    await run({
      program: uv,
      args: ["pip", "install", ...options, "--target", packages, `${specId}==${version}`],
      // The password is in the environment, because every user of the machine can read arguments.
      environment: { ...onlyNetwork(folder), UV_DEFAULT_INDEX: addressOf(owner, access) },
      folder,
      milliseconds: INSTALL_MILLISECONDS,
    });
    return run({
      program: python,
      args: ["-I", "-B", "-c", PROGRAM, packages, requirements],
      environment: bareEnvironment(folder),
      folder,
      milliseconds: USE_MILLISECONDS,
    });
  });
}

/** What uv needs to reach the network, without the indexes that the machine uses for other packages. */
function onlyNetwork(folder: string): Record<string, string> {
  const all = Object.entries(networkEnvironment(folder));
  return Object.fromEntries(all.filter(([name]) => !/^UV_.*INDEX/.test(name)));
}

function addressOf(owner: string, { url, user, password }: IndexAccess): string {
  const address = new URL(`${url}/${owner}/simple/`);
  address.username = encodeURIComponent(user);
  address.password = encodeURIComponent(password);
  return address.href;
}

async function run(command: Command): Promise<string> {
  const { succeeded, timedOut, stdout, stderr } = await runCommand(command);
  if (succeeded) return stdout;
  const reason = timedOut
    ? `it didn't end within ${String(command.milliseconds / 1000)} s`
    : stderr.slice(-MAX_OUTPUT_CHARACTERS);
  throw new BugError(`${command.program} failed: ${reason.replace(/(:\/\/)[^/\s@]+@/g, "$1***@")}`);
}
