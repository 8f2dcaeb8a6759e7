/** Runs programs for benchmarks, and measures how much memory they use. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Runs a program to its end. @throws Error with the end of its stderr when it fails. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly folder: string; readonly environment?: NodeJS.ProcessEnv },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.folder,
      env: options.environment ?? process.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors = (errors + text).slice(-2000)));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ${args.join(" ")} failed: ${errors}`));
    });
  });
}

/** Peak memory of a process and all its descendants together. */
export interface Peak {
  readonly output: string;
  /** Sum of resident sets in bytes; pages that processes share count once each. 0 where the system has no /proc. */
  readonly bytes: number;
}

/** Runs a program, and adds up the resident memory of it and its descendants fifty times a second. Linux only. */
export async function runMeasured(program: string, args: readonly string[]): Promise<Peak> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const root = child.pid ?? 0;
  let output = "";
  let bytes = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const timer = setInterval(() => (bytes = Math.max(bytes, residentBytes(root))), 20);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  clearInterval(timer);
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}`);
  return { output, bytes };
}

const PAGE_BYTES = 4096;

function residentBytes(root: number): number {
  const processes = new Map<number, { parent: number; bytes: number }>();
  for (const name of safely(() => readdirSync("/proc"), [])) {
    if (!/^\d+$/.test(name)) continue;
    const stat = safely(() => readFileSync(`/proc/${name}/stat`, "utf8"), "");
    // The second field, the command, may hold spaces and brackets of its own.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    processes.set(Number(name), { parent: Number(fields[1]), bytes: Number(fields[21] ?? 0) * PAGE_BYTES });
  }
  let sum = 0;
  for (const [id, { bytes }] of processes) if (descends(id, root, processes)) sum += bytes;
  return sum;
}

function descends(
  id: number,
  root: number,
  processes: ReadonlyMap<number, { readonly parent: number }>,
): boolean {
  for (let at: number | undefined = id; at !== undefined && at > 1; at = processes.get(at)?.parent) {
    if (at === root) return true;
  }
  return false;
}

function safely<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
