/** The two sides of the partition benchmark. Each runs in a new process. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { build as bundle } from "esbuild";
import { SYNC_NODE_OPTIONS } from "../infra/partitions/function-limits";
import { toolPaths, REPOSITORY } from "../local/paths";
import type { Tools } from "../local/tools/tools";
import type { SyncRequest } from "../runtime/contracts/partitions";
import { DATABASE, LOCATION } from "./partition-lake";
import { run } from "./processes";

/** What a process measured about itself. The time to start it does not count. */
export interface Measured {
  readonly milliseconds: number;
  readonly peakBytes: number;
}

/** Registers all partitions of a table, through the proxy at `endpoint`. */
export type Side = (endpoint: string, table: string) => Promise<Measured>;

const ACCESS = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "us-east-1" };

/**
 * Bundles the function that syncs a table, as it is deployed.
 *
 * @param tableName our own table, in which it stores its results.
 */
export async function strataSide(scratch: string, tableName: string): Promise<Side> {
  const bundled = join(scratch, "strata-sync.js");
  await bundle({
    entryPoints: [resolve(__dirname, "strata-sync.ts")],
    outfile: bundled,
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
  });
  return (endpoint, table) => {
    const request: SyncRequest = { runId: "bench", database: DATABASE, table, full: true };
    return measured(process.execPath, [bundled, JSON.stringify(request)], scratch, {
      ...ACCESS,
      AWS_ENDPOINT_URL: endpoint,
      NODE_OPTIONS: SYNC_NODE_OPTIONS,
      TABLE_NAME: tableName,
      STAGE: "bench",
      GLUE_CATALOG_ID: "",
      LOOK_BACK_DAYS: "3",
      LOOK_AHEAD_DAYS: "0",
    });
  };
}

/** Installs a pinned awswrangler into an environment of its own. The environment is kept for the next time. */
export async function awswranglerSide(scratch: string, tools: Tools): Promise<Side> {
  const requirements = resolve(__dirname, "partitions-requirements.txt");
  const digest = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex");
  const folder = join(toolPaths(REPOSITORY).tools, `awswrangler-${digest.slice(0, 12)}`);
  const python = join(folder, "bin", "python");
  await run(tools.uv, ["venv", "--quiet", "--allow-existing", "--python", tools.python, folder], {
    folder: scratch,
  });
  const install = ["pip", "install", "--quiet", "--require-hashes", "--python", python, "-r", requirements];
  await run(tools.uv, install, { folder: scratch });
  const script = resolve(__dirname, "awswrangler-side.py");
  return (endpoint, table) =>
    measured(python, [script, DATABASE, table, LOCATION], scratch, {
      ...ACCESS,
      AWS_ENDPOINT_URL: endpoint,
      AWS_DEFAULT_REGION: ACCESS.AWS_REGION,
    });
}

/** Runs a side and reads the last line that it prints. */
async function measured(
  program: string,
  args: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<Measured> {
  const output = await run(program, args, {
    folder,
    environment: { PATH: process.env["PATH"], HOME: folder, ...environment },
  });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Measured;
}
