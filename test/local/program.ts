/** A program that uses every type of the local provider at least once, as Strata's own parts do. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type PulumiFn } from "../../local/engine/stack";

/** What a test changes between two runs. */
export interface Variation {
  /** Source of the function's only file. */
  readonly code: string;
  /** Whether the queue is a FIFO queue, which can't be changed in place. */
  readonly fifo: boolean;
}

const noStatements = { Version: "2012-10-17", Statement: [] } as const;

export function exampleProgram(variation: Variation): PulumiFn {
  return () => {
    const bucket = dataBucket();
    const role = new aws.iam.Role("role", {
      assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
    });
    new aws.iam.RolePolicy("role", {
      role,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "s3:GetObject", Resource: pulumi.interpolate`${bucket.arn}/*` },
        ],
      }),
    });
    const managed = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
    new aws.iam.RolePolicyAttachment("role", { role, policyArn: managed });
    const deadLetters = new aws.sqs.Queue("dead-letters", { messageRetentionSeconds: 1_209_600 });
    const handler = nodeFunction(variation.code, role, deadLetters);
    bucketEvents(bucket, handler);
    queues(variation, handler, deadLetters);
    messages(handler);
    const url = httpApi(handler);
    machine(role);
    images();
    table();
    secret();
    return Promise.resolve({
      url,
      bucket: bucket.bucket,
      domain: bucket.bucketRegionalDomainName,
      function: handler.name,
      role: role.name,
      account: aws.getCallerIdentityOutput().accountId,
      partition: aws.getPartitionOutput().partition,
      region: aws.getRegionOutput().region,
      secret: pulumi.secret("hidden"),
    });
  };
}

function dataBucket(): aws.s3.Bucket {
  const bucket = new aws.s3.Bucket("data", { forceDestroy: true, tags: { purpose: "test" } });
  const of = { bucket: bucket.bucket };
  new aws.s3.Bucket("far", { region: "eu-west-1" });
  const versioning = new aws.s3.BucketVersioning("data", {
    ...of,
    versioningConfiguration: { status: "Enabled" },
  });
  new aws.s3.BucketServerSideEncryptionConfiguration("data", {
    ...of,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: true }],
  });
  new aws.s3.BucketPublicAccessBlock("data", { ...of, blockPublicAcls: true, blockPublicPolicy: true });
  new aws.s3.BucketOwnershipControls("data", { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } });
  new aws.s3.BucketLifecycleConfiguration("data", {
    ...of,
    rules: [{ id: "parts", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 2 } }],
  });
  new aws.s3.BucketPolicy("data", {
    ...of,
    policy: pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Deny", Principal: "*", Action: "s3:DeleteBucket", Resource: "arn:aws:s3:::other" },
      ],
    }),
  });
  new aws.s3.BucketObjectv2(
    "page",
    { bucket, key: "page/index.html", content: "<p>hello</p>", contentType: "text/html" },
    { dependsOn: versioning },
  );
  return bucket;
}

function nodeFunction(code: string, role: aws.iam.Role, deadLetters: aws.sqs.Queue): aws.lambda.Function {
  const logs = new aws.cloudwatch.LogGroup("handler", { retentionInDays: 14 });
  const handler = new aws.lambda.Function("handler", {
    role: role.arn,
    runtime: "nodejs20.x",
    handler: "index.handler",
    code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset(code) }),
    environment: { variables: { lowerCase: "kept" } },
    loggingConfig: { logFormat: "JSON", logGroup: logs.name },
    tracingConfig: { mode: "Active" },
    deadLetterConfig: { targetArn: deadLetters.arn },
    ephemeralStorage: { size: 1024 },
    memorySize: 256,
    timeout: 10,
    architectures: ["arm64"],
    reservedConcurrentExecutions: 2,
    publish: true,
  });
  new aws.lambda.FunctionEventInvokeConfig("handler", {
    functionName: handler.name,
    maximumRetryAttempts: 1,
    destinationConfig: { onFailure: { destination: deadLetters.arn } },
  });
  new aws.lambda.Alias("live", { functionName: handler.name, functionVersion: handler.version });
  new aws.cloudwatch.MetricAlarm("errors", {
    comparisonOperator: "GreaterThanThreshold",
    dimensions: { FunctionName: handler.name },
    evaluationPeriods: 1,
    metricName: "Errors",
    namespace: "AWS/Lambda",
    period: 60,
    statistic: "Sum",
    threshold: 0,
  });
  return handler;
}

function bucketEvents(bucket: aws.s3.Bucket, handler: aws.lambda.Function): void {
  const permission = new aws.lambda.Permission("bucket", {
    function: handler,
    action: "lambda:InvokeFunction",
    principal: "s3.amazonaws.com",
    sourceArn: bucket.arn,
  });
  const created = { lambdaFunctionArn: handler.arn, events: ["s3:ObjectCreated:*"], filterPrefix: "in/" };
  const notification = { bucket: bucket.id, lambdaFunctions: [created] };
  new aws.s3.BucketNotification("bucket", notification, { dependsOn: permission });
}

