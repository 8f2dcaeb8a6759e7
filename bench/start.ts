import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

/** What was measured, in seconds. */
export interface StartBenchResult {
  /** From `./strata start` on an empty platform, everything installed, to the first import inside a Lambda. */
  readonly firstImport: number;
  /** The same to the end: every layer of the catalog in both regions. */
  readonly everything: number;
  /** `./strata up local` when nothing changed. */
  readonly unchangedUp: number;
}

const ROOT = join(__dirname, "..");

/** Brings a platform of its own up on `port`, deploys it again, and takes it away. */
export async function benchStart(port: number, log: (line: string) => void): Promise<StartBenchResult> {
  const home = await mkdtemp(join(ROOT, ".strata", "bench-"));
  try {
    let firstImport = 0;
    const everything = await timed(["start", "--port", String(port)], home, (line, seconds) => {
      log(line);
      if (firstImport === 0 && line.includes("A Lambda imported")) firstImport = seconds;
    });
    const unchangedUp = await timed(["up", "local"], home, () => undefined);
    return { firstImport, everything, unchangedUp };
  } finally {
    await timed(["reset"], home, () => undefined);
    await rm(home, { recursive: true, force: true });
  }
}

/** The figures as lines, with what is aimed for on 2 cores. */
export function renderStartBench({ firstImport, everything, unchangedUp }: StartBenchResult): string {
  const seconds = (value: number): string => `${value.toFixed(1)} s`.padStart(8);
  return [
    `start, to the first import      ${seconds(firstImport)}   aim: at most 60 s`,
    `start, to the last layer        ${seconds(everything)}`,
    `up when nothing changed         ${seconds(unchangedUp)}   aim: at most 10 s`,
  ].join("\n");
}

/** Runs a task in a home of its own, as a whole process; gives its wall time in seconds. */
function timed(
  args: readonly string[],
  home: string,
  onLine: (line: string, seconds: number) => void,
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
