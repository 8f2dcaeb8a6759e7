/** Entry of the tool function: a container image on AWS, a zip run by Node on a developer's machine. */
import type { BuilderAnswer, BuilderRequest } from "../contracts/builder";
import { handleRequest } from "./handle";
import { parseRequest } from "./request";
import { parseSettings } from "./settings";

/**
 * Resolves packages to locks, or builds one target from its lock.
 * @throws {UserError} when the event or the environment is malformed.
 */
export async function handler(event: BuilderRequest): Promise<BuilderAnswer> {
  return handleRequest(parseRequest(event), parseSettings(process.env));
}
