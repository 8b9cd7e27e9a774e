import { Argument, Command } from 'commander';
import { openContext } from '../command-context.ts';
import { CommandError } from '../command-error.ts';
import { example } from '../example.ts';
import { exitCode } from '../exit-code.ts';
import { parseName } from '../parse-name.ts';
import { steerBlocks, steerPlan, type Verb } from '../steer-plan.ts';
import type { Terminal } from '../terminal.ts';

interface Spelling {
  readonly verb: Verb;
  /** Of the 2.x guides; the alias is that of both. */
  readonly name: string;
  readonly alias: string;
  readonly summary: string;
  /** What it can be narrowed to. */
  readonly parts: readonly ('phase' | 'step')[];
  /** Whether a plan alone is too much to take by mistake. */
  readonly wantsStep?: boolean;
  readonly exampleOfPlan: string;
  readonly exampleOfUpdate: string;
}

const spellings: readonly Spelling[] = [
  {
    verb: 'interrupt',
    name: 'pause',
    alias: 'interrupt',
    summary: 'let no further step begin; a step at work is finished',
    parts: ['phase'],
    exampleOfPlan: 'plan pause deploy broker',
    exampleOfUpdate: 'update pause',
  },
  {
    verb: 'continue',
    name: 'resume',
    alias: 'continue',
    summary: 'take an interruption back, or pass the decision point that is waited at',
    parts: ['phase'],
    exampleOfPlan: 'plan resume deploy',
    exampleOfUpdate: 'update resume',
  },
  {
    verb: 'restart',
    name: 'force-restart',
    alias: 'restart',
    summary: 'do it again: each of its nodes is restarted, one after another',
    parts: ['phase', 'step'],
    exampleOfPlan: 'plan force-restart deploy broker "kafka-0:[broker]"',
    exampleOfUpdate: 'update force-restart broker "kafka-0:[broker]"',
  },
  {
    verb: 'forceComplete',
    name: 'force-complete',
    alias: 'force',
    summary: 'count a step as complete, whatever became of it',
    parts: ['phase', 'step'],
    wantsStep: true,
    exampleOfPlan: 'plan force-complete deploy broker "kafka-0:[broker]"',
    exampleOfUpdate: 'update force-complete broker "kafka-0:[broker]"',
  },
];

const partWords = { phase: 'name or id of a phase', step: 'name or id of a step of that phase' };

/**
 * `plan pause`, `resume`, `force-restart`, `force-complete` and the spellings that both guides have. The 2.x guides
 * always name the plan, the 1.x guides never do: without a plan it is the 1.x form, for the whole deploy
 * plan.
 */
export function planSteeringCommands(terminal: Terminal): readonly Command[] {
  return spellings.map((spelling) => {
    const command = new Command(spelling.name)
      .alias(spelling.alias)
      .description(`${spelling.summary}. Without a plan: the 1.x form, for the whole deploy plan, with its JSON answer`)
      .addArgument(new Argument('[plan]', 'name or id of the plan').argParser(parseName))
      .addHelpText('after', example(`warden ${spelling.exampleOfPlan}`));
    for (const part of spelling.parts) command.addArgument(argumentOf(`[${part}]`, part));
    return command.action(async () => {
      const [plan, phase, step] = command.args;
      if (plan === undefined) return steerBlocks(await openContext(command, terminal), spelling.verb);
      if (spelling.wantsStep === true && step === undefined) throw stepIsMissing(plan, spelling);
      await steerPlan(await openContext(command, terminal), spelling.verb, { plan, phase, step });
    });
  });
}

/** `update pause` …: the same for plan deploy. A pause and a resume are for the whole of it. */
export function updateSteeringCommands(terminal: Terminal): readonly Command[] {
  return spellings.map((spelling) => {
    const command = new Command(spelling.name)
      .alias(spelling.alias)
      .description(spelling.summary)
      .addHelpText('after', example(`warden ${spelling.exampleOfUpdate}`));
    const parts = spelling.parts.includes('step') ? spelling.parts : [];
    for (const part of parts) {
      const name = spelling.wantsStep === true ? `<${part}>` : `[${part}]`;
      command.addArgument(argumentOf(name, part));
    }
    return command.action(async () => {
      const [phase, step] = command.args;
      await steerPlan(await openContext(command, terminal), spelling.verb, { plan: 'deploy', phase, step });
    });
  });
}

function argumentOf(name: string, part: 'phase' | 'step'): Argument {
  return new Argument(name, partWords[part]).argParser(parseName);
}

function stepIsMissing(plan: string, { name }: Spelling): CommandError {
  return new CommandError(`\`plan ${name}\` wants the phase and the step that it is for.`, {
    exitCode: exitCode.usage,
    hint: `\`warden plan status ${plan}\` shows them`,
  });
}
