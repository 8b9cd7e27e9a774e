import { describe, expect, test } from '@jest/globals';
import { createEc2Volumes } from '../../../lib/aws/ec2-volumes.ts';
import type { VolumeRequest } from '../../../lib/ports/volumes.ts';
import { createModelSubject } from '../../simulation/suite/aws/model-subject.ts';

const threeHoursMs = 3 * 3600 * 1000;
const request: VolumeRequest = { zone: 'us-east-1a', sizeGiB: 5, clientToken: 'cluster-0-volume-1', tags: {} };

function modelledVolumes() {
  const subject = createModelSubject();
  let now = 0;
  const passSeconds = (seconds: number) => {
    now += seconds * 1000;
  };
  return { subject, passSeconds, volumes: createEc2Volumes({ client: subject.ec2, clock: () => now }) };
}

describe('the volumes on EC2', () => {
  test('are attached to a host that runs, under a device name that is free', async () => {
    const { subject, volumes } = modelledVolumes();
    const [{ instanceId }] = subject.hosts;
    const ids = [await volumes.create(request), await volumes.create({ ...request, clientToken: 'another' })];
    await subject.timeline.pass(10_000);
    for (const id of ids) expect(await volumes.attach(id, instanceId)).toEqual({ type: 'asked' });
    await subject.timeline.pass(10_000);
    const views = await Promise.all(ids.map((id) => volumes.describe(id)));
    const askedFor = { instanceId, state: 'attached', since: expect.any(Number) };
    expect(views.map((view) => view?.attachment)).toEqual([
      { ...askedFor, device: '/dev/xvdaa' },
      { ...askedFor, device: '/dev/xvdab' },
    ]);
  });

  test('do not get the device name of one that was detached a moment ago', async () => {
    const { subject, volumes, passSeconds } = modelledVolumes();
    const [{ instanceId }] = subject.hosts;
    const id = await volumes.create(request);
    await subject.timeline.pass(10_000);
    await volumes.attach(id, instanceId);
    await subject.timeline.pass(10_000);
    expect((await volumes.describe(id))?.attachment?.device).toBe('/dev/xvdaa');
    await volumes.detach(id, 'i-0000000000000dead');
    await volumes.detach(id, instanceId);
    await subject.timeline.pass(10_000);
    passSeconds(10);
    await volumes.attach(id, instanceId);
    await subject.timeline.pass(10_000);
    expect((await volumes.describe(id))?.attachment?.device).toBe('/dev/xvdak');
  });

  test('are not attached to a host that ended, whether EC2 still tells of it or has forgotten it', async () => {
    const { subject, volumes } = modelledVolumes();
    const [{ instanceId }] = subject.hosts;
    const id = await volumes.create(request);
    subject.models.loseHost(instanceId);
    await subject.timeline.pass(60_000);
    expect(await volumes.attach(id, instanceId)).toEqual({ type: 'no host', instanceState: 'terminated' });
    await subject.timeline.pass(threeHoursMs);
    expect(await volumes.attach(id, instanceId)).toEqual({ type: 'no host', instanceState: 'unknown' });
    expect((await volumes.describe(id))?.state).toBe('available');
  });

  test('that EC2 does not show yet are told as unknown, and an attachment as asked for', async () => {
    const { subject, volumes } = modelledVolumes();
    subject.models.hideFreshVolumes(2500);
    const id = await volumes.create(request);
    const [{ instanceId }] = subject.hosts;
    expect(await volumes.describe(id)).toBeUndefined();
    expect(await volumes.attach('vol-0123456789abcdef0', instanceId)).toEqual({ type: 'asked' });
    await subject.timeline.pass(10_000);
    expect((await volumes.describe(id))?.state).toBe('available');
  });

  test('are deleted once; of one that EC2 does not know it is said that nothing was deleted', async () => {
    const { subject, volumes } = modelledVolumes();
    const id = await volumes.create(request);
    await subject.timeline.pass(10_000);
    expect(await volumes.remove(id)).toBe(true);
    expect(await volumes.describe(id)).toBeUndefined();
    expect(await volumes.remove('vol-0123456789abcdef0')).toBe(false);
  });
});
