import { program } from "./stacks/program";

/** What `pulumi up` runs, on every stage; its exports are the stack's outputs. */
export const {
  apiUrl,
  architectures,
  artifactsBucket,
  buildMachine,
  busName,
  catalogBucket,
  indexSecret,
  packageCanary,
  packageFailures,
  packageHandler,
  packagesBucket,
  packagesUrl,
  partitionAdvisor,
  partitionFreshnessHours,
  partitionMachine,
  partitionQueue,
  publicationsLog,
  pythons,
  regions,
  tableName,
} = program();
