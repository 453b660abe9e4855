const SHOWN = 4;

/** The end of an entry's number: what tells two entries of one name, one day and one amount apart. */
export const entryTail = (id: string): string => `…${id.slice(-SHOWN)}`;
