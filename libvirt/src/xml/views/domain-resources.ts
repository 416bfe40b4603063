import { integer, mark, ownSize, required, size, sizeAttribute, text, yesNo } from '../fields/field.ts';
import { list, record } from '../fields/structure.ts';

const scheduler = {
  scheduler: required(text<'batch' | 'idle' | 'fifo' | 'rr'>('@scheduler'), ''),
  /** 1 to 99, of `fifo` and `rr`. */
  priority: integer('@priority'),
};

/** What a domain gets of its host: processors, memory, and how they are shared. Sizes are in bytes. */
export const resourceFields = {
  /** Up to where memory can be plugged in, in this many slots. */
  maxMemory: record('maxMemory', {
    slots: required(integer('@slots'), 0),
    bytes: required(ownSize('KiB'), 0),
  }),
  memoryBacking: record('memoryBacking', {
    hugepages: record('hugepages', {
      pages: list('page', {
        size: required(sizeAttribute('size', 'KiB'), 0),
        /** Guest NUMA nodes: `0-1`. */
        nodeset: text('@nodeset'),
      }),
    }),
    nosharepages: mark('nosharepages'),
    locked: mark('locked'),
    source: text<'file' | 'anonymous' | 'memfd'>('source/@type'),
    access: text<'shared' | 'private'>('access/@mode'),
    allocation: text<'immediate' | 'ondemand'>('allocation/@mode'),
    discard: mark('discard'),
  }),
  memtune: record('memtune', {
    hardLimit: size('hard_limit', 'KiB'),
    softLimit: size('soft_limit', 'KiB'),
    swapHardLimit: size('swap_hard_limit', 'KiB'),
    minGuarantee: size('min_guarantee', 'KiB'),
  }),
  /** `static`, or `auto` as numad advises. */
  vcpuPlacement: text<'static' | 'auto'>('vcpu/@placement'),
  /** The host's processors all vCPUs may run on: `0-3,^2`. */
  cpuset: text('vcpu/@cpuset'),
  /** Each of the maximum, when they are not plugged in in order. */
  vcpuStates: list('vcpus/vcpu', {
    id: required(integer('@id'), 0),
    enabled: yesNo('@enabled'),
    hotpluggable: yesNo('@hotpluggable'),
    order: integer('@order'),
  }),
  /** How many I/O threads there are, numbered from 1. */
  iothreads: integer('iothreads'),
  iothreadIds: list('iothreadids/iothread', {
    id: required(integer('@id'), 0),
    poolMin: integer('@thread_pool_min'),
    poolMax: integer('@thread_pool_max'),
  }),
  cputune: record('cputune', {
    /** Weight beside other machines. */
    shares: integer('shares'),
    /** Microseconds in which a vCPU may run for its `quota`; -1 is unlimited. */
    period: integer('period'),
    quota: integer('quota'),
    globalPeriod: integer('global_period'),
    globalQuota: integer('global_quota'),
    emulatorPeriod: integer('emulator_period'),
    emulatorQuota: integer('emulator_quota'),
    iothreadPeriod: integer('iothread_period'),
    iothreadQuota: integer('iothread_quota'),
    vcpuPins: list('vcpupin', {
      vcpu: required(integer('@vcpu'), 0),
      cpuset: required(text('@cpuset'), ''),
    }),
    emulatorPin: text('emulatorpin/@cpuset'),
    iothreadPins: list('iothreadpin', {
      iothread: required(integer('@iothread'), 0),
      cpuset: required(text('@cpuset'), ''),
    }),
    vcpuSchedulers: list('vcpusched', { vcpus: required(text('@vcpus'), ''), ...scheduler }),
    iothreadSchedulers: list('iothreadsched', { iothreads: required(text('@iothreads'), ''), ...scheduler }),
  }),
  numatune: record('numatune', {
    mode: text<'strict' | 'interleave' | 'preferred' | 'restrictive'>('memory/@mode'),
    /** Nodes of the host. */
    nodeset: text('memory/@nodeset'),
    placement: text<'static' | 'auto'>('memory/@placement'),
    nodes: list('memnode', {
      cell: required(integer('@cellid'), 0),
      mode: text<'strict' | 'interleave' | 'preferred' | 'restrictive'>('@mode'),
      nodeset: required(text('@nodeset'), ''),
    }),
  }),
  /** The control group it is put under. */
  resourcePartition: text('resource/partition'),
};
