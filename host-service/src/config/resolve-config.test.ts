import { describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { type ResolvedConfig, resolveConfig } from './resolve-config.ts';
import type { ConfigFlags, Environment } from './settings.ts';

const file = '/etc/limen/host.toml';

function load(text: string, environment: Environment = {}, flags: ConfigFlags = {}): ResolvedConfig {
  return resolveConfig({ flags, environment, file, text });
}

function problemsOf(text: string, environment: Environment = {}, flags: ConfigFlags = {}): readonly string[] {
  try {
    load(text, environment, flags);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('defaults', () => {
  test('an empty file is a complete configuration that listens on loopback only', () => {
    const { config, warnings } = load('');
    expect(config.listen).toEqual({ address: '127.0.0.1', port: 8443 });
    expect(config.database.url).toBeNull();
    expect(config.tokens.accessMinutes).toBe(15);
    expect(warnings).toEqual([]);
  });

  test('the data directory is systemd’s when it names one, else below XDG_DATA_HOME', () => {
    expect(load('', { STATE_DIRECTORY: '/var/lib/limen' }).config.data.directory).toBe('/var/lib/limen');
    expect(load('', { XDG_DATA_HOME: '/home/ada/data' }).config.data.directory).toBe('/home/ada/data/limen');
  });
});

describe('precedence', () => {
  test('options beat the environment, which beats the file', () => {
    const toml = '[listen]\nport = 1\naddress = "10.0.0.1"\n[log]\nlevel = "warn"\n';
    const { config } = load(toml, { LIMEN_LISTEN_PORT: '2', LIMEN_LOG_LEVEL: 'error' }, { port: '3' });
    expect(config.listen).toEqual({ address: '10.0.0.1', port: 3 });
    expect(config.log.level).toBe('error');
  });

  test('the file’s data directory beats the default one', () => {
    expect(load('[data]\ndirectory = "/srv/limen"').config.data.directory).toBe('/srv/limen');
    expect(problemsOf('[data]\ndirectory = "srv"')).toEqual([
      `${file}: data.directory is "srv"; it must be an absolute path`,
    ]);
  });
});

describe('problems name the place, the setting, what was wrong and what would be right', () => {
  test('a mistyped setting', () => {
    expect(problemsOf('[listen]\nprot = 8443')).toEqual([
      `${file}: unknown setting "prot" in [listen]; did you mean "port"?`,
    ]);
  });

  test('a mistyped section', () => {
    expect(problemsOf('[libvrit]\nuri = "qemu:///system"')).toEqual([
      `${file}: unknown section or setting "libvrit"; did you mean "libvirt"?`,
    ]);
  });

  test('a setting that resembles nothing gets the list', () => {
    expect(problemsOf('[log]\ncolour = true')[0]).toContain('known here: level');
  });

  test('a value of the wrong kind, from the file, the environment and the command line', () => {
    expect(problemsOf('[listen]\nport = "8443"')).toEqual([
      `${file}: listen.port is "8443"; it must be a whole number from 0 (any free port) to 65535`,
    ]);
    expect(problemsOf('', { LIMEN_ACCELERATION: 'xen' })).toEqual([
      'environment variable LIMEN_ACCELERATION: libvirt.acceleration is "xen"; it must be "auto", "kvm" or "tcg"',
    ]);
    expect(problemsOf('', {}, { port: '70000' })[0]).toMatch(/^option --port: listen\.port is 70000; /);
  });

  test('all of them at once', () => {
    expect(
      problemsOf('[listen]\nport = -1\n[tokens]\naccessMinutes = 0\n[log]\nlevle = "info"'),
    ).toHaveLength(3);
  });

  test('a section that is no table', () => {
    expect(problemsOf('listen = 8443')).toEqual([
      `${file}: section [listen] is 8443; it must be a table of settings`,
    ]);
  });

  test('half of a certificate', () => {
    expect(problemsOf('[tls]\ncertificate = "/etc/limen/tls.crt"')).toEqual([
      `${file}: tls.key is missing; certificate and key go together`,
    ]);
  });

  test('broken TOML, with line and column', () => {
    expect(problemsOf('[listen]\nport = ')[0]).toMatch(/host\.toml: line 2, column \d+: /);
  });

  test.each(['mysql://limen:hunter2@db/limen', 'postgres://limen:hunter2@[db/limen'])(
    'a database URL is never repeated: it holds a password (%s)',
    (url) => {
      const problems = problemsOf('', { DATABASE_URL: url });
      expect(problems[0]).toContain('environment variable DATABASE_URL: database.url');
      expect(problems.join()).not.toContain('hunter2');
    },
  );
});

test('a mistyped variable of ours is a warning; a stranger’s is left alone', () => {
  const { warnings } = load('', { LIMEN_LIBVIRT_URL: 'qemu:///system', LIMEN_DEMO: '1' });
  expect(warnings).toEqual([
    'environment variable LIMEN_LIBVIRT_URL is not known; did you mean LIMEN_LIBVIRT_URI?',
  ]);
});
