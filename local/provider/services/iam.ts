import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from "@aws-sdk/client-iam";
import { type iam } from "@pulumi/aws";
import {
  type Inputs,
  reference,
  required,
  resource,
  type ResourceTypes,
  setting,
  tagList,
} from "../resource-type";
import { asJson } from "../values";

const role = resource<iam.RoleArgs>({
  replaceOn: ["name", "namePrefix", "path"],
  naming: { property: "name", prefix: "namePrefix", limit: 64 },
  create: async (inputs, { client }) => {
    const RoleName = required(inputs.name, "name");
    await client(IAMClient).send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: asJson(inputs.assumeRolePolicy),
        Description: inputs.description,
        MaxSessionDuration: inputs.maxSessionDuration,
        Path: inputs.path,
        PermissionsBoundary: inputs.permissionsBoundary,
        Tags: tagList(inputs.tags),
      }),
    );
    await putPolicies(client(IAMClient), RoleName, inputs);
    return RoleName;
  },
  describe: async (id, _inputs, { client }) => {
    const { Role } = await client(IAMClient).send(new GetRoleCommand({ RoleName: id }));
    return {
      arn: Role?.Arn,
      createDate: Role?.CreateDate?.toISOString(),
      name: id,
      path: Role?.Path,
      uniqueId: Role?.RoleId,
      maxSessionDuration: Role?.MaxSessionDuration,
    };
  },
  update: async (id, inputs, earlier, { client }) => {
    const to = { RoleName: id };
    const { description, maxSessionDuration } = inputs;
    const PolicyDocument = asJson(inputs.assumeRolePolicy);
    await client(IAMClient).send(new UpdateAssumeRolePolicyCommand({ ...to, PolicyDocument }));
    await client(IAMClient).send(
      new UpdateRoleCommand({
        ...to,
        Description: description ?? "",
        MaxSessionDuration: maxSessionDuration ?? 3600,
      }),
    );
    await removePolicies(client(IAMClient), id, earlier);
    await putPolicies(client(IAMClient), id, inputs);
    const TagKeys = Object.keys(earlier.tags ?? {});
    if (TagKeys.length > 0) await client(IAMClient).send(new UntagRoleCommand({ ...to, TagKeys }));
    await client(IAMClient).send(new TagRoleCommand({ ...to, Tags: tagList(inputs.tags) }));
  },
  delete: async (id, _inputs, { client }) => {
    const to = { RoleName: id };
    const attached = await client(IAMClient).send(new ListAttachedRolePoliciesCommand(to));
    for (const { PolicyArn } of attached.AttachedPolicies ?? []) {
      await client(IAMClient).send(new DetachRolePolicyCommand({ ...to, PolicyArn }));
    }
    const inline = await client(IAMClient).send(new ListRolePoliciesCommand(to));
    for (const PolicyName of inline.PolicyNames ?? []) {
      await client(IAMClient).send(new DeleteRolePolicyCommand({ ...to, PolicyName }));
    }
    await client(IAMClient).send(new DeleteRoleCommand(to));
  },
});

/** Policies that the role itself lists, as opposed to those attached by resources of their own. */
async function putPolicies(client: IAMClient, RoleName: string, inputs: Inputs<iam.RoleArgs>): Promise<void> {
  for (const { name: PolicyName, policy } of inputs.inlinePolicies ?? []) {
    if (policy === undefined) continue;
    await client.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: asJson(policy) }));
  }
  for (const PolicyArn of inputs.managedPolicyArns ?? []) {
    await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  }
}

async function removePolicies(
  client: IAMClient,
  RoleName: string,
  inputs: Inputs<iam.RoleArgs>,
): Promise<void> {
  for (const { name: PolicyName } of inputs.inlinePolicies ?? []) {
    await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
  }
  for (const PolicyArn of inputs.managedPolicyArns ?? []) {
    await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  }
}

export const iamTypes: ResourceTypes = {
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": setting<iam.RolePolicyArgs>({
    replaceOn: ["name", "namePrefix", "role"],
    naming: { property: "name", prefix: "namePrefix", limit: 128 },
    id: (inputs) => `${reference(inputs.role)}:${inputs.name ?? ""}`,
    put: (inputs, { client }) =>
      client(IAMClient).send(
        new PutRolePolicyCommand({
          RoleName: reference(inputs.role),
          PolicyName: inputs.name,
          PolicyDocument: asJson(inputs.policy),
        }),
      ),
    describe: async (_id, inputs, { client }) => {
      await client(IAMClient).send(
        new GetRolePolicyCommand({ RoleName: reference(inputs.role), PolicyName: inputs.name }),
      );
      return { policy: asJson(inputs.policy), role: reference(inputs.role) };
    },
    delete: (inputs, { client }) =>
      client(IAMClient).send(
        new DeleteRolePolicyCommand({ RoleName: reference(inputs.role), PolicyName: inputs.name }),
      ),
  }),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": resource<iam.RolePolicyAttachmentArgs>({
    replaceOn: "*",
    create: async (inputs, { client }) => {
      const [RoleName, PolicyArn] = [reference(inputs.role), inputs.policyArn];
      await client(IAMClient).send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
      return `${RoleName}/${PolicyArn}`;
    },
    describe: async (_id, inputs, { client }) => {
      const RoleName = reference(inputs.role);
      const live = await client(IAMClient).send(new ListAttachedRolePoliciesCommand({ RoleName }));
      const isAttached = live.AttachedPolicies?.some(({ PolicyArn }) => PolicyArn === inputs.policyArn);
      return isAttached === true ? { role: RoleName } : undefined;
    },
    delete: async (_id, inputs, { client }) => {
      const [RoleName, PolicyArn] = [reference(inputs.role), inputs.policyArn];
      await client(IAMClient).send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
    },
  }),
};
