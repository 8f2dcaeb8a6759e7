import { join } from "node:path";
import { REPOSITORY } from "../../local/paths";
import type { Progress } from "../../local/tools/tools";
import type { Connection } from "../platform/connection";
import type { LocalPlatform } from "../platform/stack";
import { buildPackage } from "./builds";
import { readSpecFile } from "./files";
import { indexUrl, indexUser } from "./package-index";
import { installPackage, runPython } from "./install";
import { TaskError } from "../cli/output";

const EXAMPLES = join(REPOSITORY, "examples");
const SPEC = join(EXAMPLES, "pets-spec.json");
const PROGRAM = join(EXAMPLES, "use_pets.py");
const OWNER = "examples";

/** The example's package, built, installed and used. */
export interface ExamplePackage {
  readonly owner: string;
  readonly specId: string;
  readonly version: string;
  /** Whether the package stood there already. */
  readonly unchanged: boolean;
  /** Python of the environment that it is installed in. */
  readonly python: string;
  /** A program that uses it. */
  readonly program: string;
  /** What the program printed: a model as JSON. */
  readonly used: { readonly name: string };
}

/**
 * Uploads the example spec, installs the package from the private index with pip, and uses a
 * model of it.
 *
 * @throws TaskError when it is refused, or can't be installed or used.
 */
export async function showExamplePackage(
  { tools, specRequirements, home }: LocalPlatform,
  connection: Connection,
  progress: Progress,
): Promise<ExamplePackage> {
  const { key, content } = readSpecFile(SPEC, { owner: OWNER });
  const named = `${key.specId} ${key.version}`;
  // Also when it stands there already: only the function that builds knows whether it still builds the same.
  const result = await buildPackage(connection, key, content);
  if (result.status === "refused") throw new TaskError(`${SPEC} was refused: ${result.reason}`);
  const { unchanged } = result;
  if (!unchanged) progress(`Package: ${named} built, ${result.files.map(({ name }) => name).join(" and ")}`);
  const python = await installPackage({
    folder: join(home, "example"),
    pythons: tools.pythons,
    pip: tools.python,
    requirements: specRequirements,
    index: indexUrl(connection, key.owner, await indexUser(connection, key.owner)),
    requirement: `${key.specId}==${key.version}`,
  });
  const used = JSON.parse(await runPython(python, PROGRAM)) as ExamplePackage["used"];
  progress(
    `Package: pip installed ${named} from its private index, and a model of it remembers ${used.name}`,
  );
  return { ...key, unchanged, python, program: PROGRAM, used };
}
