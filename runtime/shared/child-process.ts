import { spawn } from "node:child_process";

/** A program to run. It gets exactly this environment; nothing is inherited. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly folder: string;
  /** Time limit. After it, the whole process group is killed. */
  readonly milliseconds: number;
  /** Text for the standard input. */
  readonly input?: string;
}

/** How a program ended. Of stdout the last 16 million characters are kept, of stderr the last million. */
export interface Outcome {
  readonly succeeded: boolean;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

const MAX_STDOUT = 16_000_000;
const MAX_STDERR = 1_000_000;

/**
 * Runs a program in a process group of its own. When it ends, the whole group is killed, because build backends and imported
 * modules start children too.
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
      stdout = (stdout + text).slice(-MAX_STDOUT);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-MAX_STDERR);
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
    // It is not an error when a program ends without reading its input.
    child.stdin.on("error", () => undefined);
    child.stdin.end(command.input ?? "");
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group has ended already.
  }
}
