import { z } from "zod";
import type { OutputMap } from "../../local/engine/stack";

const schema = z.object({
  tableName: z.string(),
  busName: z.string(),
  catalogBucket: z.string(),
  artifactsBucket: z.string(),
  buildMachine: z.string(),
  publicationsLog: z.string(),
  apiUrl: z.string(),
  packagesBucket: z.string(),
  packagesUrl: z.string(),
  packageHandler: z.string(),
  packageFailures: z.string(),
  packageCanary: z.string(),
  indexSecret: z.string(),
  partitionMachine: z.string(),
  partitionAdvisor: z.string(),
  partitionQueue: z.string(),
  partitionFreshnessHours: z.number(),
  pythons: z.array(z.string()),
  architectures: z.array(z.string()),
  regions: z.array(z.string()).min(1),
});

/** What the program of a stage exports, and tasks need. */
export type StageOutputs = z.infer<typeof schema>;

/** @throws ZodError when the outputs are of another version of the program. */
export function parseOutputs(outputs: unknown): StageOutputs {
  return schema.parse(outputs);
}

/** The engine's outputs as plain values. */
export function plainOutputs(outputs: OutputMap): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value as unknown]));
}
