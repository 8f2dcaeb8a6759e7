import { spawn } from "node:child_process";

/** A program to run. The environment is given whole: nothing is inherited. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Time limit; then the whole process group is killed. */
  readonly milliseconds: number;
  /** Text for the standard input. */
  readonly input?: string;
}

/** What a program did. Output is cut to its last million characters (stdout: 16 million). */
export interface Outcome {
  readonly succeeded: boolean;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

const STDOUT_LIMIT = 16_000_000;
const STDERR_LIMIT = 1_000_000;

/**
 * Runs a program in a process group of its own, and leaves none of the group alive, however it ended: build backends and
 * imported modules start children too.
 */
export function runCommand(command: Command): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command.program, command.args, {
      cwd: command.folder,
      env: command.environment,
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child.pid);
    }, command.milliseconds);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout = (stdout + text).slice(-STDOUT_LIMIT);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-STDERR_LIMIT);
    });
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(new Error(`${command.program} could not be started. Is it installed?`, { cause: error }));
    });
    child.once("exit", () => killGroup(child.pid));
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ succeeded: code === 0 && !timedOut, timedOut, stdout, stderr });
    });
    // A program that ends without reading its input is no error of ours.
    child.stdin.on("error", () => undefined);
    child.stdin.end(command.input ?? "");
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group is gone already, which is what is wanted.
  }
}
