import type { Scene } from '../run/scene.ts';
import type { Command } from './command.ts';

/** The service that nobody resumes in the end, if it hibernates then. */
export const sleeper = 'orders';

/** An operator has a service hibernate, or resumes it; whether it is asleep does not matter to him. */
export function sayToService(name: string, word: 'hibernate' | 'resume'): Command {
  return {
    what: `${word} ${name}`,
    act: async ({ send }, random) => {
      const method = random.chance(0.8) ? 'POST' : 'PUT';
      await send({ method, path: `/service/${name}/v1/${word}` });
    },
  };
}

/** POST …/resume */
export async function resumeService({ send }: Pick<Scene, 'send'>, name: string): Promise<void> {
  await send({ method: 'POST', path: `/service/${name}/v1/resume` });
}
