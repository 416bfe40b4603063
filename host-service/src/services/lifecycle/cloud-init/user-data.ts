import { LimenError } from '@limen/contract';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

interface Issue {
  readonly line: number;
  readonly message: string;
}

type Kind = 'text' | 'flag' | 'list' | 'map';

/**
 * Types of cloud-init's well-known keys (its "cloud-config schema"), as far as a wrong one makes a first boot silently
 * do less than was asked. Keys that are not here are the business of modules we do not know.
 */
const knownKeys: Readonly<Record<string, readonly Kind[]>> = {
  hostname: ['text'],
  fqdn: ['text'],
  preserve_hostname: ['flag'],
  manage_etc_hosts: ['flag', 'text'],
  timezone: ['text'],
  locale: ['text', 'flag'],
  keyboard: ['map'],
  user: ['text', 'map'],
  users: ['list', 'map', 'text'],
  groups: ['list', 'map', 'text'],
  password: ['text'],
  chpasswd: ['map'],
  ssh_pwauth: ['flag', 'text'],
  disable_root: ['flag'],
  ssh_authorized_keys: ['list'],
  ssh_import_id: ['list'],
  ssh_keys: ['map'],
  ssh_deletekeys: ['flag'],
  packages: ['list'],
  package_update: ['flag'],
  package_upgrade: ['flag'],
  package_reboot_if_required: ['flag'],
  apt: ['map'],
  yum_repos: ['map'],
  zypper: ['map'],
  snap: ['map'],
  runcmd: ['list'],
  bootcmd: ['list'],
  write_files: ['list'],
  growpart: ['map'],
  resize_rootfs: ['flag', 'text'],
  disk_setup: ['map'],
  fs_setup: ['list'],
  mounts: ['list'],
  swap: ['map'],
  ntp: ['map'],
  ca_certs: ['map'],
  power_state: ['map'],
  final_message: ['text'],
};

/** First lines of formats cloud-init passes on as they are (its documentation, "User-Data Formats"). */
const passedOn = [
  /^#!/,
  /^content-type: *multipart\//i,
  /^mime-version: *1\.0/i,
  /^#cloud-config-archive\b/,
  /^#cloud-boothook\b/,
  /^#include(-once)?\b/,
  /^## *template: *jinja\b/,
];

/**
 * See that cloud-init will understand a person's user-data. Throws `INVALID_INPUT` with one issue for each fault;
 * messages begin with the line's number.
 */
export function checkUserData(text: string, path: readonly string[]): void {
  const issues = faultsOf(text);
  if (issues.length === 0) return;
  throw new LimenError('INVALID_INPUT', {
    issues: issues.map(({ line, message }) => ({ path: [...path], message: `line ${line}: ${message}` })),
  });
}

function faultsOf(text: string): Issue[] {
  const first = text.slice(0, text.search(/\r?\n|$/));
  if (passedOn.some((pattern) => pattern.test(first))) return [];
  if (!/^#cloud-config\s*$/.test(first)) {
    return [{ line: 1, message: 'must be #cloud-config, a script (#!) or a MIME archive' }];
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false });
  const lineOf = (offset: number): number => lines.linePos(offset).line;
  if (document.errors.length > 0) {
    return document.errors.map(({ pos: [start], message }) => ({ line: lineOf(start), message }));
  }
  const { contents } = document;
  if (contents === null) return [];
  if (!isMap(contents)) return [{ line: lineOf(startOf(contents)), message: 'must be keys with values' }];
  return contents.items.flatMap(({ key, value }) => {
    const name = isScalar(key) ? String(key.value) : '';
    const node = value as Node | null;
    const allowed = Object.hasOwn(knownKeys, name) ? knownKeys[name] : undefined;
    if (node === null || (isScalar(node) && node.value === null)) return [];
    if (allowed !== undefined && !allowed.some((kind) => isOfKind(node, kind))) {
      return [{ line: lineOf(startOf(node)), message: `${name} must be a ${allowed.join(' or a ')}` }];
    }
    return faultsInside(name, node).map(({ offset, message }) => ({ line: lineOf(offset), message }));
  });
}

/** Lists whose items are easily written wrong: `- echo a: b` is a map to YAML. */
function faultsInside(name: string, list: Node): { offset: number; message: string }[] {
  if (!isSeq(list)) return [];
  const items = list.items as Node[];
  const wrong = (isRight: (item: Node) => boolean, message: string) =>
    items.filter((item) => !isRight(item)).map((item) => ({ offset: startOf(item), message }));
  switch (name) {
    case 'runcmd':
    case 'bootcmd':
      return wrong(
        (item) => isScalar(item) || isSeq(item),
        `each ${name} must be a text or a list; quote it`,
      );
    case 'ssh_authorized_keys':
      return wrong((item) => isOfKind(item, 'text'), 'each key must be a text');
    case 'packages':
      return wrong((item) => !isOfKind(item, 'flag'), 'each package must be a text or a list');
    case 'write_files':
      return wrong((item) => isMap(item) && item.has('path'), 'each file needs a path');
    default:
      return [];
  }
}

function isOfKind(node: Node, kind: Kind): boolean {
  switch (kind) {
    case 'text':
      return isScalar(node) && (typeof node.value === 'string' || typeof node.value === 'number');
    case 'flag':
      return isScalar(node) && typeof node.value === 'boolean';
    case 'list':
      return isSeq(node);
    case 'map':
      return isMap(node);
  }
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}
