import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GlueClient } from "@aws-sdk/client-glue";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type Table, openTable } from "../../runtime/shared/table/open-table";
import type { StageOutputs } from "../../stacks/outputs";
import { runningPlatform } from "./home";

/** How SDK clients reach a stage: your own credentials on AWS, the emulator's on this machine. */
export interface ClientSettings {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A deployed stage, with clients in its home region. */
export class Connection {
  constructor(
    readonly stage: string,
    readonly outputs: StageOutputs,
    readonly settings: ClientSettings,
  ) {}

  /** The stage's table. */
  readonly table = (): Table => openTable(new DynamoDBClient(this.settings), this.outputs.stage.tableName);
  readonly glue = (): GlueClient => new GlueClient(this.settings);
  readonly lambda = (region: string = this.settings.region): LambdaClient =>
    new LambdaClient({ ...this.settings, region });
  readonly logs = (region: string = this.settings.region): CloudWatchLogsClient =>
    new CloudWatchLogsClient({ ...this.settings, region });
  readonly s3 = (region: string = this.settings.region): S3Client =>
    new S3Client({ ...this.settings, region, forcePathStyle: this.settings.endpoint !== undefined });
  readonly secrets = (): SecretsManagerClient => new SecretsManagerClient(this.settings);
  readonly sqs = (): SQSClient => new SQSClient(this.settings);
  readonly stepFunctions = (): SFNClient => new SFNClient(this.settings);
}

/** Credentials of the emulator's root user. */
const EMULATOR_ROOT = { accessKeyId: "test", secretAccessKey: "test" };

/** Settings for clients of the emulator at `endpoint`. */
export function emulatorSettings(endpoint: string, region = "us-east-1"): ClientSettings {
  return { region, endpoint, credentials: EMULATOR_ROOT };
}

/**
 * Connects to a stage: `local` is the platform that runs on this machine, any other is looked up in its stack.
 *
 * @throws TaskError when it is not deployed.
 */
export async function connect(stage: string): Promise<Connection> {
  if (stage === "local") {
    const { emulator, outputs } = await runningPlatform();
    return new Connection(stage, outputs, emulatorSettings(emulator.endpoint, outputs.stage.regions[0]));
  }
  // Loads the program and the engine, which no other task needs.
  const { readStage } = await import("./stack");
  const { outputs, region } = await readStage(stage);
  return new Connection(stage, outputs, { region });
}
