import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "./grant";

export interface SecretArgs {
  /** Keep the secret when the program no longer declares it, and refuse to delete it. */
  readonly retain: boolean;
  /** The first value, made of a random password of 40 letters and digits. Later changes to the value are kept. */
  readonly initially: (password: string) => unknown;
}

const PASSWORD_LENGTH = 40;

/** A JSON secret in Secrets Manager. AWS makes its first password, and Pulumi's state holds it only encrypted. */
export class Secret extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: SecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("strata:part:Secret", name, {}, opts);
    const kept = { parent: this, protect: args.retain, retainOnDelete: args.retain };
    const secret = new aws.secretsmanager.Secret(
      name,
      // Deleted at once: a secret that waits for its deletion would block a new one of the same stack.
      args.retain ? {} : { recoveryWindowInDays: 0 },
      kept,
    );
    const { randomPassword } = aws.secretsmanager.getRandomPasswordOutput(
      // Without punctuation, so that it needs no escapes in a URL.
      { passwordLength: PASSWORD_LENGTH, excludePunctuation: true },
      { parent: this },
    );
    new aws.secretsmanager.SecretVersion(
      name,
      {
        secretId: secret.id,
        secretString: pulumi.secret(randomPassword).apply((text) => JSON.stringify(args.initially(text))),
      },
      // AWS makes another password at each run; only the first one is used.
      { ...kept, ignoreChanges: ["secretString"] },
    );
    this.arn = secret.arn;
    this.registerOutputs({ arn: this.arn });
  }

  /** Allows reading its value. */
  read(): Grant {
    return { actions: ["secretsmanager:GetSecretValue"], resources: [this.arn] };
  }
}
