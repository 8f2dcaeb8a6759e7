/** Entry of the provider's process, started by the engine through `pulumi-resource-awsx`. */
import { main } from "@pulumi/pulumi/provider";
import { createAwsxProvider } from "./provider";

void main(createAwsxProvider(), process.argv.slice(2));
