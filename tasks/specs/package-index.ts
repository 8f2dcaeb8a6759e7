import { maySee, readIndexUsers } from "../../runtime/specs/package-index-users";
import { TaskError } from "../cli/output";
import type { Connection } from "../platform/connection";

/** User and password of somebody who may read the package index. */
interface IndexCredentials {
  readonly name: string;
  readonly password: string;
}

/**
 * The credentials of the first user in the index's secret who may see an owner's packages.
 *
 * @throws TaskError when there is no such user, or the secret is wrong.
 */
export async function indexCredentials(connection: Connection, owner: string): Promise<IndexCredentials> {
  const { packageIndexSecret: secret } = connection.outputs.specs;
  const users = await readIndexUsers(connection.secrets(), secret).catch((error: unknown) => {
    throw new TaskError(error instanceof Error ? error.message : String(error), { cause: error });
  });
  const found = Object.entries(users).find(([, user]) => maySee(user, owner));
  if (found === undefined) {
    throw new TaskError(`no user of the secret ${secret} may see the owner ${owner}; add one to it`);
  }
  return { name: found[0], password: found[1].password };
}

/** Address of an owner's package index, as `--index-url` takes it. It contains the credentials that are given. */
export function packageIndexUrl(
  connection: Connection,
  owner: string,
  credentials?: IndexCredentials,
): string {
  const url = `${connection.outputs.specs.packageIndexUrl}/${encodeURIComponent(owner)}/simple/`;
  if (credentials === undefined) return url;
  const { name, password } = credentials;
  return withCredentials(url, `${encodeURIComponent(name)}:${encodeURIComponent(password)}`);
}

/** What built packages need at run time, and don't declare as their requirements. It is in other indexes. */
const INSTALL_NEEDED = "pip install OpenAlchemy 'setuptools<81'";

/** Lines to copy that install from an owner's package index with pip or uv. They contain a password only if credentials are given. */
export function packageIndexInstructions(
  connection: Connection,
  owner: string,
  options: { readonly credentials?: IndexCredentials; readonly requirement?: string } = {},
): string[] {
  const { credentials, requirement = "<package>" } = options;
  const address =
    credentials === undefined
      ? withCredentials(packageIndexUrl(connection, owner), "pip:<password>")
      : packageIndexUrl(connection, owner, credentials);
  // Quoted, because the address may contain a $.
  const installs = ["pip install", "uv pip install"].map(
    (install) => `${install} --no-deps --index-url '${address}' ${requirement}`,
  );
  return [...installs, `packages also need this, once, from your usual index: ${INSTALL_NEEDED}`];
}

function withCredentials(url: string, credentials: string): string {
  return url.replace("://", `://${credentials}@`);
}
