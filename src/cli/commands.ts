import type { Command } from './command.ts';
import { caseCommands } from './cases.ts';
import { clockCommands } from './clocks.ts';
import { auditCommands } from './audit.ts';
import { ledgerCommands } from './ledger.ts';
import { systemCommands } from './system.ts';
import { userCommands } from './users.ts';

/** Every command, in the order in which `--help` lists them. */
export const COMMANDS: readonly Command[] = [
  ...systemCommands,
  ...caseCommands,
  ...ledgerCommands,
  ...auditCommands,
  ...clockCommands,
  ...userCommands,
];
