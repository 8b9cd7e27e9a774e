/** The stack that all of this is deployed as. Throws DeploymentError when CloudFormation does not do as asked. */
export interface Deployment {
  /** Whether the stack refuses to be deleted. */
  isProtected(): Promise<boolean>;
  /** Idempotent. */
  protect(isProtected: boolean): Promise<void>;
}
