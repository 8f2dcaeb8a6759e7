import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Grant, policyOf, trustOf } from "./grant";

export interface ServiceRoleArgs {
  /** The service that takes the role, such as `lambda.amazonaws.com`. */
  readonly service: string;
  /** Everything it may do. An empty list means a role with no policy at all. */
  readonly can: readonly Grant[];
}

/** A role for one service with exactly the grants it was given, as one inline policy. */
export class ServiceRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** Done when the role and its policy stand; depend on it before the role is first used. */
  readonly ready: readonly pulumi.Resource[];
  private readonly role: aws.iam.Role;

  constructor(name: string, args: ServiceRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:part:ServiceRole", name, {}, opts);
    this.role = new aws.iam.Role(name, { assumeRolePolicy: trustOf(args.service) }, { parent: this });
    this.arn = this.role.arn;
    this.ready = args.can.length === 0 ? [this.role] : [this.role, this.allow(name, args.can)];
    this.registerOutputs({ arn: this.arn });
  }

  /** Adds grants that can be named only after the role stands, such as a failure queue or the machine that uses it. */
  allow(name: string, grants: readonly Grant[]): aws.iam.RolePolicy {
    return new aws.iam.RolePolicy(name, { role: this.role.name, policy: policyOf(grants) }, { parent: this });
  }
}
