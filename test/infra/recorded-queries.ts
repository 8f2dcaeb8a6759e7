import type { RecordedResource } from "./recorded-program";

/** One statement of a recorded policy, with lists where IAM also takes single values. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

const listOf = (value: unknown): string[] => (Array.isArray(value) ? (value as string[]) : [value as string]);

export function ofType(resources: readonly RecordedResource[], type: string): RecordedResource[] {
  return resources.filter((resource) => resource.type === type);
}

/** The name that the recording gave a resource, from its ARN. */
export function nameInArn(arn: unknown): string {
  return String(arn).replace(/:\*$/, "").split(/[:/]/).at(-1) ?? "";
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
    readonly Statement: readonly { readonly Action: unknown; readonly Resource: unknown }[];
  };
  return Statement.map(({ Action, Resource }) => ({ actions: listOf(Action), resources: listOf(Resource) }));
}

/** Resources that some action is allowed on, sorted. */
export function resourcesFor(statements: readonly Statement[], action: string): string[] {
  const matching = statements.filter(({ actions }) => actions.includes(action));
  return [...new Set(matching.flatMap((statement) => statement.resources))].sort();
}
