import type { OutputMap } from "../../local/engine/stack";
import { type StageOutputs, outputsSchema } from "../../stacks/outputs";

/**
 * The outputs of a stack as the engine gives them; undefined when nothing is deployed.
 *
 * @throws ZodError when they are of another version of the program.
 */
export function parseOutputs(outputs: OutputMap): StageOutputs | undefined {
  if (Object.keys(outputs).length === 0) return undefined;
  const plain = Object.fromEntries(
    Object.entries(outputs).map(([group, { value }]) => [group, value as unknown]),
  );
  return outputsSchema.parse(plain);
}
