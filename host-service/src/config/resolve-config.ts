import { parse, TomlError } from 'smol-toml';
import { ConfigError } from './config-error.ts';
import { explainIssues } from './explain.ts';
import { type Config, configSchema } from './schema.ts';
import {
  type ConfigFlags,
  defaultDataDirectory,
  type Environment,
  type Setting,
  settingsFromEnvironment,
  settingsFromFlags,
  variableNames,
} from './settings.ts';
import { suggest } from './suggest.ts';

const PREFIX = 'LIMEN_';
const knownVariables = variableNames
  .filter((name) => name.startsWith(PREFIX))
  .map((name) => name.slice(PREFIX.length));

export interface ConfigSources {
  readonly flags: ConfigFlags;
  readonly environment: Environment;
  /** Name of the configuration file, for messages, and its text. */
  readonly file: string;
  readonly text: string;
}

export interface ResolvedConfig {
  readonly config: Config;
  /** Things worth a line in the log that do not stop the service. */
  readonly warnings: readonly string[];
}

type Tables = Record<string, unknown>;

/** Options over environment over file over defaults. Throws {@link ConfigError} with every problem found. */
export function resolveConfig({ flags, environment, file, text }: ConfigSources): ResolvedConfig {
  const settings = [...settingsFromEnvironment(environment), ...settingsFromFlags(flags)];
  const input = overlay(withDefaultDirectory(parseToml(file, text), environment), settings);
  const parsed = configSchema.safeParse(input);
  if (!parsed.success) {
    const originOf = (section: string, key: string): string =>
      settings.findLast((setting) => setting.section === section && setting.key === key)?.origin ?? file;
    throw new ConfigError(explainIssues(parsed.error.issues, input, originOf));
  }
  return { config: parsed.data, warnings: misspelledVariables(environment) };
}

function parseToml(file: string, text: string): Tables {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const problem = error.message.split('\n')[0]?.replace('Invalid TOML document: ', '') ?? 'not TOML';
    throw new ConfigError([`${file}: line ${error.line}, column ${error.column}: ${problem}`]);
  }
}

/** The one default that depends on the environment and so cannot stand in the schema. */
function withDefaultDirectory(tables: Tables, environment: Environment): Tables {
  const data = tables['data'] ?? {};
  if (typeof data !== 'object') return tables;
  return { ...tables, data: { directory: defaultDataDirectory(environment), ...data } };
}

/** The tables with the settings laid over them. */
function overlay(tables: Tables, settings: readonly Setting[]): Tables {
  const merged: Tables = { ...tables };
  for (const { section, key, value } of settings) {
    const table = merged[section] ?? {};
    // Not a table: left as it is, for the schema to complain about.
    if (typeof table === 'object') merged[section] = { ...table, [key]: value };
  }
  return merged;
}

/** Other programs may use our prefix, so an unknown variable is no error; one that looks mistyped gets a hint. */
function misspelledVariables(environment: Environment): string[] {
  return Object.keys(environment).flatMap((name) => {
    if (!name.startsWith(PREFIX) || variableNames.includes(name)) return [];
    const near = suggest(name.slice(PREFIX.length), knownVariables);
    return near === undefined
      ? []
      : [`environment variable ${name} is not known; did you mean ${PREFIX}${near}?`];
  });
}
