import type { Command } from "commander";
import { parseCatalog } from "../runtime/catalog/parse";
import { readCatalogFiles } from "../stacks/catalog-files";
import { connect } from "./connection";

/** `catalog check` and `catalog show`. */
export function addCatalogTasks(program: Command): void {
  const catalog = program.command("catalog").description("the list of packages to build");
  catalog
    .command("check")
    .argument("[name]", "a folder under stacks/catalog", "test")
    .description("read a catalog as the load in the cloud does, and list every problem with file and line")
    .option("--python <version...>", "the Pythons that the stage builds for", ["3.12", "3.13"])
    .action(check);
  catalog
    .command("show")
    .description("which catalog is in force, and the last refusals")
    .option("--stage <stage>", "the stage", "local")
    .option("--json", "print as JSON")
    .action(show);
}

function check(name: string, options: { readonly python: readonly string[] }): void {
  const { packages, regions, digest } = parseCatalog(
    Object.fromEntries(readCatalogFiles(name)),
    options.python,
  );
  const perPython = options.python.map(
    (python) => `${packages.filter((row) => row.python === python).length} packages for Python ${python}`,
  );
  console.log(`${[...perPython, `${regions.length} regions`].join(", ")}; digest ${digest.slice(0, 12)}`);
}

async function show(options: { readonly stage: string; readonly json?: boolean }): Promise<void> {
  const connection = await connect(options.stage);
  const { catalogState, catalogRefusal } = connection.table().entities;
  const [state, refusals] = await Promise.all([
    catalogState.get({ name: "catalog" }).go(),
    catalogRefusal.query.byTime({ name: "catalog" }).go({ order: "desc", limit: 5 }),
  ]);
  if (options.json === true) {
    console.log(JSON.stringify({ inForce: state.data, refusals: refusals.data }, undefined, 2));
    return;
  }
  console.log(
    state.data === null
      ? "no catalog is loaded"
      : `version ${state.data.version}: ${state.data.packages} rows, loaded ${state.data.loadedAt} from ${state.data.source}`,
  );
  for (const refusal of refusals.data) {
    console.log(`refused ${refusal.at}:`);
    for (const { file, line, reason } of refusal.problems) console.log(`  ${file}:${line}: ${reason}`);
  }
}
