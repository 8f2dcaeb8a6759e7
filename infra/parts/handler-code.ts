import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { buildSync } from "esbuild";
import * as pulumi from "@pulumi/pulumi";

/** The repository root, from which entries under `runtime/` are named. */
const root = path.resolve(__dirname, "../..");

/** Node.js that Lambda runs our handlers on. */
export const NODE_RUNTIME = "nodejs22.x";

/** Code for a Lambda function: an archive and the name of its handler. */
export interface HandlerCode {
  readonly archive: pulumi.asset.Archive;
  readonly handler: string;
}

/** Every bundle by its entry, made all at once: what they share is read and parsed once. */
let bundles: ReadonlyMap<string, string> | undefined;

/**
 * Bundles `runtime/<entry>.lambda.ts` with everything it imports into one CommonJS file. The same sources give the same bytes,
 * so that an unchanged function is an unchanged hash.
 *
 * @throws Error from esbuild when an entry does not compile, and ours when there is no such entry.
 */
export function bundleText(entry: string): string {
  bundles ??= bundleEverything();
  const text = bundles.get(entry);
  if (text === undefined) throw new Error(`there is no runtime/${entry}.lambda.ts`);
  return text;
}

function bundleEverything(): Map<string, string> {
  const folder = path.join(root, "runtime");
  const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" });
  const result = buildSync({
    entryPoints: files.filter((file) => file.endsWith(".lambda.ts")).map((file) => path.join(folder, file)),
    outdir: folder,
    outbase: folder,
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    // ES modules first: they can be shaken, and half of an SDK client is never used.
    mainFields: ["module", "main"],
    target: "node20",
    format: "cjs",
    minify: true,
    // Error names reach the state machine and the logs.
    keepNames: true,
    legalComments: "none",
    // ESM packages in the bundle may ask for their own address.
    define: { "import.meta.url": "__strata_module_url" },
    banner: { js: 'const __strata_module_url = require("node:url").pathToFileURL(__filename).href;' },
    write: false,
    logLevel: "silent",
  });
  return new Map(
    result.outputFiles.map((file) => [
      path
        .relative(folder, file.path)
        .replace(/\.lambda\.js$/, "")
        .split(path.sep)
        .join("/"),
      file.text,
    ]),
  );
}

/** A handler from `runtime/<entry>.lambda.ts`, which must export `handler`. */
export function entryCode(entry: string): HandlerCode {
  const file = path.join(root, ".strata", "bundles", entry, "index.js");
  writeIfChanged(file, bundleText(entry));
  // A file and not its text: the engine and the provider then pass a path around, not megabytes.
  return {
    archive: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.FileAsset(file) }),
    handler: "index.handler",
  };
}

function writeIfChanged(file: string, text: string): void {
  if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === text) return;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

/** An inline handler: takes the event and may return what the source expects. Captures only plain values and Node built-ins. */
export type InlineHandler = (event: never) => Promise<unknown>;

/** Serializes an inline handler as Pulumi does for callback functions, and packs it without any node module. */
export function inlineCode(handler: InlineHandler): HandlerCode {
  const serialized = pulumi.runtime.serializeFunction(handler, {
    exportName: "handler",
  });
  const text = serialized.then((closure) => closure.text);
  return {
    archive: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(text) }),
    handler: "index.handler",
  };
}

/**
 * Prepares the folder a container image is built from: `images/<image>` and the bundled entry as `index.js`. Made anew at each
 * run under `.strata/`, with unchanged bytes when nothing changed.
 *
 * @returns its absolute path.
 */
export function imageContext(image: string, entry: string): string {
  const context = path.join(root, ".strata", "images", image, entry);
  // Tried again where another run makes the same folder at the same time.
  fs.rmSync(context, { recursive: true, force: true, maxRetries: 5 });
  fs.cpSync(path.join(root, "images", image), context, { recursive: true });
  fs.writeFileSync(path.join(context, "index.js"), bundleText(entry));
  return context;
}

/**
 * Text that changes whenever a tool function might do its work differently: with its bundle, or with files of its image.
 *
 * @param files which of the files right below `images/<image>` count.
 */
export function toolRevision(image: string, entry: string, files: RegExp): string {
  const folder = path.join(root, "images", image);
  const digest = createHash("sha256").update(bundleText(entry));
  for (const file of fs.readdirSync(folder).sort()) {
    if (files.test(file)) digest.update(file).update(fs.readFileSync(path.join(folder, file)));
  }
  return digest.digest("hex").slice(0, 16);
}
