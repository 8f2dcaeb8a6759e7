import type { Command } from "commander";
import { openCatalogStore } from "../../runtime/catalog";
import { parseCatalog } from "../../runtime/catalog/parse";
import { readCatalogFiles } from "../../stacks/catalog-files";
import { connect } from "../platform/connection";
import { pythonVersion, severalOf } from "../cli/options";

/** `catalog check` and `catalog show`. */
export function addCatalogTasks(program: Command): void {
  const catalog = program.command("catalog").description("the list of packages to build");
  catalog
    .command("check")
    .argument("[name]", "a folder under stacks/catalog", "test")
    .description("read a catalog as the deployed loader does, and list every problem with file and line")
    .option(
      "--python <version>",
      "a Python that the stage builds for; may be given again",
      severalOf(pythonVersion),
    )
    .option("--json", "print as JSON")
    .action(check);
  catalog
    .command("show")
    .description("show the active catalog and the last refusals")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON")
    .action(show);
}

interface CheckOptions {
  readonly python?: readonly string[];
  readonly json?: boolean;
}

function check(name: string, { python: pythons = ["3.12", "3.13"], json }: CheckOptions): void {
  const { packages, regions, digest } = parseCatalog(Object.fromEntries(readCatalogFiles(name)), pythons);
  const counted = pythons.map((python) => ({
    python,
    packages: packages.filter((row) => row.python === python).length,
  }));
  if (json === true) {
    console.log(
      JSON.stringify({ pythons: counted, regions: regions.map(({ code }) => code), digest }, undefined, 2),
    );
    return;
  }
  const parts = counted.map(({ python, packages: count }) => `${count} packages for Python ${python}`);
  console.log(`${[...parts, `${regions.length} regions`].join(", ")}; digest ${digest.slice(0, 12)}`);
}

async function show(options: { readonly stage: string; readonly json?: boolean }): Promise<void> {
  const connection = await connect(options.stage);
  const store = openCatalogStore(connection.table());
  const [active, refusals] = await Promise.all([store.state(), store.refusals(5)]);
  if (options.json === true) {
    console.log(JSON.stringify({ active: active ?? null, refusals }, undefined, 2));
    return;
  }
  console.log(
    active === undefined
      ? "no catalog is loaded"
      : `version ${active.version}: ${active.packages} rows, loaded ${active.loadedAt} from ${active.source}`,
  );
  for (const refusal of refusals) {
    console.log(`refused ${refusal.at}:`);
    for (const { file, line, reason } of refusal.problems) console.log(`  ${file}:${line}: ${reason}`);
  }
}
