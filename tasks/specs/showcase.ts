import { join } from "node:path";
import { REPOSITORY } from "../../local/paths";
import type { Progress } from "../../local/tools/tools";
import { TaskError } from "../cli/output";
import type { Connection } from "../platform/connection";
import type { Showcase } from "../platform/showcases";
import type { LocalPlatform } from "../platform/stack";
import { buildSpec } from "./build-spec";
import { installPackage, runPython } from "./install-package";
import { indexCredentials, packageIndexUrl } from "./package-index";
import { readSpecFile } from "./spec-file";

const EXAMPLES = join(REPOSITORY, "examples");
const SPEC = join(EXAMPLES, "pets-spec.json");
const PROGRAM = join(EXAMPLES, "use_pets.py");
const OWNER = "examples";

/** The example spec, with its package installed and used. */
interface ExampleSpec {
  readonly owner: string;
  readonly specId: string;
  readonly version: string;
  /** Whether its packages already existed. */
  readonly unchanged: boolean;
  /** Python of the environment that the package is installed in. */
  readonly python: string;
  /** A program that uses it. */
  readonly program: string;
  /** What the program printed: a model as JSON. */
  readonly used: { readonly name: string };
}

/** Builds an example spec, installs its package from the private index, and uses it. */
export const showcase: Showcase<{ readonly spec: ExampleSpec }> = {
  show: ({ platform, connection, progress }) => ({ spec: showExampleSpec(platform, connection, progress) }),
  present: (_connection, { spec }) => ({
    json: { spec },
    lines: spec === undefined ? [] : [describeExample(spec)],
    next: ["./strata specs build examples/pets-spec.json --name my_pets"],
  }),
};

/**
 * Uploads the example spec, installs its package from the private index with pip, and uses a model of it.
 *
 * @throws TaskError when the spec is refused, or its package can't be installed or used.
 */
async function showExampleSpec(
  { tools, specRequirements, home }: LocalPlatform,
  connection: Connection,
  progress: Progress,
): Promise<ExampleSpec> {
  const { key, content } = readSpecFile(SPEC, { owner: OWNER });
  const named = `${key.specId} ${key.version}`;
  // Also when its packages exist: only the function that builds knows whether it would build others today.
  const result = await buildSpec(connection, key, content);
  if (result.status === "refused") throw new TaskError(`${SPEC} was refused: ${result.reason}`);
  const { unchanged } = result;
  if (!unchanged) progress(`Spec: ${named} built, ${result.files.map(({ name }) => name).join(" and ")}`);
  const python = await installPackage({
    folder: join(home, "example"),
    pythons: tools.pythons,
    pip: tools.python,
    requirements: specRequirements,
    index: packageIndexUrl(connection, key.owner, await indexCredentials(connection, key.owner)),
    requirement: `${key.specId}==${key.version}`,
  });
  const used = JSON.parse(await runPython(python, PROGRAM)) as ExampleSpec["used"];
  progress(
    `Spec: pip installed the package of ${named} from its private index, and a model of it remembers ${used.name}`,
  );
  return { ...key, unchanged, python, program: PROGRAM, used };
}

function describeExample({ specId, version, unchanged, python, program }: ExampleSpec): string {
  const made = unchanged ? "is already built" : "was built from examples/pets-spec.json";
  return `Spec: ${specId} ${version} ${made}; pip installed its package from its private index. Use it: ${python} ${program}`;
}
