import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { BugError } from "../../shared/errors";
import { upstream } from "../../shared/upstream";

/** A user of the package index. */
export interface IndexUser {
  readonly password: string;
  /** The owners whose packages the user may see; `*` is all of them. */
  readonly owners: readonly string[];
}

/** The users by name. */
export type IndexUsers = Readonly<Record<string, IndexUser>>;

/** ASCII, since pip sends anything else in another encoding than uv does. */
const PASSWORD = /^[\x20-\x7e]{16,}$/;

const usersSchema = z.record(
  z.string().min(1),
  z.object({ password: z.string().regex(PASSWORD), owners: z.array(z.string().min(1)) }),
);

/** Milliseconds after which a changed password counts. */
const KEPT_MILLISECONDS = 5 * 60_000;

/** Reads the users from the secret, and keeps them for five minutes. `now` decides when they are over. */
export function openUsers(
  client: SecretsManagerClient,
  secret: string,
  now: () => Date,
): () => Promise<IndexUsers> {
  let kept: { readonly users: Promise<IndexUsers>; readonly until: number } | undefined;
  return async () => {
    if (kept === undefined || kept.until <= now().getTime()) {
      kept = { users: readUsers(client, secret), until: now().getTime() + KEPT_MILLISECONDS };
    }
    try {
      return await kept.users;
    } catch (error) {
      kept = undefined;
      throw error;
    }
  };
}

/**
 * Reads the users of the package index from a secret, JSON such as `{"pip": {"password": "...", "owners": ["*"]}}`.
 * @throws BugError when it is anything else; the message has nothing of it.
 */
export async function readUsers(client: SecretsManagerClient, secret: string): Promise<IndexUsers> {
  const { SecretString = "" } = await upstream("reading the users of the package index", () =>
    client.send(new GetSecretValueCommand({ SecretId: secret })),
  );
  const parsed = usersSchema.safeParse(parse(SecretString));
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path }) => path.join(".") || "(all)").join(", ");
  throw new BugError(
    `The secret ${secret} doesn't hold users with a password of 16 or more ASCII characters and owners. Wrong: ${places}.`,
  );
}

/** The user that a header of basic credentials (RFC 7617) names, if the password is right. */
export function userOf(header: string | undefined, users: IndexUsers): IndexUser | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(header ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return undefined;
  const name = text.slice(0, colon);
  const user = Object.hasOwn(users, name) ? users[name] : undefined;
  // Compared also for a name that nobody has, so that the time taken doesn't tell which names there are.
  const right = isSame(text.slice(colon + 1), user?.password ?? NO_PASSWORD);
  return right ? user : undefined;
}

/** Whether a user may see an owner's packages. */
export function maySee(user: IndexUser, owner: string): boolean {
  return user.owners.includes("*") || user.owners.includes(owner);
}

const NO_PASSWORD = "there is no such user";

/** Compares digests, which have one length, in a time that doesn't depend on where they differ. */
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
