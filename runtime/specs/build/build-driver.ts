import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pLimit from "p-limit";
import { z } from "zod";
import { bareEnvironment } from "../../shared/child-environment";
import { BugError } from "../../shared/errors";
import type { SpecBuildSettings } from "../build-settings";

/** One spec for the driver. `images/builder/build_package.py` reads exactly these fields. */
export interface BuildTask {
  /** Absolute path of a folder with `spec.json`. The packages are written into its folder `packages`. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** Time limit. */
  readonly seconds: number;
  /** Limit of the memory of each process, and of the size of each file. */
  readonly megabytes: number;
}

const replySchema = z.object({
  outcome: z.enum(["built", "refused", "failed"]),
  reason: z.string(),
  peakMegabytes: z.number(),
});

/** How a build ended. `failed` is our own mistake. */
export type BuildReply = z.output<typeof replySchema>;

/** Added to a build's own limit: the driver may have to start first, and it ends a late build by itself. */
const GRACE_SECONDS = 30;
const MAX_ERROR_CHARACTERS = 4000;

/**
 * The Python process that builds packages. The first build starts it, and the next ones use it again, because its start takes most of
 * a build's time. It builds each spec in a fork of itself. Its environment is an allowlist without any `AWS_*`. It ends with this process.
 */
export class SpecBuildDriver {
  #running: RunningDriver | undefined;
  readonly #oneAtATime = pLimit(1);

  constructor(private readonly settings: SpecBuildSettings) {}

  /** @throws BugError when Python doesn't start, ends, or doesn't answer. The next build starts it again. */
  build(task: BuildTask): Promise<BuildReply> {
    return this.#oneAtATime(async () => {
      if (this.#running?.hasEnded() !== false) this.#running = new RunningDriver(this.settings);
      try {
        return await this.#running.ask(task);
      } catch (error) {
        this.stop();
        throw error;
      }
    });
  }

  /** Ends the process, if it runs. */
  stop(): void {
    this.#running?.stop();
    this.#running = undefined;
  }
}

class RunningDriver {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  readonly #closed: Promise<void>;
  #failure: Error | undefined;
  #stderr = "";

  constructor({ python, requirements, scratch }: SpecBuildSettings) {
    // -S: without the interpreter's own packages. -B: the folders of an image can't be written to.
    const args = ["-S", "-B", "-X", "utf8", join(requirements, "build_package.py")];
    const child = spawn(python, args, { cwd: "/", env: driverEnvironment(requirements, scratch) });
    this.#child = child;
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.#closed = new Promise((resolve) => child.once("close", () => resolve()));
    child.once("error", (error) => {
      this.#failure = error;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-MAX_ERROR_CHARACTERS);
    });
    // The caller that waits for an answer sees that the process ended.
    child.stdin.on("error", () => undefined);
    // An idle driver must not keep this process from ending.
    for (const handle of [child, child.stdin, child.stdout, child.stderr])
      (handle as ChildProcess | Socket).unref();
  }

  hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.#failure !== undefined;
  }

  async ask(task: BuildTask): Promise<BuildReply> {
    const timer = setTimeout(() => this.stop(), (task.seconds + GRACE_SECONDS) * 1000);
    try {
      this.#child.stdin.write(`${JSON.stringify(task)}\n`);
      const answer = await this.#answers.next();
      if (answer.done !== true) return replySchema.parse(JSON.parse(answer.value));
      await this.#closed;
    } finally {
      clearTimeout(timer);
    }
    const { spawnfile } = this.#child;
    throw new BugError(`The Python that builds packages, ${spawnfile}, doesn't run. ${this.#stderr}`.trim(), {
      cause: this.#failure,
    });
  }

  stop(): void {
    this.#child.kill("SIGKILL");
  }
}

function driverEnvironment(requirements: string, scratch: string): Record<string, string> {
  return {
    ...bareEnvironment(scratch),
    PYTHONPATH: requirements,
    PYTHONHASHSEED: "0",
    // The first second that a zip archive can express.
    SOURCE_DATE_EPOCH: "315532800",
  };
}
