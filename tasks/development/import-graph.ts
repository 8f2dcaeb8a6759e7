/**
 * Which files of the project need which others: by imports, as esbuild resolves them, and by names, where one file finds another
 * that it doesn't import.
 */
import { build } from "esbuild";
import { REPOSITORY } from "../../local/paths";

/** Files that are found by their names, each with those that find or read it. */
const READ_BY_NAME: readonly { readonly files: RegExp; readonly readers: RegExp }[] = [
  { files: /^tasks\/[^/]+\/(commands|showcase)\.ts$/, readers: /^tasks\/cli\/groups\.ts$/ },
  { files: /^runtime\/.*\.lambda\.ts$/, readers: /^infra\/parts\/bundles\.ts$/ },
  {
    files: /^runtime\/(.*\/)?entities\.ts$/,
    readers: /^test\/runtime\/shared\/table\/open-table\.test\.ts$/,
  },
  {
    files: /^local\/provider\/(awsx\/)?(main\.ts|pulumi-resource-\w+)$/,
    readers: /^local\/engine\/stack\.ts$/,
  },
  { files: /^local\/engine\/go\.(mod|sum)$/, readers: /^local\/engine\/engine\.ts$/ },
  { files: /^local\/emulator\/additions\//, readers: /^local\/emulator\/program\.ts$/ },
  { files: /^local\/tools\/requirements\.txt$/, readers: /^local\/tools\/tools\.ts$/ },
  {
    files: /^images\//,
    readers:
      /^(infra\/parts\/handler-code\.ts|local\/tools\/spec-requirements\.ts|test\/(infra|runtime\/specs)\/)/,
  },
  {
    files: /^stacks\/catalog\//,
    readers: /^(stacks\/catalog-files|test\/runtime\/catalog\/parse\.test)\.ts$/,
  },
  {
    files: /^(Pulumi(\.\w+)?\.yaml$|docs\/|index\.ts$)/,
    readers:
      /^(tasks\/development\/settings-docs\.ts$|test\/(infra\/recorded-program\.ts$|stacks\/|docs\/|e2e\/))/,
  },
  { files: /^examples\//, readers: /^(tasks\/specs|test\/e2e)\// },
  { files: /^bench\/.*\.(py|txt)$/, readers: /^bench\/.*\.ts$/ },
  { files: /^tasks\/development\/.*\.cjs$/, readers: /^tasks\/development\/.*\.ts$/ },
  { files: /^strata$|^tasks\/cli\/main\.ts$/, readers: /^test\/(tasks\/cli|e2e)\// },
];

/** Who needs a file. */
export class ImportGraph {
  private readonly importers = new Map<string, string[]>();

  /** @param imports what each file imports; all paths are relative to the checkout, with forward slashes. */
  constructor(
    private readonly imports: ReadonlyMap<string, readonly string[]>,
    private readonly readByName = READ_BY_NAME,
  ) {
    for (const [importer, imported] of imports) {
      for (const file of imported) {
        const known = this.importers.get(file);
        if (known === undefined) this.importers.set(file, [importer]);
        else known.push(importer);
      }
    }
  }

  /** The files that import this one, or find it by its name. */
  neededBy(file: string): readonly string[] {
    const readers = this.readByName
      .filter(({ files }) => files.test(file))
      .flatMap((rule) => [...this.imports.keys()].filter((other) => rule.readers.test(other)));
    return [...(this.importers.get(file) ?? []), ...readers];
  }

  /** Whether anything is known of a file: it is a module, or read by one. */
  knows(file: string): boolean {
    return this.imports.has(file) || this.neededBy(file).length > 0;
  }

  /** The files themselves and all that need one of them, directly or through others. */
  affectedBy(files: readonly string[]): ReadonlySet<string> {
    const affected = new Set<string>();
    const open = [...files];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (affected.has(file)) continue;
      affected.add(file);
      open.push(...this.neededBy(file));
    }
    return affected;
  }
}

/** Reads what the modules import, also lazily. What is imported for its types only doesn't count: it can't break a test. */
export async function readImports(modules: readonly string[]): Promise<ImportGraph> {
  const { metafile } = await build({
    stdin: {
      contents: modules.map((file) => `import ${JSON.stringify(`./${file}`)};`).join("\n"),
      resolveDir: REPOSITORY,
    },
    absWorkingDir: REPOSITORY,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    metafile: true,
    write: false,
    outdir: ".",
    logLevel: "silent",
  });
  return new ImportGraph(
    new Map(
      Object.entries(metafile.inputs).map(([file, { imports }]) => [
        file,
        imports.filter(({ external }) => external !== true).map(({ path }) => path),
      ]),
    ),
  );
}
