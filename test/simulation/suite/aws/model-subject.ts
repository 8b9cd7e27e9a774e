import type { EC2Client } from '@aws-sdk/client-ec2';
import type { ECSClient } from '@aws-sdk/client-ecs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  type ContainerRun,
  type EmittedEvent,
  type Programs,
  ServiceError,
  type SimulatedHost,
  simulatedPlace,
} from '../../contract.ts';
import { createRandom } from '../../kernel/random.ts';
import { createTimeline, type Timeline } from '../../kernel/timeline.ts';
import { type AwsModels, createAwsModels } from '../../models/aws/index.ts';
import { type AwsSubject, type SuiteHost, scripts } from './aws-subject.ts';

/** The models under the suite, and a hand on them for what only models have. */
export interface ModelSubject extends AwsSubject {
  readonly models: AwsModels;
  readonly timeline: Timeline;
  /** Starts of containers, in order. */
  readonly starts: readonly ContainerRun[];
  /** The disks whose end was told, in order. */
  readonly endedDisks: readonly string[];
}

/** The models on a virtual clock that passes while somebody waits. */
export function createModelSubject(seed = 'suite'): ModelSubject {
  const timeline = createTimeline();
  const events: EmittedEvent[] = [];
  const starts: ContainerRun[] = [];
  const endedDisks: string[] = [];
  const models = createAwsModels({
    ...{ clock: timeline, random: createRandom(seed), programs: bashDouble(timeline, starts) },
    emit: (event) => void events.push(event),
    disks: {
      createDisk: () => undefined,
      copyDisk: () => undefined,
      destroyDisk: (volumeId) => void endedDisks.push(volumeId),
    },
    // In zones a, b and again a.
    hosts: [0, 1].map(hostOf),
  });
  let lastHost = 0;
  const hostAt = (index: number): SuiteHost => {
    const { instanceId, zone } = hostOf(index);
    return { instanceId, zone };
  };
  return {
    ...{ models, timeline, starts, endedDisks },
    dynamodb: clientOf(models.dynamodb) as unknown as DynamoDBDocumentClient,
    ecs: clientOf(models.ecs) as unknown as ECSClient,
    ec2: clientOf(models.ec2) as unknown as EC2Client,
    table: simulatedPlace.tableName,
    cluster: simulatedPlace.clusterArn,
    hosts: [hostAt(0), hostAt(1)],
    takeHost: async () => {
      lastHost += 3;
      models.addHost(hostOf(lastHost));
      return hostAt(lastHost);
    },
    waitFor: async (ask, fits) => {
      for (;;) {
        const answer = await ask();
        if (fits(answer)) return answer;
        if (!(await timeline.step())) throw new Error(`nothing is left to happen: ${JSON.stringify(answer)}`);
      }
    },
    events: () => events,
    killTask: (_host, taskArn) => models.killTask(taskArn),
    terminateHost: async ({ instanceId }) => models.loseHost(instanceId),
    crashHost: async ({ instanceId }) => models.crashHost(instanceId),
    rebootHost: async ({ instanceId }) => models.startHost(instanceId),
  };
}

/** A host of m7g.large's size; every third one is in zone a. */
function hostOf(index: number): SimulatedHost {
  const { accountId, region, clusterArn } = simulatedPlace;
  const id = (index + 1).toString(16).padStart(17, '0');
  const cluster = clusterArn.split('/').at(-1);
  return {
    instanceId: `i-${id}`,
    containerInstanceArn: `arn:aws:ecs:${region}:${accountId}:container-instance/${cluster}/${id.padStart(32, '0')}`,
    zone: `${region}${'abc'.charAt(index % 3)}`,
    address: `10.0.${index % 3}.${10 + index}`,
    cpuUnits: 2048,
    memoryMiB: 7680,
  };
}

function clientOf(service: AwsModels['ecs']) {
  return {
    send: async (command: { readonly input: object }) =>
      service.call(command.constructor.name.replace(/Command$/, ''), command.input),
  };
}

/** Does what bash does with the suite's scripts. */
function bashDouble(timeline: Timeline, starts: ContainerRun[]): Programs {
  const formatted = new Set<string>();
  return {
    start: (run) => {
      starts.push(run);
      const script = run.command.at(-1);
      if (run.volumeId !== undefined && !formatted.has(run.volumeId))
        throw new ServiceError('CannotStartContainerError', `wrong fs type on ${run.volumeId}`);
      const endSoon = (exitCode: number) =>
        timeline.after(10, `${run.startedBy} ends`, () => {
          if (script === scripts.formats) formatted.add(`vol-${run.environment['DEVICE']?.split('_vol').at(-1)}`);
          run.exited(exitCode);
        });
      let soon = script === scripts.endsWith7 ? endSoon(7) : script === scripts.formats ? endSoon(0) : undefined;
      return {
        terminate: () => {
          if (script === scripts.endsOnTerm) soon = endSoon(0);
          if (script === scripts.sleeps) soon = endSoon(143);
        },
        kill: () => soon?.cancel(),
      };
    },
  };
}
