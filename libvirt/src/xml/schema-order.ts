const words = (text: string): readonly string[] => text.split(' ');

/**
 * The order in which libvirt prints the children of an element. Its parser takes any; new elements go where a
 * reader of `virsh edit` expects them.
 */
const ORDERS: Readonly<Record<string, readonly string[]>> = {
  domain: words(
    'name uuid genid title description metadata maxMemory memory currentMemory memoryBacking vcpu vcpus iothreads iothreadids cputune numatune resource sysinfo bootloader os idmap features cpu clock on_poweroff on_reboot on_crash on_lockfailure pm perf devices seclabel launchSecurity keywrap',
  ),
  os: words('type firmware loader nvram kernel initrd cmdline dtb acpi boot bios smbios bootmenu'),
  features: words(
    'acpi apic pae hap viridian privnet hyperv pvspinlock kvm xen pmu vmport gic smm ioapic hpt vmcoreinfo htm ps2 tcg',
  ),
  hyperv: words(
    'relaxed vapic spinlocks vpindex runtime synic stimer reset vendor_id frequencies reenlightenment tlbflush ipi evmcs avic emsr_bitmap xmm_input',
  ),
  cpu: words('model vendor topology cache maxphysaddr feature numa'),
  memoryBacking: words('hugepages nosharepages locked source access allocation discard'),
  memtune: words('hard_limit soft_limit min_guarantee swap_hard_limit'),
  cputune: words(
    'shares period quota global_period global_quota emulator_period emulator_quota iothread_period iothread_quota vcpupin emulatorpin iothreadpin vcpusched emulatorsched iothreadsched',
  ),
  sysinfo: words('bios system baseBoard chassis oemStrings'),
  devices: words(
    'emulator disk controller lease filesystem interface smartcard serial parallel console channel input tpm graphics sound audio video hostdev redirdev redirfilter hub watchdog memballoon rng nvram panic shmem memory iommu vsock crypto',
  ),
  disk: words(
    'driver auth source blockio backingStore mirror target iotune readonly shareable transient serial wwn vendor product encryption boot alias address',
  ),
  backingStore: words('format source backingStore'),
  interface: words(
    'mac source ip route script target guest model driver backend filterref bandwidth vlan virtualport port link mtu coalesce tune teaming rom boot alias address',
  ),
  graphics: words('listen channel image jpeg zlib playback streaming mouse clipboard filetransfer gl audio'),
  filesystem: words('driver binary source target readonly alias address'),
  hostdev: words('driver source teaming boot rom alias address'),
  memballoon: words('stats driver alias address'),
  channel: words('source log target alias address'),
  serial: words('source protocol log target alias address'),
  console: words('source protocol log target alias address'),
  controller: words('model target driver alias address'),
  video: words('driver model alias address'),
  rng: words('rate backend alias address'),
  tpm: words('backend alias address'),
  memory: words('uuid source target alias address'),
  network: words(
    'name uuid title description metadata forward bridge mtu domain dns vlan bandwidth port portgroup ip route',
  ),
  pool: words('name uuid title description features capacity allocation available source target refresh'),
  volume: words('name key source capacity allocation physical target backingStore'),
  target: words('path format permissions timestamps compat nocow features clusterSize encryption model'),
  domainsnapshot: words('name description state parent creationTime memory disks domain cookie'),
};

/** Empty when children of this element may stand anywhere. */
export function orderOf(elementName: string): readonly string[] {
  return Object.hasOwn(ORDERS, elementName) ? (ORDERS[elementName] ?? []) : [];
}