function queues(variation: Variation, handler: aws.lambda.Function, deadLetters: aws.sqs.Queue): void {
  const redrivePolicy = pulumi.jsonStringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 3 });
  const work = new aws.sqs.Queue("work", variation.fifo ? { fifoQueue: true } : { redrivePolicy });
  new aws.sqs.QueuePolicy("dead-letters", {
    queueUrl: deadLetters.url,
    policy: JSON.stringify(noStatements),
  });
  const mapping = { eventSourceArn: work.arn, functionName: handler.arn, batchSize: 1 };
  new aws.lambda.EventSourceMapping("work", {
    ...mapping,
    functionResponseTypes: ["ReportBatchItemFailures"],
  });
}

function messages(handler: aws.lambda.Function): void {
  const topic = new aws.sns.Topic("topic", { displayName: "News" });
  new aws.sns.TopicPolicy("topic", { arn: topic.arn, policy: JSON.stringify(noStatements) });
  new aws.sns.TopicSubscription("topic", { topic, protocol: "lambda", endpoint: handler.arn });
  const bus = new aws.cloudwatch.EventBus("bus");
  const eventPattern = JSON.stringify({ source: ["strata"] });
  const rule = new aws.cloudwatch.EventRule("rule", { eventBusName: bus.name, eventPattern });
  const retryPolicy = { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 60 };
  new aws.cloudwatch.EventTarget("rule", {
    rule: rule.name,
    eventBusName: bus.name,
    arn: handler.arn,
    retryPolicy,
  });
  new aws.cloudwatch.EventRule("daily", { scheduleExpression: "rate(1 day)", state: "DISABLED" });
}

function httpApi(handler: aws.lambda.Function): pulumi.Output<string> {
  const cors = { allowOrigins: ["*"], allowMethods: ["GET"] };
  const api = new aws.apigatewayv2.Api("api", { protocolType: "HTTP", corsConfiguration: cors });
  const integration = new aws.apigatewayv2.Integration("api", {
    apiId: api.id,
    integrationType: "AWS_PROXY",
    integrationUri: handler.invokeArn,
    payloadFormatVersion: "2.0",
    timeoutMilliseconds: 5000,
  });
  const target = pulumi.interpolate`integrations/${integration.id}`;
  new aws.apigatewayv2.Route("api", { apiId: api.id, routeKey: "$default", target });
  new aws.apigatewayv2.Route("packages", { apiId: api.id, routeKey: "ANY /packages/{path+}", target });
  const throttling = { throttlingBurstLimit: 10, throttlingRateLimit: 5 };
  const stage = { apiId: api.id, name: "$default", autoDeploy: true, defaultRouteSettings: throttling };
  return new aws.apigatewayv2.Stage("api", stage).invokeUrl;
}

function machine(role: aws.iam.Role): void {
  const logs = new aws.cloudwatch.LogGroup("machine", { retentionInDays: 14 });
  new aws.sfn.StateMachine("machine", {
    roleArn: role.arn,
    definition: JSON.stringify({ StartAt: "A", States: { A: { Type: "Pass", End: true } } }),
    loggingConfiguration: { level: "ERROR", logDestination: pulumi.interpolate`${logs.arn}:*` },
    tracingConfiguration: { enabled: true },
  });
}

function images(): void {
  const scan = { imageScanningConfiguration: { scanOnPush: true } };
  const repository = new aws.ecr.Repository("images", { forceDelete: true, ...scan });
  new aws.ecr.LifecyclePolicy("images", {
    repository: repository.name,
    policy: JSON.stringify({ rules: [] }),
  });
}

function secret(): void {
  const kept = new aws.secretsmanager.Secret("password", { recoveryWindowInDays: 0 });
  const { randomPassword } = aws.secretsmanager.getRandomPasswordOutput({ excludePunctuation: true });
  const version = { secretId: kept.id, secretString: pulumi.secret(randomPassword) };
  // Each run draws another one.
  new aws.secretsmanager.SecretVersion("password", version, { ignoreChanges: ["secretString"] });
}

function table(): void {
  new aws.dynamodb.Table("table", {
    billingMode: "PAY_PER_REQUEST",
    hashKey: "pk",
    rangeKey: "sk",
    attributes: ["pk", "sk", "by"].map((name) => ({ name, type: "S" })),
    globalSecondaryIndexes: [{ name: "byOther", hashKey: "by", projectionType: "ALL" }],
    ttl: { attributeName: "expires", enabled: true },
    pointInTimeRecovery: { enabled: true },
    serverSideEncryption: { enabled: true },
  });
}
