/** `virConnectListAllNodeDeviceFlags`: which kinds; 0 lists all. */
export const ListNodeDevices = {
  system: 1,
  pci: 2,
  usb: 4,
  usbInterface: 8,
  network: 16,
  scsiHost: 32,
  scsiTarget: 64,
  scsi: 128,
  storage: 256,
  fcHost: 512,
  vports: 1024,
  scsiGeneric: 2048,
  drm: 4096,
  mdevTypes: 8192,
  mdev: 16384,
} as const;

/** `virConnectListAllInterfacesFlags`. */
export const ListInterfaces = { inactive: 1, active: 2 } as const;

/** `virConnectListAllSecretsFlags`. */
export const ListSecrets = { ephemeral: 1, noEphemeral: 2, private: 4, noPrivate: 8 } as const;

/** `virSecretUsageType`: what a secret is for. */
export const SecretUsage = { none: 0, volume: 1, ceph: 2, iscsi: 3, tls: 4, vtpm: 5 } as const;

/** `virCPUCompareResult`: what this host's CPU is to the one asked about. */
export const CpuComparison = { error: -1, incompatible: 0, identical: 1, superset: 2 } as const;
