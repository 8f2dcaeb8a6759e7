import { type ResourceTypes } from "./resource-type";
import { apigatewayv2Types } from "./services/apigatewayv2";
import { cloudwatchTypes } from "./services/cloudwatch";
import { dynamodbTypes } from "./services/dynamodb";
import { ecrTypes } from "./services/ecr";
import { iamTypes } from "./services/iam";
import { lambdaTypes } from "./services/lambda";
import { s3Types } from "./services/s3";
import { secretsmanagerTypes } from "./services/secretsmanager";
import { sfnTypes } from "./services/sfn";
import { snsTypes } from "./services/sns";
import { sqsTypes } from "./services/sqs";

/** Every type of resource that the local provider performs. */
export const types: ResourceTypes = {
  ...apigatewayv2Types,
  ...cloudwatchTypes,
  ...dynamodbTypes,
  ...ecrTypes,
  ...iamTypes,
  ...lambdaTypes,
  ...s3Types,
  ...secretsmanagerTypes,
  ...sfnTypes,
  ...snsTypes,
  ...sqsTypes,
};
