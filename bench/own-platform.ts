/** A platform for one benchmark, with a home, a port and state of its own. It is removed at the end. */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

const ROOT = join(__dirname, "..");

/** Runs `work` with the home of a platform of its own, on which nothing is deployed yet. */
export async function withOwnPlatform<T>(work: (home: string) => Promise<T>): Promise<T> {
  await mkdir(join(ROOT, ".strata"), { recursive: true });
  const home = await mkdtemp(join(ROOT, ".strata", "bench-"));
  try {
    return await work(home);
  } finally {
    await runTask(["reset"], home);
    await rm(home, { recursive: true, force: true });
  }
}

/** Runs a task on the platform in `home`, as a whole process; gives its wall time in seconds. */
export function runTask(
  args: readonly string[],
  home: string,
  onLine: (line: string, seconds: number) => void = () => undefined,
): Promise<number> {
  const began = Date.now();
  const seconds = (): number => (Date.now() - began) / 1000;
  return new Promise((resolve, reject) => {
    const child = spawn(join(ROOT, "strata"), args, {
      env: { ...process.env, STRATA_HOME: home },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let text = "";
    child.stderr.on("data", (chunk: Buffer) => {
      const lines = `${text}${chunk.toString()}`.split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) onLine(line, seconds());
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(seconds());
      else reject(new Error(`./strata ${args.join(" ")} exited with ${String(code)}: ${text}`));
    });
  });
}
