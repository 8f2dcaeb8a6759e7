/**
 * The functions of `@pulumi/aws` that the program calls: account, partition, region, and a random password. They need no emulator,
 * so a preview can call them.
 */
import { randomInt } from "node:crypto";
import { type Invoke } from "./provider";
import { type Bag } from "./values";

/** The characters of a password, by the argument that leaves them out. */
const CHARACTERS = {
  excludeLowercase: "abcdefghijklmnopqrstuvwxyz",
  excludeUppercase: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  excludeNumbers: "0123456789",
  excludePunctuation: "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
} as const;

/** Length of a password unless the program says otherwise. Source: Secrets Manager API, GetRandomPassword. */
const PASSWORD_LENGTH = 32;

/** @throws Error when no characters are left to choose from. */
function randomPassword(args: Bag): string {
  const excluded = typeof args["excludeCharacters"] === "string" ? args["excludeCharacters"] : "";
  const allowed = Object.entries(CHARACTERS)
    .filter(([exclusion]) => args[exclusion] !== true)
    .flatMap(([, characters]) => [...characters])
    .filter((character) => !excluded.includes(character));
  const length = typeof args["passwordLength"] === "number" ? args["passwordLength"] : PASSWORD_LENGTH;
  return Array.from({ length }, () => allowed[randomInt(allowed.length)]).join("");
}

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
  "aws:secretsmanager/getRandomPassword:getRandomPassword": (args, { region }) => {
    const refused = ["includeSpace", "requireEachIncludedType"].filter((argument) => args[argument] === true);
    if (refused.length > 0)
      throw new Error(`The local provider doesn't do ${refused.join(" and ")} of getRandomPassword.`);
    return Promise.resolve({ ...args, id: region, region, randomPassword: randomPassword(args) });
  },
};
