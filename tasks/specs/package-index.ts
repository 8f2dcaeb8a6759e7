import { maySee, readUsers } from "../../runtime/specs/package-index/credentials";
import type { Connection } from "../platform/connection";
import { TaskError } from "../cli/output";

/** Somebody who may read the index. */
export interface IndexUser {
  readonly name: string;
  readonly password: string;
}

/**
 * The first user in the index's secret who may read an owner.
 *
 * @throws TaskError when there is none, or the secret is not as it must be.
 */
export async function indexUser(connection: Connection, owner: string): Promise<IndexUser> {
  const { packageIndexSecret: secret } = connection.outputs.specs;
  const users = await readUsers(connection.secrets(), secret).catch((error: unknown) => {
    throw new TaskError(error instanceof Error ? error.message : String(error), { cause: error });
  });
  const found = Object.entries(users).find(([, user]) => maySee(user, owner));
  if (found === undefined) {
    throw new TaskError(`no user of the secret ${secret} may read ${owner}; add one to it`);
  }
  return { name: found[0], password: found[1].password };
}

/** Address of an owner's index, as `--index-url` takes it; with a user, their credentials stand in it. */
export function indexUrl(connection: Connection, owner: string, user?: IndexUser): string {
  const url = `${connection.outputs.specs.packageIndexUrl}/${encodeURIComponent(owner)}/simple/`;
  if (user === undefined) return url;
  return withCredentials(url, `${encodeURIComponent(user.name)}:${encodeURIComponent(user.password)}`);
}

/** What built packages need, and don't name as their requirements; it comes from elsewhere. */
const NEEDED = "pip install OpenAlchemy 'setuptools<81'";

/** How pip and uv are told of an owner's index, as lines to copy; the password stands in them only where a user is given. */
export function indexInstructions(
  connection: Connection,
  owner: string,
  options: { readonly user?: IndexUser; readonly requirement?: string } = {},
): string[] {
  const { user, requirement = "<package>" } = options;
  const address =
    user === undefined
      ? withCredentials(indexUrl(connection, owner), "pip:<password>")
      : indexUrl(connection, owner, user);
  // Quoted, because the address may hold a $.
  const installs = ["pip install", "uv pip install"].map(
    (install) => `${install} --no-deps --index-url '${address}' ${requirement}`,
  );
  return [...installs, `what packages need, once, from your usual index: ${NEEDED}`];
}

function withCredentials(url: string, credentials: string): string {
  return url.replace("://", `://${credentials}@`);
}
