import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
} from '@aws-sdk/client-ecs';
import { describe, expect, test } from '@jest/globals';
import { type AwsSubject, freshName, scripts } from './aws-subject.ts';
import { register, runTask } from './ecs-steps.ts';

/** Task definitions of ECS. */
export function describeDefinitions(open: () => AwsSubject): void {
  const describeDefinition = (taskDefinition: string, include?: ['TAGS']) =>
    open().ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, ...(include && { include }) }));
  const deregister = (taskDefinition: string) =>
    open().ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
  const listed = async (familyPrefix: string, status: 'ACTIVE' | 'INACTIVE' = 'ACTIVE') =>
    (await open().ecs.send(new ListTaskDefinitionsCommand({ familyPrefix, status }))).taskDefinitionArns;
  const inFamily = (family: string) => register(open(), scripts.sleeps, { definition: { family } });

  describe('a task definition of ECS', () => {
    test('gets the next revision of its family with each registration, whatever it holds', async () => {
      const family = freshName('counted');
      const first = await inFamily(family);
      expect(first).toMatch(new RegExp(`^arn:aws:ecs:us-east-1:000000000000:task-definition/${family}:1$`));
      expect(await inFamily(family)).toBe(first.replace(/:1$/, ':2'));
      expect((await describeDefinition(family)).taskDefinition).toMatchObject({
        family,
        revision: 2,
        status: 'ACTIVE',
      });
      expect((await describeDefinition(`${family}:1`)).taskDefinition?.taskDefinitionArn).toBe(first);
    });

    test('tells its tags only to those who ask', async () => {
      const tags = [{ key: 'warden:content', value: 'abc' }];
      const arn = await register(open(), scripts.sleeps, { definition: { tags } });
      expect((await describeDefinition(arn, ['TAGS'])).tags).toEqual(tags);
      expect((await describeDefinition(arn)).tags).toBeUndefined();
    });

    test('shows what it was registered with, and what ECS adds', async () => {
      const arn = await register(open(), scripts.sleeps, {
        container: { portMappings: [{ containerPort: 9092, hostPort: 9092, protocol: 'tcp' }] },
      });
      const { taskDefinition } = await describeDefinition(arn);
      expect(taskDefinition).toMatchObject({
        ...{ networkMode: 'host', requiresCompatibilities: ['EC2'], compatibilities: ['EC2'], volumes: [] },
        containerDefinitions: [
          {
            ...{ name: 'main', cpu: 100, memoryReservation: 100, essential: true, stopTimeout: 2 },
            ...{ environment: [], mountPoints: [], portMappings: [{ containerPort: 9092, hostPort: 9092 }] },
          },
        ],
      });
      expect(taskDefinition?.registeredAt).toEqual(expect.any(Date));
    });

    test('is found by its ARN after its deregistration, but not by its family, and starts nothing', async () => {
      const family = freshName('retired');
      const arn = await inFamily(family);
      expect((await deregister(arn)).taskDefinition).toMatchObject({ status: 'INACTIVE' });
      expect((await describeDefinition(arn)).taskDefinition).toMatchObject({ status: 'INACTIVE' });
      await expect(describeDefinition(family)).rejects.toMatchObject({ name: 'ClientException' });
      await expect(deregister(arn)).rejects.toMatchObject({ name: 'ClientException' });
      await expect(runTask(open(), arn)).rejects.toMatchObject({ name: 'ClientException' });
      expect(await inFamily(family)).toBe(arn.replace(/:1$/, ':2'));
    });

    test('is listed by the beginning of its family and by its status', async () => {
      const family = freshName('listed');
      const arns = [await inFamily(family), await inFamily(family), await inFamily(`${family}x`)];
      expect(await listed(family)).toEqual(arns);
      await deregister(arns[0] ?? '');
      expect(await listed(family)).toEqual(arns.slice(1));
      expect(await listed(family, 'INACTIVE')).toEqual([arns[0]]);
    });

    test('that nobody registered is a ClientException', async () => {
      for (const name of ['nobody', 'nobody:1']) {
        await expect(describeDefinition(name)).rejects.toMatchObject({
          name: 'ClientException',
          message: expect.stringContaining('Unable to describe task definition'),
        });
      }
    });

    test.each([
      ['a family with a dot', { definition: { family: 'a.b' } }],
      ['ports that differ in the host network', { container: { portMappings: [{ containerPort: 1, hostPort: 2 }] } }],
      ['a mount of an unknown volume', { container: { mountPoints: [{ sourceVolume: 'x', containerPath: '/x' }] } }],
      ['no memory', { container: { memoryReservation: undefined } }],
      ['no image', { container: { image: undefined } }],
    ])('is refused with %s', async (_what, more) => {
      await expect(register(open(), scripts.sleeps, more as object)).rejects.toMatchObject({ name: 'ClientException' });
    });
  });
}
