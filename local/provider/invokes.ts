/** The functions of `@pulumi/aws` that ask where and as whom the program runs. They need no emulator, so a preview can call them. */
import { type Invoke } from "./provider";

export const invokes: Readonly<Record<string, Invoke>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_args, { account, partition }) =>
    Promise.resolve({
      id: account,
      accountId: account,
      arn: `arn:${partition}:iam::${account}:root`,
      userId: account,
    }),
  "aws:index/getPartition:getPartition": (_args, { partition }) =>
    Promise.resolve({
      id: partition,
      partition,
      dnsSuffix: "amazonaws.com",
      reverseDnsPrefix: "com.amazonaws",
    }),
  "aws:index/getRegion:getRegion": (_args, { region }) =>
    Promise.resolve({
      id: region,
      name: region,
      region,
      description: region,
      endpoint: `ec2.${region}.amazonaws.com`,
    }),
};
