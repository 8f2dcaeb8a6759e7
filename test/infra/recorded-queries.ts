import { type RecordedResource, arnOf } from "./recorded-resources";

/** One statement of a recorded policy, with lists where IAM also takes single values. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Only where there is one. */
  readonly condition?: unknown;
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? (value as string[]) : [value as string]);

export function ofType(resources: readonly RecordedResource[], type: string): RecordedResource[] {
  return resources.filter((resource) => resource.type === type);
}

/** The name that the recording gave a resource, from its ARN; of a function's alias the function's. */
function nameInArn(arn: unknown): string {
  return functionIn(arn)?.name ?? String(arn).replace(/:\*$/, "").split(/[:/]/).at(-1) ?? "";
}

/** Function and alias that an ARN names, if it names a function at all. */
export function functionIn(arn: unknown): { name: string; qualifier: string | undefined } | undefined {
  const [, name, qualifier] = /:function:([^:]+)(?::(.+))?$/.exec(String(arn)) ?? [];
  return name === undefined ? undefined : { name, qualifier };
}

/** The environment of a function, by the function's name. */
export function environmentOf(resources: readonly RecordedResource[], name: string): Record<string, string> {
  const { inputs } = named(resources, "aws:lambda/function:Function", name);
  return (inputs["environment"] as { variables?: Record<string, string> } | undefined)?.variables ?? {};
}

/** The variables that a function's own code is told: all but those that Node itself goes by. */
export function ownVariablesOf(resources: readonly RecordedResource[], name: string): Record<string, string> {
  const told = { ...environmentOf(resources, name) };
  delete told["NODE_OPTIONS"];
  return told;
}

/** Everything the role of a function allows, by the function's name. */
export function functionMay(resources: readonly RecordedResource[], name: string): Statement[] {
  return allowedTo(resources, named(resources, "aws:lambda/function:Function", name).inputs["role"]);
}

/** What a function may do besides writing its log and its traces: each `<action> <resource>` once, sorted. */
export function grantsOf(resources: readonly RecordedResource[], name: string): string[] {
  const own = functionMay(resources, name).filter(
    ({ actions }) => !actions.some((action) => /^(logs|xray):/.test(action)),
  );
  return [...new Set(own.flatMap(({ actions, resources: on }) => pairsOf(actions, on)))].sort();
}

/** Every pair of an action and a resource, as `<action> <resource>`. */
export function pairsOf(actions: readonly string[], resources: readonly string[]): string[] {
  return actions.flatMap((action) => resources.map((resource) => `${action} ${resource}`));
}

const TABLE = arnOf("aws:dynamodb/table:Table", "strata-table") ?? "";

/** The grants for reading the rows of the foundation's table, and for writing them. */
export const READ_ROWS = pairsOf(
  ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"],
  [TABLE, `${TABLE}/index/*`],
);
export const WRITE_ROWS = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "ConditionCheckItem"].map(
  (action) => `dynamodb:${action} ${TABLE}`,
);

/** The AWS services that a function may use at all, sorted. */
export function servicesOf(resources: readonly RecordedResource[], name: string): string[] {
  const actions = functionMay(resources, name).flatMap((statement) => statement.actions);
  return [...new Set(actions.map((action) => action.split(":")[0] ?? ""))].sort();
}

/** @throws Error when there is no such resource. */
export function named(resources: readonly RecordedResource[], type: string, name: string): RecordedResource {
  const found = ofType(resources, type).find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`there is no ${type} ${name}`);
  return found;
}

/** Everything the policies of a role allow. */
export function allowedTo(resources: readonly RecordedResource[], roleArn: unknown): Statement[] {
  const policies = ofType(resources, "aws:iam/rolePolicy:RolePolicy");
  return policies
    .filter(({ inputs }) => inputs["role"] === nameInArn(roleArn))
    .flatMap(({ inputs }) => statementsOf(inputs["policy"]));
}

export function statementsOf(policy: unknown): Statement[] {
  const { Statement } = JSON.parse(String(policy)) as {
    readonly Statement: readonly {
      readonly Action: unknown;
      readonly Resource: unknown;
      readonly Condition?: unknown;
    }[];
  };
  return Statement.map(({ Action, Resource, Condition }) => ({
    actions: listOf(Action),
    resources: listOf(Resource),
    ...(Condition === undefined ? {} : { condition: Condition }),
  }));
}

/** Resources that some action is allowed on, sorted. */
export function resourcesFor(statements: readonly Statement[], action: string): string[] {
  const matching = statements.filter(({ actions }) => actions.includes(action));
  return [...new Set(matching.flatMap((statement) => statement.resources))].sort();
}

/** Which resources there are and where they belong, sorted: `<type> <name> in <parent>`, or `in the stack`. */
export function placesOf(resources: readonly RecordedResource[]): string[] {
  return resources.map(({ type, name, parent }) => `${type} ${name} in ${parent ?? "the stack"}`).sort();
}
