import type * as pulumi from "@pulumi/pulumi";
import { type FieldsOf, type Path, fields, isPath, textOf } from "./json-path";

/** A state of the Amazon States Language. */
export type State = Readonly<Record<string, unknown>>;

/**
 * Errors worth a bounded retry. Too many invocations at one time: builds may take all of them for minutes, since a new account
 * has ten. Faults of Lambda itself. And an upstream of our functions that is busy.
 */
const RETRY = [
  {
    ErrorEquals: ["Lambda.TooManyRequestsException"],
    IntervalSeconds: 5,
    MaxAttempts: 20,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: "FULL",
  },
  {
    ErrorEquals: [
      "Lambda.ServiceException",
      "Lambda.AWSLambdaException",
      "Lambda.SdkClientException",
      "UpstreamError",
    ],
    IntervalSeconds: 2,
    MaxAttempts: 4,
    BackoffRate: 2,
    JitterStrategy: "FULL",
  },
];

export interface CallArgs<Payload extends object> {
  /** What the function is given: a path to it, or where each of its fields comes from. */
  readonly payload: Path<Payload> | FieldsOf<Payload>;
  /** Where the answer goes, below `.value`. @default it becomes the state's output */
  readonly into?: string;
  readonly next?: string;
  /** The state that handles an error that is still there after the retries. The error is in `$.error`. */
  readonly onError?: string;
}

/** A task that invokes a function, with bounded retries. Name the payload's type, as `runtime/contracts` has it. */
export function call<Payload extends object>(
  functionArn: pulumi.Input<string>,
  args: CallArgs<Payload>,
): State {
  const payload = isPath(args.payload)
    ? { "Payload.$": textOf(args.payload) }
    : { Payload: fields<Payload>(args.payload) };
  return {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: { FunctionName: functionArn, ...payload },
    ...(args.into === undefined
      ? { OutputPath: "$.Payload" }
      : { ResultSelector: { "value.$": "$.Payload" }, ResultPath: `$.${args.into}` }),
    Retry: RETRY,
    ...catchAll(args.onError),
    ...(args.next === undefined ? { End: true } : { Next: args.next }),
  };
}

/** A distributed Map over a JSON array in S3, in the bucket that `$.bucket` names. Its output is its input. */
export function distributedMap(args: {
  /** The path to the array's key. */
  readonly bucket: Path<string>;
  readonly key: Path<string>;
  readonly concurrency: number;
  readonly startAt: string;
  readonly states: Record<string, State>;
  readonly next: string;
  /** The state that handles a Map that could not run. The error is in `$.error`. @default the execution fails */
  readonly onError?: string;
}): State {
  return {
    Type: "Map",
    ItemReader: {
      Resource: "arn:aws:states:::s3:getObject",
      ReaderConfig: { InputType: "JSON" },
      Parameters: { "Bucket.$": textOf(args.bucket), "Key.$": textOf(args.key) },
    },
    MaxConcurrency: args.concurrency,
    // An item that fails must not stop the others. Its failure is recorded with it.
    ToleratedFailurePercentage: 100,
    ItemProcessor: {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
      StartAt: args.startAt,
      States: args.states,
    },
    ResultPath: null,
    ...catchAll(args.onError),
    Next: args.next,
  };
}

/** A Choice by the value at a path. */
export function choice<Value extends string | number>(
  at: Path<Value>,
  cases: readonly { readonly is: Value; readonly next: string }[],
  otherwise: string,
): State {
  return {
    Type: "Choice",
    Choices: cases.map(({ is, next }) => ({
      Variable: textOf(at),
      [typeof is === "number" ? "NumericEquals" : "StringEquals"]: is,
      Next: next,
    })),
    Default: otherwise,
  };
}

function catchAll(onError: string | undefined): State {
  if (onError === undefined) return {};
  return { Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: onError }] };
}
