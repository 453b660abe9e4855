import type { Command } from './command.ts';
import { caseCommands } from './cases.ts';
import { clockCommands } from './clocks.ts';
import { systemCommands } from './system.ts';

/** Every command, in the order in which `--help` lists them. */
export const COMMANDS: readonly Command[] = [
  ...systemCommands,
  ...caseCommands,
  ...clockCommands,
];
