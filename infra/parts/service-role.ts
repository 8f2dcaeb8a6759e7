import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Grant, policyOf, trustOf } from "./grant";

export interface ServiceRoleArgs {
  /** The service that assumes the role, such as `lambda.amazonaws.com`. */
  readonly service: string;
  /** Everything that the role allows. With an empty list it has no policy. */
  readonly can: readonly Grant[];
}

/** A role for one service, with the given grants and nothing else as one inline policy. */
export class ServiceRole extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** The role and its policy; whatever uses the role must depend on them. */
  readonly ready: readonly pulumi.Resource[];
  private readonly role: aws.iam.Role;

  constructor(name: string, args: ServiceRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:part:ServiceRole", name, {}, opts);
    this.role = new aws.iam.Role(name, { assumeRolePolicy: trustOf(args.service) }, { parent: this });
    this.arn = this.role.arn;
    this.ready = args.can.length === 0 ? [this.role] : [this.role, this.allow(name, args.can)];
    this.registerOutputs({ arn: this.arn });
  }

  /** Adds grants on what is made after the role, such as a failure queue or the machine that uses the role. */
  allow(name: string, grants: readonly Grant[]): aws.iam.RolePolicy {
    return new aws.iam.RolePolicy(name, { role: this.role.name, policy: policyOf(grants) }, { parent: this });
  }
}
