import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { setTimeout as pause } from "node:timers/promises";
import { clientDefaults } from "../shared/clients";
import { entry } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { toolVariables } from "../contracts/environment";
import { canaryEnvironment } from "../contracts/specs";
import { BugError } from "../shared/errors";
import type { Log } from "../shared/log";
import { packageBuildSettings } from "./build/build-settings";
import { CANARY_SUB, flyCanary, type CanaryReport } from "./canary/canary";
import { isListed, tryOut, type IndexAccess } from "./canary/canary-trial";
import { bucketIn } from "./clients";
import { maySee, readUsers } from "./package-index/credentials";

/**
 * The handler throws when the canary failed, so that the alarm sees it: `The canary failed: ` and the report as JSON.
 */
export function create(environment: NodeJS.ProcessEnv, log: Log): () => Promise<CanaryReport> {
  const settings = readEnvironment(
    canaryEnvironment.extend({ STRATA_UV: toolVariables.STRATA_UV }),
    environment,
  );
  const machine = { ...packageBuildSettings(environment), uv: settings.STRATA_UV };
  const secrets = new SecretsManagerClient(clientDefaults);
  const bucket = bucketIn(settings.SPECS_BUCKET, environment);
  return async () => {
    const access = await accessTo(settings.PACKAGE_INDEX_URL, secrets, settings.PACKAGE_INDEX_SECRET);
    const report = await flyCanary({
      bucket,
      isListed: (spec) => isListed(spec, access),
      tryOut: (spec) => tryOut(spec, access, machine),
      log,
      now: () => new Date(),
      pause,
    });
    if (!report.passed) throw new BugError(`The canary failed: ${JSON.stringify(report)}`);
    log.info("canary passed", { ...report });
    return report;
  };
}

/** Reads the users each time: a canary must notice a password that changed. */
async function accessTo(url: string, client: SecretsManagerClient, secret: string): Promise<IndexAccess> {
  const users = Object.entries(await readUsers(client, secret));
  const [user, about] = users.find(([, candidate]) => maySee(candidate, CANARY_SUB)) ?? [];
  if (user !== undefined && about !== undefined) return { url, user, password: about.password };
  throw new BugError(`No user of the secret ${secret} may see ${CANARY_SUB}; add one.`);
}

export const handler = entry("specs-canary", create);
