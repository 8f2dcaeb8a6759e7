import { runTask, withOwnPlatform } from "./own-platform";

/** What was measured, in seconds. */
export interface StartBenchResult {
  /** From `./strata start` on an empty platform, everything installed, to the first import inside a Lambda. */
  readonly firstImport: number;
  /** The same to the end: every layer of the catalog in both regions. */
  readonly everything: number;
  /** `./strata up local` when nothing changed. */
  readonly unchangedUp: number;
}

/** Starts a platform of its own on `port`, deploys it again, and removes it. */
export function benchStart(port: number, log: (line: string) => void): Promise<StartBenchResult> {
  return withOwnPlatform(async (home) => {
    let firstImport = 0;
    const everything = await runTask(["start", "--port", String(port)], home, (line, seconds) => {
      log(line);
      if (firstImport === 0 && line.includes("A Lambda imported")) firstImport = seconds;
    });
    const unchangedUp = await runTask(["up", "local"], home);
    return { firstImport, everything, unchangedUp };
  });
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
