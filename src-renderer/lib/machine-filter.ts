import { type Machine, machineState } from '@limen/contract';
import { osName } from './format.ts';

/** What a filter looks at: a machine and where it is. */
export interface FilterSubject {
  readonly machine: Machine;
  readonly hostName: string;
  /** The name the person is signed in with on that host. */
  readonly me: string | null;
}

export const filterKeys = ['state', 'host', 'owner', 'name', 'os', 'tag', 'is'] as const;
export type FilterKey = (typeof filterKeys)[number];

export interface FilterTerm {
  /** `text` looks at every field. */
  readonly key: FilterKey | 'text';
  /** Lower case; may be empty while it is being typed, which matches everything. */
  readonly value: string;
  readonly negated: boolean;
}

export type MachineFilter = readonly FilterTerm[];

/** Words are joined by AND; `-` in front negates; quotes keep spaces; an unknown `key:` is plain text. */
export function parseFilter(text: string): MachineFilter {
  const terms: FilterTerm[] = [];
  for (const match of text.matchAll(/(-?)(?:([a-z]+):(?:"([^"]*)"?|(\S*))|"([^"]*)"?|(\S+))/gi)) {
    const key = match[2]?.toLowerCase();
    const value = (match[3] ?? match[4] ?? match[5] ?? match[6] ?? '').toLowerCase();
    const negated = match[1] === '-';
    if (key === undefined) terms.push({ key: 'text', value, negated });
    else if (isFilterKey(key)) terms.push({ key, value, negated });
    else terms.push({ key: 'text', value: `${key}:${value}`, negated });
  }
  return terms;
}

function isFilterKey(key: string): key is FilterKey {
  return (filterKeys as readonly string[]).includes(key);
}

export function matchesFilter(filter: MachineFilter, subject: FilterSubject): boolean {
  return filter.every((term) => term.value === '' || matchesTerm(term, subject) !== term.negated);
}

function matchesTerm({ key, value }: FilterTerm, { machine, hostName, me }: FilterSubject): boolean {
  const owner = machine.owner?.username.toLowerCase();
  switch (key) {
    case 'state':
      return machine.state.startsWith(value);
    case 'host':
      return hostName.toLowerCase().includes(value);
    case 'owner':
      if (value === 'me') return owner !== undefined && owner === me?.toLowerCase();
      if (value === 'none') return owner === undefined;
      return owner?.includes(value) ?? false;
    case 'name':
      return machine.name.toLowerCase().includes(value);
    case 'os':
      return osName(machine.osId)?.includes(value) ?? false;
    case 'tag':
      return machine.tags.some((tag) => tag.toLowerCase().startsWith(value));
    case 'is':
      return matchesTrait(machine, value);
    case 'text':
      return [
        machine.name,
        machine.title,
        machine.description,
        hostName,
        owner,
        osName(machine.osId),
        machine.id,
        ...machine.tags,
      ].some((field) => field?.toLowerCase().includes(value));
  }
}

/** Words the person's own hosts and machines bring into the completions. */
export interface FilterVocabulary {
  readonly hosts: readonly string[];
  readonly owners: readonly string[];
  readonly tags: readonly string[];
}

const traits = ['unmanaged', 'installing', 'linked', 'autostart'] as const;

/** What a machine is beside its state; a word that is being typed matches what it begins. */
function matchesTrait(machine: Machine, value: string): boolean {
  const has: Record<(typeof traits)[number], boolean> = {
    unmanaged: !machine.managed,
    installing: machine.installing,
    linked: machine.linkedTo !== null,
    autostart: machine.autostart,
  };
  return traits.some((trait) => trait.startsWith(value) && has[trait]);
}

/**
 * Completions of the word being typed: keys first, then the values of a key. Each is the whole new text of the
 * filter box.
 */
export function completeFilter(text: string, known: FilterVocabulary): readonly string[] {
  const word = /\S*$/.exec(text)?.[0] ?? '';
  const before = text.slice(0, text.length - word.length);
  const [, minus = '', key, value] = /^(-?)(?:([a-z]+):)?(.*)$/i.exec(word) ?? [];
  if (key === undefined) {
    const typed = (value ?? '').toLowerCase();
    return filterKeys.filter((name) => name.startsWith(typed)).map((name) => `${before}${minus}${name}:`);
  }
  const typed = (value ?? '').toLowerCase();
  return valuesOf(key.toLowerCase(), known)
    .filter((candidate) => candidate.toLowerCase().startsWith(typed) && candidate.toLowerCase() !== typed)
    .map((candidate) => `${before}${minus}${key}:${candidate.includes(' ') ? `"${candidate}"` : candidate} `);
}

function valuesOf(key: string, known: FilterVocabulary): readonly string[] {
  switch (key) {
    case 'state':
      return machineState.options;
    case 'host':
      return known.hosts;
    case 'owner':
      return ['me', 'none', ...known.owners];
    case 'tag':
      return known.tags;
    case 'is':
      return traits;
    default:
      return [];
  }
}
