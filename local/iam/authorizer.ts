import type { Authorizer, Caller, CallToAuthorize, Right } from '../core/service.ts';
import { accessDenied, type Denial, denialSentence } from './access-denied.ts';
import { AWS_MANAGED_POLICIES } from './aws-managed-policies.ts';
import { contextOf, refuseUnknownKeys } from './condition-context.ts';
import { type AccessDecision, decideAccess } from './decide-access.ts';
import { noteDeniedCall } from './denied-calls.ts';
import type { IamStore, RoleRecord } from './iam-store.ts';
import { type PolicyDocument, parsePolicyDocument } from './policy-document.ts';
import { namesPrincipal, type Principal, principalNames, principalOf } from './principal.ts';
import { resourcePolicyOf } from './resource-policies.ts';
import { rightsOfCall } from './rights-of-call.ts';

/** Asks the policies of roles, and of resources where a service of AWS calls. The root of the account may do everything. */
export function createAuthorizer(store: IamStore): Authorizer {
  const require = async (caller: Caller, rights: readonly Right[]): Promise<void> => {
    const principal = principalOf(caller);
    for (const right of rights) {
      const denial = await denialOf(store, { caller, principal, right });
      if (denial === undefined) continue;
      note(store, denial);
      throw accessDenied(denial);
    }
  };
  return {
    call: async (call) => {
      if (principalOf(call.caller).type === 'root' && !isAssumption(call)) return;
      await require(call.caller, await rightsOfCall({ ...call, cloud: store.cloud }));
    },
    act: require,
    note: (caller, right) =>
      note(store, {
        principalArn: caller.principalArn,
        right,
        decision: 'denied implicitly',
        policies: 'resource',
      }),
  };
}

interface Asked {
  readonly caller: Caller;
  readonly principal: Principal;
  readonly right: Right;
}

/** Whom a role trusts is asked of the root, too. */
function isAssumption({ service, operation }: CallToAuthorize): boolean {
  return service === 'sts' && operation === 'AssumeRole';
}

async function denialOf(store: IamStore, asked: Asked): Promise<Denial | undefined> {
  const { caller, principal, right } = asked;
  const denial = (decision: AccessDecision, policies: Denial['policies']): Denial | undefined =>
    decision === 'allowed' ? undefined : { principalArn: caller.principalArn, right, decision, policies };
  if (right.action === 'sts:AssumeRole') {
    const refused = denial(decideTrust(store, asked), 'resource');
    if (refused !== undefined || principal.type !== 'role') return refused;
  }
  switch (principal.type) {
    case 'root':
      return undefined;
    case 'service': {
      if (right.action === 'sts:AssumeRole') return undefined;
      const policy = await resourcePolicyOf(store.cloud, right);
      return denial(
        decide(store, asked, { policies: policy === undefined ? [] : [ofPrincipal(store, policy, asked)] }),
        'resource',
      );
    }
    case 'role':
      return denial(decide(store, asked, { policies: policiesOfRole(store, principal.roleName) }), 'identity');
  }
}

function decide(
  { cloud, roles }: IamStore,
  { caller, principal, right }: Asked,
  { policies }: { readonly policies: readonly PolicyDocument[] },
): AccessDecision {
  const { accountId, region } = cloud;
  const role = principal.type === 'role' ? roles.get(principal.roleName) : undefined;
  const principalArn = role?.arn ?? caller.principalArn;
  const context = contextOf({ caller, principalArn, accountId, region }, right);
  refuseUnknownKeys(policies, right, context);
  return decideAccess(policies, { action: right.action, resource: right.resource, context });
}

/** A role that is absent is told from one that does not trust the caller by nobody. */
function decideTrust(store: IamStore, asked: Asked): AccessDecision {
  const { resource } = asked.right;
  const role = store.roles.get(resource.slice(resource.lastIndexOf('/') + 1));
  if (role === undefined || role.arn !== resource) return 'denied implicitly';
  return decide(store, asked, { policies: [ofPrincipal(store, parsed(role.trustPolicy, 'trust'), asked)] });
}

/** The statements of a resource's policy that speak of the one who asks. */
function ofPrincipal({ cloud }: IamStore, policy: PolicyDocument, { caller, principal }: Asked): PolicyDocument {
  const names = principalNames(principal, caller, cloud.accountId);
  return { Statement: policy.Statement.filter((statement) => namesPrincipal(statement, names)) };
}

/** A session outlives its role, but may then do nothing. */
function policiesOfRole(store: IamStore, roleName: string): PolicyDocument[] {
  const role = store.roles.get(roleName);
  if (role === undefined) return [];
  const inline = Object.values(role.inlinePolicies).map((text) => parsed(text, 'identity'));
  return [...inline, ...attachedPolicies(store, role)];
}

function attachedPolicies({ policies }: IamStore, { attachedPolicyArns }: RoleRecord): PolicyDocument[] {
  return attachedPolicyArns.flatMap((arn) => {
    const ours = policies.get(arn);
    const text = ours?.versions.find(({ id }) => id === ours.defaultVersionId)?.document;
    if (text !== undefined) return [parsed(text, 'identity')];
    return AWS_MANAGED_POLICIES[arn] ?? [];
  });
}

const documents = new Map<string, PolicyDocument>();
const MAX_DOCUMENTS = 1_000;

/** Parsed once for each text. @throws AwsError for a policy stored by an older cloud that this one would refuse */
function parsed(text: string, kind: 'identity' | 'trust'): PolicyDocument {
  const known = documents.get(text);
  if (known !== undefined) return known;
  const document = parsePolicyDocument(text, kind);
  if (documents.size >= MAX_DOCUMENTS) documents.clear();
  documents.set(text, document);
  return document;
}

function note({ cloud }: IamStore, denial: Denial): void {
  const { principalArn, right } = denial;
  const reason = denialSentence(denial);
  const at = new Date().toISOString();
  noteDeniedCall(cloud.dataFolder, { at, principalArn, action: right.action, resource: right.resource, reason });
  cloud.log(`iam: denied: ${reason}`);
}
