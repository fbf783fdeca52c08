/** To be raised with every change of what the passes make: files built by another version are not used. */
export const REWRITER_VERSION = 1;
