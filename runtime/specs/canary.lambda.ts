import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { setTimeout as pause } from "node:timers/promises";
import { toolVariables } from "../contracts/environment";
import { CANARY_OWNER, canaryEnvironment } from "../contracts/specs";
import { clientDefaults, s3Defaults } from "../shared/clients";
import { entry } from "../shared/entry";
import { readEnvironment } from "../shared/environment";
import { BugError } from "../shared/errors";
import type { Log } from "../shared/log";
import { specBuildSettings } from "./build-settings";
import { runCanary, type CanaryReport } from "./canary/canary";
import { installAndUse, isListed, type IndexAccess } from "./canary/install-and-use";
import { maySee, readIndexUsers } from "./package-index-users";
import { openSpecObjectStore } from "./spec-object-store";

const environmentSchema = canaryEnvironment.extend({ STRATA_UV: toolVariables.STRATA_UV });

/** The handler throws when the canary failed, so that the alarm sees it: `The canary failed: ` and the report as JSON. */
export function create(environment: NodeJS.ProcessEnv, log: Log): () => Promise<CanaryReport> {
  const settings = readEnvironment(environmentSchema, environment);
  const machine = { ...specBuildSettings(environment), uv: settings.STRATA_UV };
  const secrets = new SecretsManagerClient(clientDefaults);
  const objects = openSpecObjectStore(new S3Client(s3Defaults(environment)), settings.SPECS_BUCKET);
  return async () => {
    const access = await accessTo(settings.PACKAGE_INDEX_URL, secrets, settings.PACKAGE_INDEX_SECRET);
    const report = await runCanary({
      objects,
      isListed: (spec) => isListed(spec, access),
      installAndUse: (spec) => installAndUse(spec, access, machine),
      log,
      now: () => new Date(),
      pause,
    });
    if (!report.passed) throw new BugError(`The canary failed: ${JSON.stringify(report)}`);
    log.info("canary passed", { ...report });
    return report;
  };
}

/** Reads the users each time, because a canary must notice a changed password. */
async function accessTo(url: string, client: SecretsManagerClient, secret: string): Promise<IndexAccess> {
  const users = Object.entries(await readIndexUsers(client, secret));
  const [user, about] = users.find(([, candidate]) => maySee(candidate, CANARY_OWNER)) ?? [];
  if (user !== undefined && about !== undefined) return { url, user, password: about.password };
  throw new BugError(`No user of the secret ${secret} may see the owner ${CANARY_OWNER}; add one.`);
}

export const handler = entry("specs-canary", create);
