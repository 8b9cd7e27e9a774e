import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/**
 * The tokens that open the HTTP API: one secret, a JSON object of `name: token`.
 * It begins with one generated token named `admin`; operators add and remove others in the secret.
 */
export class Tokens extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      description: 'Tokens of the HTTP API of Warden: a JSON object of name and token',
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'admin',
        excludePunctuation: true,
        passwordLength: 40,
      },
    });
  }
}
