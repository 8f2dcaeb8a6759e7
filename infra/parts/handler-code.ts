import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { bundleText } from "./bundles";

/** The repository root. */
const root = path.resolve(__dirname, "../..");

/** Node.js that Lambda runs our handlers on. */
export const NODE_RUNTIME = "nodejs22.x";

/** Code for a Lambda function: an archive and the name of its handler. */
export interface HandlerCode {
  readonly archive: pulumi.asset.Archive;
  readonly handler: string;
}

/** What code is uploaded from, by the entry: `<service>/<name>` of a file `runtime/<service>/<name>.lambda.ts`. */
export interface CodeFiles {
  /** The bundle's text. */
  bundle(entry: string): string;
  /** @returns the absolute path of a file with the bundle. */
  bundleFile(entry: string): string;
  /**
   * Prepares the folder a container image is built from: `images/<image>` and the bundle as `index.js`.
   *
   * @returns its absolute path.
   */
  imageContext(image: string, entry: string): string;
}

/** The files that are deployed: made under `.strata/` at each run, with unchanged bytes when nothing changed. */
export const DEPLOYED_FILES: CodeFiles = {
  bundle: bundleText,
  bundleFile(entry) {
    const file = path.join(root, ".strata", "bundles", entry, "index.js");
    writeIfChanged(file, bundleText(entry));
    return file;
  },
  imageContext(image, entry) {
    const context = path.join(root, ".strata", "images", image, entry);
    // Tried again where another run makes the same folder at the same time.
    fs.rmSync(context, { recursive: true, force: true, maxRetries: 5 });
    fs.cpSync(path.join(root, "images", image), context, { recursive: true });
    fs.writeFileSync(path.join(context, "index.js"), bundleText(entry));
    return context;
  },
};

let codeFiles = DEPLOYED_FILES;

/** Has code come from elsewhere from now on. For tests that look at resources and never at the code in them. */
export function useCodeFiles(files: CodeFiles): void {
  codeFiles = files;
}

function writeIfChanged(file: string, text: string): void {
  if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === text) return;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

/** A handler from `runtime/<entry>.lambda.ts`, which must export `handler`. */
export function entryCode(entry: string): HandlerCode {
  // A file and not its text: the engine and the provider then pass a path around, not megabytes.
  const bundle = new pulumi.asset.FileAsset(codeFiles.bundleFile(entry));
  return { archive: new pulumi.asset.AssetArchive({ "index.js": bundle }), handler: "index.handler" };
}

/** The folder that the image of an entry is built from. */
export function imageContext(image: string, entry: string): string {
  return codeFiles.imageContext(image, entry);
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
 * Text that changes whenever a tool function might do its work differently: with its bundle, or with files of its image.
 *
 * @param files which of the files right below `images/<image>` count.
 */
export function toolRevision(image: string, entry: string, files: RegExp): string {
  const folder = path.join(root, "images", image);
  const digest = createHash("sha256").update(codeFiles.bundle(entry));
  for (const file of fs.readdirSync(folder).sort()) {
    if (files.test(file)) digest.update(file).update(fs.readFileSync(path.join(folder, file)));
  }
  return digest.digest("hex").slice(0, 16);
}
