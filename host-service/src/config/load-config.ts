import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.ts';
import { type ResolvedConfig, resolveConfig } from './resolve-config.ts';
import type { ConfigFlags, Environment } from './settings.ts';

const DEFAULT_FILE = '/etc/limen/host.toml';

/**
 * The configuration this process is to run with. Its file is `--config`, else `LIMEN_CONFIG`, else
 * `/etc/limen/host.toml` when there is one. Throws {@link ConfigError}.
 */
export function loadConfig(flags: ConfigFlags, environment: Environment): ResolvedConfig {
  const named = flags.config ?? (environment['LIMEN_CONFIG'] || undefined);
  const file = named ?? DEFAULT_FILE;
  return resolveConfig({ flags, environment, file, text: readConfigFile(file, named !== undefined) });
}

function readConfigFile(file: string, mustExist: boolean): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !mustExist) return '';
    throw new ConfigError([`${file}: cannot be read (${code ?? message}); name another with --config`]);
  }
}
