/**
 * Settings of every SDK client. The SDK itself reads the emulator's address from `AWS_ENDPOINT_URL`. Only S3 needs one more
 * setting there: the bucket must be in the path, since `bucket.127.0.0.1` is not a valid host name.
 */
export const clientDefaults = { maxAttempts: 5 } as const;

/** Settings of S3 clients, both on AWS and on the emulator. */
export function s3Defaults(environment: NodeJS.ProcessEnv = process.env): {
  readonly maxAttempts: number;
  readonly forcePathStyle: boolean;
} {
  return { ...clientDefaults, forcePathStyle: environment["AWS_ENDPOINT_URL"] !== undefined };
}
