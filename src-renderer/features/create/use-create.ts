import type { Image, Preset, Quota } from '@limen/contract';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { useEffect, useMemo, useRef, useState } from 'react';
import { formatBytes } from '../../lib/format.ts';
import { networkKey } from '../../lib/network-key.ts';
import type { ImageRef } from '../../lib/route.ts';
import { useText } from '../../locales/i18n.ts';
import { useInventory } from '../../stores/inventory.ts';
import { useJobs } from '../../stores/jobs.ts';
import { isFinished } from '@limen/contract';
import { type CreateValues, initialValues, needsImage, type SourceTab } from './form-values.ts';
import { asPattern, baseName, suggestName } from './name-suggestion.ts';
import { type CreateHost, type Fit, imageOn, rankHosts, targetHost } from './placement.ts';
import {
  defaultNetwork,
  fallbackPreset,
  hardwareDefaults,
  imageKey,
  sizeDefaults,
  suggestPreset,
} from './preset-defaults.ts';
import { type CreateHosts, useCreateHosts } from './use-create-hosts.ts';
import { type FieldPath, type FieldProblems, validateCreate } from './validation.ts';

/** Everything the page's sections need: the form, what it is about, and how choices change it. */
export interface CreateModel {
  readonly form: UseFormReturnType<CreateValues>;
  readonly values: CreateValues;
  readonly source: CreateHosts;
  readonly ranked: readonly Fit[];
  readonly target: CreateHost | undefined;
  readonly presets: readonly Preset[];
  readonly preset: Preset | undefined;
  readonly image: Image | undefined;
  readonly quota: Quota | undefined;
  readonly problems: FieldProblems;
  /** In the person's language; undefined while the field is right, or has not been touched yet. */
  readonly errorOf: (path: FieldPath) => string | undefined;
  /** From now on every wrong field says so. */
  readonly showAllErrors: () => void;
  readonly chooseTab: (tab: SourceTab) => void;
  readonly chooseImage: (image: Image) => void;
  readonly choosePreset: (presetId: string) => void;
  readonly changeCount: (count: number | string) => void;
  readonly rename: (name: string) => void;
}

const noPresets: readonly Preset[] = [];
const noNames: ReadonlySet<string> = new Set();

/** The state of the New machine page. `from`: the image it was opened for. */
export function useCreate(from: ImageRef | undefined): CreateModel {
  const { t, language } = useText();
  const source = useCreateHosts();
  const form = useForm<CreateValues>({ initialValues, touchTrigger: 'change' });
  const { values } = form;
  const [showAll, setShowAll] = useState(false);
  const [named, setNamed] = useState(false);

  const ranked = useMemo(() => rankHosts(source.hosts, values), [source.hosts, values]);
  const target = targetHost(ranked, values.host);
  const answers = target && source.answers.get(target.link.id);
  const presets = answers?.presets ?? noPresets;
  const preset = presets.find((candidate) => candidate.id === values.presetId);
  const image = target && imageOn(target, values);
  const takenNames = useTakenNames(target);

  const problems = useMemo(
    () => validateCreate(values, { host: target, preset, takenNames }),
    [values, target, preset, takenNames],
  );
  const errorOf = (path: FieldPath): string | undefined => {
    const problem = problems.get(path);
    if (!problem || !(showAll || form.isTouched(path))) return undefined;
    return t(`create:error.${problem.key}`, {
      line: problem.line ?? 1,
      detail: problem.detail ?? '',
      size: formatBytes(problem.bytes ?? 0, language),
    });
  };

  const applyPreset = (next: Preset, chosen: Image | undefined, patch: Partial<CreateValues> = {}) => {
    const tab = patch.tab ?? values.tab;
    const suggested = suggestName(baseName(next.id), Number(values.count) || 1, takenNames);
    form.setValues({
      ...patch,
      presetId: next.id,
      ...sizeDefaults(next, chosen, tab),
      hardware: hardwareDefaults(next, target?.options),
      ...(!named && suggested),
      guest: { ...values.guest, user: next.cloudInit?.defaultUser ?? values.guest.user },
    });
  };

  const chooseImage = (chosen: Image) => {
    const patch = { image: imageKey(chosen), tab: tabFor(chosen, values.tab) };
    const next = suggestPreset(chosen, presets) ?? fallbackPreset(presets);
    if (next) applyPreset(next, chosen, patch);
    else form.setValues(patch);
  };

  useDefaults({ form, values, target, presets, from, chooseImage, applyPreset });

  return {
    form,
    values,
    source,
    ranked,
    target,
    presets,
    preset,
    image,
    quota: answers?.quota,
    problems,
    errorOf,
    showAllErrors: () => setShowAll(true),
    chooseTab: (tab) => {
      const keeps = image !== undefined && tabFor(image, tab) === tab;
      form.setValues({ tab, ...(!keeps && { image: null }) });
    },
    chooseImage,
    choosePreset: (presetId) => {
      const next = presets.find((candidate) => candidate.id === presetId);
      if (next) applyPreset(next, image);
    },
    changeCount: (count) => {
      const many = Number(count) > 1;
      const suggestion = named
        ? many && asPattern(values.name)
        : preset && suggestName(baseName(preset.id), Number(count) || 1, takenNames);
      form.setValues({ count, ...suggestion });
    },
    rename: (name) => {
      setNamed(name !== '');
      form.setFieldValue('name', name);
    },
  };
}

