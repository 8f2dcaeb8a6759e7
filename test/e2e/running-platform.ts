import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before } from "mocha";
import { freePort } from "../local/home";
import { Connection, emulatorSettings } from "../../tasks/platform/connection";
import { outputsSchema } from "../../stacks/outputs";

/** The checkout under test. */
export const ROOT = join(__dirname, "../..");

/** What a run of the command line came to. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A platform that only these tests know: a home, a port and state of its own. */
class TestPlatform {
  constructor(
    readonly home: string,
    readonly port: number,
  ) {}

  /** Runs `./strata` as a user would, on this platform; `root` is another checkout with the same tools. */
  strata(args: readonly string[], root = ROOT): Promise<Ran> {
    return this.run(args, root, undefined);
  }

  /** The same, with Ctrl-C as soon as it says something. */
  interrupted(args: readonly string[], says: RegExp): Promise<Ran> {
    return this.run(args, ROOT, says);
  }

  private run(args: readonly string[], root: string, interruptAt: RegExp | undefined): Promise<Ran> {
    return new Promise((resolve, reject) => {
      const child = spawn(join(root, "strata"), args, {
        cwd: root,
        env: { ...process.env, STRATA_HOME: this.home },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const text = { stdout: "", stderr: "" };
      let interrupted = false;
      child.stdout.on("data", (chunk: Buffer) => (text.stdout += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => {
        text.stderr += chunk.toString();
        if (interrupted || interruptAt?.test(text.stderr) !== true) return;
        interrupted = true;
        child.kill("SIGINT");
      });
      child.once("error", reject);
      child.once("close", (code) => {
        resolve({ code: code ?? 1, ...text });
      });
    });
  }

  /** Runs `./strata ... --json` and gives what it printed; fails with what it said when its exit code is another. */
  async json<T>(
    args: readonly string[],
    options: { readonly code?: number; readonly root?: string } = {},
  ): Promise<T> {
    const { code, stdout, stderr } = await this.strata([...args, "--json"], options.root);
    if (code !== (options.code ?? 0)) {
      throw new Error(`./strata ${args.join(" ")} exited with ${code}:\n${stderr}\n${stdout}`);
    }
    return JSON.parse(stdout) as T;
  }

  /** SDK clients for what is deployed. */
  connection(): Connection {
    const outputs = outputsSchema.parse(JSON.parse(readFileSync(join(this.home, "outputs.json"), "utf8")));
    return new Connection(
      "local",
      outputs,
      emulatorSettings(`http://127.0.0.1:${this.port}`, outputs.stage.regions[0]),
    );
  }
}

/**
 * Gives a `describe` a platform of its own, gone when it is done. Nothing is deployed on it until a test does so.
 */
export function withPlatform(): () => TestPlatform {
  let platform: TestPlatform | undefined;
  before(async () => {
    mkdirSync(join(ROOT, ".strata"), { recursive: true });
    // Inside the checkout, as every home: closures look for node modules above the engine's folder.
    platform = new TestPlatform(mkdtempSync(join(ROOT, ".strata", "test-")), await freePort());
  });
  after(async function () {
    this.timeout(60_000);
    if (platform === undefined) return;
    await platform.strata(["reset"]);
    rmSync(platform.home, { recursive: true, force: true });
  });
  return () => {
    if (platform === undefined) throw new Error("the platform is there only while tests run");
    return platform;
  };
}

/** Waits until something is true, asking twice a second. */
export async function eventually<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(500)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error(`${what} did not happen within ${seconds} s`);
}

export type { TestPlatform };
