import { expandNames, newMachine, type Preset } from '@limen/contract';
import { type CreateValues, hasGuestSetup, lines, toNewMachine } from './form-values.ts';
import { type CreateHost, imageIdOn, imageOn } from './placement.ts';
import { minimumDisk } from './preset-defaults.ts';
import { checkUserData } from './user-data.ts';

/** Fields that can be wrong, by their path in the form. */
export type FieldPath =
  | 'image'
  | 'path'
  | 'presetId'
  | 'name'
  | 'count'
  | 'firstNumber'
  | 'vcpus'
  | 'memoryBytes'
  | 'diskBytes'
  | 'tags'
  | 'description'
  | 'guest.hostname'
  | 'guest.user'
  | 'guest.password'
  | 'guest.sshKeys'
  | 'guest.packages'
  | 'guest.runCommands'
  | 'guest.address'
  | 'guest.gateway'
  | 'guest.nameservers'
  | 'guest.userData';

/** What is wrong with a field: a key under `error` in this feature's texts, and what it tells. */
export interface FieldProblem {
  readonly key:
    | 'image'
    | 'path'
    | 'presetId'
    | 'name'
    | 'nameTaken'
    | 'namePattern'
    | 'count'
    | 'firstNumber'
    | 'vcpus'
    | 'memory'
    | 'disk'
    | 'diskTooSmall'
    | 'tags'
    | 'description'
    | 'hostname'
    | 'user'
    | 'password'
    | 'sshKey'
    | 'package'
    | 'runCommand'
    | 'address'
    | 'gateway'
    | 'nameservers'
    | 'userDataHeader'
    | 'userDataSyntax'
    | 'userDataMapping'
    | 'userDataList'
    | 'userDataSize';
  /** Counts from 1. */
  readonly line?: number;
  readonly detail?: string;
  readonly bytes?: number;
}

export type FieldProblems = ReadonlyMap<FieldPath, FieldProblem>;

export interface ValidationContext {
  readonly host: CreateHost | undefined;
  readonly preset: Preset | undefined;
  /** Names of the machines on that host, and of those being made there. */
  readonly takenNames: ReadonlySet<string>;
}

/**
 * Everything that is wrong with the form, by field; empty when the host may be asked. The contract's own schema
 * decides; what it cannot know (names, sizes, YAML) is added here.
 */
export function validateCreate(values: CreateValues, context: ValidationContext): FieldProblems {
  const problems = new Map<FieldPath, FieldProblem>();
  const add = (field: FieldPath, problem: FieldProblem) => {
    if (!problems.has(field)) problems.set(field, problem);
  };
  checkNames(values, context, add);
  const wish = toNewMachine(values, context.preset, imageIdOn(context.host, values));
  const result = newMachine.safeParse(wish);
  for (const issue of result.error?.issues ?? []) {
    const found = locate(issue.path, values);
    if (found) add(...found);
  }
  if (values.presetId === '') add('presetId', { key: 'presetId' });
  checkDisk(values, context, add);
  if (hasGuestSetup(values) && values.guest.raw) checkRaw(values.guest.userData, add);
  return problems;
}

type Add = (field: FieldPath, problem: FieldProblem) => void;

function checkNames(values: CreateValues, { takenNames }: ValidationContext, add: Add): void {
  const count = Number(values.count);
  if (count > 1 && !values.name.includes('{n}')) {
    add('name', { key: 'namePattern' });
    return;
  }
  if (!Number.isInteger(count) || count < 1 || count > 50) return;
  const taken = expandNames(values.name, count, Number(values.firstNumber)).filter((name) =>
    takenNames.has(name),
  );
  if (taken.length > 0) add('name', { key: 'nameTaken', detail: taken.slice(0, 3).join(', ') });
}

function checkDisk(values: CreateValues, { host, preset }: ValidationContext, add: Add): void {
  if (values.tab === 'disk' && values.diskMode === 'attach') return;
  const image = host ? imageOn(host, values) : undefined;
  // Only what an image holds is a hard limit; less than a preset's minimum is the person's own risk.
  const least = image && values.tab !== 'iso' ? minimumDisk(undefined, image, values.tab) : 0;
  if (Number(values.diskBytes) < least && preset) add('diskBytes', { key: 'diskTooSmall', bytes: least });
}

function checkRaw(text: string, add: Add): void {
  const problem = checkUserData(text);
  if (!problem) return;
  const keys = {
    header: 'userDataHeader',
    syntax: 'userDataSyntax',
    notMapping: 'userDataMapping',
    notList: 'userDataList',
  } as const;
  add('guest.userData', {
    key: keys[problem.kind],
    detail: problem.detail,
    ...(problem.line !== null && { line: problem.line }),
  });
}

/** From the contract's path to the form's field. Undefined: of no field a person can reach. */
function locate(
  path: readonly PropertyKey[],
  values: CreateValues,
): readonly [FieldPath, FieldProblem] | undefined {
  const [first, second, third, fourth] = path;
  switch (first) {
    case 'name':
      return ['name', { key: 'name' }];
    case 'count':
      return ['count', { key: 'count' }];
    case 'firstNumber':
      return ['firstNumber', { key: 'firstNumber' }];
    case 'presetId':
      return ['presetId', { key: 'presetId' }];
    case 'vcpus':
      return ['vcpus', { key: 'vcpus' }];
    case 'memoryBytes':
      return ['memoryBytes', { key: 'memory' }];
    case 'diskBytes':
      return ['diskBytes', { key: 'disk' }];
    case 'description':
      return ['description', { key: 'description' }];
    case 'tags':
      return ['tags', { key: 'tags', detail: values.tags[Number(second)] ?? '' }];
    case 'source':
      if (second === 'path') return ['path', { key: 'path' }];
      if (second === 'cloudInit') return locateGuest(third, fourth, values);
      return ['image', { key: 'image' }];
    case undefined:
    default:
      return undefined;
  }
}

function locateGuest(
  field: PropertyKey | undefined,
  inner: PropertyKey | undefined,
  { guest }: CreateValues,
): readonly [FieldPath, FieldProblem] | undefined {
  const index = Number(inner);
  switch (field) {
    case 'hostname':
      return ['guest.hostname', { key: 'hostname' }];
    case 'user':
      return ['guest.user', { key: 'user' }];
    case 'password':
      return ['guest.password', { key: 'password' }];
    case 'sshKeys':
      return ['guest.sshKeys', { key: 'sshKey', line: lineOfEntry(guest.sshKeys, index) }];
    case 'packages':
      return ['guest.packages', { key: 'package', detail: guest.packages[index] ?? '' }];
    case 'runCommands':
      return ['guest.runCommands', { key: 'runCommand', line: lineOfEntry(guest.runCommands, index) }];
    case 'userData':
      return ['guest.userData', { key: 'userDataSize' }];
    case 'network':
      if (inner === 'address') return ['guest.address', { key: 'address' }];
      if (inner === 'gateway') return ['guest.gateway', { key: 'gateway' }];
      return ['guest.nameservers', { key: 'nameservers' }];
    case undefined:
    default:
      return undefined;
  }
}

/** Line of a text area, from 1, on which its nth entry stands; empty lines are no entries. */
function lineOfEntry(text: string, entry: number): number {
  const wanted = lines(text)[entry];
  const index = text.split('\n').findIndex((line) => line.trim() === wanted);
  return index + 1;
}
