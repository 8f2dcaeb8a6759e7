import { build as bundle } from "esbuild";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Peak, runMeasured } from "./processes";

/**
 * Calls the handler of a function once, bundled as for Lambda, in a process of its own with our environment.
 *
 * @param entry such as `builder/builder`, below `runtime`.
 * @param scratch where its files go.
 * @returns its answer as JSON, and the peak memory of the process and its children.
 */
export async function runHandler(entry: string, event: unknown, scratch: string): Promise<Peak> {
  const folder = await mkdtemp(join(scratch, "handler-"));
  await bundle({
    entryPoints: [resolve(import.meta.dirname, `../runtime/${entry}.lambda.ts`)],
    outfile: join(folder, "handler.js"),
    bundle: true,
    platform: "node",
    target: "node20",
  });
  await writeFile(join(folder, "event.json"), JSON.stringify(event));
  const driver = join(folder, "driver.js");
  await writeFile(
    driver,
    // The last line is the answer; the lines before it are the handler's log.
    `require("./handler.js").handler(require("./event.json")).then((a) => console.log("\\n" + JSON.stringify(a)));`,
  );
  const { output, bytes } = await runMeasured(process.execPath, [driver]);
  return { output: output.trimEnd().split("\n").at(-1) ?? "", bytes };
}
