import { z } from "zod";
import { variables } from "./environment";

const { TABLE_NAME, PYTHONS, ARCHITECTURES, REGIONS } = variables;

/** What the function that answers for the layer index reads from its environment. */
export const layerIndexEnvironment = z.object({ TABLE_NAME, PYTHONS, ARCHITECTURES, REGIONS });
