import { type RecordedResource, arnOf } from "../recorded-resources";
import { functionIn, ofType } from "../recorded-queries";

export interface EventSource {
  readonly called: string;
  readonly qualifier: string | undefined;
  readonly principal: string;
  readonly source: string;
}

/** Every resource that invokes a function on its own, with the function's name, and its alias where it goes through one. */
export function eventSources(resources: readonly RecordedResource[]): EventSource[] {
  const from = (
    type: string,
    principal: string,
    calls: (inputs: RecordedResource["inputs"]) => unknown,
    source: (inputs: RecordedResource["inputs"]) => string | undefined,
  ): EventSource[] =>
    ofType(resources, type).flatMap(({ inputs }) => {
      const called = functionIn(calls(inputs));
      if (called === undefined) return [];
      return [{ called: called.name, qualifier: called.qualifier, principal, source: source(inputs) ?? "" }];
    });
  return [
    ...from(
      "aws:s3/bucketNotification:BucketNotification",
      "s3.amazonaws.com",
      ({ lambdaFunctions }) =>
        (lambdaFunctions as { lambdaFunctionArn: string }[] | undefined)?.[0]?.lambdaFunctionArn,
      ({ bucket }) => arnOf("aws:s3/bucket:Bucket", String(bucket)),
    ),
    ...from(
      "aws:sns/topicSubscription:TopicSubscription",
      "sns.amazonaws.com",
      ({ endpoint }) => endpoint,
      ({ topic }) => String(topic),
    ),
    ...from(
      "aws:cloudwatch/eventTarget:EventTarget",
      "events.amazonaws.com",
      ({ arn }) => arn,
      ({ rule }) => arnOf("aws:cloudwatch/eventRule:EventRule", String(rule)),
    ),
    ...from(
      "aws:apigatewayv2/integration:Integration",
      "apigateway.amazonaws.com",
      ({ integrationUri }) => integrationUri,
      ({ apiId }) => `arn:aws:execute-api:us-east-1:123456789012:${String(apiId).replace(/-id$/, "")}/`,
    ),
  ];
}
