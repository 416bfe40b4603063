/** Keeps what is stored from who can read the store. Implemented in `auth/`. */
export interface Sealing {
  seal(text: string): string;
  /** What was sealed on this host. Throws when it was changed, or sealed elsewhere. */
  open(sealed: string): string;
}
