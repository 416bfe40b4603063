import { type MachineId, machine, machineId, role, type User, type UserId, user } from '@limen/contract';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { loadConfig } from '../config/load-config.ts';
import type { ResolvedConfig } from '../config/resolve-config.ts';
import type { ConfigFlags } from '../config/settings.ts';
import { dataPaths } from '../data-directory.ts';
import { SERVICE_VERSION } from '../version.ts';
import { askPassword } from './ask-password.ts';
import { callService, type ControlRequest } from './control-client.ts';

const pairing = z.object({ link: z.string(), expiresAt: z.iso.datetime() });

interface Json {
  readonly json?: true;
}

/** The command line of `limen-host`. The service itself is loaded only by the commands that need it: it is large. */
export function createProgram(): Command {
  const program = new Command('limen-host')
    .description('LIMEN host service: makes the virtual machines of this host available to LIMEN Desktop')
    .version(SERVICE_VERSION)
    .showSuggestionAfterError();
  program
    .command('version')
    .description('print the version')
    .action(() => print(SERVICE_VERSION));

  configured(program.command('init'))
    .description('make keys, certificate, database and first administrator, where they are missing')
    .option('--admin <name>', 'sign-in name of the first administrator', 'admin')
    .option('--json', 'print JSON')
    .action(async (options: ConfigFlags & Json & { admin: string }) => {
      const { initialise } = await import('./init.ts');
      const result = await initialise(load(options).config, options.admin);
      if (options.json) return print(JSON.stringify(result));
      print(`Host         ${result.hostName}`);
      print(`Address      ${result.address}`);
      print(`Fingerprint  ${result.fingerprint}`);
      if (result.administrator === null)
        return print('There is an administrator already; nothing was changed.');
      print(`Sign in as   ${result.administrator.username}`);
      return print(`Password     ${result.administrator.password}   (shown this once)`);
    });

  configured(program.command('serve'))
    .description('run the service until SIGTERM')
    .option('--address <ip>', 'listen on this address')
    .option('--port <number>', 'listen on this port')
    .addOption(new Option('--log-level <level>', 'how much to log'))
    .action(async (options: ConfigFlags) => {
      const { serve } = await import('./serve.ts');
      await serve(load(options));
    });

  configured(program.command('pair'))
    .description('print a one-time link with which LIMEN Desktop signs in as the first administrator')
    .option('--json', 'print JSON')
    .action(async (options: ConfigFlags & Json) => {
      const result = pairing.parse(
        await call(options, { method: 'POST', path: '/session/pairings', body: {} }),
      );
      print(options.json ? JSON.stringify(result) : result.link);
    });

  addUserCommands(program.command('user').description('manage accounts'));
  addMachineCommands(program.command('machine').description('manage machines'));
  return program;
}

function addUserCommands(command: Command): void {
  configured(command.command('list'))
    .description('print all accounts')
    .option('--json', 'print JSON')
    .action(async (options: ConfigFlags & Json) => {
      const users = await listUsers(options);
      if (options.json) return print(JSON.stringify(users));
      for (const { username, role, createdAt } of users)
        print(`${username.padEnd(32)}  ${role.padEnd(13)}  ${createdAt}`);
    });

  configured(command.command('add <name>'))
    .description('create an account; asks for its password, or reads it from standard input')
    .addOption(new Option('--role <role>', 'what it may do').choices(role.options).default('user'))
    .option('--json', 'print JSON')
    .action(async (username: string, options: ConfigFlags & Json & { role: string }) => {
      const password = (await askPassword(`Password for ${username}: `)) ?? '';
      const body = { username, password, role: options.role };
      const created = user.parse(await call(options, { method: 'POST', path: '/users', body }));
      print(options.json ? JSON.stringify(created) : `Created ${created.username} (${created.role})`);
    });
}

function addMachineCommands(command: Command): void {
  configured(command.command('assign <machine> <user>'))
    .description('give a machine (name or id) to a user; "-" gives it to nobody')
    .option('--json', 'print JSON')
    .action(async (machineText: string, username: string, options: ConfigFlags & Json) => {
      const id = await findMachine(options, machineText);
      const owner = username === '-' ? null : await findUser(options, username);
      const request = { method: 'PUT', path: `/machines/${id}/owner`, body: { userId: owner } } as const;
      const changed = machine.parse(await call(options, request));
      print(
        options.json
          ? JSON.stringify(changed)
          : `${changed.name} belongs to ${changed.owner?.username ?? 'nobody'}`,
      );
    });
}

async function listUsers(options: ConfigFlags): Promise<User[]> {
  return z.array(user).parse(await call(options, { method: 'GET', path: '/users' }));
}

async function findUser(options: ConfigFlags, username: string): Promise<UserId> {
  const found = (await listUsers(options)).find((candidate) => candidate.username === username.toLowerCase());
  if (found === undefined) throw new Error(`there is no user "${username}"; limen-host user list shows them`);
  return found.id;
}

async function findMachine(options: ConfigFlags, text: string): Promise<MachineId> {
  const asId = machineId.safeParse(text);
  if (asId.success) return asId.data;
  const machines = z.array(machine).parse(await call(options, { method: 'GET', path: '/machines' }));
  const found = machines.find((candidate) => candidate.name === text);
  if (found === undefined) throw new Error(`there is no machine "${text}"`);
  return found.id;
}

function call(options: ConfigFlags, request: ControlRequest): Promise<unknown> {
  return callService(dataPaths(load(options).config.data.directory).controlSocket, request);
}

function load(options: ConfigFlags): ResolvedConfig {
  return loadConfig(options, process.env);
}

function configured(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file (default: /etc/limen/host.toml if it exists)')
    .option('--data <directory>', 'data directory');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
