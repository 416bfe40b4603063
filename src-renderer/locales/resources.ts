import enCommon from './en/common.json';
import enConsole from './en/console.json';
import enCreate from './en/create.json';
import enErrors from './en/errors.json';
import enFrame from './en/frame.json';
import enHardware from './en/hardware.json';
import enHosts from './en/hosts.json';
import enImages from './en/images.json';
import enJobs from './en/jobs.json';
import enLifecycle from './en/lifecycle.json';
import enMachine from './en/machine.json';
import enMachines from './en/machines.json';
import enNetworks from './en/networks.json';
import enPower from './en/power.json';
import enSettings from './en/settings.json';
import enSignIn from './en/signIn.json';
import enSnapshots from './en/snapshots.json';
import enStorage from './en/storage.json';
import enTrash from './en/trash.json';
import koCommon from './ko/common.json';
import koConsole from './ko/console.json';
import koCreate from './ko/create.json';
import koErrors from './ko/errors.json';
import koFrame from './ko/frame.json';
import koHardware from './ko/hardware.json';
import koHosts from './ko/hosts.json';
import koImages from './ko/images.json';
import koJobs from './ko/jobs.json';
import koLifecycle from './ko/lifecycle.json';
import koMachine from './ko/machine.json';
import koMachines from './ko/machines.json';
import koNetworks from './ko/networks.json';
import koPower from './ko/power.json';
import koSettings from './ko/settings.json';
import koSignIn from './ko/signIn.json';
import koSnapshots from './ko/snapshots.json';
import koStorage from './ko/storage.json';
import koTrash from './ko/trash.json';

export const en = {
  common: enCommon,
  console: enConsole,
  create: enCreate,
  errors: enErrors,
  frame: enFrame,
  hardware: enHardware,
  hosts: enHosts,
  images: enImages,
  jobs: enJobs,
  lifecycle: enLifecycle,
  machine: enMachine,
  machines: enMachines,
  networks: enNetworks,
  power: enPower,
  settings: enSettings,
  signIn: enSignIn,
  snapshots: enSnapshots,
  storage: enStorage,
  trash: enTrash,
} as const;

export const ko = {
  common: koCommon,
  console: koConsole,
  create: koCreate,
  errors: koErrors,
  frame: koFrame,
  hardware: koHardware,
  hosts: koHosts,
  images: koImages,
  jobs: koJobs,
  lifecycle: koLifecycle,
  machine: koMachine,
  machines: koMachines,
  networks: koNetworks,
  power: koPower,
  settings: koSettings,
  signIn: koSignIn,
  snapshots: koSnapshots,
  storage: koStorage,
  trash: koTrash,
} as const;

export type Namespace = keyof typeof en;

export const namespaces = [
  'common',
  'console',
  'create',
  'errors',
  'frame',
  'hardware',
  'hosts',
  'images',
  'jobs',
  'lifecycle',
  'machine',
  'machines',
  'networks',
  'power',
  'settings',
  'signIn',
  'snapshots',
  'storage',
  'trash',
] as const satisfies readonly Namespace[];
