/** What Node gives a stream's own methods to call when they are through. */
export type Done = (error?: Error | null) => void;
