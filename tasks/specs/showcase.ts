import type { Showcase } from "../platform/showcases";
import { type ExamplePackage, showExamplePackage } from "./example-package";

/** Builds a package of an example spec, and installs it from its private index. */
export const showcase: Showcase<{ readonly package: ExamplePackage }> = {
  show: ({ platform, connection, progress }) => ({
    package: showExamplePackage(platform, connection, progress),
  }),
  present: (_connection, { package: example }) => ({
    json: { package: example },
    lines: example === undefined ? [] : [described(example)],
    next: ["./strata specs build examples/pets-spec.json --name my_pets"],
  }),
};

function described({ specId, version, unchanged, python, program }: ExamplePackage): string {
  const made = unchanged ? "already existed" : "was built of examples/pets-spec.json";
  return `Package: ${specId} ${version} ${made}; pip installed it from its private index. Use it: ${python} ${program}`;
}
