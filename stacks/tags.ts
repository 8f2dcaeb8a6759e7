import * as pulumi from "@pulumi/pulumi";

/** Types that take tags; a test holds every resource of the program against this list. */
const TAGGED = new Set([
  "aws:apigatewayv2/api:Api",
  "aws:apigatewayv2/stage:Stage",
  "aws:cloudwatch/eventBus:EventBus",
  "aws:cloudwatch/eventRule:EventRule",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:dynamodb/table:Table",
  "aws:ecr/repository:Repository",
  "aws:iam/role:Role",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:lambda/function:Function",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:secretsmanager/secret:Secret",
  "aws:sfn/stateMachine:StateMachine",
  "aws:sns/topic:Topic",
  "aws:sqs/queue:Queue",
]);

/** Whether a resource of this type takes tags. */
export function takesTags(type: string): boolean {
  return TAGGED.has(type);
}

/** Tags every resource of the stack that takes tags, so that cost and ownership can be told by stage. */
export function tagEverything(tags: Readonly<Record<string, string>>): void {
  pulumi.runtime.registerStackTransformation((resource) => {
    if (!takesTags(resource.type)) return undefined;
    const props = resource.props as { readonly tags?: Readonly<Record<string, string>> };
    return { props: { ...resource.props, tags: { ...tags, ...props.tags } }, opts: resource.opts };
  });
}
