/** Entry of the tool function that builds packages: a container image on AWS, a zip run by Node on a developer's machine. */
import { z } from "zod";
import { entry, readPayload } from "../shared/entry";
import { buildPackages } from "./build/build";
import { PackageDriver } from "./build/build-driver";
import { packageBuildSettings } from "./build/build-settings";
import type { BuildAnswer } from "../contracts/specs";

const requestSchema = z.object({ spec: z.string(), packageName: z.string(), version: z.string() });

/**
 * Builds the packages of a spec, or says why it can't be built.
 * @throws BugError when the failure is ours.
 */
export const handler = entry<BuildAnswer>("packages", (environment, log) => {
  const settings = packageBuildSettings(environment);
  const ports = { scratch: settings.scratch, driver: new PackageDriver(settings) };
  return async (event) => {
    const request = readPayload(requestSchema, event);
    const answer = await buildPackages(request, ports);
    log.info("built", {
      package: request.packageName,
      version: request.version,
      outcome: answer.outcome,
      ...(answer.outcome === "built" ? { peakMegabytes: answer.peakMegabytes } : { reason: answer.reason }),
    });
    return answer;
  };
});
