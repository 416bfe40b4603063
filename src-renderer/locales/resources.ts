import enCommon from './en/common.json';
import enConsole from './en/console.json';
import enErrors from './en/errors.json';
import enFrame from './en/frame.json';
import enHosts from './en/hosts.json';
import enMachine from './en/machine.json';
import enMachines from './en/machines.json';
import enPower from './en/power.json';
import enSettings from './en/settings.json';
import enSignIn from './en/signIn.json';
import koCommon from './ko/common.json';
import koConsole from './ko/console.json';
import koErrors from './ko/errors.json';
import koFrame from './ko/frame.json';
import koHosts from './ko/hosts.json';
import koMachine from './ko/machine.json';
import koMachines from './ko/machines.json';
import koPower from './ko/power.json';
import koSettings from './ko/settings.json';
import koSignIn from './ko/signIn.json';

export const en = {
  common: enCommon,
  console: enConsole,
  errors: enErrors,
  frame: enFrame,
  hosts: enHosts,
  machine: enMachine,
  machines: enMachines,
  power: enPower,
  settings: enSettings,
  signIn: enSignIn,
} as const;

export const ko = {
  common: koCommon,
  console: koConsole,
  errors: koErrors,
  frame: koFrame,
  hosts: koHosts,
  machine: koMachine,
  machines: koMachines,
  power: koPower,
  settings: koSettings,
  signIn: koSignIn,
} as const;

export type Namespace = keyof typeof en;

export const namespaces = [
  'common',
  'console',
  'errors',
  'frame',
  'hosts',
  'machine',
  'machines',
  'power',
  'settings',
  'signIn',
] as const satisfies readonly Namespace[];
