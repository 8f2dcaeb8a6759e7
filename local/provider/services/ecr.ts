import {
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  DeleteRepositoryPolicyCommand,
  GetRepositoryPolicyCommand,
  SetRepositoryPolicyCommand,
  DeleteRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  type ImageTagMutability,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  PutLifecyclePolicyCommand,
} from "@aws-sdk/client-ecr";
import { type ecr } from "@pulumi/aws";
import { required, resource, type ResourceTypes, setting, tagList } from "../resource-type";
import { asJson } from "../values";

const repository = resource<ecr.RepositoryArgs>({
  replaceOn: ["encryptionConfigurations", "name"],
  naming: { property: "name", limit: 256, lowerCase: true },
  create: async (inputs, { client }) => {
    const repositoryName = required(inputs.name, "name");
    await client(ECRClient).send(
      new CreateRepositoryCommand({
        repositoryName,
        imageTagMutability: inputs.imageTagMutability as ImageTagMutability | undefined,
        imageScanningConfiguration: { scanOnPush: inputs.imageScanningConfiguration?.scanOnPush ?? false },
        tags: tagList(inputs.tags),
      }),
    );
    return repositoryName;
  },
  describe: async (id, _inputs, { client }) => {
    const found = await client(ECRClient).send(new DescribeRepositoriesCommand({ repositoryNames: [id] }));
    const [live] = found.repositories ?? [];
    if (live === undefined) return undefined;
    return {
      arn: live.repositoryArn,
      name: id,
      registryId: live.registryId,
      repositoryUrl: live.repositoryUri,
    };
  },
  update: async (id, inputs, _earlier, { client }) => {
    const to = { repositoryName: id };
    const scanOnPush = inputs.imageScanningConfiguration?.scanOnPush ?? false;
    const imageTagMutability = (inputs.imageTagMutability ?? "MUTABLE") as ImageTagMutability;
    await client(ECRClient).send(new PutImageTagMutabilityCommand({ ...to, imageTagMutability }));
    await client(ECRClient).send(
      new PutImageScanningConfigurationCommand({ ...to, imageScanningConfiguration: { scanOnPush } }),
    );
  },
  delete: async (id, inputs, { client }) => {
    await client(ECRClient).send(
      new DeleteRepositoryCommand({ repositoryName: id, force: inputs.forceDelete ?? false }),
    );
  },
});

export const ecrTypes: ResourceTypes = {
  "aws:ecr/repository:Repository": repository,
  "aws:ecr/repositoryPolicy:RepositoryPolicy": setting<ecr.RepositoryPolicyArgs>({
    replaceOn: ["repository"],
    id: ({ repository: name }) => name,
    put: ({ repository: repositoryName, policy }, { client }) =>
      client(ECRClient).send(new SetRepositoryPolicyCommand({ repositoryName, policyText: asJson(policy) })),
    describe: async (_id, { repository: repositoryName }, { client, account }) => {
      await client(ECRClient).send(new GetRepositoryPolicyCommand({ repositoryName }));
      return { registryId: account };
    },
    delete: ({ repository: repositoryName }, { client }) =>
      client(ECRClient).send(new DeleteRepositoryPolicyCommand({ repositoryName })),
  }),
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": setting<ecr.LifecyclePolicyArgs>({
    replaceOn: ["repository"],
    id: ({ repository: name }) => name,
    put: ({ repository: repositoryName, policy }, { client }) =>
      client(ECRClient).send(
        new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: asJson(policy) }),
      ),
    describe: async (_id, { repository: repositoryName }, { client, account }) => {
      await client(ECRClient).send(new GetLifecyclePolicyCommand({ repositoryName }));
      return { registryId: account };
    },
    delete: ({ repository: repositoryName }, { client }) =>
      client(ECRClient).send(new DeleteLifecyclePolicyCommand({ repositoryName })),
  }),
};
