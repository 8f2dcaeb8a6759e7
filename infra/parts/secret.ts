import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "./grant";

export interface SecretArgs {
  /** Keep the secret when the program no longer wants it, and refuse to delete it. */
  readonly retain: boolean;
  /** What it holds at first, from a password of 40 letters and digits; whoever changes it later is not overruled. */
  readonly initially: (password: string) => unknown;
}

const PASSWORD_LENGTH = 40;

/** A secret in Secrets Manager, as JSON. Its first password is made by AWS, and never stands in the clear in the state. */
export class Secret extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: SecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:part:Secret", name, {}, opts);
    const kept = { parent: this, protect: args.retain, retainOnDelete: args.retain };
    const secret = new aws.secretsmanager.Secret(
      name,
      // What isn't kept goes at once, so that the same stack can be made again.
      args.retain ? {} : { recoveryWindowInDays: 0 },
      kept,
    );
    const { randomPassword } = aws.secretsmanager.getRandomPasswordOutput(
      // Without punctuation it fits into a URL as it stands.
      { passwordLength: PASSWORD_LENGTH, excludePunctuation: true },
      { parent: this },
    );
    new aws.secretsmanager.SecretVersion(
      name,
      {
        secretId: secret.id,
        secretString: pulumi.secret(randomPassword).apply((text) => JSON.stringify(args.initially(text))),
      },
      // Each run draws another password; only the first one counts.
      { ...kept, ignoreChanges: ["secretString"] },
    );
    this.arn = secret.arn;
    this.registerOutputs({ arn: this.arn });
  }

  /** Lets somebody read it. */
  read(): Grant {
    return { actions: ["secretsmanager:GetSecretValue"], resources: [this.arn] };
  }
}
