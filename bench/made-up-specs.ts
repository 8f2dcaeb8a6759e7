/** Specs for the benchmark: always the same for the same numbers, with the kinds of properties that people use. */

/** An OpenAPI document, with name and version of its package. */
export interface BenchSpec {
  readonly name: string;
  readonly version: string;
  readonly models: number;
  readonly text: string;
}

const PROPERTIES: readonly Readonly<Record<string, unknown>>[] = [
  { type: "string", maxLength: 120, description: "A name." },
  { type: "integer", format: "int64", description: "A count.", nullable: true },
  { type: "number", format: "float", description: "A measure." },
  { type: "boolean", default: false, description: "A flag." },
  { type: "string", format: "date-time", description: "A time." },
  { type: "string", enum: ["open", "done", "lost"], maxLength: 4, description: "A state." },
  { type: "string", maxLength: 40, "x-index": true, nullable: true, description: "A key to search for." },
];

/** `count` specs with 1 to `maxModels` models, evenly spread. */
export function madeUpSpecs(count: number, maxModels = 100): BenchSpec[] {
  return Array.from({ length: count }, (_, index) =>
    benchSpec(Math.round(1 + ((maxModels - 1) * index) / Math.max(1, count - 1)), index),
  );
}

function benchSpec(models: number, index: number): BenchSpec {
  const name = `bench_${String(index)}`;
  const version = `1.0.${String(index)}`;
  const schemas = Object.fromEntries(
    Array.from({ length: models }, (_, model) => [`Model${String(model)}`, schemaOf(model)]),
  );
  const info = { title: name, description: `${String(models)} models`, version };
  return {
    name,
    version,
    models,
    text: JSON.stringify({ openapi: "3.0.3", info, paths: {}, components: { schemas } }),
  };
}

/** A model with three to nine properties. Each model but the first refers to the one before it. */
function schemaOf(model: number): object {
  const own = Array.from({ length: 3 + (model % 7) }, (_, at): [string, object] => [
    `property_${String(at)}`,
    PROPERTIES[(model + at) % PROPERTIES.length] ?? {},
  ]);
  const before = model === 0 ? {} : { before: { $ref: `#/components/schemas/Model${String(model - 1)}` } };
  return {
    type: "object",
    "x-tablename": `model_${String(model)}`,
    description: `Model ${String(model)} of the benchmark.`,
    properties: {
      id: { type: "integer", "x-primary-key": true, "x-autoincrement": true },
      ...Object.fromEntries(own),
      ...before,
    },
  };
}
