/** The one file that an entry of the cache holds: part of what tells entries apart, so the same everywhere. */
export const ENTRY_FILE = 'preflight-checkpoint';

/** Under this name the program that stands in for `tar` leaves an entry that was fetched. */
export const PACKED_FILE = 'packed';
