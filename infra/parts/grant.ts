import * as pulumi from "@pulumi/pulumi";

/** What a part allows others to do with it: a statement of an IAM policy, as a value. */
export interface Grant {
  /** Full action names such as `s3:GetObject`; never a `*` alone. */
  readonly actions: readonly string[];
  readonly resources: readonly pulumi.Input<string>[];
  /** IAM condition block, such as `{ StringEquals: { ... } }`. */
  readonly condition?: Readonly<
    Record<string, Readonly<Record<string, pulumi.Input<string | readonly string[]>>>>
  >;
}

interface PolicyStatement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly pulumi.Input<string>[];
  readonly Condition?: Grant["condition"];
}

/** Grants that differ only in their resources, as one. IAM limits a policy's length. */
export function mergeGrants(grants: readonly Grant[]): Grant[] {
  const [first, ...others] = grants;
  if (first === undefined) return [];
  return [{ ...first, resources: [...first.resources, ...others.flatMap(({ resources }) => resources)] }];
}

/** The policy document that holds exactly these grants, as JSON. */
export function policyOf(grants: readonly Grant[]): pulumi.Output<string> {
  const statements = grants.map((grant): PolicyStatement => ({
    Effect: "Allow",
    Action: grant.actions,
    Resource: grant.resources,
    ...(grant.condition === undefined ? {} : { Condition: grant.condition }),
  }));
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

/** The trust policy that allows one AWS service to assume a role. */
export function trustOf(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
  });
}
