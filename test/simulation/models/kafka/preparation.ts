import type { ContainerRun, RunningContainer } from '../../contract.ts';
import { between, type Disk, type KafkaWorld } from './state.ts';

/** The program looks for its device so long. */
const deviceTimeoutMs = 30_000;
const devicePrefix = '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_';

/**
 * The one-shot task that makes a volume ready, as lib/model/broker/prepare-command.ts does it:
 * 70 = another disk or none at the device, 71 = blank although it must not be formatted, 0 = ready.
 */
export function startPreparation(world: KafkaWorld, run: ContainerRun): RunningContainer {
  let isOver = false;
  const isVisible = ({ volumeId }: Disk): boolean => run.attachedVolumes?.().includes(volumeId) === true;
  noteStart(world, run);
  const end = (): void => {
    isOver = true;
    world.preparations.delete(run.taskArn);
  };
  const later = (afterMs: number, what: string, action: () => void): void => {
    world.clock.after(afterMs, `preparation ${run.taskArn}: ${what}`, () => {
      if (!isOver) action();
    });
  };
  const exit = (afterMs: number, exitCode: number): void => {
    later(afterMs, `exits ${exitCode}`, () => {
      end();
      run.exited(exitCode);
    });
  };
  later(between(world.random, 100, 600), 'looks at the disk', () => {
    const disk = deviceOf(world, run);
    if (disk === undefined || !isVisible(disk)) return exit(deviceTimeoutMs, 70);
    if (serialOf(disk) !== run.environment['WARDEN_SERIAL']) return exit(50, 70);
    if (!disk.hasFileSystem && run.environment['WARDEN_MAY_FORMAT'] !== 'yes') return exit(50, 71);
    later(between(world.random, 50, 800), 'has made the file system', () => {
      disk.hasFileSystem = true;
      exit(between(world.random, 50, 300), 0);
    });
  });
  return {
    terminate: () => exit(between(world.random, 5, 50), 143),
    kill: end,
  };
}

/** Two of them would format one disk beside each other. */
function noteStart(world: KafkaWorld, { taskArn, environment }: ContainerRun): void {
  const device = environment['WARDEN_DEVICE'] ?? '';
  const [other] = [...world.preparations].find(([, busy]) => busy === device) ?? [];
  world.preparations.set(taskArn, device);
  if (other === undefined) return;
  world.violations.push({
    rule: 'one-preparation-works-on-a-disk',
    story: `${taskArn} prepares ${device} while ${other} does`,
  });
}

function deviceOf(world: KafkaWorld, run: ContainerRun): Disk | undefined {
  const device = run.environment['WARDEN_DEVICE'] ?? '';
  if (!device.startsWith(devicePrefix)) return undefined;
  return [...world.disks.values()].find((disk) => `${devicePrefix}${serialOf(disk)}` === device);
}

function serialOf({ volumeId }: Disk): string {
  return volumeId.replace('-', '');
}
