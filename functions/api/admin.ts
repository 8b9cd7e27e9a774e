import type { ProtectionDocument } from '../../lib/contract/admin-schema.ts';
import { allowDestroy as allow, type DeploymentPorts } from '../../lib/operations/allow-destroy.ts';
import { forbidDestroy as forbid } from '../../lib/operations/forbid-destroy.ts';
import { json, problem } from './api-response.ts';
import type { ApiHandler } from './create-api.ts';

/** POST /admin/allow-destroy */
export function allowDestroy(ports: DeploymentPorts): ApiHandler {
  return async ({ requestedBy }) => {
    const result = await allow(ports, { requestedBy });
    switch (result.type) {
      case 'allowed': {
        const message =
          'cdk destroy may delete the stack now. The table and volumes that were kept stay; installs are barred until destroy is forbidden again, or until a cdk deploy protects the stack';
        const answer: ProtectionDocument = { terminationProtection: false, installs: 'barred', message };
        return json(200, answer);
      }
      case 'services live':
        return problem({
          kind: 'services-live',
          status: 409,
          detail: `The stack stays protected: ${namesOf(result.services)}. Uninstall first`,
        });
      case 'forbidden meanwhile':
        return problem({
          kind: 'contested',
          status: 409,
          detail: 'Somebody forbade it at the same moment: the stack stays protected. Ask again if it still is wanted',
        });
    }
  };
}

/** POST /admin/forbid-destroy */
export function forbidDestroy(ports: Pick<DeploymentPorts, 'store' | 'deployment'>): ApiHandler {
  return async () => {
    const result = await forbid(ports);
    if (result.type === 'contested') {
      const detail = 'Somebody allows it at the same moment, again and again. Look at GET /health and ask again';
      return problem({ kind: 'contested', status: 409, detail });
    }
    const message = 'cdk destroy is refused with the stack untouched; installs are open';
    const answer: ProtectionDocument = { terminationProtection: true, installs: 'open', message };
    return json(200, answer);
  };
}

function namesOf(services: readonly string[]): string {
  return services.length === 1 ? `service ${services[0]} exists` : `services ${services.join(', ')} exist`;
}