interface DefaultsInput {
  readonly form: UseFormReturnType<CreateValues>;
  readonly values: CreateValues;
  readonly target: CreateHost | undefined;
  readonly presets: readonly Preset[];
  readonly from: ImageRef | undefined;
  readonly chooseImage: (image: Image) => void;
  readonly applyPreset: (preset: Preset, image: Image | undefined) => void;
}

/** What depends on the host, filled in once it has answered; and the image the page was opened for. */
function useDefaults({ form, values, target, presets, from, chooseImage, applyPreset }: DefaultsInput): void {
  const opened = useRef(false);
  const options = target?.options;
  useEffect(() => {
    if (!options) return;
    const known = options.networks.some((network) => networkKey(network) === values.network);
    const own = values.network === 'user' || values.network === 'none';
    if (!known && !own) form.setFieldValue('network', defaultNetwork(options));
    // oxlint-disable-next-line react/exhaustive-deps -- only another host's networks make another default
  }, [options]);

  useEffect(() => {
    if (presets.length === 0) return;
    const asked =
      from && !opened.current ? target?.images.find((candidate) => candidate.id === from.imageId) : undefined;
    if (asked) {
      opened.current = true;
      chooseImage(asked);
    } else if (values.presetId === '') {
      const first = fallbackPreset(presets);
      if (first) applyPreset(first, undefined);
    }
    // oxlint-disable-next-line react/exhaustive-deps -- once presets and the image are there, not at every keystroke
  }, [presets, target?.images, from]);

  useEffect(() => {
    if (from) form.setFieldValue('host', from.linkId);
    // oxlint-disable-next-line react/exhaustive-deps -- the form is the same object in effect
  }, [from]);
}

/** On which tab an image belongs; a disk may be used as a cloud image or copied as it is. */
function tabFor(image: Image, now: SourceTab): SourceTab {
  switch (image.kind) {
    case 'iso':
      return 'iso';
    case 'template':
      return 'template';
    case 'disk':
      return now === 'disk' ? 'disk' : 'cloud';
  }
}

/** Images the present tab offers. */
export function offersImage(values: CreateValues, image: Image): boolean {
  return needsImage(values) && !image.missing && tabFor(image, values.tab) === values.tab;
}

/** Names of the host's machines and of those under way there. */
function useTakenNames(target: CreateHost | undefined): ReadonlySet<string> {
  const linkId = target?.link.id;
  const machines = useInventory((state) => (linkId ? state.hosts.get(linkId)?.machines : undefined));
  const jobs = useJobs((state) => (linkId ? state.hosts.get(linkId) : undefined));
  return useMemo(() => {
    if (!machines && !jobs) return noNames;
    const names = new Set([...(machines?.values() ?? [])].map((machine) => machine.name));
    for (const job of jobs?.values() ?? []) {
      if (job.kind.startsWith('machine.') && !isFinished(job.state)) names.add(job.subject.name);
    }
    return names;
  }, [machines, jobs]);
}
