import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { BugError } from "../shared/errors";
import { upstream } from "../shared/upstream";

/** A user of the package index. */
interface IndexUser {
  readonly password: string;
  /** The owners whose packages the user may see; `*` means all. */
  readonly owners: readonly string[];
}

/** The users by name. */
export type IndexUsers = Readonly<Record<string, IndexUser>>;

/** Only ASCII, because pip and uv encode other characters differently. */
const PASSWORD = /^[\x20-\x7e]{16,}$/;

const usersSchema = z.record(
  z.string().min(1),
  z.object({ password: z.string().regex(PASSWORD), owners: z.array(z.string().min(1)) }),
);

/** After this time a changed password counts. */
const MEMO_MILLISECONDS = 5 * 60_000;

/** Compared with where the name is unknown. */
const NO_PASSWORD = "there is no such user";

/** Reads the users from the secret, and keeps them for five minutes of the clock `now`. */
export function openIndexUsers(
  client: SecretsManagerClient,
  secret: string,
  now: () => Date,
): () => Promise<IndexUsers> {
  let memo: { readonly users: Promise<IndexUsers>; readonly until: number } | undefined;
  return async () => {
    if (memo === undefined || memo.until <= now().getTime()) {
      memo = { users: readIndexUsers(client, secret), until: now().getTime() + MEMO_MILLISECONDS };
    }
    try {
      return await memo.users;
    } catch (error) {
      memo = undefined;
      throw error;
    }
  };
}

/**
 * Reads the users of the package index from a secret, JSON such as `{"pip": {"password": "...", "owners": ["*"]}}`.
 * @throws BugError when the secret holds anything else. The message contains nothing of the secret.
 */
export async function readIndexUsers(client: SecretsManagerClient, secret: string): Promise<IndexUsers> {
  const { SecretString = "" } = await upstream("reading the users of the package index", () =>
    client.send(new GetSecretValueCommand({ SecretId: secret })),
  );
  const parsed = usersSchema.safeParse(parse(SecretString));
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path }) => path.join(".") || "(all)").join(", ");
  throw new BugError(
    `The secret ${secret} doesn't hold users with owners and a password of at least 16 ASCII characters. Wrong: ${places}.`,
  );
}

/** The user of a basic authorization header (RFC 7617), if the password is right. */
export function userOf(header: string | undefined, users: IndexUsers): IndexUser | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(header ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return undefined;
  const name = text.slice(0, colon);
  const user = Object.hasOwn(users, name) ? users[name] : undefined;
  // Compared also when no user has the name, so that the time doesn't tell which names exist.
  const isRight = isSame(text.slice(colon + 1), user?.password ?? NO_PASSWORD);
  return isRight ? user : undefined;
}

/** Whether a user may see an owner's packages. */
export function maySee(user: IndexUser, owner: string): boolean {
  return user.owners.includes("*") || user.owners.includes(owner);
}

/** Compares digests, which all have one length, in a time that doesn't depend on where they differ. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
