#!/usr/bin/env node
import { LimenError } from '@limen/contract';
import { createProgram } from './cli/program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  process.stderr.write(`limen-host: ${explain(error)}\n`);
  process.exitCode = 1;
}

/** For a person: what went wrong, with its causes; no stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (LimenError.is(error, 'INVALID_INPUT')) {
    return error.data.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n');
  }
  if (LimenError.is(error, 'CONFLICT') && error.data.reason === 'name-taken')
    return 'there is one of that name already';
  const own = error.message === '' ? error.name : error.message;
  return error.cause instanceof Error ? `${own}: ${explain(error.cause)}` : own;
}
