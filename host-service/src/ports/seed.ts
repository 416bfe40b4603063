/** The files of a NoCloud seed, as cloud-init reads them. */
export interface SeedFiles {
  readonly metaData: string;
  readonly userData: string;
  /** Null leaves the network to the guest: DHCP on its first interface. */
  readonly networkConfig: string | null;
}

/** Makes what cloud-init looks for at the first boot. Implemented in `storage/`. */
export interface SeedTool {
  /** An ISO image labelled `cidata` at `path`, complete or not there at all; an older one is replaced. */
  build(path: string, files: SeedFiles): Promise<void>;
  /** crypt(3)'s SHA-512 scheme (`$6$`), which every Linux knows. */
  hashPassword(password: string): Promise<string>;
}
