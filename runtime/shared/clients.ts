/**
 * SDK client settings shared by every entry. A local emulator is addressed by `AWS_ENDPOINT_URL`, which the SDK reads itself;
 * only S3 must be told to put the bucket in the path, since `bucket.127.0.0.1` is no host name.
 */
export const clientDefaults = { maxAttempts: 5 } as const;

/** Settings for S3 clients, in Lambda and on the emulator alike. */
export function s3Defaults(environment: NodeJS.ProcessEnv = process.env): {
  readonly maxAttempts: number;
  readonly forcePathStyle: boolean;
} {
  return { ...clientDefaults, forcePathStyle: environment["AWS_ENDPOINT_URL"] !== undefined };
}
