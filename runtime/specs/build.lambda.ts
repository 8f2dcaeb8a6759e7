import { specBuildRequestSchema, type SpecBuildAnswer } from "../contracts/specs";
import { entry, readPayload } from "../shared/entry";
import type { Log } from "../shared/log";
import { buildPackages } from "./build/build";
import { SpecBuildDriver } from "./build/build-driver";
import { specBuildSettings } from "./build-settings";

/** The tool function that builds packages: a container image on AWS, a zip run by Node on a developer's machine. */
export function create(
  environment: NodeJS.ProcessEnv,
  log: Log,
): (event: unknown) => Promise<SpecBuildAnswer> {
  const settings = specBuildSettings(environment);
  const ports = { scratch: settings.scratch, driver: new SpecBuildDriver(settings) };
  return async (event) => {
    const request = readPayload(specBuildRequestSchema, event);
    const answer = await buildPackages(request, ports);
    log.info("built", {
      package: request.packageName,
      version: request.version,
      outcome: answer.outcome,
      ...(answer.outcome === "built" ? { peakMegabytes: answer.peakMegabytes } : { reason: answer.reason }),
    });
    return answer;
  };
}

export const handler = entry("specs-build", create);
