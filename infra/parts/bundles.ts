import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { type BuildOptions, buildSync, version } from "esbuild";

/** The repository root, from which entries under `runtime/` are named. */
const root = path.resolve(__dirname, "../..");

/** For so many states of our sources, the last ones, bundles are kept on disk. */
const KEPT_STATES = 3;

const OPTIONS = {
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
  logLevel: "silent",
} satisfies BuildOptions;

/** Every bundle of ours by its entry. */
let bundles: ReadonlyMap<string, string> | undefined;

/**
 * Bundles `runtime/<entry>.lambda.ts` with everything it imports into one CommonJS file. The same sources give the same bytes,
 * so that an unchanged function is an unchanged hash.
 *
 * @throws Error from esbuild when an entry does not compile, and ours when there is no such entry.
 */
export function bundleText(entry: string): string {
  bundles ??= bundlesOf(root);
  const text = bundles.get(entry);
  if (text === undefined) throw new Error(`there is no runtime/${entry}.lambda.ts`);
  return text;
}

/**
 * The bundles of all entries below `<root>/runtime`. They are kept under `<root>/.strata`, and read from there as long as
 * neither the sources nor the locked packages change.
 */
export function bundlesOf(root: string): ReadonlyMap<string, string> {
  const file = path.join(root, ".strata", "bundle-cache", `${digestOfSources(root)}.json`);
  if (fs.existsSync(file)) return new Map(JSON.parse(fs.readFileSync(file, "utf8")) as [string, string][]);
  const made = bundleEverything(root);
  keep(file, made);
  return made;
}

/** All at once: what the entries share is read and parsed once. */
function bundleEverything(root: string): Map<string, string> {
  const sources = path.join(root, "runtime");
  const entries = filesOf(sources).filter((file) => file.endsWith(".lambda.ts"));
  const result = buildSync({
    ...OPTIONS,
    entryPoints: entries.map((file) => path.join(sources, file)),
    outdir: sources,
    outbase: sources,
    absWorkingDir: root,
    write: false,
  });
  return new Map(
    result.outputFiles.map((file) => {
      const output = path.relative(sources, file.path).split(path.sep).join("/");
      return [output.replace(/\.lambda\.js$/, ""), file.text];
    }),
  );
}

/** Text that changes with anything that a bundle is made of. */
function digestOfSources(root: string): string {
  const digest = createHash("sha256").update(JSON.stringify({ version, OPTIONS }));
  const files = filesOf(path.join(root, "runtime")).map((file) => path.join("runtime", file));
  for (const file of ["package-lock.json", "tsconfig.json", ...files]) {
    const text = fs.readFileSync(path.join(root, file));
    digest.update(`${file} ${text.length}\n`).update(text);
  }
  return digest.digest("hex").slice(0, 32);
}

function filesOf(sources: string): string[] {
  const files = fs.readdirSync(sources, { recursive: true, encoding: "utf8" });
  return files.filter((file) => /\.(ts|json)$/.test(file)).sort();
}

function keep(file: string, made: ReadonlyMap<string, string>): void {
  const cache = path.dirname(file);
  fs.mkdirSync(cache, { recursive: true });
  // Another process may read or write the same bundles at the same time.
  const unfinished = `${file}.${process.pid}`;
  fs.writeFileSync(unfinished, JSON.stringify([...made]));
  fs.renameSync(unfinished, file);
  const writtenAt = (name: string) => fs.statSync(path.join(cache, name)).mtimeMs;
  const states = fs.readdirSync(cache).filter((name) => name.endsWith(".json"));
  const old = states.sort((a, b) => writtenAt(b) - writtenAt(a)).slice(KEPT_STATES);
  for (const name of old) fs.rmSync(path.join(cache, name), { force: true });
}
